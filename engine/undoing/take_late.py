"""What decisions brought in for a batch that is still pending goes again: back to the last checkpoint.

The last checkpoint is the last committed batch. Beside the batches only decisions write rows:
parents moved first, and placeholders. Each such writing is a batch of its own in the ledger and
says for which one it was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.model.events import RuleRevoked
from engine.model.plan import Plan, TablePlan
from engine.model.undo import TableUndoPreview, UndoPreview
from engine.stores.target_session import TargetSession
from engine.stores.target_undo import Child, TargetUndo
from engine.undoing.find_table import find_table
from engine.undoing.undo_site import UndoSite
from sql import load

__all__ = ["Taken", "drop_answers", "preview_checkpoint", "take_late"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of the rows that were brought in."""

    tables: tuple[str, ...] = ()
    batches: tuple[tuple[str, int], ...] = ()
    """Table and number of the batches that are gone."""
    removed: int = 0
    kept: int = 0
    """Rows of batches that stay, because somebody changed, removed or needs one of theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Late:
    """A batch that was brought in."""

    table: TablePlan
    """As the plan has it."""
    chunk: int
    rows: int
    xids: list[int]
    is_recent: bool


def take_late(cursor: Any, site: UndoSite) -> Taken:  # noqa: ANN401 - a cursor
    """Batches that were brought in for pending ones are gone, each whole or not at all.

    A batch of which somebody changed or deleted a row, or of which a row is needed by now, stays as it
    is: half of it would leave the other half neither moved nor to be moved. So does one of which a row was
    left out by its own batch, which is committed.

    Args:
        cursor: the open transaction, which has proven the epoch.
        site: whose undo it is.
    """
    # What was only to be brought in has no rows, and no answer any more that would bring them.
    cursor.execute(load("recovery/forget_open_late"), {"run_id": site.run_id, "decision_id": None})
    tables: dict[str, None] = {}
    batches: list[tuple[str, int]] = []
    removed = kept = 0
    for late in _late(cursor, site.plan, site.run_id):
        tables[late.table.name] = None
        if _take(cursor, site, late):
            batches.append((late.table.name, late.chunk))
            removed += late.rows
        else:
            kept += late.rows
    return Taken(tables=tuple(tables), batches=tuple(batches), removed=removed, kept=kept)


def _late(cursor: Any, plan: Plan, run_id: str) -> list[_Late]:  # noqa: ANN401 - a cursor
    tables = {table.number: table for table in plan.tables}
    rows = cursor.execute(load("undoing/list_late"), {"run_id": run_id}).fetchall()
    return [
        _Late(
            table=tables[row["table_number"]],
            chunk=row["chunk_number"],
            rows=row["rows"],
            xids=list(row["xids"]),
            is_recent=row["is_recent"],
        )
        for row in rows
    ]


def _take(cursor: Any, site: UndoSite, late: _Late) -> bool:  # noqa: ANN401 - a cursor
    standing = find_table(cursor, site.run_id, late.table)
    there = standing.table
    if there is None or standing.missing or not late.is_recent or _is_counted(cursor, site.run_id, late):
        return False
    values = _values(site.run_id, late)
    children = _children(cursor, site.plan, site.run_id, late.table)
    guards = TargetUndo.guards(cursor, there, values, children=children)
    if not TargetUndo.delete_late(cursor, there, guards, values, rows=late.rows):
        return False
    cursor.execute(load("undoing/forget_late_ids"), values)
    place = {"run_id": site.run_id, "table_number": late.table.number, "chunk_number": late.chunk}
    cursor.execute(load("undoing/forget_chunk"), place)
    return True


def _is_counted(cursor: Any, run_id: str, late: _Late) -> bool:  # noqa: ANN401 - a cursor
    """Whether a row's own batch, committed by now, counts it as written by this one."""
    values = {
        "run_id": run_id,
        "table_number": late.table.number,
        "chunk_number": late.chunk,
        "source_name": late.table.source,
        "source_table": late.table.source_table,
    }
    return cursor.execute(load("undoing/counts_as_present"), values).fetchone() is not None


def _values(run_id: str, late: _Late) -> dict[str, Any]:
    return {
        "xids": late.xids,
        "run_xids": late.xids,
        "run_id": run_id,
        "target_table": late.table.target_name,
    }


def _children(cursor: Any, plan: Plan, run_id: str, parent: TablePlan) -> list[Child]:  # noqa: ANN401 - a cursor
    """Tables of the plan that refer to the parent; the keys themselves may stand only after the rows."""
    found: list[Child] = []
    for table in plan.tables:
        keys = [
            key
            for key in table.foreign_keys
            if (key.parent_schema, key.parent_table) == (parent.target_schema, parent.target_table)
        ]
        there = find_table(cursor, run_id, table).table if keys else None
        if there is not None:
            name = (there.target_schema, there.target_table)
            found += [(name, key.columns, key.parent_columns) for key in keys]
    return found


def drop_answers(cursor: Any, site: UndoSite, *, by: str) -> None:  # noqa: ANN401 - a cursor
    """What was decided about pending batches is not carried out, and asked again should it come again."""
    values = {"run_id": site.run_id, "who": by}
    for name in ("drop_amendments", "drop_treatments", "drop_answers"):
        cursor.execute(load(f"undoing/{name}"), values)
    revoked = cursor.execute(load("undoing/revoke_rules"), values).fetchall()
    cursor.execute(load("recovery/forget_trials"), {"run_id": site.run_id, "prefix": ""})
    for row in revoked:
        event = RuleRevoked(rule_id=row["rule_id"], words=row["words"], by=by)
        site.target.record(cursor, site.run_id, event)


def preview_checkpoint(*, run_id: str, plan: Plan, target: TargetSession) -> UndoPreview:
    """What going back to the last checkpoint would remove, counted now, the last first."""
    with target.transaction("undo preview") as cursor:
        name = target.database_name(cursor)
        tables = tuple(_foreseen(cursor, plan, run_id, late) for late in _late(cursor, plan, run_id))
    return UndoPreview(run_id=run_id, target_name=name, tables=tables)


def _foreseen(cursor: Any, plan: Plan, run_id: str, late: _Late) -> TableUndoPreview:  # noqa: ANN401 - a cursor
    standing = find_table(cursor, run_id, late.table)
    there = standing.table
    goes = 0
    is_free = late.is_recent and not standing.missing and not _is_counted(cursor, run_id, late)
    if there is not None and is_free:
        values, children = _values(run_id, late), _children(cursor, plan, run_id, late.table)
        guards = TargetUndo.guards(cursor, there, values, children=children)
        goes = TargetUndo.count_guarded(cursor, there, guards, values)
    is_whole = goes == late.rows
    return TableUndoPreview(
        table=late.table.name,
        written=late.rows,
        removable=late.rows if is_whole else 0,
        kept=0 if is_whole else late.rows,
        kept_keys=(),
        foreign=0,
        drops_table=False,
        note="" if is_whole else "what was brought in together stays together",
    )
