"""Puts rows back that a run overwrote, from the images the ledger kept of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString, cast

import psycopg
from psycopg.sql import SQL, Composed, Identifier, Literal

from engine.model.plan import TablePlan
from engine.stores.target_staging import stored_columns
from engine.stores.target_statements import on_table
from sql import load

__all__ = ["Restored", "TargetRestore"]

Cursor = psycopg.Cursor[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What became of the rows one plan overwrote, or would become of them."""

    images: int = 0
    restored: int = 0
    kept: int = 0
    """Left alone, because somebody changed them since."""
    gone: int = 0
    """Deleted by somebody since; there is nothing to put back."""
    kept_keys: tuple[str, ...] = ()


class TargetRestore:
    """Overwritten rows, inside the caller's transaction."""

    @staticmethod
    def has_images(cursor: Cursor, run_id: str, target_name: str) -> bool:
        """Whether the run overwrote rows of the table: what it did counts, not what its plan says by now.

        Args:
            cursor: the open transaction.
            run_id: whose rows.
            target_name: the table's name in the ledger.
        """
        values = {"run_id": run_id, "target_table": target_name}
        row = cursor.execute(load("undoing/has_images"), values).fetchone()
        return bool(row and row["has_images"])

    @staticmethod
    def waiting(cursor: Cursor, run_id: str, table: TablePlan, *, most: int) -> list[int]:
        """Images still to be put back, newest first."""
        values = {"run_id": run_id, "target_table": table.target_name, "most": most}
        return [row["merged_id"] for row in cursor.execute(load("undoing/list_images"), values).fetchall()]

    @staticmethod
    def restore(
        cursor: Cursor,
        table: TablePlan,
        ids: Sequence[int],
        *,
        run_xids: Sequence[int],
        names: Mapping[str, str] | None,
    ) -> None:
        """The rows are as the images have them, where they still are as the run left them.

        Args:
            cursor: the open transaction.
            table: where it stands now.
            ids: which images.
            run_xids: the run's transactions.
            names: by a column's present name, its name in the images; None: no column got another one.
        """
        columns = stored_columns(cursor, table.target_schema, table.target_table)
        statement = _restore(table, columns, names)
        cursor.execute(statement, {"ids": list(ids), "run_xids": list(run_xids)})

    @staticmethod
    def image_columns(cursor: Cursor, run_id: str, table: TablePlan) -> set[str]:
        """What the columns were called that waiting images have values of; empty when none waits."""
        values = {"run_id": run_id, "target_table": table.target_name}
        rows = cursor.execute(load("undoing/list_image_columns"), values).fetchall()
        return {row["column_name"] for row in rows}

    @staticmethod
    def keep(cursor: Cursor, ids: Sequence[int]) -> None:
        """The images are given up, the rows stay."""
        cursor.execute(load("undoing/keep_images"), {"ids": list(ids)})

    @staticmethod
    def lose(cursor: Cursor, ids: Sequence[int]) -> None:
        """The images belong to rows that went with their table."""
        cursor.execute(load("undoing/lose_images"), {"ids": list(ids)})

    @staticmethod
    def foresee(
        cursor: Cursor, table: TablePlan, *, run_id: str, target_name: str, run_xids: Sequence[int]
    ) -> dict[int, Restored]:
        """By table number: what would become of rows that are still to be put back.

        Args:
            cursor: the open transaction.
            table: where it stands now.
            run_id: whose rows.
            target_name: the table's name in the ledger.
            run_xids: the run's transactions.
        """
        columns = stored_columns(cursor, table.target_schema, table.target_table)
        values = {"run_id": run_id, "target_table": target_name, "run_xids": list(run_xids)}
        statement = on_table(
            "undoing/count_restorable",
            table.target_schema,
            table.target_table,
            joined=_joined(table, columns),
        )
        return {
            row["table_number"]: Restored(
                images=row["restorable"] + row["changed"] + row["gone"],
                restored=row["restorable"],
                kept=row["changed"],
                gone=row["gone"],
                kept_keys=tuple(row["changed_keys"] or ()),
            )
            for row in cursor.execute(statement, values).fetchall()
        }

    @staticmethod
    def outcome(cursor: Cursor, run_id: str) -> dict[int, Restored]:
        """By table number, for plans that overwrote anything."""
        rows = cursor.execute(load("undoing/count_images"), {"run_id": run_id}).fetchall()
        return {
            row["table_number"]: Restored(
                images=row["images"],
                restored=row["restored"],
                kept=row["kept"],
                gone=row["gone"],
                kept_keys=tuple(row["kept_keys"] or ()),
            )
            for row in rows
        }

    @staticmethod
    def shifts(cursor: Cursor, run_id: str) -> dict[int, int]:
        """By table number: rows it took over from other plans of the run, less rows it lost to them."""
        found: dict[int, int] = {}
        for row in cursor.execute(load("undoing/count_shifts"), {"run_id": run_id}).fetchall():
            found[row["to_number"]] = found.get(row["to_number"], 0) + row["rows"]
            found[row["from_number"]] = found.get(row["from_number"], 0) - row["rows"]
        return found


def _restore(
    table: TablePlan, columns: Sequence[tuple[str, str, bool]], names: Mapping[str, str] | None
) -> Composed:
    former = {name: name for name, _, _ in columns} if names is None else names
    item = SQL(load("undoing/restore_item"))
    return on_table(
        "undoing/restore_rows",
        table.target_schema,
        table.target_table,
        assignments=SQL(", ").join(
            item.format(column=Identifier(name), name=Literal(former[name]), type=_type(kind))
            for name, kind, can_change in columns
            if can_change and name in former and name not in table.primary_key
        ),
        joined=_joined(table, columns),
    )


def _joined(table: TablePlan, columns: Sequence[tuple[str, str, bool]]) -> Composed:
    part = SQL(load("undoing/restore_join"))
    types = {name: kind for name, kind, _ in columns}
    return SQL(" and ").join(
        part.format(column=Identifier(name), place=Literal(place), type=_type(types[name]))
        for place, name in enumerate(table.primary_key, start=1)
    )


def _type(kind: str) -> SQL:
    return SQL(cast("LiteralString", kind))
