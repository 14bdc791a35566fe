"""Rehearsed rows whose parent is missing, counted."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from engine.model.plan import ForeignKeyPlan, TablePlan
from engine.stores.target_statements import table_identifier
from sql import load

__all__ = ["count_unlinked", "each_pair"]


def count_unlinked(
    cursor: psycopg.Cursor[dict[str, Any]],
    table: TablePlan,
    key: ForeignKeyPlan,
    *,
    scratch: str,
    parent: str,
) -> int:
    """Rows of the rehearsed table that name a parent neither rehearsed nor in the target.

    Args:
        cursor: the open transaction.
        table: the child.
        key: its foreign key.
        scratch: the rehearsal's schema.
        parent: the schema the rehearsed parent is in; the target's own where it does not move along.
    """
    statement = SQL(load("checking/count_unlinked")).format(
        child=table_identifier(scratch, table.target_table),
        rehearsed=table_identifier(parent, key.parent_table),
        standing=table_identifier(key.parent_schema, key.parent_table),
        joined=each_pair("join_condition", key),
        present=each_pair("present_condition", key),
    )
    row = cursor.execute(statement).fetchone()
    return int(row["count"]) if row else 0


def each_pair(fragment: str, key: ForeignKeyPlan) -> Composed:
    """A condition of ``sql/checking`` for every column pair of the key, all of which must hold."""
    pairs = zip(key.columns, key.parent_columns, strict=True)
    return SQL(" and ").join(
        SQL(load(f"checking/{fragment}")).format(column=Identifier(column), parent_column=Identifier(parent))
        for column, parent in pairs
    )
