"""What an undo would remove, before anybody is asked to confirm it."""

from __future__ import annotations

from engine.model.plan import Plan
from engine.model.undo import TableUndoPreview, UndoPreview
from engine.stores.ledger import Ledger
from engine.stores.target_restore import Restored
from engine.stores.target_session import TargetSession
from engine.stores.target_undo import TargetUndo
from engine.undoing.restore_rows import merge_facts
from engine.undoing.undo_site import recent_xids, removal_values

__all__ = ["preview_undo"]


def preview_undo(*, run_id: str, plan: Plan | None, ledger: Ledger, target: TargetSession) -> UndoPreview:
    """What an undo would remove, counted now, newest table first."""
    with target.transaction("undo preview") as cursor:
        name = target.database_name(cursor)
    if plan is None:
        return UndoPreview(run_id=run_id, target_name=name, tables=(), unavailable="Nothing was planned yet")
    made = ledger.undo.made_tables(run_id)
    images, shifts = merge_facts(target, run_id)
    tables = []
    for table in reversed(plan.tables):
        written = ledger.chunks.written(run_id, table.number)
        with target.transaction(f"undo preview of {table.name}") as cursor:
            if not target.exists(
                cursor, "table_exists", schema=table.target_schema, relation=table.target_table
            ):
                continue
            xids = [xid for other in plan.sharing(table) for xid in recent_xids(ledger, run_id, other)]
            rows, ours = TargetUndo.count_rows(cursor, table, xids)
            removable = TargetUndo.count_removable(cursor, table, removal_values(ledger, run_id, plan, table))
            count = sum(chunk.written for chunk in written) + shifts.get(table.number, 0)
            keys = (
                TargetUndo.kept_keys(cursor, table, xids, run_id=run_id)
                if removable < count or rows > ours
                else ()
            )
        is_made = (table.target_schema, table.target_table) in made
        if not written and not is_made:
            continue
        left = max(0, count - removable)
        # Where the id map tells our rows from others', it tells changed ones; elsewhere no more rows
        # can have been changed than stand there beside those that go.
        kept = left if table.keeps_id_map else min(left, rows - removable)
        tables.append(
            TableUndoPreview(
                table=table.name,
                written=count,
                removable=removable,
                kept=kept,
                gone=left - kept,
                kept_keys=keys,
                foreign=rows - ours,
                drops_table=is_made and rows == ours,
                restores=images.get(table.number, Restored()).images,
            )
        )
    unavailable = "" if tables else "This run has written nothing that is still there"
    return UndoPreview(run_id=run_id, target_name=name, tables=tuple(tables), unavailable=unavailable)
