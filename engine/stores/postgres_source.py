"""A PostgreSQL schema as a source: one read-only transaction, one snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import LiteralString, cast

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import Composed

from engine.model.catalog import Catalog, ColumnProfile, Engine, ForeignKey, Table
from engine.model.errors import StatementFailed
from engine.model.plan import ColumnPlan, KeyRange, KeyValue
from engine.model.ports import BlockColumn, LineSigns, Row, RowSearch
from engine.stores.block_stream import BlockStream
from engine.stores.connect import connect
from engine.stores.dsn import scrub, split_schema
from engine.stores.postgres_catalog import read_postgres_catalog, relation
from engine.stores.postgres_cuts import cut_pages
from engine.stores.postgres_profile import profile_postgres_table
from engine.stores.postgres_search import search_of, types_of
from engine.stores.postgres_shape import fingerprint_of
from engine.stores.postgres_statements import (
    blocks_of,
    condition_of,
    cuts_of,
    fill,
    ordinals_of,
    orphans_of,
    page_of,
    row_of,
    span_of,
    sums_of,
)
from engine.stores.source_reading import SourceReading
from engine.stores.sqlstate import translated
from sql import load

__all__ = ["PAGE_ROWS", "PostgresSource", "open_postgres_source"]

PAGE_ROWS = 1_000
"""Rows a COPY statement reads: each page ends its statement, so nothing is open between two pages."""


def open_postgres_source(name: str, url: str, *, snapshot: str | None = None) -> PostgresSource:
    """The schema as a source, inside one repeatable-read, read-only transaction.

    Args:
        name: the playbook's name of the source.
        url: a PostgreSQL URL; its ``schema`` parameter names the schema, ``public`` without.
        snapshot: what another source's ``export_snapshot`` returned; that one must be open.

    Raises:
        CannotConnect: nobody answers, or the answer is no.
        StatementFailed: the snapshot is gone.
    """
    schema = split_schema(url)[1] if "://" in url else "public"
    label = scrub(url)
    connection = connect(url, purpose=f"source {name}")
    try:
        with translated(label):
            reading = SourceReading(connection, snapshot=snapshot)
    except BaseException:
        connection.close()
        raise
    return PostgresSource(name, connection, reading, label=label, schema=schema)


class PostgresSource:
    """A stable view of one schema until it is closed; fulfils ``engine.model.ports.Source``."""

    engine = Engine.POSTGRES

    def __init__(
        self, name: str, connection: Connection[TupleRow], reading: SourceReading, *, label: str, schema: str
    ) -> None:
        """Takes over a connection that ``open_postgres_source`` made."""
        self.name = name
        self._connection = connection
        self._reading = reading
        self._label = label
        self._schema = schema
        self._catalog: Catalog | None = None
        self._partitioned: frozenset[str] | None = None
        self._cuts = count(1)

    def export_snapshot(self) -> str:
        """The identifier other sessions open the same view with, good until this one is closed."""
        with translated(self._label):
            return self._reading.export_snapshot()

    def read_catalog(self) -> Catalog:
        """Every table with exact row counts, and what else is there.

        Raises:
            NotAllowed: the role may not read a table.
            ConnectionCut: the server went away, and the snapshot with it.
        """
        with translated(self._label):
            self._reading.mend()
            self._catalog = read_postgres_catalog(
                self._connection, name=self.name, label=self._label, schema=self._schema
            )
        return self._catalog

    def profile(self, table: Table) -> tuple[ColumnProfile, ...]:
        """What the values of each column are, by one full scan."""
        with self._passing(table.name):
            return profile_postgres_table(self._connection, table, relation=self._relation(table.name))

    def count_orphans(self, table: Table, key: ForeignKey) -> int:
        """Rows whose non-null key has no parent row; 0 when the parent lies in another schema."""
        if self._known().table(key.parent_table) is None:
            return 0
        statement = orphans_of(key, self._relation(table.name), self._relation(key.parent_table))
        return self._count(statement, table.name)

    def fingerprint(self, tables: Sequence[str]) -> str:
        """Changes whenever the shape of these tables or any value in them has changed.

        PostgreSQL keeps no change counter a table. Statistics are estimates and start
        anew after a crash (manual, 27.2.2), ``xmin`` misses deletes, so every row is
        hashed: one scan a table.
        """
        return fingerprint_of(self._known(), tables, lambda name: self._digest("digest_rows", name))

    def layout(self, table: str) -> str:
        """Changes whenever a row of the table lies elsewhere than before."""
        return repr(self._digest("digest_places", table))

    def _digest(self, statement: LiteralString, table: str) -> TupleRow | None:
        composed = fill(statement, relation=self._relation(table))
        with self._passing(table):
            return self._connection.execute(composed).fetchone()

    def cut_ranges(
        self, table: str, *, key: Sequence[str], rows: int, where: str, begin: KeyRange | None = None
    ) -> Iterator[KeyRange]:
        """Ranges of at most ``rows`` rows in key order that cover each row behind ``begin`` once.

        Key values are text.
        """
        statement = cuts_of(key, self._relation(table), rows=rows, where=where, begin=begin)
        after: tuple[KeyValue, ...] | None = begin.upto if begin else None
        before = begin.last_row if begin else 0
        first = before + 1
        self._ready_for(table)
        cursor_name = f"fordway_cut_{next(self._cuts)}"
        for page in cut_pages(self._connection, statement, name=cursor_name, place=self._place(table)):
            for *upto, number in page:
                last = before + number
                yield KeyRange(after=after, upto=tuple(upto), first_row=first, last_row=last)
                after, first = tuple(upto), last + 1

    def read_range(
        self, table: str, *, columns: Sequence[str], key: Sequence[str], span: KeyRange, where: str
    ) -> Iterator[list[Row]]:
        """The range's rows in key order as PostgreSQL's own text, at most ``PAGE_ROWS`` a page."""
        after = span.after
        self._ready_for(table)
        while True:
            left = span_of(key, after, span.upto)
            statement = page_of([*columns, *key], key, left, self._relation(table), where, rows=PAGE_ROWS)
            page = self._copy_out(statement, table)
            if page:
                yield [row[: len(columns)] for row in page]
            if len(page) < PAGE_ROWS:
                return
            after = cast("tuple[KeyValue, ...]", page[-1][len(columns) :])

    def read_blocks(
        self,
        table: str,
        *,
        columns: Sequence[BlockColumn],
        key: Sequence[str],
        span: KeyRange,
        is_binary: bool = False,
    ) -> BlockStream:
        """The range's rows as COPY sends them, for a target that takes them as they are."""
        statement = blocks_of(columns, key, span, self._relation(table), is_binary=is_binary)
        self._ready_for(table)
        return BlockStream(self._connection, statement, place=self._place(table))

    def sum_range(
        self,
        table: str,
        *,
        columns: Sequence[ColumnPlan],
        key: Sequence[str],
        span: KeyRange,
        signs: LineSigns,
    ) -> tuple[int, int, int]:
        """Rows of the range, and the sums of two hashes of their lines."""
        statement = sums_of(columns, self._relation(table), span_of(key, span.after, span.upto), signs)
        self._ready_for(table)
        with translated(self._place(table)):
            row = self._connection.execute(statement).fetchone()
        assert row is not None, "an aggregate always has a row"
        return int(row[0]), int(row[1]), int(row[2])

    def read_ordinals(
        self,
        table: str,
        *,
        columns: Sequence[str],
        key: Sequence[str],
        span: KeyRange,
        ordinals: Sequence[int],
    ) -> list[Row]:
        """The range's rows at these places in key order, from 1."""
        statement = ordinals_of(
            columns, key, span_of(key, span.after, span.upto), self._relation(table), ordinals
        )
        self._ready_for(table)
        return self._copy_out(statement, table)

    def read_row(
        self, table: str, *, columns: Sequence[str], key: Sequence[str], at: tuple[KeyValue, ...]
    ) -> Row | None:
        """One row by its chunk key as PostgreSQL's own text, or None when there is none."""
        statement = row_of(columns, key, at, self._relation(table))
        self._ready_for(table)
        return next(iter(self._copy_out(statement, table)), None)

    def find_rows(self, search: RowSearch) -> Iterator[list[Row]]:
        """The rows sought, as PostgreSQL's own text, in one page."""
        with self._passing(search.table):
            types = types_of(self._connection, self._schema, search)
        try:
            yield self._found(search, types)
        except StatementFailed:
            # A value sought is none of its column's type; as text it is sought all the same.
            yield self._found(search, {})

    def _found(self, search: RowSearch, types: Mapping[str, str]) -> list[Row]:
        statement = search_of(search, self._relation(search.table), types)
        self._ready_for(search.table)
        return self._copy_out(statement, search.table)

    def count_rows(self, table: str, *, where: str) -> int:
        """How many rows the snapshot has."""
        statement = fill("count_rows", relation=self._relation(table), condition=condition_of(where))
        return self._count(statement, table)

    def close(self) -> None:
        """Gives the connection and the snapshot back; a second call does nothing."""
        self._connection.close()

    def _known(self) -> Catalog:
        return self._catalog or self.read_catalog()

    def _place(self, table: str) -> str:
        return f"{self._label}, table {table}"

    def _relation(self, table: str) -> Composed:
        if self._partitioned is None:
            # Not from the catalog: that counts every row, and each worker would do so again.
            with translated(self._label):
                self._reading.mend()
                listed = self._connection.execute(load("catalog/read_tables"), {"schema": self._schema})
            self._partitioned = frozenset(row[1] for row in listed if row[2] == "p")
        return relation(self._schema, table, is_partitioned=table in self._partitioned)

    def _count(self, statement: Composed, table: str) -> int:
        with self._passing(table):
            row = self._connection.execute(statement).fetchone()
        return int(row[0]) if row else 0

    def _copy_out(self, statement: Composed, table: str) -> list[Row]:
        with (
            translated(self._place(table)),
            self._connection.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            return list(copy.rows())

    def _ready_for(self, table: str) -> None:
        with translated(self._place(table)):
            self._reading.ready_for(table)

    @contextmanager
    def _passing(self, table: str) -> Iterator[None]:
        """What is executed inside gives its locks back at once."""
        with translated(self._place(table)):
            self._reading.mend()
            with self._connection.transaction(force_rollback=True):
                yield
