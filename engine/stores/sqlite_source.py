"""A SQLite file as a source: one read-only connection, one snapshot."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.model.catalog import Catalog, ColumnProfile, Engine, ForeignKey, Table
from engine.model.errors import BadSource, PlanDrifted
from engine.model.plan import KeyRange, KeyValue
from engine.model.ports import BlockColumn, Row, RowSearch
from engine.stores.sqlite_blocks import SqliteBlocks
from engine.stores.sqlite_catalog import read_sqlite_catalog
from engine.stores.sqlite_file import changed_at, content_state, file_state, open_read_only
from engine.stores.sqlite_identifiers import Fragment, compose, condition
from engine.stores.sqlite_keys import backwards, behind, bound, bounds_of, key_marks, piece
from engine.stores.sqlite_limits import with_limits
from engine.stores.sqlite_pages import PAGE_ROWS, decoded_pages
from engine.stores.sqlite_profile import profile_sqlite_table
from engine.stores.sqlite_search import search_of
from engine.stores.sqlstate import translated_sqlite
from sql import load

__all__ = ["PAGE_ROWS", "SqliteSource", "open_sqlite_source"]

_CALM_TRIES = 20
"""How often a file that is being written is opened again to find a moment between two writes."""


def open_sqlite_source(name: str, path: Path, *, state: str | None = None) -> SqliteSource:
    """The file as a source, inside one read transaction.

    Args:
        name: the playbook's name of the source.
        path: the file.
        state: what another source's ``state`` said of the file; it must be so still.

    Raises:
        PlanDrifted: the file is in another state.
        BadSource: missing, no database, damaged, or written without a pause.
        ServerBusy: another program holds it locked.
    """
    for _ in range(_CALM_TRIES):
        before = (file_state(path), changed_at(path)) if path.is_file() else ("", 0)
        connection = open_read_only(path)
        # Only when no commit fell between the two looks does the state belong to the snapshot.
        if (file_state(path), changed_at(path)) == before:
            if state is not None and before[0] != state:
                connection.close()
                raise _written_to(path)
            return SqliteSource(name, path, connection, state=before[0])
        connection.close()
    raise BadSource(
        "The file is being written without a pause",
        where=str(path),
        safe="The file was only read",
        todo="Stop the program that writes it, or copy it with sqlite3's .backup first",
    )


def _written_to(path: Path) -> PlanDrifted:
    return PlanDrifted(
        "The file was written to while its rows were being read",
        where=str(path),
        safe="Every committed batch stands, and nothing of the new state was read",
        todo="Stop the program that writes it, then undo the run and start anew",
    )


class SqliteSource:
    """A stable view of one SQLite file until it is closed; fulfils ``engine.model.ports.Source``."""

    engine = Engine.SQLITE

    def __init__(self, name: str, path: Path, connection: sqlite3.Connection, *, state: str) -> None:
        """Takes over a connection that ``open_sqlite_source`` made.

        Args:
            name: the playbook's name of the source.
            path: the file.
            connection: inside its read transaction.
            state: what ``file_state`` said at the snapshot.
        """
        self.name = name
        self._path = path
        self._connection = connection
        self._state = state
        self._tables: dict[str, Table] = {}

    @property
    def state(self) -> str:
        """What the file's bytes were when the snapshot was taken; another reader can insist on it."""
        return self._state

    @property
    def _where(self) -> str:
        return str(self._path)

    def read_catalog(self) -> Catalog:
        """Every table with exact row counts, and what else is there.

        Raises:
            BadSource: the file is damaged.
        """
        with translated_sqlite(self._where):
            catalog = read_sqlite_catalog(self._connection, name=self.name, label=str(self._path))
        self._tables = {table.name: table for table in catalog.tables}
        return catalog

    def profile(self, table: Table) -> tuple[ColumnProfile, ...]:
        """What the values of each column really are, by one full scan.

        Raises:
            BadSource: the file is damaged.
        """
        with translated_sqlite(f"{self._where}, table {table.name}"):
            return with_limits(self._connection, table, profile_sqlite_table(self._connection, table))

    def count_orphans(self, table: Table, key: ForeignKey) -> int:
        """Rows whose non-null key has no parent row; all of them when there is no such parent table."""
        all_set = Fragment(" and ".join(piece("orphan_set", column=column) for column in key.columns))
        if key.parent_table not in self._known() or not key.parent_columns:
            return self._count(
                compose(load("sqlite_source/count_set_keys"), table=table.name, all_set=all_set)
            )
        pairs = zip(key.columns, key.parent_columns, strict=True)
        matches = Fragment(
            " and ".join(piece("orphan_match", parent=parent, child=child) for child, parent in pairs)
        )
        return self._count(
            compose(
                load("sqlite_source/count_orphans"),
                table=table.name,
                all_set=all_set,
                parent=key.parent_table,
                matches=matches,
            )
        )

    def fingerprint(self, tables: Sequence[str]) -> str:
        """Changes whenever the schema, the file or the rows of these tables have changed.

        The file's state and content alone would do; schema, counts and last keys are in
        it so that a file replaced by another of the same state could not pass either. A
        checkpoint in WAL mode changes it as well, although no row has changed.
        """
        known, digest = self._known(), hashlib.sha256(self._state.encode())
        digest.update(content_state(self._path).encode())
        with translated_sqlite(self._where):
            for entry in self._connection.execute(load("sqlite_source/read_schema_text")):
                digest.update(repr(entry).encode("utf-8", "surrogateescape"))
            for name in sorted(tables):
                if name in known:
                    digest.update(repr((name, known[name].row_count, self._last_key(known[name]))).encode())
        return digest.hexdigest()

    def cut_ranges(
        self, table: str, *, key: Sequence[str], rows: int, where: str, begin: KeyRange | None = None
    ) -> Iterator[KeyRange]:
        """Ranges of at most ``rows`` rows in key order that cover each row behind ``begin`` once."""
        after, last_row = (begin.upto, begin.last_row) if begin else (None, 0)
        while (end := self._end_of_range(table, key, after, rows=rows, where=where)) is not None:
            upto, count = end
            yield KeyRange(after=after, upto=upto, first_row=last_row + 1, last_row=last_row + count)
            after, last_row = upto, last_row + count
            if count < rows:
                return

    def _end_of_range(
        self, table: str, key: Sequence[str], after: tuple[KeyValue, ...] | None, *, rows: int, where: str
    ) -> tuple[tuple[KeyValue, ...], int] | None:
        """The last key of the next range and how many rows it has; None behind the last row."""
        is_single = len(key) == 1
        statement = compose(
            load(f"sqlite_source/{'end_of_range' if is_single else 'end_of_composite_range'}"),
            table=table,
            key=key,
            condition=condition(where),
            after=behind(key, after),
            backwards=backwards(key),
        )
        bounds = [*(bound(value) for value in after or ()), rows]
        with translated_sqlite(f"{self._where}, table {table}"):
            found = self._connection.execute(statement, bounds if is_single else bounds * 2).fetchone()
        return (tuple(found[:-1]), found[-1]) if found is not None and found[-1] else None

    def read_range(
        self, table: str, *, columns: Sequence[str], key: Sequence[str], span: KeyRange, where: str
    ) -> Iterator[list[Row]]:
        """The range's rows in key order, at most ``PAGE_ROWS`` a page.

        Raises:
            BadSource: the file is damaged, or a column is not there.
        """
        statement = self._range_statement(table, columns, key=key, span=span, where=where)
        yield from self._pages(statement, bounds_of(span), table)

    def read_blocks(
        self,
        table: str,
        *,
        columns: Sequence[BlockColumn],
        key: Sequence[str],
        span: KeyRange,
        is_binary: bool = False,
    ) -> SqliteBlocks:
        """The range's rows in key order as COPY text; SQLite has no binary form of its own."""
        assert not is_binary, "plans of SQLite sources never ask for it"

        def page_end(
            after: tuple[KeyValue, ...] | None, rows: int
        ) -> tuple[tuple[KeyValue, ...], int] | None:
            return self._end_of_range(table, key, after, rows=rows, where="")

        return SqliteBlocks(
            self._connection,
            table,
            columns,
            key=key,
            span=span,
            page_end=page_end,
            where=f"{self._where}, table {table}",
        )

    def read_row(
        self, table: str, *, columns: Sequence[str], key: Sequence[str], at: tuple[KeyValue, ...]
    ) -> Row | None:
        """One row by its chunk key, or None when there is none."""
        statement = compose(
            load("sqlite_source/read_row"), columns=columns, table=table, key=key, at=key_marks(at)
        )
        with translated_sqlite(f"{self._where}, table {table}"):
            row: Row | None = self._connection.execute(statement, [bound(value) for value in at]).fetchone()
        return row

    def find_rows(self, search: RowSearch) -> Iterator[list[Row]]:
        """The rows sought, at most ``PAGE_ROWS`` a page."""
        statement, bounds = search_of(search)
        yield from self._pages(statement, bounds, search.table)

    def count_rows(self, table: str, *, where: str) -> int:
        """How many rows the snapshot has."""
        return self._count(compose(load("sqlite_source/count_rows"), table=table, condition=condition(where)))

    def close(self) -> None:
        """Gives the connection and the snapshot back; a second call does nothing."""
        self._connection.close()

    @staticmethod
    def _range_statement(
        table: str, columns: Sequence[str], *, key: Sequence[str], span: KeyRange, where: str
    ) -> str:
        return compose(
            load("sqlite_source/read_first_range" if span.after is None else "sqlite_source/read_range"),
            columns=columns,
            table=table,
            key=key,
            condition=condition(where),
            after=key_marks(span.after or ()),
            upto=key_marks(span.upto),
        )

    def _known(self) -> dict[str, Table]:
        if not self._tables:
            self.read_catalog()
        return self._tables

    def _count(self, statement: str) -> int:
        with translated_sqlite(self._where):
            (count,) = self._connection.execute(statement).fetchone()
        return int(count)

    def _last_key(self, table: Table) -> Row | None:
        if not table.chunk_key:
            return None
        statement = compose(
            load("sqlite_source/read_last_key"),
            table=table.name,
            key=table.chunk_key,
            backwards=backwards(table.chunk_key),
        )
        row: Row | None = self._connection.execute(statement).fetchone()
        return row

    def _pages(self, statement: str, bounds: Sequence[KeyValue], table: str) -> Iterator[list[Row]]:
        with translated_sqlite(f"{self._where}, table {table}"):
            yield from decoded_pages(self._connection, statement, bounds)
