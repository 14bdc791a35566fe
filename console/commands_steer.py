"""Commands that ask something of a run that is there already, or take it back."""

from __future__ import annotations

from console.flags import settings_from
from console.narrator import Narrator
from console.wiring import find_run, open_services, operator_name
from engine.model.run import ExitCode

__all__ = ["pause"]


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
