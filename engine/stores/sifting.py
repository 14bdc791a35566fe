"""A batch that failed, in temporary tables of the target: opened, staged, and what was found read back.

Everything happens in one transaction that is rolled back, whatever comes of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.plan import KeyRange, TablePlan
from engine.model.run import ChunkState
from engine.stores.ledger.chunks import stored_chunk
from engine.stores.sifting_shape import Shape, ShapeColumn, read_shape
from engine.stores.staging_statements import staged_name
from engine.stores.target_session import ChunkPlace, TargetSession, look_up_in
from engine.stores.target_statements import column_names, relation_name, table_identifier, trusted
from sql import load

__all__ = ["Cursor", "Found", "Missing", "SiftSite", "cell_of", "open_site", "read_span", "sifting"]

Cursor = psycopg.Cursor[dict[str, Any]]
Line = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One row that can't be written, with its first fault."""

    ordinal: int
    source_key: str
    """As ``key_text`` writes it."""
    kind: str
    place: str
    value: str | None
    note: str | None
    """What the server, or an encoder, said of it."""
    sqlstate: str
    link: int | None
    """Which of the links found no parent."""
    parent: tuple[str | None, ...]
    """The key it looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One parent that is not there."""

    link: int
    key: tuple[str | None, ...]
    rows: int
    """Rows of the batch that refer to it."""


class SiftSite:
    """One batch of one table, inside the open transaction that is rolled back."""

    def __init__(self, cursor: Cursor, table: TablePlan, schema: str, *, is_soft: bool | None = None) -> None:
        """The table's shape is known.

        Args:
            cursor: of the open transaction.
            table: the plan.
            schema: where the rows would go: the plan's schema, or the rehearsal's.
            is_soft: whether values are judged without errors; None: where the server can.
        """
        self.cursor = cursor
        self.table = table
        self.schema = schema
        self.shape: Shape = read_shape(cursor, schema, table.target_table)
        self.is_soft = self.shape.has_soft_errors if is_soft is None else is_soft
        names = {column.name for column in self.shape.columns}
        self.ordinal = Identifier(_free_name("fordway_ordinal", names))
        self.state = Identifier(_free_name("fordway_state", names))
        self.place = Identifier(_free_name("fordway_place", names))

    @property
    def relation(self) -> str:
        """The real table, as text that casts to regclass."""
        return relation_name(self.schema, self.table.target_table)

    @property
    def target(self) -> Identifier:
        """The real table."""
        return table_identifier(self.schema, self.table.target_table)

    def shape_of(self, place: int) -> ShapeColumn:
        """The real column that the plan's column at this place fills."""
        return self.shape.column(self.table.columns[place].target)

    def compose(self, file: str, **parts: Composable) -> Composed:
        """A statement, or a part of one, from ``sql/sifting`` with its places filled in."""
        return SQL(load(f"sifting/{file}")).format(**parts)

    def run(self, file: str, **parts: Composable) -> int:
        """The statement was executed; how many rows it was about."""
        # Without parameters a percent sign in the operator's own SQL stays one.
        self.cursor.execute(self.compose(file, **parts))
        return self.cursor.rowcount

    def rows(self, file: str, **parts: Composable) -> list[dict[str, Any]]:
        """The rows of a query."""
        return self.cursor.execute(self.compose(file, **parts)).fetchall()

    def attempt(self, file: str, **parts: Composable) -> bool:
        """Whether the statement could be executed; where it could not, nothing is different."""
        try:
            with self.cursor.connection.transaction():
                self.run(file, **parts)
        except psycopg.OperationalError:
            raise
        except psycopg.Error:
            return False
        return True

    def analyze(self, table: str, column: Identifier) -> None:
        """The planner knows how many rows the temporary table has.

        Args:
            table: its name.
            column: one of its columns.
        """
        self.run("analyze", table=Identifier("pg_temp", table), column=column)

    def stage(self, columns: Sequence[str], copied: Sequence[str], lines: Iterable[Line]) -> None:
        """The batch's rows are there: ordinal, source key, legacy key, then ``copied``."""
        part = SQL(load("staging/stage_column"))
        definitions = [part.format(name=Identifier(name), type=trusted("text")) for name in columns]
        self.run("create_stage", columns=SQL(", ").join(definitions))
        self.run("create_faults")
        self.run("create_amended")
        with self.cursor.copy(self.compose("copy_stage", columns=column_names(copied))) as copy:
            for line in lines:
                copy.write_row(line)
        self.analyze("fordway_sift", Identifier("ordinal"))

    def refuse(self, lines: Iterable[Line]) -> None:
        """What the encoders refused is known: ordinal, step, rank, kind, place, value, raw, note."""
        with self.cursor.copy(self.compose("copy_faults")) as copy:
            for line in lines:
                copy.write_row(line)

    def count(self, *, is_live: bool) -> int:
        """Rows of the batch, or only those nothing was found wrong with."""
        live: Composable = self.compose("is_live") if is_live else SQL("true")
        return int(self.rows("count_staged", live=live)[0]["rows"])

    def kinds(self) -> list[tuple[str, str]]:
        """Kind and place of what was found so far."""
        return [(row["kind"], row["place"]) for row in self.rows("list_kinds")]

    def count_step(self, step: int) -> int:
        """How many faults a step found."""
        return int(self.rows("count_step", step=Literal(step))[0]["rows"])

    def forget_from(self, step: int) -> None:
        """What was found from this step on is looked for once more."""
        self.run("forget_steps", step=Literal(step))

    def settle(self) -> Iterator[Found]:
        """Every row that can't be written, in source order."""
        self.run("create_offenders")
        for row in self.rows("list_offenders"):
            yield Found(**{**row, "parent": tuple(row["parent"] or ())})

    def amended(self) -> list[dict[str, Any]]:
        """``source_key``, ``column_name``, ``old_value``, ``new_value``, ``remedy`` of rows that then fit."""
        return self.rows("list_amended")

    def missing(self) -> tuple[Missing, ...]:
        """Each parent that is not there."""
        return tuple(
            Missing(link=row["link"], key=tuple(row["parent"]), rows=row["rows"])
            for row in self.rows("list_missing")
        )


