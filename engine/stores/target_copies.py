"""Copies of target tables as they were before a run, and what a rehearsal of its undo left otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

from engine.model.errors import StatementFailed
from engine.model.plan import ForeignKeyPlan, TablePlan
from engine.stores.constraint_statements import add_foreign_key, validate_constraint
from engine.stores.sqlstate import translated
from engine.stores.target_identity import list_columns
from engine.stores.target_restore import TargetRestore
from engine.stores.target_session import TargetSession
from engine.stores.target_staging import stored_columns
from engine.stores.target_statements import (
    column_names,
    create_table_like,
    id_map_key,
    on_table,
    table_identifier,
    trusted,
)
from sql import load

__all__ = ["TargetCopies"]

Cursor = psycopg.Cursor[dict[str, Any]]


class TargetCopies:
    """Inside the caller's transaction."""

    @staticmethod
    def read_steadily(cursor: Cursor) -> None:
        """What the transaction reads from here on is of one moment."""
        cursor.execute(load("drills/read_steadily"))

    @staticmethod
    def make_table(cursor: Cursor, target: TargetSession, table: TablePlan, scratch: str) -> None:
        """An empty copy with keys, indexes, checks, defaults, and its sequence where the real one is."""
        cursor.execute(create_table_like(table, scratch))
        target.draw_from_scratch(cursor, table, scratch)
        column = table.identity_column
        real = (
            target.read_sequence(cursor, table.target_schema, table.target_table, column) if column else None
        )
        if real is None:
            return
        drawn = f"drawn_{table.number}_{column}"[:63]
        if TargetSession.exists(cursor, "relation_exists", schema=scratch, name=drawn) is not None:
            own = on_table(
                "drills/own_sequence",
                scratch,
                table.target_table,
                sequence=Identifier(scratch, drawn),
                column=Identifier(column),
            )
            cursor.execute(own)
        copy = target.read_sequence(cursor, scratch, table.target_table, column)
        if copy is not None:
            target.set_sequence(cursor, copy["name"], real["last_value"], is_called=real["is_called"])

    @staticmethod
    def fill(
        cursor: Cursor, table: TablePlan, scratch: str, *, run_id: str, xids: Sequence[int], has_moved: bool
    ) -> None:
        """The copy holds what the table held before the run.

        Args:
            cursor: the open transaction.
            table: as the plan has it.
            scratch: where the copy stands.
            run_id: the run.
            xids: its transactions.
            has_moved: whether it has written to the table.
        """
        if has_moved and not table.target_rows and not table.keeps_id_map:
            # It was empty: what stands there is the run's, or came after it.
            return
        columns = stored_columns(cursor, table.target_schema, table.target_table)
        names = column_names([name for name, _, _ in columns])
        has_images = bool(table.primary_key) and TargetRestore.has_images(cursor, run_id, table.target_name)
        values = {"run_id": run_id, "target_table": table.target_name, "xids": list(xids)}
        copy = on_table(
            "drills/copy_rows",
            scratch,
            table.target_table,
            model=table_identifier(table.target_schema, table.target_table),
            columns=names,
            before=_before(table, has_images=has_images) if has_moved else Composed([SQL("true")]),
        )
        cursor.execute(copy, values)
        if has_moved and has_images:
            item = SQL(load("drills/image_item"))
            items = SQL(", ").join(item.format(name=Literal(n), type=trusted(k)) for n, k, _ in columns)
            images = on_table("drills/copy_images", scratch, table.target_table, columns=names, items=items)
            cursor.execute(images, values)

    @staticmethod
    def keys(cursor: Cursor, table: TablePlan) -> list[ForeignKeyPlan]:
        """The table's foreign keys to tables of its own schema."""
        values = {"schema": table.target_schema, "relation": table.target_table}
        return [
            ForeignKeyPlan(
                name=row["name"],
                columns=tuple(row["columns"]),
                parent_schema=table.target_schema,
                parent_table=row["parent_table"],
                parent_columns=tuple(row["parent_columns"]),
                on_delete=row["on_delete"],
                on_update=row["on_update"],
                timing=_timing(row),
                match="match full" if row["is_full"] else "",
            )
            for row in cursor.execute(load("drills/list_keys"), values).fetchall()
        ]

    @staticmethod
    def add_key(cursor: Cursor, table: TablePlan, key: ForeignKeyPlan, scratch: str) -> None:
        """The copy has the foreign key; one that old rows break holds for new ones."""
        cursor.execute(add_foreign_key(table, key, scratch, parent_schema=scratch))
        try:
            with translated(f"foreign key {key.name}"), cursor.connection.transaction():
                cursor.execute(validate_constraint(table, key.name, scratch))
        except StatementFailed:
            return

    @staticmethod
    def keep_digests(cursor: Cursor, scratch: str, name: str, kept: str) -> None:
        """What every row of the table is now is kept beside it."""
        cursor.execute(
            on_table(
                "drills/keep_digests",
                scratch,
                name,
                kept=Identifier(scratch, kept),
                columns=_all_columns(cursor, scratch, name),
            )
        )

    @staticmethod
    def differences(
        cursor: Cursor, scratch: str, name: str, kept: str, *, marked: Sequence[int]
    ) -> tuple[int, int]:
        """Rows there are more, and rows there are less, than when the digests were kept."""
        statement = on_table(
            "drills/count_differences",
            scratch,
            name,
            kept=Identifier(scratch, kept),
            columns=_all_columns(cursor, scratch, name),
        )
        row = cursor.execute(statement, {"marked": list(marked)}).fetchone()
        assert row is not None, "counts are one row"
        return int(row["more"]), int(row["less"])

    @staticmethod
    def objects(cursor: Cursor, scratch: str) -> dict[tuple[str, str], str]:
        """What stands in the schema: by the table it belongs to and its words, how it is made."""
        rows = cursor.execute(load("drills/list_objects"), {"schema": scratch}).fetchall()
        return {(row["owner"], row["thing"]): row["detail"] for row in rows}

    @staticmethod
    def count(cursor: Cursor, scratch: str, name: str) -> int:
        """Rows of the table."""
        row = cursor.execute(on_table("undoing/count_rows", scratch, name), {"xids": []}).fetchone()
        return int(row["rows"]) if row else 0


def _before(table: TablePlan, *, has_images: bool) -> Composed:
    if not table.primary_key:
        return Composed([SQL("true")])
    key = id_map_key(Identifier("standing", name) for name in table.primary_key)
    wanted = [
        *(["not_mapped"] if table.keeps_id_map else []),
        *(["not_overwritten"] if has_images else []),
    ]
    parts = [SQL(load(f"drills/{name}")).format(key=key) for name in wanted]
    return SQL(" and ").join(parts) if parts else Composed([SQL("true")])


def _timing(row: dict[str, Any]) -> str:
    if not row["is_deferrable"]:
        return ""
    return "deferrable initially deferred" if row["is_deferred"] else "deferrable"


def _all_columns(cursor: Cursor, schema: str, table: str) -> Composed:
    """The table's columns, those it makes itself included."""
    return SQL(", ").join(Identifier("standing", name) for name in list_columns(cursor, schema, table))
