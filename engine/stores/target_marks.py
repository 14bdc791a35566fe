"""Marks a run's rows as deleted where the playbook says they are not to be removed."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.errors import StatementFailed
from engine.model.plan import TablePlan
from engine.stores.sqlstate import translated
from engine.stores.target_statements import on_table
from sql import load

__all__ = ["TargetMarks"]

Cursor = psycopg.Cursor[dict[str, Any]]


def _mark(file: str, leaf: TablePlan, guards: Composed) -> Composed:
    mark = leaf.soft_delete
    assert mark is not None, "asked before"
    # A literal without a type is read as the column's, and refused where it does not fit.
    value: Composable = SQL(load("undoing/mark_moment")) if mark.is_moment else Literal(mark.value)
    return on_table(
        f"undoing/{file}",
        leaf.target_schema,
        leaf.target_table,
        column=Identifier(mark.column),
        value=value,
        guards=guards,
    )


class TargetMarks:
    """Inside the caller's transaction."""

    @staticmethod
    def mark_stretch(cursor: Cursor, leaf: TablePlan, guards: Composed, values: dict[str, Any]) -> int:
        """Rows of ours marked in one stretch; ``values`` name it, the table and the run's transactions."""
        marked = cursor.execute(_mark("mark_rows", leaf, guards), values).rowcount
        return _noted(cursor, values, marked)

    @staticmethod
    def mark_one_by_one(cursor: Cursor, leaf: TablePlan, guards: Composed, values: dict[str, Any]) -> int:
        """As ``mark_stretch``, but a row that can't be marked stays as it is, alone."""
        listed = on_table("undoing/list_tids", leaf.target_schema, leaf.target_table, guards=guards)
        marked = 0
        for row in cursor.execute(listed, values).fetchall():
            try:
                with translated(f"undoing {leaf.name}"), cursor.connection.transaction():
                    one = {**values, "tid": row["tid"]}
                    marked += cursor.execute(_mark("mark_row", leaf, guards), one).rowcount
            except StatementFailed:
                continue
        return _noted(cursor, values, marked)


def _noted(cursor: Cursor, values: dict[str, Any], marked: int) -> int:
    if marked:
        cursor.execute(load("undoing/note_marked"), {**values, "rows": marked})
    return marked
