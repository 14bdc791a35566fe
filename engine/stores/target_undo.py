"""Statements that take a run's writes back, and counts of what they would do."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from engine.model.errors import StatementFailed
from engine.model.plan import TablePlan
from engine.stores.sqlstate import translated
from engine.stores.target_statements import drop_schema, on_table, relation_name
from sql import load

__all__ = ["TargetUndo"]

Cursor = psycopg.Cursor[dict[str, Any]]


def _on(file: str, table: TablePlan, /, **parts: Composed | SQL | Identifier) -> Composed:
    return on_table(f"undoing/{file}", table.target_schema, table.target_table, **parts)


class TargetUndo:
    """Row and object removal inside the caller's transaction."""

    @staticmethod
    def count_blocks(cursor: Cursor, table: TablePlan) -> int:
        """Blocks the table's file has now."""
        relation = relation_name(table.target_schema, table.target_table)
        row = cursor.execute(load("undoing/count_blocks"), {"relation": relation}).fetchone()
        return int(row["blocks"]) if row else 0

    @staticmethod
    def count_rows(cursor: Cursor, table: TablePlan, xids: list[int]) -> tuple[int, int]:
        """All rows of the table, and those of them this run wrote and nobody changed since."""
        row = cursor.execute(_on("count_rows", table), {"xids": xids}).fetchone()
        return (int(row["rows"]), int(row["ours"])) if row else (0, 0)

    @staticmethod
    def kept_keys(cursor: Cursor, table: TablePlan, xids: list[int], *, run_id: str) -> tuple[str, ...]:
        """Up to ten rows that are not as the run wrote them, by primary key.

        In a table that stood before the run, only rows of the id map are the run's.
        """
        if not table.primary_key:
            return ()
        parts = SQL(" || ', ' || ").join(
            SQL("{}::text").format(Identifier(name)) for name in table.primary_key
        )
        name = "list_kept_mapped" if table.exists_already else "list_kept"
        values = {"xids": xids, "most": 10, "run_id": run_id, "target_table": table.name}
        rows = cursor.execute(_on(name, table, key=parts), values).fetchall()
        return tuple(str(next(iter(row.values()))) for row in rows)

    @staticmethod
    def delete_stretch(cursor: Cursor, table: TablePlan, xids: list[int], blocks: tuple[int, int]) -> int:
        """Rows of ours removed from blocks ``[first, end)``."""
        first, end = blocks
        values = {"first_tid": f"({first},0)", "end_tid": f"({end},0)", "xids": xids}
        return cursor.execute(_on("delete_rows", table), values).rowcount

    @staticmethod
    def delete_one_by_one(cursor: Cursor, table: TablePlan, xids: list[int], blocks: tuple[int, int]) -> int:
        """As ``delete_stretch``, but a row someone else's row needs stays, alone."""
        first, end = blocks
        values = {"first_tid": f"({first},0)", "end_tid": f"({end},0)", "xids": xids}
        tids = [row["tid"] for row in cursor.execute(_on("list_tids", table), values).fetchall()]
        removed = 0
        for tid in tids:
            try:
                with translated(f"undoing {table.name}"), cursor.connection.transaction():
                    removed += cursor.execute(_on("delete_row", table), {"tid": tid, "xids": xids}).rowcount
            except StatementFailed:
                continue
        return removed

    @staticmethod
    def start_table(cursor: Cursor, run_id: str, table: TablePlan) -> dict[str, Any]:
        """Where the undo of the table stands."""
        row = cursor.execute(
            load("undoing/start_table"), {"run_id": run_id, "table_number": table.number}
        ).fetchone()
        assert row is not None
        return row

    @staticmethod
    def advance_table(
        cursor: Cursor, run_id: str, table: TablePlan, *, next_block: int, removed: int
    ) -> None:
        """The undo's checkpoint."""
        cursor.execute(
            load("undoing/advance_table"),
            {"run_id": run_id, "table_number": table.number, "next_block": next_block, "removed": removed},
        )

    @staticmethod
    def finish_table(cursor: Cursor, run_id: str, table: TablePlan, *, kept: int) -> int:
        """The table's undo is done; rows removed in all."""
        row = cursor.execute(
            load("undoing/finish_table"), {"run_id": run_id, "table_number": table.number, "kept": kept}
        ).fetchone()
        return int(row["rows_removed"]) if row else 0

    @staticmethod
    def lock_table(cursor: Cursor, table: TablePlan) -> None:
        """Nobody else writes the table until the transaction ends."""
        cursor.execute(_on("lock_table", table))

    @staticmethod
    def drop_constraint(cursor: Cursor, table: TablePlan, name: str) -> None:
        """The foreign key is gone."""
        cursor.execute(_on("drop_constraint", table, name=Identifier(name)))

    @staticmethod
    def drop_table(cursor: Cursor, table: TablePlan) -> None:
        """The table is gone."""
        cursor.execute(_on("drop_table", table))

    @staticmethod
    def drop_schema(cursor: Cursor, schema: str) -> None:
        """The schema is gone if it was empty."""
        cursor.execute(drop_schema(schema, only_empty=True))

    @staticmethod
    def close_action(cursor: Cursor, run_id: str, number: int, *, state: str, note: str = "") -> None:
        """An armed action is done or kept."""
        cursor.execute(
            load("undoing/close_action"), {"run_id": run_id, "number": number, "state": state, "note": note}
        )
