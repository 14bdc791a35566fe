"""Takes back a part of a run, so that it can be moved again: durable from the first moment to the last."""

from __future__ import annotations

from engine.agents.asking import Asking
from engine.agents.context import RunContext
from engine.agents.delegation import Desk
from engine.agents.durable import in_thread
from engine.agents.undo_outcome import tell_undone
from engine.agents.whole_undo import rest_unfinished
from engine.model.errors import FordwayError, LeaseLost
from engine.model.roles import Role
from engine.model.run import Pass
from engine.model.undo import Part
from engine.undoing.undo_part import check_part

__all__ = ["PartUndo"]


class PartUndo:
    """The parts of one run that are taken back by themselves."""

    def __init__(self, context: RunContext, desk: Desk, asking: Asking) -> None:
        """Works through the orchestrator's own helpers."""
        self._context = context
        self._desk = desk
        self._asking = asking
        self._ledger = context.ledger
        self._run_id = context.run_id

    async def take_back(self, part: Part) -> None:
        """The part is taken back and the run rests paused, or it rests where that can go on.

        Raises:
            BadInput: the part can't be taken back now; nothing was changed.
            LeaseLost: another runner took over.
        """
        await in_thread(self._check, part)
        await in_thread(self._ledger.decisions.withdraw, self._run_id)
        await in_thread(self._ledger.undo.begin_part, self._run_id, part)
        await self._go_on(part)

    async def take_up(self) -> bool:
        """Whether a part was under way when the last runner went; then it is taken back, as far as it can be.

        Raises:
            LeaseLost: another runner took over.
        """
        part = await in_thread(self._ledger.undo.open_part, self._run_id)
        if part is None:
            return False
        await in_thread(self._ledger.undo.begin_part, self._run_id, part)
        await self._go_on(part)
        return True

    def _check(self, part: Part) -> None:
        ledger, run_id = self._ledger, self._run_id
        check_part(
            part,
            record=ledger.runs.read(run_id),
            plan=ledger.runs.plan(run_id).plan,
            last=ledger.undo.last_part(run_id),
            has_moved=bool(ledger.chunks.progress(run_id, Pass.MOVE)),
        )

    async def _go_on(self, part: Part) -> None:
        task = "undo-to-checkpoint" if part.phase is None else "undo-phase"
        try:
            # Its last transaction lets the run rest, so that no state in between is ever seen.
            done = await self._desk.delegate(
                Role.MIGRATION_EXECUTION,
                task,
                text=f"take back {part.words}",
                facts={"by": part.by, "phase": part.phase},
            )
        except LeaseLost:
            raise
        except FordwayError as error:
            await rest_unfinished(self._context, self._asking, error)
            return
        if part.phase is None:
            await in_thread(lambda: tell_undone(self._context, "checkpoint", removed=done["removed"]))
