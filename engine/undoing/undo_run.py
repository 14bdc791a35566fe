"""Takes back exactly what a run wrote: newest table first, checkpointed, never a foreign row.

A row is the run's while ``xmin``, the transaction that wrote its present version, is one of
the run's committed chunks. Whoever updates a row gives it another ``xmin``, and from then on
it is theirs: it is listed and left alone (PostgreSQL manual, 5.5 "System Columns"). A table
is the run's by its oid, so that one with another name or schema is found there.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from engine.model.errors import FordwayError, StatementFailed
from engine.model.events import TableUndone, UndoFinished
from engine.model.plan import TablePlan
from engine.stores.ledger.undo import UndoAction
from engine.stores.target_identity import find_identity, kind_of
from engine.stores.target_restore import Restored
from engine.stores.target_undo import TargetUndo
from engine.undoing.find_table import find_table
from engine.undoing.remove_rows import remove_rows
from engine.undoing.restore_rows import merge_facts, put_back
from engine.undoing.settle_table import (
    Left,
    deleted,
    joined,
    leave_lost,
    leave_unlike,
    not_undone,
    settle_gone,
    settle_table,
)
from engine.undoing.take_detached import take_detached
from engine.undoing.undo_site import UndoSite, recent_xids

__all__ = ["undo_run"]


def undo_run(site: UndoSite) -> UndoFinished:
    """Everything of the run that nobody changed since is gone; what was kept is listed.

    May be called again after a crash at any instant: it goes on at its own checkpoint.

    Raises:
        LeaseLost: another runner took over.
        Terminal: a table the run wrote to can't be found, or its rows can't be told from others'; everything
            else was taken back.
    """
    began = time.monotonic()
    actions = site.ledger.undo.actions(site.run_id)
    _break_cycles(site)
    _undo_actions(site, actions, _is_view)
    put_back(site, recent_xids(site.ledger, site.run_id))
    removed = kept = 0
    left: list[Left] = []
    for table in reversed(site.plan.tables):
        done = _undo_table(site, table, actions)
        if isinstance(done, Left):
            left.append(done)
            done = done.done
        removed, kept = removed + done.removed, kept + done.kept
    if left:
        raise not_undone(left)
    _undo_actions(site, actions, lambda action: action.kind != "create_table" and not _is_view(action))
    event = UndoFinished(removed=removed, kept=kept, seconds=time.monotonic() - began)
    site.emit(event)
    return event


def _break_cycles(site: UndoSite) -> None:
    """Foreign keys to tables loaded later are dropped first; no order of drops would do otherwise."""
    numbers = {(t.target_schema, t.target_table): t.number for t in site.plan.tables}
    made = site.ledger.undo.made_tables(site.run_id)
    for table in site.plan.tables:
        if (table.target_schema, table.target_table) not in made:
            continue
        for key in table.foreign_keys:
            if numbers.get((key.parent_schema, key.parent_table), 0) > table.number:
                with site.target.transaction(f"undoing {table.name}") as cursor:
                    site.target.check_epoch(cursor, site.run_id, site.epoch)
                    there = find_table(cursor, site.run_id, table).table
                    if there is not None:
                        TargetUndo.drop_constraint(cursor, there, key.name)


def _undo_table(site: UndoSite, table: TablePlan, actions: list[UndoAction]) -> TableUndone | Left:
    """What became of the table's rows."""
    target, run_id = site.target, site.run_id
    images, shifts = merge_facts(target, run_id)
    written = sum(chunk.written for chunk in site.ledger.chunks.written(run_id, table.number))
    written += shifts.get(table.number, 0)
    made = next(
        (
            a
            for a in actions
            if a.kind == "create_table"
            and (a.object["schema"], a.object["table"]) == (table.target_schema, table.target_table)
        ),
        None,
    )
    with target.transaction(f"undoing {table.name}") as cursor:
        target.check_epoch(cursor, run_id, site.epoch)
        progress = TargetUndo.start_table(cursor, run_id, table)
        standing = find_table(cursor, run_id, table)
    take_detached(site, table, there=standing.table, next_block=int(progress["next_block"]))
    if standing.table is None:
        is_lost = standing.is_lost and written > 0 and not (made is not None and made.state == "done")
        return leave_lost(site, table, written) if is_lost else settle_gone(site, table, made, written)
    # The table goes with the first plan that fills it, and never with rows the run only overwrote.
    made = None if table.is_extra else made
    is_whole = made is not None and not any(other.number in images for other in site.plan.sharing(table))
    xids = recent_xids(site.ledger, run_id, table)
    is_armed = made is not None and made.state == "armed" and is_whole
    dropped = _drop_if_untouched(site, table, made, xids) if made and is_armed else None
    called = f"it was called {standing.now}" if standing.now else ""
    if dropped is not None:
        note = joined(called, deleted(written - dropped))
        done = TableUndone(table=table.name, removed=dropped, kept=0, kept_keys=(), dropped=True, note=note)
        site.emit(done)
        return done
    images_of = images.get(table.number, Restored())
    if standing.missing and (written or images_of.images):
        return leave_unlike(site, table, standing, written=written, images=images_of)
    if not progress["is_done"] and xids and not standing.missing:
        remove_rows(site, table, there=standing.table, first_block=progress["next_block"])
    return settle_table(site, table, made, xids=xids, written=written, images=images_of)


