"""The rows one of a run's transactions wrote, streamed in the order they lie in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.plan import ColumnPlan, Family, MadeBy, TablePlan
from engine.stores.sqlstate import translated
from engine.stores.target_statements import on_table, table_identifier
from sql import load

__all__ = ["Stretch", "TargetStreams", "canonical", "plain", "whole_row"]

_CHARACTER = re.compile(r"(?:character|char|bpchar)(?:\(\d+\))?")
"""Blank-padded types; not the one-byte ``"char"``."""
_PLAIN = {
    Family.BOOLEAN: "plain_boolean",
    Family.NUMERIC: "plain_numeric",
    Family.BYTES: "plain_bytes",
    Family.JSON: "plain_json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Blocks of one table (or partition) in which one transaction's rows lie."""

    xid: int
    """As ``xmin`` shows it: 32 bits."""
    leaf_schema: str
    leaf_table: str
    rows: int
    first_block: int
    last_block: int


def _fragment(name: str) -> SQL:
    return SQL(load(f"checking/{name}"))


def _is_raw_json(column: ColumnPlan) -> bool:
    """The json type keeps the text as it came; jsonb does not (manual, 8.14 "JSON Types")."""
    return column.target_type == "json" and column.made_by is not MadeBy.JSON_OBJECT


def canonical(column: ColumnPlan) -> Composed:
    """The column's exact canonical text."""
    name = str(column.family)
    if _CHARACTER.fullmatch(column.target_type):
        name = "character"
    elif _is_raw_json(column):
        name = "text"
    return _fragment(f"canonical_{name}").format(column=Identifier(column.target))


def whole_row(table: TablePlan) -> Composed:
    """All columns' canonical texts, each with its length in front."""
    part = _fragment("canonical_part")
    return SQL(" || ").join(part.format(value=canonical(column)) for column in table.columns)


def plain(column: ColumnPlan, name: Composable) -> Composed:
    """The column's plain text; ``name`` is how the statement calls it."""
    fragment = _PLAIN.get(column.family, "plain_as_it_is")
    if _CHARACTER.fullmatch(column.target_type):
        fragment = "plain_character"
    elif _is_raw_json(column):
        fragment = "plain_as_it_is"
    return _fragment(fragment).format(column=name)


class TargetStreams:
    """Reads stretches through the checker's connection."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Makes the session read rows in the order they lie in."""
        self._connection = connection
        connection.execute(load("checking/set_reading"))

    def stretches(self, table: TablePlan, xids: Sequence[int]) -> dict[int, tuple[Stretch, ...]]:
        """Where the rows of these transactions lie that nobody changed since, by one scan."""
        statement = on_table("checking/find_stretches", table.target_schema, table.target_table)
        with translated(f"comparing {table.name}"), self._connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(statement, {"xids": list(xids)}).fetchall()
        found: dict[int, list[Stretch]] = {}
        for row in rows:
            found.setdefault(row["xid"], []).append(Stretch(**row))
        return {xid: tuple(stretches) for xid, stretches in found.items()}

    def plain_blocks(self, table: TablePlan, stretches: Sequence[Stretch], *, null: str) -> Iterator[bytes]:
        """The rows' plain texts as lines of COPY text."""
        columns = SQL(", ").join(plain(column, Identifier(column.target)) for column in table.columns)
        for stretch in stretches:
            yield from self._copy(table, stretch, columns, null=null)

    def digests(self, table: TablePlan, stretches: Sequence[Stretch]) -> Iterator[str]:
        """The md5 of each row's canonical text, in hex."""
        columns = _fragment("row_digest").format(column=whole_row(table))
        for stretch in stretches:
            for block in self._copy(table, stretch, columns, null=""):
                yield from block.decode("ascii").split()

    def rows(
        self, table: TablePlan, stretches: Sequence[Stretch]
    ) -> Iterator[tuple[str, tuple[str | None, ...]]]:
        """Each row's digest and its canonical texts."""
        texts = [canonical(column) for column in table.columns]
        digest = _fragment("row_digest").format(column=whole_row(table))
        columns = SQL(", ").join([digest, *texts])
        for stretch in stretches:
            statement = self._statement(stretch, columns, null="\\N")
            with (
                translated(f"comparing {table.name}"),
                self._connection.cursor() as cursor,
                cursor.copy(statement) as copy,
            ):
                for row in copy.rows():
                    yield str(row[0]), tuple(row[1:])

    def _copy(self, table: TablePlan, stretch: Stretch, columns: Composed, *, null: str) -> Iterator[bytes]:
        with (
            translated(f"comparing {table.name}"),
            self._connection.cursor() as cursor,
            cursor.copy(self._statement(stretch, columns, null=null)) as copy,
        ):
            for block in copy:
                yield bytes(block)

    @staticmethod
    def _statement(stretch: Stretch, columns: Composed, *, null: str) -> Composed:
        return SQL(load("checking/copy_stretch")).format(
            columns=columns,
            leaf=table_identifier(stretch.leaf_schema, stretch.leaf_table),
            first_tid=Literal(f"({stretch.first_block},0)"),
            end_tid=Literal(f"({stretch.last_block + 1},0)"),
            xid=Literal(str(stretch.xid)),
            null=Literal(null),
        )
