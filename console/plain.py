"""Questions as numbered prompts, for screen readers and dumb terminals."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Protocol

from console.question_words import option_lines, question_lines
from engine.model.decisions import Decision, DecisionKind, Option
from screens.run_link import HAND_ON, UNDO

__all__ = ["Give", "answer_at_prompt"]

_EVERY = "*"


class Give(Protocol):
    """Gives an answer, as ``RunLink.answer`` does."""

    def __call__(self, decision_id: str, option: str, /, *, for_every: bool = False, value: str = "") -> str:
        """Empty when it counts, else why it does not."""


def answer_at_prompt(decision: Decision, give: Give, *, target_name: Callable[[], str]) -> bool:
    """Whether the question was answered at this terminal; handed on, it stays open.

    Args:
        decision: the question.
        give: takes the answer.
        target_name: the target's name, to be typed before a run is taken back.
    """
    for line in ("", *question_lines(decision), *option_lines(decision, name=_numbered)):
        print(line, file=sys.stderr)
    can_repeat = any(option.can_repeat and not option.unavailable for option in decision.options)
    every = f", {_EVERY} behind it for every such error" if can_repeat else ""
    while True:
        typed = _typed(f"Type a number{every}, and press Enter (nothing leaves it open): ")
        if not typed:
            return False
        number = typed.removesuffix(_EVERY).strip()
        if not number.isdigit() or not 1 <= int(number) <= len(decision.options):
            print(f"{typed} is none of 1 to {len(decision.options)}.", file=sys.stderr)
            continue
        option = decision.options[int(number) - 1]
        value = _value_for(decision, option, target_name)
        if value is None:
            continue
        refused = give(decision.decision_id, option.name, for_every=typed.endswith(_EVERY), value=value)
        if refused:
            print(refused, file=sys.stderr)
            continue
        if option.name == HAND_ON and decision.kind is DecisionKind.FAULT:
            print(f"The {HAND_ON} was asked; the question stays open.", file=sys.stderr)
            return False
        return True


def _numbered(number: int, option: Option) -> str:
    del option
    return f"{number}."


def _value_for(decision: Decision, option: Option, target_name: Callable[[], str]) -> str | None:
    """What goes with the answer; None when it was not given after all."""
    if option.name == UNDO and decision.kind is DecisionKind.FAULT and not option.unavailable:
        name = target_name()
        return _typed(f"Type {name} to undo the run, nothing to choose again: ") or None
    if option.wants_value and not option.unavailable:
        given = f" (nothing takes {option.value})" if option.value else ""
        return _typed(f"Type {option.wants_value}{given}: ") or option.value or None
    return ""


def _typed(words: str) -> str:
    try:
        return input(words).strip()
    except EOFError:
        return ""