def _drop_if_untouched(site: UndoSite, table: TablePlan, made: UndoAction, xids: list[int]) -> int | None:
    """Rows that went with the table the run made; None when it stays.

    It stays while it holds a row of someone else, or something outside depends on it: a view,
    a foreign key. What someone put on the table itself, an index or a trigger, goes with it.
    """
    try:
        with site.target.transaction(f"undoing {table.name}") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            there = find_table(cursor, site.run_id, table).table
            if there is None:
                return None
            TargetUndo.lock_table(cursor, there)
            rows, ours = TargetUndo.count_rows(cursor, there, xids)
            # Whoever renamed it before the lock was ours may have given its name to another table.
            if rows != ours or find_table(cursor, site.run_id, table).table != there:
                return None
            TargetUndo.drop_table(cursor, there)
            TargetUndo.close_action(cursor, site.run_id, made.number, state="done")
            TargetUndo.advance_table(cursor, site.run_id, table, next_block=0, removed=ours)
            return TargetUndo.finish_table(cursor, site.run_id, table, kept=0)
    except StatementFailed:
        # Something depends on the table: a view, or a stranger's foreign key.
        return None


def _undo_actions(site: UndoSite, actions: list[UndoAction], is_meant: Callable[[UndoAction], bool]) -> None:
    """What is armed and meant is taken back, newest first."""
    for action in actions:
        if action.state == "armed" and is_meant(action):
            _undo_action(site, action)


def _is_view(action: UndoAction) -> bool:
    return action.kind == "create_object" and action.object["kind"].endswith("view")


def _undo_action(site: UndoSite, action: UndoAction) -> None:
    """A sequence goes back if nobody drew from it since; a schema goes if it is empty."""
    thing = action.object
    try:
        with site.target.transaction("undoing what the run made") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            state, note = "done", ""
            if action.kind == "create_schema":
                note = _drop_schema(cursor, site.run_id, thing["schema"])
            elif action.kind == "create_object":
                note = _drop_object(cursor, site.run_id, thing)
            elif site.target.sequence_stands_at(cursor, thing["name"], thing["set_to"]):
                site.target.set_sequence(
                    cursor, thing["name"], thing["last_value"], is_called=thing["is_called"]
                )
            else:
                state, note = "kept", "numbers were drawn from it since"
            TargetUndo.close_action(cursor, site.run_id, action.number, state=state, note=note)
    except StatementFailed as error:
        with site.target.transaction("undoing what the run made") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            TargetUndo.close_action(cursor, site.run_id, action.number, state="kept", note=_reason(error))


def _drop_schema(cursor: Any, run_id: str, name: str) -> str:  # noqa: ANN401 - a cursor
    """The schema is gone under whatever name, if it was empty; what there is to say of it."""
    known = find_identity(cursor, run_id, "schema", name=name)
    if known is not None and known.is_gone:
        return "removed by someone else"
    TargetUndo.drop_schema(cursor, name if known is None else known.name)
    return ""


def _drop_object(cursor: Any, run_id: str, thing: dict[str, Any]) -> str:  # noqa: ANN401 - a cursor
    """The object is gone under whatever name; what there is to say of it."""
    schema, name = thing["schema"], thing["name"]
    known = find_identity(cursor, run_id, kind_of(thing["kind"]), schema=schema, name=name)
    if known is not None and known.is_gone:
        return "removed by someone else"
    if known is not None:
        schema, name = known.schema, known.name
    TargetUndo.drop_object(cursor, thing["kind"], schema, name)
    return ""


def _reason(error: FordwayError) -> str:
    return error.what
