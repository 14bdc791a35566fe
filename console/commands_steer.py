"""Commands that ask something of a run that is there already, or take it back."""

from __future__ import annotations

from console.flags import settings_from
from console.headless import Narrator
from console.wiring import find_run, open_services, operator_name
from engine.model.errors import BadInput
from engine.model.run import ExitCode

__all__ = ["decide", "pause"]


def pause(run: str, *, target: str, as_json: bool) -> int:
    """``fordway pause``."""
    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=""), tell=narrator.say)
    try:
        ledger = opened.ledger("command line")
        run_id = find_run(ledger, run)
        lease = ledger.leases.read(run_id)
        if lease is None or not lease.is_held:
            record = ledger.runs.read(run_id)
            narrator.say(
                f"Run {run_id} is {record.state}; no runner works on it, so there is nothing to pause."
            )
            return ExitCode.COMPLETE
        ledger.runs.ask(run_id, "pause", who=operator_name())
        narrator.say(f"Run {run_id} will pause at the end of its open batch.")
        ledger.close()
        return ExitCode.COMPLETE
    finally:
        opened.close()


def decide(run: str, decision: str, option: str, *, target: str, as_json: bool) -> int:
    """``fordway decide``."""
    from console.attach import LedgerLink

    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=""), tell=narrator.say)
    ledger = opened.ledger("command line")
    run_id = find_run(ledger, run)
    question = ledger.decisions.open_one(run_id)
    ledger.close()
    link = LedgerLink(opened, run_id, place="command line")
    try:
        if question is None:
            raise BadInput(f"Run {run_id} has no open question")
        refused = link.answer(question.decision_id if decision == "open" else decision, option)
        if refused:
            raise BadInput(refused.rstrip("."))
        narrator.say(f"Answered: {option}. If it has to go on, it does so in the background; follow it with:")
        narrator.say(f"  fordway attach {run_id}")
        return ExitCode.COMPLETE
    finally:
        link.close()
