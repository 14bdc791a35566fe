"""A row set aside, value by value: what each is, where it goes, and which stands in the way. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.held import HeldCell, HeldRow, Obstacle
from engine.model.plan import ColumnPlan, TablePlan
from engine.recovering.held_rows import source_value

__all__ = ["cells_of", "shown_value"]


def shown_value(stored: object) -> str | None:
    """A value as people read it, from how the quarantine keeps it; None is NULL."""
    value = source_value(stored)
    if value is None:
        return None
    text = f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


def cells_of(
    row: HeldRow, table: TablePlan | None, obstacles: Sequence[Obstacle] = ()
) -> tuple[HeldCell, ...]:
    """Every value: the target's columns in their order, then what of the source is not moved.

    Args:
        row: set aside.
        table: its plan; None: only the source's own columns are known.
        obstacles: constraints and indexes by name, of tables that were there before.
    """
    columns = table.columns if table is not None else ()
    guilty = _offending(row, table, obstacles)
    moved = [_moved(row, column, guilty) for column in columns]
    named = {cell.source for cell in moved}
    left = [
        HeldCell(target="", source=name, value=shown_value(stored), is_offending=name in guilty)
        for name, stored in row.row_data.items()
        if name not in named
    ]
    return (*moved, *left)


def _moved(row: HeldRow, column: ColumnPlan, guilty: frozenset[str]) -> HeldCell:
    is_edited = column.target in row.edits
    return HeldCell(
        target=column.target,
        source=column.source,
        value=shown_value(row.row_data.get(column.source)) if column.source else None,
        is_offending=column.target in guilty or (bool(column.source) and column.source in guilty),
        is_edited=is_edited,
        new=row.edits.get(column.target),
    )


def _offending(row: HeldRow, table: TablePlan | None, obstacles: Sequence[Obstacle]) -> frozenset[str]:
    """Target columns, or the source's, that the place of the fault means."""
    names = {row.where, row.column_name} - {""}
    if table is None:
        return frozenset(names)
    for key in table.foreign_keys:
        if key.name in names:
            names |= set(key.columns)
    for found in obstacles:
        is_its_own = (found.table_schema, found.table_name) == (table.target_schema, table.target_table)
        if is_its_own and found.name in names:
            names |= set(found.columns)
    for index in table.indexes:
        if index.name in names:
            names |= set(index.columns)
    if row.where in (table.key_name, f"{table.target_table}_pkey"):
        names |= set(table.primary_key)
    return frozenset(names)
