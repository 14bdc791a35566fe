"""Takes back a part of a run, to be moved again: a phase, or what came after the last checkpoint."""

from __future__ import annotations

from dataclasses import replace

from engine.model.errors import BadInput
from engine.model.events import PartUndone
from engine.model.plan import Plan
from engine.model.run import RunRecord, RunState, Step
from engine.model.undo import OpenPart, Part
from engine.stores.ledger.undo import UndoAction
from engine.undoing.find_table import find_table
from engine.undoing.forget_part import finish_part, forget_tables
from engine.undoing.take_late import drop_answers, take_late
from engine.undoing.undo_actions import undo_actions
from engine.undoing.undo_run import take_back_tables
from engine.undoing.undo_site import UndoSite, tables_of

__all__ = ["check_part", "undo_phase", "undo_to_checkpoint"]


def check_part(
    part: Part, *, record: RunRecord, plan: Plan | None, last: OpenPart | None, has_moved: bool
) -> None:
    """The part may be taken back now.

    Args:
        part: what is asked for.
        record: the run as it stands.
        plan: its plan; None: there is none yet.
        last: the part that is being taken back, or was last.
        has_moved: whether its move has begun.

    Raises:
        BadInput: it may not, and why.
    """
    is_open = last is not None and last.is_open
    is_undone = record.state is RunState.UNDOING or record.step is Step.UNDO
    if record.state is RunState.UNDONE:
        raise _refused("The run is undone already; nothing of it is left to take back", record)
    if plan is None or not has_moved:
        raise _refused("Nothing has moved yet, so there is nothing to take back", record)
    if is_undone and not is_open:
        raise _refused("The undo of the whole run has begun; go on with that", record)
    if part.phase is None:
        _check_checkpoint(record, last)
        return
    last_phase = max((phase.number for phase in plan.phases), default=0)
    if not 1 <= part.phase <= last_phase:
        raise _refused(f"The plan has no phase {part.phase}; its last is {last_phase}", record)
    marked = [t.name for t in plan.tables if t.phase >= part.phase and t.soft_delete is not None]
    if marked:
        raise _refused(
            f"An undo only marks the rows of {', '.join(marked)} as deleted, and their keys stay taken: "
            "nothing could be moved there again",
            record,
        )
    under_way = last.part.phase if last is not None and is_open else None
    if under_way is not None and under_way < part.phase:
        raise _refused(f"Phase {under_way} is being taken back, and phase {part.phase} with it", record)


def _check_checkpoint(record: RunRecord, last: OpenPart | None) -> None:
    if record.state is RunState.COMPLETE:
        raise _refused("Every batch of the run is committed: it stands at its last checkpoint", record)
    if last is not None and last.is_open and last.part.phase is not None:
        raise _refused(f"Phase {last.part.phase} is being taken back; go on with that", record)


def _refused(what: str, record: RunRecord) -> BadInput:
    return BadInput(
        what,
        where=f"run {record.run_id}",
        safe="Nothing was changed",
        todo=f"`fordway status {record.run_id}` shows where it stands",
    )


def undo_phase(site: UndoSite, phase: int) -> PartUndone:
    """What the phase's tables and those of later ones hold of the run is gone; they count as not moved.

    Rows that nobody changed are removed, overwritten ones are as they were, all others are listed and
    left. The run rests paused at its move. It may be called again after a crash at any instant: it goes
    on at its own checkpoint, and what was taken back by then is told again.

    Args:
        site: whose undo it is; ``ledger.undo.begin_part`` was called before.
        phase: from 1.

    Raises:
        LeaseLost: another runner took over.
        Terminal: a table can't be found, or its rows can't be told from others'; everything else was taken
            back, and the part stays open.
    """
    part = replace(site, part=tables_of(site.plan, phase))
    last = site.ledger.undo.last_part(site.run_id)
    asked = last.part if last is not None else Part(phase=phase)
    names = tuple(table.name for table in part.tables)
    if last is not None and not last.is_open:
        return replace(_told_before(last), anew=names)
    actions = site.ledger.undo.actions(site.run_id)
    outcomes = take_back_tables(part, actions)
    removed, kept = sum(done.removed for done in outcomes), sum(done.kept for done in outcomes)
    sequences = _sequences(part)
    undo_actions(part, actions, lambda action: _is_of(action, sequences))
    done = PartUndone(what=asked.words, tables=names, removed=removed, kept=kept, by=asked.by, anew=names)
    with site.target.transaction(f"undoing {asked.words}") as cursor:
        site.target.check_epoch(cursor, site.run_id, site.epoch)
        forget_tables(cursor, part)
        finish_part(cursor, part, done, step=Step.MOVE)
    return done


def _told_before(last: OpenPart) -> PartUndone:
    """What came of the part: whether a commit happened is not known where the connection is cut in it."""
    return PartUndone(
        what=last.part.words, tables=last.tables, removed=last.removed, kept=last.kept, by=last.part.by
    )


def undo_to_checkpoint(site: UndoSite) -> PartUndone:
    """Beside the committed batches nothing stands that was brought in for pending ones.

    Rows that decisions brought in and placeholders are gone, unless somebody changed or needs them, and
    no answer about a pending batch waits to be carried out. The run rests paused. All of it is one
    transaction, so it may be called again after a crash at any instant.

    Args:
        site: whose undo it is; ``ledger.undo.begin_part`` was called before.

    Raises:
        LeaseLost: another runner took over.
    """
    last = site.ledger.undo.last_part(site.run_id)
    asked = last.part if last is not None else Part(phase=None)
    if last is not None and not last.is_open:
        return _told_before(last)
    with site.target.transaction("going back to the last checkpoint") as cursor:
        site.target.check_epoch(cursor, site.run_id, site.epoch)
        taken = take_late(cursor, site)
        drop_answers(cursor, site, by=asked.by)
        done = PartUndone(
            what=asked.words,
            tables=taken.tables,
            removed=taken.removed,
            kept=taken.kept,
            by=asked.by,
            batches=taken.batches,
        )
        finish_part(cursor, site, done, step=Step.MOVE)
    return done


def _sequences(site: UndoSite) -> set[str]:
    """Names of the sequences behind the tables' identity columns, as the ledger has them."""
    found = set()
    with site.target.transaction("undoing sequences") as cursor:
        for table in site.tables:
            there = find_table(cursor, site.run_id, table).table
            if there is None or not (table.exists_already and table.identity_column):
                continue
            sequence = site.target.read_sequence(
                cursor, there.target_schema, there.target_table, table.identity_column
            )
            found |= {str(sequence["name"])} if sequence else set()
    return found


def _is_of(action: UndoAction, sequences: set[str]) -> bool:
    return action.kind == "set_sequence" and action.object["name"] in sequences
