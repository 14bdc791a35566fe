"""A question in lines of text, for terminals without a screen and for scripts. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from engine.model.decisions import Decision, DecisionKind, Option
from screens.fault_words import every_words, full_effect
from screens.run_link import UNDO

__all__ = ["option_lines", "question_body", "question_lines"]


def question_lines(decision: Decision) -> list[str]:
    """What happened, what is safe, what is asked, and until when."""
    # Where there are facts, the situation is these in one paragraph.
    told = [decision.headline, *(decision.facts or (decision.situation,))]
    lines = [_sentence(line) for line in dict.fromkeys(told) if line]
    if decision.safe:
        lines.append(f"Safe: {_sentence(decision.safe)}")
    lines.append(decision.question)
    if decision.why:
        lines.append(f"Recommended, because: {_sentence(decision.why)}")
    if decision.repeats_for:
        lines.append(f"For every such error means: {every_words(decision)}.")
    if decision.handed_to:
        lines.append(f"The {decision.handed_to} was asked; whoever answers first decides.")
    if decision.deadline is not None:
        lines.append(f"Without an answer it pauses safely at {_moment(decision.deadline)}.")
    return list(dict.fromkeys(lines))


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "…")) else f"{text}."


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def option_lines(decision: Decision, *, name: Callable[[int, Option], str]) -> list[str]:
    """Every answer with what it does, and what that is foretold to come to.

    Args:
        decision: the question.
        name: what an answer is called, given its number from 1 and itself.
    """
    lines: list[str] = []
    for number, option in enumerate(decision.options, start=1):
        marks = ["recommended"] if option.is_recommended else []
        marks += ["safest"] if option.name == decision.safest else []
        mark = f" ({', '.join(marks)})" if marks else ""
        lines.append(f"  {name(number, option)}  {option.label}{mark}: {option.consequence}")
        if option.unavailable:
            lines.append(f"       not now: {option.unavailable}")
            continue
        if option.effect is not None:
            lines.append(f"       {full_effect(option.effect)}")
        if option.name == UNDO and decision.kind is DecisionKind.FAULT:
            lines.append("       wants the target's name, typed")
        if option.wants_value:
            given = f", such as {option.value}" if option.value else ""
            lines.append(f"       wants {option.wants_value}{given}")
    return lines


def question_body(decision: Decision, *, run_id: str, asked_at: datetime | None) -> dict[str, Any]:
    """The question as plain JSON values."""
    return {
        "event": "decision",
        "run": run_id,
        "decision": decision.decision_id,
        "kind": str(decision.kind),
        "fault": decision.fault,
        "headline": decision.headline or decision.question,
        "question": decision.question,
        "situation": decision.situation,
        "facts": list(decision.facts),
        "safe": decision.safe,
        "why": decision.why,
        "repeats_for": decision.repeats_for,
        "asked_at": asked_at.isoformat() if asked_at is not None else None,
        "deadline": decision.deadline.isoformat() if decision.deadline is not None else None,
        "handed_to": decision.handed_to,
        "options": [_option_body(decision, option) for option in decision.options],
    }


def _option_body(decision: Decision, option: Option) -> dict[str, Any]:
    return {
        "option": option.name,
        "label": option.label,
        "consequence": option.consequence,
        "effect": asdict(option.effect) if option.effect is not None else None,
        "recommended": option.is_recommended,
        "safest": option.name == decision.safest,
        "unavailable": option.unavailable,
        "for_every": option.can_repeat,
        "wants": option.wants_value,
        "value": option.value,
    }
