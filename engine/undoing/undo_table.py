"""One table's part of an undo: dropped when it is all the run's, else freed of the run's rows."""

from __future__ import annotations

from engine.model.errors import NotAllowed, StatementFailed
from engine.model.events import TableUndone
from engine.model.plan import TablePlan
from engine.stores.ledger.undo import UndoAction
from engine.stores.target_restore import Restored
from engine.stores.target_undo import TargetUndo
from engine.undoing.find_table import find_table
from engine.undoing.remove_rows import remove_rows
from engine.undoing.restore_rows import merge_facts
from engine.undoing.settle_table import (
    Left,
    deleted,
    joined,
    leave_lost,
    leave_unlike,
    settle_gone,
    settle_table,
)
from engine.undoing.take_detached import take_detached
from engine.undoing.undo_site import UndoSite, recent_xids, removal_values

__all__ = ["undo_table"]


def undo_table(site: UndoSite, table: TablePlan, actions: list[UndoAction]) -> TableUndone | Left:
    """What became of the table's rows."""
    target, run_id = site.target, site.run_id
    images, shifts = merge_facts(target, run_id)
    chunks = site.ledger.chunks.written(run_id, table.number, with_earlier=True)
    written = sum(chunk.written for chunk in chunks)
    written += shifts.get(table.number, 0)
    made = _made(actions, table)
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
    sharing = site.plan.sharing(table)
    is_whole = made is not None and not any(
        other.number in images or other.soft_delete is not None for other in sharing
    )
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
        if table.is_truncated and len(sharing) == 1:
            _truncate_if_ours(site, table)
        remove_rows(site, table, there=standing.table, first_block=progress["next_block"])
    return settle_table(site, table, made, xids=xids, written=written, images=images_of)


def _made(actions: list[UndoAction], table: TablePlan) -> UndoAction | None:
    """That the run made the table; None when it did not."""
    name = (table.target_schema, table.target_table)
    tables = (action for action in actions if action.kind == "create_table")
    return next((a for a in tables if (a.object["schema"], a.object["table"]) == name), None)


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


def _truncate_if_ours(site: UndoSite, table: TablePlan) -> None:
    """The table is empty if every row in it was the run's to remove and no other table refers to it.

    Otherwise it is as it was, and its rows are removed one stretch after another.
    """
    values = removal_values(site.ledger, site.run_id, table, part=site.part)
    try:
        with site.target.transaction(f"undoing {table.name}") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            there = find_table(cursor, site.run_id, table).table
            if there is None:
                return
            TargetUndo.lock_table(cursor, there)
            rows, _ = TargetUndo.count_rows(cursor, there, [])
            is_ours = rows == TargetUndo.count_removable(cursor, there, values)
            # Whoever renamed it before the lock was ours may have given its name to another table.
            if not is_ours or find_table(cursor, site.run_id, table).table != there:
                return
            TargetUndo.truncate(cursor, there)
            TargetUndo.advance_table(cursor, site.run_id, table, next_block=0, removed=rows)
    except (StatementFailed, NotAllowed):
        # Another table refers to it (manual, TRUNCATE), or the role may only delete.
        return
