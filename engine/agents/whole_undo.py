"""Takes back all that a run wrote; where that can't be finished, the run rests and says why."""

from __future__ import annotations

from engine.agents.asking import Asking
from engine.agents.context import RunContext
from engine.agents.delegation import Desk
from engine.agents.durable import DurableSteps, in_thread
from engine.agents.undo_outcome import tell_undone
from engine.guidance.fault_catalogue import fault_of_error
from engine.model.errors import FordwayError, LeaseLost
from engine.model.events import FaultMet
from engine.model.roles import Role
from engine.model.run import RunState, Step

__all__ = ["WholeUndo", "rest_unfinished"]


class WholeUndo:
    """The undo of one run."""

    def __init__(self, context: RunContext, desk: Desk, steps: DurableSteps, asking: Asking) -> None:
        """Works through the orchestrator's own helpers."""
        self._context = context
        self._desk = desk
        self._steps = steps
        self._asking = asking
        self._ledger = context.ledger
        self._run_id = context.run_id

    async def take_back(self, *, by: str) -> None:
        """What the run wrote is taken back; it ends undone, or paused with the reason.

        Raises:
            LeaseLost: another runner took over.
        """
        await in_thread(self._ledger.decisions.withdraw, self._run_id)
        await in_thread(self._ledger.undo.give_up_part, self._run_id)
        record = await in_thread(self._ledger.runs.read, self._run_id)
        if record.state is not RunState.UNDOING:
            await self._asking.set_state(RunState.UNDOING, step=Step.UNDO)
        try:
            done = await self._steps.guided(
                Step.UNDO,
                lambda: self._desk.delegate(
                    Role.MIGRATION_EXECUTION, "undo", text="take back what this run wrote", facts={"by": by}
                ),
            )
        except LeaseLost:
            raise
        except FordwayError as error:
            await rest_unfinished(self._context, self._asking, error)
            return
        await in_thread(lambda: tell_undone(self._context, "undo", removed=done["removed"] + done["marked"]))
        await self._asking.set_state(RunState.UNDONE, step=Step.UNDO)


async def rest_unfinished(context: RunContext, asking: Asking, error: FordwayError) -> None:
    """The fault is told, and the run rests where its undo, or that of a part, can go on."""
    code = fault_of_error(error, Step.UNDO).code
    event = FaultMet(what=error.what, where=error.where, safe=error.safe, todo=error.todo, code=code)
    await in_thread(context.emit, event)
    await asking.set_state(RunState.PAUSED, step=Step.UNDO, reason=error.sentence(), is_failed=True)
