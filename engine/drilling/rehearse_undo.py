"""Proves an undo before it is needed: move into a scratch copy, take it back, and compare with before.

All of it is done by the code that moves and undoes for real, under a run of its own, so that no row
and no object of the rehearsed run is touched.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from functools import partial

from engine.drilling.as_decided import read_decided, write_as_decided
from engine.drilling.clear_drills import clear_drills, remove_drill
from engine.drilling.copy_target import Residue, compare_with, copy_target
from engine.drilling.drill_plan import drill_plan, drill_schema
from engine.drilling.drill_site import DrillSite
from engine.hands.kit import HandsSetup
from engine.hands.pool import Hands, hands_that_suit
from engine.model.errors import BadInput, FordwayError, LeaseLost, ServerBusy, Terminal
from engine.model.events import DrillFinished, UndoFinished
from engine.model.plan import Plan
from engine.model.run import Pass, RunRecord, RunState, Step
from engine.moving.move_plan import MoveSite, build_after_move, move_rows
from engine.moving.run_table import Control
from engine.moving.try_again import try_over_sources
from engine.stores.ledger import Ledger
from engine.stores.open_source import SourceShelf
from engine.stores.target_session import TargetSession
from engine.undoing.undo_run import undo_run
from engine.undoing.undo_site import UndoSite

__all__ = ["check_drill", "rehearse_undo"]


def check_drill(record: RunRecord, plan: Plan | None, *, is_worked_on: bool) -> Plan:
    """The plan whose undo may be rehearsed now.

    Raises:
        BadInput: there is none, or not now.
    """
    is_undone = record.state in (RunState.UNDONE, RunState.UNDOING) or record.step is Step.UNDO
    if plan is None:
        raise _refused("Nothing was planned yet, so no undo can be rehearsed", record)
    if is_undone:
        raise _refused("The run is undone, or being undone; there is nothing left to rehearse for", record)
    if plan.to_mend:
        raise _refused(f"The plan can't be carried out: {plan.to_mend[0].sentence()}", record)
    if is_worked_on and record.state is RunState.RUNNING:
        raise _refused("The run is at work; pause it first, so that a copy can be made", record)
    return plan


def _refused(what: str, record: RunRecord) -> BadInput:
    return BadInput(what, where=f"run {record.run_id}", safe="Nothing was changed")


def rehearse_undo(site: DrillSite) -> DrillFinished:
    """The plan was moved into a scratch copy and taken back, and what was left otherwise is known.

    The copy and the run it was done under are gone, and what it came to is in the run's journal.

    Raises:
        ServerBusy: another process rehearses the undo of this run.
        Terminal: the plan could not be moved, or not be taken back; nothing is left of the try.
    """
    began = time.monotonic()
    ledger, run_id = site.ledger, site.run_id
    if not clear_drills(run_id, ledger=ledger, target_url=site.target_url, take=site.hold.take):
        raise ServerBusy(
            "Another process rehearses the undo of this run",
            safe="It goes on undisturbed",
            todo="Wait for it",
        )
    drill_id = ledger.drills.make_run(run_id)
    epoch = site.hold.take(drill_id)
    home = tuple(dict.fromkeys(table.target_schema for table in site.plan.tables))
    target = TargetSession(site.target_url, purpose="undo drill", further=home)
    own = Ledger(site.target_url, purpose="undo drill", fence=(drill_id, epoch), has_answered=True)
    try:
        with site.hold.held(drill_id, epoch):
            drill = _Drill(site, drill_id=drill_id, epoch=epoch, ledger=own, target=target)
            try:
                done = drill.run(began)
            finally:
                remove_drill(run_id, drill_id, epoch=epoch, ledger=ledger, target=target)
    except LeaseLost:
        raise
    except FordwayError as error:
        raise _failed(error) from error
    finally:
        own.close()
        target.close()
    ledger.drills.record(run_id, done)
    return done


def _failed(error: FordwayError) -> Terminal:
    return Terminal(
        f"The undo could not be rehearsed: {error.what}",
        where=error.where,
        safe="Only a scratch copy was touched, and it is gone",
        todo=error.todo,
    )


class _Drill:
    """One rehearsal under way."""

    def __init__(
        self, site: DrillSite, *, drill_id: str, epoch: int, ledger: Ledger, target: TargetSession
    ) -> None:
        self._site = site
        self._drill_id = drill_id
        self._epoch = epoch
        self._ledger = ledger
        self._target = target
        self._plan = drill_plan(site.plan, drill_schema(site.run_id))

    def run(self, began: float) -> DrillFinished:
        site, ledger = self._site, self._ledger
        site.tell("Copying the tables that are there")
        before = copy_target(site, self._target, drill_id=self._drill_id, epoch=self._epoch)
        site.tell("Moving into the copy")
        self._move()
        moved = sum(table.counts.written for table in ledger.chunks.progress(self._drill_id, Pass.MOVE))
        site.tell("Taking it back")
        undone = self._undo()
        site.tell("Comparing with before")
        marked = ledger.undo.marked_xids(self._drill_id)
        left = compare_with(before, self._target, plan=self._plan, marked=marked)
        return self._told(left, undone, moved=moved, seconds=time.monotonic() - began)

    def _told(self, left: Residue, undone: UndoFinished, *, moved: int, seconds: float) -> DrillFinished:
        return DrillFinished(
            moved=moved,
            removed=undone.removed + undone.marked,
            residual=left.rows + left.things,
            seconds=seconds,
            digest=self._site.plan.digest,
            words=left.words,
        )

    def _move(self) -> None:
        site = self._site
        shelf = SourceShelf(site.source_urls)
        snapshots = try_over_sources(shelf, shelf.snapshots, wait_until_back=self._look)
        setup = HandsSetup(
            target_url=site.target_url,
            source_urls=site.source_urls,
            run_time=site.ledger.runs.approved_at(site.run_id) or datetime.now(UTC),
            snapshots=snapshots,
            further=tuple(dict.fromkeys(table.target_schema for table in site.plan.tables)),
        )
        pool = Hands(setup, workers=hands_that_suit(site.plan.rows))
        decided = read_decided(site.run_id, site.plan, site.ledger)
        move = MoveSite(
            run_id=self._drill_id,
            epoch=self._epoch,
            plan=self._plan,
            ledger=self._ledger,
            target=self._target,
            pool=pool,
            control=Control(),
            shelf=shelf,
            emit=lambda event: self._ledger.journal.record(self._drill_id, event),
            on_chunk=lambda _event: None,
            remedy=decided.remedy,
            treat=partial(write_as_decided, plan=self._plan, decided=decided),
        )
        try:
            move_rows(move)
            build_after_move(move)
        finally:
            pool.close()
            shelf.close()

    def _look(self) -> object:
        return self._ledger.runs.read(self._drill_id)

    def _undo(self) -> UndoFinished:
        return undo_run(
            UndoSite(
                run_id=self._drill_id,
                epoch=self._epoch,
                plan=self._plan,
                ledger=self._ledger,
                target=self._target,
                emit=lambda event: self._ledger.journal.record(self._drill_id, event),
            )
        )
