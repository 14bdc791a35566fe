"""A batch on its way through a temporary table: looked up, computed, merged, written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.sql import SQL, Composed, Identifier

from engine.guidance.words import count_of
from engine.model.errors import FordwayError, Transient
from engine.model.plan import ColumnPlan, Policy, TablePlan
from engine.model.run import Pass
from engine.stores.sqlstate import translated
from engine.stores.staging_statements import (
    StageColumn,
    compute_expression,
    copy_stage,
    create_stage,
    fill_scratch,
    map_ids,
    on_stage,
    rank_rows,
    staged_name,
    type_name,
    wanted_name,
)
from engine.stores.target_holders import held_back, list_holders
from engine.stores.target_session import ChunkPlace
from engine.stores.target_statements import on_table, relation_name
from sql import load

__all__ = ["Merged", "Refused", "StageColumn", "TargetStaging"]

Cursor = psycopg.Cursor[dict[str, Any]]
_EMPTY = "a required column is empty"
_MAPS = {Pass.MOVE: "id_map", Pass.REHEARSE: "rehearsed_id"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A staged row that can't be written."""

    source_key: list[Any]
    column: str
    value: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of a batch's rows."""

    written: int
    merged: int


class TargetStaging:
    """One batch of one table, inside the caller's transaction."""

    def __init__(self, cursor: Cursor, table: TablePlan, schema: str, *, place: ChunkPlace) -> None:
        """Nothing is staged yet.

        Args:
            cursor: of the open transaction.
            table: the plan.
            schema: where the rows go: the plan's schema, or the rehearsal's.
            place: the chunk's key.
        """
        self._cursor = cursor
        self._table = table
        self._schema = schema
        self._place = place
        is_changing = any(column.target not in table.primary_key for column in table.columns)
        # Rows that are nothing but their key have nothing to overwrite.
        is_plain = is_changing or table.on_conflict is Policy.ASK
        self._policy = table.on_conflict if is_plain else Policy.KEEP_TARGET

    def stage(
        self,
        copied: Sequence[StageColumn],
        computed: Sequence[StageColumn],
        rows: Iterable[tuple[object, ...]],
    ) -> int:
        """The rows are in the staging table: ordinal, source key, legacy key, then ``copied``; how many."""
        self._cursor.execute(create_stage([*copied, *computed]))
        with self._cursor.copy(copy_stage(copied)) as copy:
            for row in rows:
                copy.write_row(row)
        staged = self._cursor.rowcount
        self._cursor.execute(load("staging/analyze_stage"))
        return staged

    def look_up(self, place: int) -> None:
        """The column at this place has its values; rows whose value is not found are refused."""
        column = self._table.columns[place]
        lookup = column.lookup
        assert lookup is not None, "only called for lookups"
        schema = self._schema if lookup.is_planned else lookup.schema
        names = {"column": Identifier(staged_name(place)), "wanted": Identifier(wanted_name(place))}
        values: dict[str, object] = {}
        if lookup.source_table:
            statement = on_table(
                "staging/resolve_mapped",
                schema,
                lookup.table,
                map=self._map(),
                type=type_name(column.target_type),
                **names,
            )
            values = {
                "run_id": self._place["run_id"],
                "source_name": self._table.source,
                "source_table": lookup.source_table,
            }
        else:
            statement = on_table(
                "staging/resolve_matched",
                schema,
                lookup.table,
                match=Identifier(lookup.match),
                get=Identifier(lookup.get),
                **names,
            )
            values = {"place": column.target, "reason": f" of {lookup.table} with {lookup.match} "}
        self._cursor.execute(statement, values)
        if lookup.source_table:
            refuse = SQL(load("staging/refuse_unmapped")).format(**names)
            reason = f"no row of {lookup.table} for legacy key "
            self._cursor.execute(refuse, {"place": column.target, "reason": reason})

    def compute(self, place: int, inputs: Sequence[tuple[str, str]], *, where: str) -> None:
        """The column at this place has its values.

        Args:
            place: of the column in the plan.
            inputs: staging column and the source's name of each input.
            where: the batch, for the message of a failing expression.

        Raises:
            StatementFailed: PostgreSQL refused the expression; it is named.
        """
        column = self._table.columns[place]
        with translated(f"{where}, column {column.target}, expression {column.expression}"):
            self._cursor.execute(compute_expression(column, place, inputs))

    def refuse_empty(self, place: int) -> None:
        """Rows whose required column came out empty are refused."""
        column: ColumnPlan = self._table.columns[place]
        statement = SQL(load("staging/refuse_empty")).format(column=Identifier(staged_name(place)))
        self._cursor.execute(statement, {"place": column.target, "reason": _EMPTY})

    def refused(self) -> list[Refused]:
        """The rows that can't be written, in source order."""
        return [
            Refused(
                source_key=row["source_key"], column=row["place"], value=row["shown"], reason=row["reason"]
            )
            for row in self._cursor.execute(load("staging/list_refused")).fetchall()
        ]

    def write(self, where: str) -> Merged:
        """All rows that are not refused are in the target, or merged as the policy says, and recorded.

        Raises:
            Transient: a row stood in the way and was gone a moment later; the batch is tried again.
            Terminal: a trigger or rule of the table kept rows out.
        """
        if self._policy is Policy.ASK:
            self._cursor.execute(self._on("insert_all"))
            return Merged(written=self._cursor.rowcount, merged=0)
        self._cursor.execute(rank_rows(self._table, self._policy))
        self._cursor.execute(self._on("insert_new"))
        self._cursor.execute(self._on("lock_taken"))
        self._judge()
        if self._policy is not Policy.KEEP_TARGET:
            self._cursor.execute(self._on("update_taken"))
        changed = self._cursor.rowcount if self._policy is not Policy.KEEP_TARGET else 0
        counts = self._cursor.execute(load("staging/count_became")).fetchone()
        assert counts is not None, "an aggregate always has a row"
        if counts["open"] or counts["updated"] != changed:
            raise self._missing(counts["open"] + abs(counts["updated"] - changed), where)
        self._cursor.execute(
            self._on("record_merged"), {**self._place, "target_table": self._table.target_name}
        )
        merged = counts["updated"] + counts["kept"] + counts["superseded"]
        return Merged(written=counts["written"], merged=merged)

    def _missing(self, rows: int, where: str) -> FordwayError:
        """Why rows were neither written nor merged."""
        holders = list_holders(self._cursor, self._schema, self._table.target_table)
        if holders:
            return held_back(rows, table=self._table.target_name, where=where, holders=holders)
        return Transient(
            f"{count_of(rows, 'rows')} were neither written nor merged: the target's own went away meanwhile",
            where=where,
            safe="Nothing of the open batch was written",
            todo="Fordway tries again by itself",
        )

    def map_ids(self) -> None:
        """The id map of this pass knows the batch's rows."""
        self._cursor.execute(
            map_ids(self._table, self._map()),
            {
                "run_id": self._place["run_id"],
                "source_name": self._table.source,
                "source_table": self._table.source_table,
                "target_table": self._table.target_name,
            },
        )

    def _judge(self) -> None:
        stored = [name for name, _, _ in stored_columns(self._cursor, self._schema, self._table.target_table)]
        values = {
            "run_id": self._place["run_id"],
            "names": stored,
            "keeps_images": self._place["pass"] == Pass.MOVE,
        }
        self._cursor.execute(self._on("judge_taken", stored=stored), values)

    def _on(self, file: str, *, stored: Sequence[str] = ()) -> Composed:
        return on_stage(file, self._table, self._schema, policy=self._policy, stored=stored)

    def _map(self) -> Identifier:
        return Identifier("fordway", _MAPS[Pass(self._place["pass"])])


def stored_columns(cursor: Cursor, schema: str, table: str) -> list[tuple[str, str, bool]]:
    """Name, type and whether it may be set, of each column of a table that is not generated."""
    rows = cursor.execute(
        load("staging/list_stored_columns"), {"relation": relation_name(schema, table)}
    ).fetchall()
    return [(row["column_name"], row["type_name"], row["can_change"]) for row in rows]


def fill_rehearsal(cursor: Cursor, table: TablePlan, scratch: str) -> None:
    """The scratch copy holds what the table holds."""
    names = [name for name, _, _ in stored_columns(cursor, table.target_schema, table.target_table)]
    cursor.execute(fill_scratch(table, scratch, names))
