"""Statements that take a run's writes back, and counts of what they would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from engine.model.errors import StatementFailed
from engine.model.plan import TablePlan
from engine.stores.sqlstate import translated
from engine.stores.target_restore import TargetRestore
from engine.stores.target_statements import (
    drop_object,
    drop_schema,
    id_map_key,
    on_table,
    relation_name,
    table_identifier,
)
from sql import load

__all__ = ["Child", "Guards", "TargetUndo"]

Cursor = psycopg.Cursor[dict[str, Any]]
Child = tuple[tuple[str, str], Sequence[str], Sequence[str]]
"""Schema and name of a table, its columns, and the columns of the parent they refer to."""
Guards = Composed
"""Conditions a row must meet to be removed, made by ``TargetUndo.guards``."""


def _on(file: str, table: TablePlan, /, **parts: Composed | SQL | Identifier) -> Composed:
    return on_table(f"undoing/{file}", table.target_schema, table.target_table, **parts)


def _count_blocks(cursor: Cursor, leaf: TablePlan) -> int:
    relation = relation_name(leaf.target_schema, leaf.target_table)
    row = cursor.execute(load("undoing/count_blocks"), {"relation": relation}).fetchone()
    return int(row["blocks"]) if row else 0


def _victims_key(table: TablePlan) -> Composed:
    return id_map_key(Identifier("victim", name) for name in table.primary_key)


def _shown_key(table: TablePlan) -> Composed:
    return SQL(" || ', ' || ").join(
        SQL("{}::text").format(Identifier("victim", name)) for name in table.primary_key
    )


def _keys(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(str(next(iter(row.values()))) for row in rows)


class TargetUndo:
    """Row and object removal inside the caller's transaction."""

    @staticmethod
    def leaves(cursor: Cursor, table: TablePlan) -> list[tuple[TablePlan, int]]:
        """The tables that hold the rows, itself or its partitions, each with its blocks."""
        relation = relation_name(table.target_schema, table.target_table)
        rows = cursor.execute(load("undoing/list_leaves"), {"relation": relation}).fetchall()
        leaves = [
            replace(table, target_schema=row["leaf_schema"], target_table=row["leaf_table"]) for row in rows
        ] or [table]
        return [(leaf, _count_blocks(cursor, leaf)) for leaf in leaves]

    @staticmethod
    def is_partition(cursor: Cursor, part: TablePlan, *, of: TablePlan) -> bool:
        """Whether one table's rows are among the other's."""
        values = {
            "relation": relation_name(of.target_schema, of.target_table),
            "part": relation_name(part.target_schema, part.target_table),
        }
        return cursor.execute(load("undoing/is_partition"), values).fetchone() is not None

    @staticmethod
    def guards(
        cursor: Cursor, table: TablePlan, values: dict[str, Any], *, children: Sequence[Child] = ()
    ) -> Composed:
        """What must hold besides ``xmin`` for a row to go.

        No row of a stranger may go or change with it (ON DELETE CASCADE, SET NULL, SET
        DEFAULT), in a table that stood before the run the id map must know the row, and none
        goes that the run only overwrote.

        Args:
            cursor: the open transaction.
            table: where it stands now.
            values: what ``removal_values`` gives.
            children: tables whose rows it must not be taken from, though no foreign key stands yet.
        """
        relation = relation_name(table.target_schema, table.target_table)
        # A row that stays, marked as deleted, takes none with it.
        is_marked = table.soft_delete is not None
        listed = cursor.execute(load("undoing/list_cascades"), {"relation": relation}).fetchall()
        found = [] if is_marked else listed
        cascades: list[Child] = [
            ((row["child_schema"], row["child_table"]), row["columns"], row["parent_columns"])
            for row in found
        ]
        guards: list[Composed] = []
        for name, columns, parent_columns in (*cascades, *children):
            joined = SQL(" and ").join(
                SQL(load("undoing/guard_join")).format(column=Identifier(c), parent_column=Identifier(p))
                for c, p in zip(columns, parent_columns, strict=True)
            )
            child = table_identifier(*name)
            guards.append(SQL(load("undoing/guard_children")).format(child=child, joined=joined))
        if table.exists_already and table.primary_key and table.keeps_id_map:
            guards.append(SQL(load("undoing/guard_mapped")).format(key=_victims_key(table)))
        if table.primary_key and TargetRestore.has_images(cursor, values["run_id"], values["target_table"]):
            guards.append(SQL(load("undoing/guard_images")).format(key=_victims_key(table)))
        return SQL(" and ").join(guards) if guards else Composed([SQL("true")])

    @staticmethod
    def count_rows(cursor: Cursor, table: TablePlan, xids: list[int]) -> tuple[int, int]:
        """All rows of the table, and those of them this run wrote and nobody changed since."""
        row = cursor.execute(_on("count_rows", table), {"xids": xids}).fetchone()
        return (int(row["rows"]), int(row["ours"])) if row else (0, 0)

    @staticmethod
    def changed_keys(cursor: Cursor, table: TablePlan, xids: list[int]) -> tuple[str, ...]:
        """Up to ten rows that are not as the run wrote them, by primary key, in a table without an id map."""
        if not table.primary_key:
            return ()
        statement = _on("list_kept", table, key=_shown_key(table))
        return _keys(cursor.execute(statement, {"xids": xids, "most": 10}).fetchall())

    @staticmethod
    def staying(
        cursor: Cursor, table: TablePlan, values: dict[str, Any], *, goes: Composed | None = None
    ) -> tuple[int, tuple[str, ...]]:
        """How many rows one plan wrote, by its id map, that an undo leaves, and up to ten of their keys.

        Args:
            cursor: the open transaction.
            table: where it stands now.
            values: what ``removal_values`` gives.
            goes: which of the rows that are still the run's will be removed; None once they were.
        """
        parts = {"mapped": _victims_key(table), "goes": goes or Composed([SQL("false")])}
        statement = _on("list_staying", table, key=_shown_key(table), **parts)
        rows = cursor.execute(statement, values).fetchall()
        return (int(rows[0]["staying"]), _keys(rows)) if rows else (0, ())

    @staticmethod
    def count_removable(cursor: Cursor, table: TablePlan, values: dict[str, Any]) -> int:
        """Rows an undo would remove now; ``values`` hold the run's transactions."""
        return TargetUndo.count_guarded(cursor, table, TargetUndo.guards(cursor, table, values), values)

    @staticmethod
    def count_guarded(cursor: Cursor, table: TablePlan, guards: Composed, values: dict[str, Any]) -> int:
        """As ``count_removable``, with guards made before."""
        row = cursor.execute(_on("count_removable", table, guards=guards), values).fetchone()
        return int(row["removable"]) if row else 0

    @staticmethod
    def delete_stretch(cursor: Cursor, leaf: TablePlan, guards: Composed, values: dict[str, Any]) -> int:
        """Rows of ours removed from one stretch; ``values`` name it and the run's transactions."""
        return cursor.execute(_on("delete_rows", leaf, guards=guards), values).rowcount

    @staticmethod
    def delete_one_by_one(cursor: Cursor, leaf: TablePlan, guards: Composed, values: dict[str, Any]) -> int:
        """As ``delete_stretch``, but a row someone else's row needs stays, alone."""
        tids = [
            row["tid"] for row in cursor.execute(_on("list_tids", leaf, guards=guards), values).fetchall()
        ]
        removed = 0
        for tid in tids:
            try:
                with translated(f"undoing {leaf.name}"), cursor.connection.transaction():
                    statement = _on("delete_row", leaf, guards=guards)
                    removed += cursor.execute(statement, {**values, "tid": tid}).rowcount
            except StatementFailed:
                continue
        return removed

    @staticmethod
    def truncate(cursor: Cursor, table: TablePlan) -> None:
        """The table is empty; refused where another table refers to it."""
        cursor.execute(_on("truncate_table", table))

    @staticmethod
    def delete_late(
        cursor: Cursor, table: TablePlan, guards: Composed, values: dict[str, Any], *, rows: int
    ) -> bool:
        """Whether all rows of a batch that was brought in are gone; otherwise all of them stay."""
        try:
            with translated(f"undoing {table.name}"), cursor.connection.transaction() as inner:
                removed = cursor.execute(_on("delete_late", table, guards=guards), values).rowcount
                if removed != rows:
                    raise psycopg.Rollback(inner)
        except StatementFailed:
            return False
        return removed == rows

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
    def keep_earlier(cursor: Cursor, table: TablePlan, *, run_id: str, number: int, xids: list[int]) -> None:
        """Transactions of which rows still stand stay known as the run's when its batches are forgotten."""
        values = {"run_id": run_id, "table_number": number, "xids": xids}
        cursor.execute(_on("keep_earlier", table), values)

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
    def drop_object(cursor: Cursor, kind: str, schema: str, name: str) -> None:
        """The view, type, domain or sequence is gone."""
        cursor.execute(drop_object(kind, schema, name))

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
