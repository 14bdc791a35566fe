"""What the target says of itself when a fault was met; nothing is changed by asking."""

from __future__ import annotations

from typing import Any

import psycopg

from engine.model.plan import TablePlan
from engine.stores.target_staging import stored_columns
from engine.stores.target_statements import relation_name
from sql import load

__all__ = ["list_lockers", "read_columns", "read_writability", "table_stands"]

Cursor = psycopg.Cursor[dict[str, Any]]


def read_writability(cursor: Cursor) -> tuple[bool, bool]:
    """Whether the server is a standby, and whether it is read-only."""
    row = cursor.execute(load("recovery/read_writability")).fetchone()
    return (bool(row["is_standby"]), bool(row["is_read_only"])) if row else (False, False)


def table_stands(cursor: Cursor, table: TablePlan) -> bool:
    """Whether there is a table of that name."""
    values = {"schema": table.target_schema, "relation": table.target_table}
    return cursor.execute(load("target/table_exists"), values).fetchone() is not None


def read_columns(cursor: Cursor, table: TablePlan) -> dict[str, str]:
    """Type by name, of the columns that hold values."""
    return {name: kind for name, kind, _ in stored_columns(cursor, table.target_schema, table.target_table)}


def list_lockers(cursor: Cursor, table: TablePlan) -> list[tuple[str, str, float]]:
    """Who keeps writers off the table, by which lock, for how many seconds."""
    relation = relation_name(table.target_schema, table.target_table)
    rows = cursor.execute(load("recovery/list_lockers"), {"relation": relation}).fetchall()
    return [(row["who"], row["mode"], float(row["seconds"] or 0.0)) for row in rows]
