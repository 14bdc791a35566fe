"""Writes rows of the quarantine after all, on behalf of whoever asked, and compares the tables anew."""

from __future__ import annotations

from typing import Any

from engine.agents.agent import Task
from engine.agents.context import RunContext
from engine.agents.delegation import Desk
from engine.agents.durable import DurableSteps, in_thread
from engine.agents.worker_kit import open_kit
from engine.model.held import HeldChoice
from engine.model.roles import Role
from engine.model.run import RunState, Step
from engine.recovering.choose_held import chosen_rows
from engine.recovering.replay import Replayed, ReplaySite, replay_rows

__all__ = ["REPLAY_TASKS", "Replaying"]


class Replaying:
    """The replays of one run."""

    def __init__(self, context: RunContext, desk: Desk, steps: DurableSteps) -> None:
        """Works through the orchestrator's own helpers."""
        self._context = context
        self._desk = desk
        self._steps = steps

    async def replay(self, choice: HeldChoice, *, by: str) -> None:
        """The rows are in the target, or stay with the reason of now; the run's state is as it was.

        A complete run's proof is made anew, for it spoke of rows without these.

        Raises:
            FordwayError: a server stayed away; what was written so far stands.
        """
        await self._desk.delegate(
            Role.MIGRATION_EXECUTION,
            "replay",
            text="write rows of the quarantine",
            facts={"choice": choice.to_json(), "by": by},
        )
        record = await in_thread(self._context.ledger.runs.read, self._context.run_id)
        if record.state is RunState.COMPLETE:
            await self._compare()

    async def take_up(self) -> bool:
        """Whether the run is complete; rows that were replayed and compared by nobody since are compared now.

        Raises:
            FordwayError: a server stayed away; the run does not count as compared.
        """
        record = await in_thread(self._context.ledger.runs.read, self._context.run_id)
        if record.state is not RunState.COMPLETE:
            return False
        if not await in_thread(self._context.ledger.steps.is_done, self._context.run_id, Step.VERIFY):
            await self._compare()
        return True

    async def _compare(self) -> None:
        result = await self._desk.delegate(
            Role.VALIDATION, "verify", text="compare every row on both sides again"
        )
        await self._steps.mark("verify", result)


def replay(context: RunContext, facts: dict[str, Any]) -> dict[str, Any]:
    """What became of the rows that facts name: written, merged, left, and why."""
    ledger, run_id = context.ledger, context.run_id

    def work() -> Replayed:
        plan = context.plan()
        with open_kit(context) as kit:
            site = ReplaySite(
                run_id=run_id, epoch=context.epoch, plan=plan, kit=kit, who=str(facts.get("by", ""))
            )
            pages = chosen_rows(
                HeldChoice.from_json(facts["choice"]), plan=plan, run_id=run_id, ledger=ledger
            )
            return sum((replay_rows(site, rows) for rows in pages), Replayed())

    done = context.patiently(work)
    return {
        "written": done.written,
        "merged": done.merged,
        "left": done.left,
        "reasons": list(done.reasons),
    }


REPLAY_TASKS = {
    "replay": Task(handler=replay, words="writing rows of the quarantine", milestone="verification")
}
