"""migration-execution: rehearses, moves, builds what stands after the rows, and takes it back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar

from engine.agents.agent import Task
from engine.agents.context import RunContext
from engine.agents.mending import MENDING_TASKS, StandingRules
from engine.agents.replaying import REPLAY_TASKS
from engine.guidance.words import batch_name
from engine.hands.kit import HandsSetup
from engine.hands.pool import Hands, hands_that_suit
from engine.model.events import ChunkCommitted, RehearsalFinished, UndoStarted
from engine.model.message import MessagePriority
from engine.model.roles import Role
from engine.model.run import Pass
from engine.moving.move_plan import MoveSite, build_after_move, move_rows, rehearse
from engine.moving.try_again import try_over_sources
from engine.recovering.treat_chunk import treat_chunk
from engine.stores.open_source import SourceShelf
from engine.stores.target_session import TargetSession
from engine.undoing.undo_part import undo_phase, undo_to_checkpoint
from engine.undoing.undo_run import undo_run
from engine.undoing.undo_site import UndoSite

__all__ = ["TASKS", "snapshots_of"]

_Done = TypeVar("_Done")
_TELL_SECONDS = 1.0
"""Progress is put into words at most this often; every batch is in the journal anyway."""


class _Teller:
    """Tells user-guidance of committed batches, not more often than once a second."""

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._told = 0.0

    def __call__(self, event: ChunkCommitted) -> None:
        now = time.monotonic()
        if event.pass_ is not Pass.MOVE or now - self._told < _TELL_SECONDS:
            return
        self._told = now
        self._context.office.send(
            Role.MIGRATION_EXECUTION,
            Role.USER_GUIDANCE,
            "batch-completed",
            body={"table": event.table, "batch": event.chunk, "records": event.label},
            text=f"batch {batch_name(event.chunk)} of {event.table} committed, rows {event.label}",
            priority=MessagePriority.LOW,
        )


def _with_site(context: RunContext, work: Callable[[MoveSite], dict[str, Any]]) -> dict[str, Any]:
    plan = context.plan()
    shelf = SourceShelf(context.source_urls)
    setup = HandsSetup(
        target_url=context.target_url,
        source_urls=context.source_urls,
        run_time=context.run_time(),
        snapshots=snapshots_of(shelf, wait_until_back=lambda: context.ledger.runs.read(context.run_id)),
    )
    pool = Hands(setup, workers=context.settings.workers or hands_that_suit(plan.rows))
    target = TargetSession(context.target_url, purpose="migration-execution")
    try:
        return work(
            MoveSite(
                run_id=context.run_id,
                epoch=context.epoch,
                plan=plan,
                ledger=context.ledger,
                target=target,
                pool=pool,
                control=context.control,
                shelf=shelf,
                emit=context.emit,
                on_chunk=_Teller(context),
                remedy=StandingRules(context),
                treat=treat_chunk,
            )
        )
    finally:
        pool.close()
        shelf.close()
        target.close()


def snapshots_of(shelf: SourceShelf, *, wait_until_back: Callable[[], object]) -> dict[str, str]:
    """What every worker must see of each source; a server that was away for a moment is asked again.

    Raises:
        FordwayError: a source stayed away; none of them is open.
    """
    try:
        return try_over_sources(shelf, shelf.snapshots, wait_until_back=wait_until_back)
    except BaseException:
        shelf.close()
        raise


def rehearse_run(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """The whole move was walked through in a scratch schema, and its result predicted."""

    def work(site: MoveSite) -> dict[str, Any]:
        began = time.monotonic()
        found = rehearse(site)
        if found is None:
            return {"done": False}
        seconds = time.monotonic() - began
        context.emit(RehearsalFinished(tables=found.tables, seconds=seconds))
        return {"done": True, "seconds": seconds, "unlinked": [asdict(each) for each in found.unlinked]}

    return _with_site(context, work)


def move_run(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """Every row is in the target or accounted for, unless a pause came first."""
    return _with_site(context, lambda site: {"done": move_rows(site)})


def build_run(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """Keys, indexes, sequences and statistics stand, unless a pause came first."""
    return _with_site(context, lambda site: {"done": build_after_move(site)})


def undo(context: RunContext, facts: dict[str, Any]) -> dict[str, Any]:
    """Everything the run wrote and nobody changed since is gone."""
    done = _taken_back(context, facts, undo_run)
    return {"removed": done.removed, "marked": done.marked, "kept": done.kept, "seconds": done.seconds}


def undo_a_phase(context: RunContext, facts: dict[str, Any]) -> dict[str, Any]:
    """What a phase and those behind it wrote is gone, and the run rests where it moves them again."""
    done = _taken_back(context, facts, lambda site: undo_phase(site, int(facts["phase"])))
    return {"removed": done.removed, "kept": done.kept, "tables": list(done.tables)}


def undo_since_checkpoint(context: RunContext, facts: dict[str, Any]) -> dict[str, Any]:
    """What decisions brought in for pending batches is gone, and the run rests where it tries them again."""
    done = _taken_back(context, facts, undo_to_checkpoint)
    return {"removed": done.removed, "kept": done.kept, "tables": list(done.tables)}


def _taken_back(context: RunContext, facts: dict[str, Any], work: Callable[[UndoSite], _Done]) -> _Done:
    """What the undo came to; it goes on at its own checkpoint when a server went away, as after a crash."""
    context.emit(UndoStarted(by=str(facts.get("by", ""))))
    target = TargetSession(context.target_url, purpose="undo")
    site = UndoSite(
        run_id=context.run_id,
        epoch=context.epoch,
        plan=context.plan(),
        ledger=context.ledger,
        target=target,
        emit=context.emit,
    )
    try:
        return context.patiently(lambda: work(site))
    finally:
        target.close()


TASKS = {
    **MENDING_TASKS,
    **REPLAY_TASKS,
    "rehearse": Task(
        handler=rehearse_run, words="rehearsing in a scratch schema", milestone="start of the move"
    ),
    "move": Task(handler=move_run, words="moving rows in batches", milestone="all rows committed"),
    "build": Task(handler=build_run, words="building keys, indexes and sequences", milestone="verification"),
    "undo": Task(handler=undo, words="taking the run's writes back", milestone="undone"),
    "undo-phase": Task(handler=undo_a_phase, words="taking a phase back", milestone="its rows move again"),
    "undo-to-checkpoint": Task(
        handler=undo_since_checkpoint,
        words="going back to the last checkpoint",
        milestone="its batch is tried again",
    ),
}