@contextmanager
def sifting(target: TargetSession, where: str) -> Iterator[Cursor]:
    """A cursor inside a transaction that is rolled back at the end, whatever happened in it.

    Raises:
        FordwayError: the target does not answer, or refused a statement.
    """
    with target.transaction(where) as cursor:
        yield cursor
        raise psycopg.Rollback


def open_site(
    cursor: Cursor, table: TablePlan, schema: str, *, looks_up: bool, is_soft: bool | None = None
) -> SiftSite:
    """The site, with names looked up as the batch's own transaction would.

    Args:
        cursor: of the open transaction.
        table: the plan.
        schema: where the rows would go.
        looks_up: the batch is staged, and its statements name tables without schemas.
        is_soft: as ``SiftSite`` takes it.
    """
    if looks_up:
        look_up_in(cursor, [schema, table.target_schema])
    return SiftSite(cursor, table, schema, is_soft=is_soft)


def read_span(cursor: Cursor, place: ChunkPlace) -> tuple[KeyRange, bool]:
    """The batch's rows, and whether it is still to be written."""
    row = cursor.execute(load("sifting/read_chunk"), place).fetchone()
    assert row is not None, "chunks are recorded before they are moved"
    blank = {f"rows_{name}": 0 for name in ("read", "written", "quarantined", "filtered", "merged")}
    chunk = stored_chunk({**row, **blank, "chunk_number": place["chunk_number"]})
    return chunk.span, chunk.state is not ChunkState.COMMITTED


def _free_name(wanted: str, taken: set[str]) -> str:
    """A column's name the table does not have."""
    while wanted in taken:
        wanted += "_"
    return wanted


def cell_of(place: int) -> Identifier:
    """The staged column of the plan's column at this place."""
    return Identifier(staged_name(place))
