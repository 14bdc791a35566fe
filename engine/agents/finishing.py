"""The end of a run: every row compared, every gate held, the report written, the last word said."""

from __future__ import annotations

from collections.abc import Collection
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
        failed = {name: reason for name, state, reason in gates if state != "passed"}
        if failed:
            told = "; ".join(f"{name}: {reason}" for name, reason in failed.items())
            raise FordwayError(
                f"{count_of(len(failed), 'gates')} not passed: {told}",
                safe="Every moved row stands, nothing was hidden",
                todo="Look at Verify, then try again, undo, or stop and keep what is there",
                facts={"fault": _fault_of(failed)},
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


def _fault_of(failed: Collection[str]) -> str:
    """Which fault gates that did not pass are: rows that differ weigh most."""
    if any(gate == "conservation" or gate.startswith("verified ") for gate in failed):
        return "R405"
    return "R202" if "sources stood still" in failed else "R406"
