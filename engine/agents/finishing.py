"""The end of a run: every row compared, every gate held, the report written, the last word said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.agents.asking import Asking
from engine.agents.context import RunContext
from engine.agents.delegation import Desk
from engine.agents.durable import DurableSteps, in_thread
from engine.guidance.words import count_of
from engine.model.errors import FordwayError
from engine.model.events import RunFinished
from engine.model.roles import Role
from engine.model.run import Pass, RunState, Step, Strength
from engine.moving.move_plan import outcomes

__all__ = ["Finishing"]


class Finishing:
    """Verify and Finish of one run."""

    def __init__(self, context: RunContext, desk: Desk, steps: DurableSteps, asking: Asking) -> None:
        """Works through the orchestrator's own helpers."""
        self._context = context
        self._desk = desk
        self._steps = steps
        self._asking = asking
        self._ledger = context.ledger
        self._run_id = context.run_id

    async def run(self) -> None:
        """The run is complete.

        Raises:
            FordwayError: a gate does not hold; every moved row stands.
        """
        await self._asking.set_state(RunState.RUNNING, step=Step.VERIFY)
        # Verified anew after every resume: what a dead runner compared may have changed since.
        await in_thread(self._ledger.steps.reset, self._run_id, ["verify", "finish"])
        result = await self._steps.guided(
            Step.VERIFY,
            lambda: self._desk.delegate(Role.VALIDATION, "verify", text="compare every row on both sides"),
        )
        strengths = dict(result.get("strengths", {}))
        await self._desk.explain("verify", strengths=strengths)
        gates = await in_thread(self._ledger.runs.gates, self._run_id)
        failed = [f"{name}: {reason}" for name, state, reason in gates if state != "passed"]
        if failed:
            raise FordwayError(
                f"{count_of(len(failed), 'gates')} not passed: {'; '.join(failed)}",
                safe="Every moved row stands, nothing was hidden",
                todo="Look at Verify, then try again, undo, or stop and keep what is there",
            )
        await self._asking.set_state(RunState.RUNNING, step=Step.FINISH)
        await self._steps.guided(Step.FINISH, lambda: self._close(strengths))

    async def _close(self, strengths: dict[str, str]) -> dict[str, Any]:
        """The last event and the last state, from the ledger's counts."""
        plan = await in_thread(self._context.plan)
        found = await in_thread(outcomes, self._ledger, self._run_id, plan, Pass.MOVE)
        tables = tuple(
            replace(o, strength=Strength(strengths.get(o.table, Strength.NOT_COMPARED))) for o in found
        )
        phases = await in_thread(self._ledger.steps.phase_seconds, self._run_id)
        seconds = sum(phases.values())
        await self._desk.explain("finish", seconds=seconds)
        written = await self._desk.delegate(Role.USER_GUIDANCE, "write-report", text="write the report")
        event = RunFinished(
            state=RunState.COMPLETE,
            tables=tables,
            seconds=seconds,
            phases=phases,
            report=str(written.get("report", "")),
        )
        # One transaction: a run that ended here is not taken up again to end a second time.
        await in_thread(lambda: self._ledger.runs.finish(self._run_id, event, step=Step.FINISH))
        return {"seconds": seconds}
