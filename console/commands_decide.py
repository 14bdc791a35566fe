"""``fordway decide``: the open question with its answers, and an answer from a terminal or a script."""

from __future__ import annotations

import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from console.answering import expire_question
from console.attach import LedgerLink
from console.flags import settings_from, sources_given
from console.narrator import Narrator
from console.plain import answer_at_prompt
from console.question_words import option_lines, question_body, question_lines
from console.wiring import Opened, find_run, open_services
from engine.model.decisions import Decision, Option
from engine.model.errors import BadInput
from engine.model.run import ExitCode
from engine.stores.ledger import Ledger
from engine.stores.ledger.decisions import StoredDecision
from screens.run_link import HAND_ON

__all__ = ["COMMAND_LINE", "Answer", "decide", "from_here"]

COMMAND_LINE = "command line"
"""The kind of place an answer comes from, for the ledger."""
_OPEN = ("", "open", "latest")
"""Names of the open question."""


def from_here() -> str:
    """Where answers of this terminal come from, as the ledger keeps it."""
    return f"{COMMAND_LINE} on {socket.gethostname()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was typed behind the run's name."""

    decision: str = ""
    """An id, ``open`` or ``latest``; empty with no option lists the open question."""
    option: str = ""
    """``OPTION`` or ``OPTION=VALUE``."""
    for_every: bool = False


def decide(
    run: str,
    answer: Answer,
    *,
    target: str,
    redis: str,
    source: Sequence[str] | None,
    as_json: bool,
    plain: bool,
) -> int:
    """Lists the open question, or answers one; 4 when one is open and was not answered."""
    if answer.decision and not answer.option:
        raise BadInput(
            f"No option was named for question {answer.decision}",
            safe="Nothing was decided",
            todo=f"`fordway decide {run}` lists the options; then: fordway decide {run} open OPTION",
        )
    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=redis), tell=narrator.say)
    try:
        ledger = opened.ledger(COMMAND_LINE)
        try:
            run_id = find_run(ledger, run)
            is_expired = expire_question(ledger, run_id)
            asked = _open_question(ledger, run_id)
        finally:
            ledger.close()
        if asked is None and answer.decision in _OPEN:
            return _nothing_open(narrator, run_id, is_expired=is_expired, wants=bool(answer.option))
        link = LedgerLink(opened, run_id, source_urls=sources_given(source), place=COMMAND_LINE)
        try:
            if answer.option:
                return _give(link, asked, answer, narrator)
            assert asked is not None, "asked for above"
            if plain and not as_json and sys.stdin.isatty():
                return _prompt(opened, link, asked.decision)
            return _list(narrator, run_id, asked)
        finally:
            link.close()
    finally:
        opened.close()


def _open_question(ledger: Ledger, run_id: str) -> StoredDecision | None:
    newest = ledger.decisions.all(run_id, most=1)
    return newest[0] if newest and newest[0].state == "open" else None


def _nothing_open(narrator: Narrator, run_id: str, *, is_expired: bool, wants: bool) -> int:
    what = f"Run {run_id} has no open question"
    if is_expired:
        what = f"Nobody answered in time: run {run_id} is paused safely, and nothing was decided"
    todo = f"fordway resume {run_id} asks anew" if is_expired else ""
    if wants:
        raise BadInput(what, todo=todo)
    if narrator.is_json:
        narrator.line({"event": "decision", "run": run_id, "decision": None, "expired": is_expired})
    narrator.say(f"{what}." + (f" {todo}." if todo else ""))
    return ExitCode.COMPLETE


def _list(narrator: Narrator, run_id: str, asked: StoredDecision) -> int:
    decision = asked.decision
    if narrator.is_json:
        narrator.line(question_body(decision, run_id=run_id, asked_at=asked.asked_at))
        return ExitCode.DECISION_WAITING
    wide = max(len(option.name) for option in decision.options)

    def name(_: int, option: Option) -> str:
        return option.name.ljust(wide)

    for line in (*question_lines(decision), *option_lines(decision, name=name)):
        narrator.say(line)
    every = " [--for-every]" if any(option.can_repeat for option in decision.options) else ""
    value = "[=VALUE]" if any(option.wants_value for option in decision.options) else ""
    narrator.say(f"Answer with: fordway decide {run_id} open OPTION{value}{every}")
    return ExitCode.DECISION_WAITING


def _prompt(opened: Opened, link: LedgerLink, decision: Decision) -> int:
    answered = answer_at_prompt(decision, link.answer, target_name=opened.target_name)
    return ExitCode.COMPLETE if answered else ExitCode.DECISION_WAITING


def _give(link: LedgerLink, asked: StoredDecision | None, answer: Answer, narrator: Narrator) -> int:
    option, _, value = answer.option.partition("=")
    decision_id = answer.decision
    if decision_id in _OPEN:
        assert asked is not None, "told before"
        decision_id = asked.decision.decision_id
    refused = link.answer(decision_id, option, for_every=answer.for_every, value=value)
    if refused:
        raise BadInput(refused.rstrip("."))
    if option == HAND_ON:
        return _tell_handed(link.run_id, decision_id, narrator)
    if narrator.is_json:
        narrator.line(
            {
                "event": "answered", "run": link.run_id, "decision": decision_id, "option": option,
                "value": value, "for_every": answer.for_every,
            }
        )  # fmt: skip
    narrator.say(f"Answered: {option}. If it has to go on, it does so in the background; follow it with:")
    narrator.say(f"  fordway attach {link.run_id}")
    return ExitCode.COMPLETE


def _tell_handed(run_id: str, decision_id: str, narrator: Narrator) -> int:
    if narrator.is_json:
        narrator.line({"event": "handed_on", "run": run_id, "decision": decision_id, "to": HAND_ON})
    narrator.say(f"Handed to the {HAND_ON}; the question stays open. It is answered here, or in:")
    narrator.say(f"  fordway watch {run_id}")
    return ExitCode.COMPLETE
