"""The rows one of a run's transactions wrote, streamed in the order they lie in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from queue import Empty, Queue
from threading import Event, Thread
from typing import Any, LiteralString

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.plan import TablePlan
from engine.model.ports import LineSigns
from engine.stores.line_statements import canonical, fragment, table_line, whole_row
from engine.stores.sqlstate import translated
from engine.stores.target_statements import on_table, relation_name, table_identifier
from sql import load

__all__ = ["Stretch", "TargetStreams"]

_MOST_AHEAD = 4
_COUNTING = "2"
"""Processes of the server besides its own; as many as it would use by itself."""
_FIRST_BLOCKS, _MOST_BLOCKS, _SEGMENT_BYTES = 1, 128, 4_000_000
"""Blocks of 8 kB hashed at once; wide values lie outside them and are counted by their bytes."""


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


class TargetStreams:
    """Reads stretches through the checker's connection."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Makes the session read rows in the order they lie in."""
        self._connection = connection
        connection.execute(load("checking/set_reading"))

    def stretches(self, table: TablePlan, xids: Sequence[int]) -> dict[int, tuple[Stretch, ...]]:
        """Where the rows of these transactions lie that nobody changed since, by one scan."""
        statement = on_table("checking/find_stretches", table.target_schema, table.target_table)
        with (
            translated(f"comparing {table.name}"),
            self._connection.transaction(),
            self._connection.cursor(row_factory=dict_row) as cursor,
        ):
            # Counting needs no order, and of a large table it is the one query nothing else runs beside.
            cursor.execute(load("checking/set_workers"), {"workers": _COUNTING})
            rows = cursor.execute(statement, {"xids": list(xids)}).fetchall()
        found: dict[int, list[Stretch]] = {}
        for row in rows:
            found.setdefault(row["xid"], []).append(Stretch(**row))
        return {xid: tuple(stretches) for xid, stretches in found.items()}

    def shape(self, table: TablePlan) -> str:
        """Changes with every column added, dropped, renamed or retyped."""
        relation = relation_name(table.target_schema, table.target_table)
        with translated(f"comparing {table.name}"), self._connection.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(load("checking/read_shape"), {"relation": relation}).fetchone()
        return str(found["shape"]) if found else ""

    def segments(
        self, table: TablePlan, stretches: Sequence[Stretch], signs: LineSigns
    ) -> Iterator[tuple[int, str]]:
        """How many rows the next blocks hold, and the md5 of their lines, block after block."""
        line = table_line(table, signs)
        blocks = _FIRST_BLOCKS
        for stretch in stretches:
            block = stretch.first_block
            while block <= stretch.last_block:
                part = replace(
                    stretch, first_block=block, last_block=min(block + blocks - 1, stretch.last_block)
                )
                found = self._one("digest_stretch", table, part, line=line, end=Literal(signs.end))
                if found["rows"]:
                    yield found["rows"], found["digest"]
                block += blocks
                widest = max(1, found["bytes"] // blocks)
                blocks = max(1, min(_MOST_BLOCKS, blocks * 4, _SEGMENT_BYTES // widest))

    def digest_keys(
        self,
        table: TablePlan,
        signs: LineSigns,
        *,
        xid: int,
        key: Sequence[str],
        after: Sequence[object] | None,
        upto: Sequence[object],
    ) -> tuple[int, str]:
        """How many of a transaction's rows have keys in a range, and the md5 of their lines in key order.

        Args:
            table: as planned.
            signs: what stands between fields and rows.
            xid: as ``xmin`` shows it.
            key: columns with an index, of whole numbers.
            after: the last key before; None from the first on.
            upto: the last key.
        """
        columns = SQL(", ").join(Identifier(name) for name in key)
        behind = (
            fragment("every_key")
            if after is None
            else fragment("behind_key").format(key=columns, values=_numbers(after))
        )
        statement = on_table(
            "checking/digest_keys",
            table.target_schema,
            table.target_table,
            line=table_line(table, signs),
            end=Literal(signs.end),
            key=columns,
            behind=behind,
            upto=_numbers(upto),
            xid=Literal(str(xid)),
        )
        with translated(f"comparing {table.name}"), self._connection.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(statement).fetchone()
        assert found is not None, "an aggregate always has a row"
        return found["rows"], found["digest"] or ""

    @contextmanager
    def ahead(
        self, table: TablePlan, stretches: Sequence[Stretch], signs: LineSigns
    ) -> Iterator[Iterator[tuple[int, str]]]:
        """``segments``, asked for ahead of their use, so that the server works while the caller does."""
        found: Queue[tuple[int, str] | BaseException | None] = Queue(maxsize=_MOST_AHEAD)
        is_done = Event()

        def ask() -> None:
            try:
                for segment in self.segments(table, stretches, signs):
                    found.put(segment)
                    if is_done.is_set():
                        return
                found.put(None)
            except BaseException as error:  # noqa: BLE001 - raised where it is waited for
                found.put(error)

        asker = Thread(target=ask, name="segments", daemon=True)
        asker.start()
        try:
            yield _taken(found)
        finally:
            is_done.set()
            while asker.is_alive():
                with suppress(Empty):
                    found.get(timeout=0.05)
            asker.join()

    def sums(self, table: TablePlan, stretches: Sequence[Stretch], signs: LineSigns) -> tuple[int, int, int]:
        """Rows, and the sums of two hashes of their lines, whatever their order."""
        line = table_line(table, signs)
        one, two = (Literal(seed) for seed in signs.seeds)
        found = [self._one("sum_stretch", table, s, line=line, one=one, two=two) for s in stretches]
        return (
            sum(row["rows"] for row in found),
            sum(int(row["one"]) for row in found),
            sum(int(row["two"]) for row in found),
        )

    def _one(
        self, name: LiteralString, table: TablePlan, stretch: Stretch, **parts: Composable
    ) -> dict[str, Any]:
        statement = SQL(load(f"checking/{name}")).format(**_bounds(stretch), **parts)
        with translated(f"comparing {table.name}"), self._connection.cursor(row_factory=dict_row) as cursor:
            found = cursor.execute(statement).fetchone()
        assert found is not None, "an aggregate always has a row"
        return found

    def digests(self, table: TablePlan, stretches: Sequence[Stretch]) -> Iterator[str]:
        """The md5 of each row's canonical text, in hex."""
        columns = fragment("row_digest").format(column=whole_row(table))
        for stretch in stretches:
            for block in self._copy(table, stretch, columns, null=""):
                yield from block.decode("ascii").split()

    def rows(
        self, table: TablePlan, stretches: Sequence[Stretch]
    ) -> Iterator[tuple[str, tuple[str | None, ...]]]:
        """Each row's digest and its canonical texts."""
        texts = [canonical(column) for column in table.columns]
        digest = fragment("row_digest").format(column=whole_row(table))
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
            columns=columns, null=Literal(null), **_bounds(stretch)
        )


def _taken(found: Queue[tuple[int, str] | BaseException | None]) -> Iterator[tuple[int, str]]:
    while (item := found.get()) is not None:
        if isinstance(item, BaseException):
            raise item
        yield item


def _numbers(key: Sequence[object]) -> Composed:
    return SQL(", ").join(fragment("whole_number").format(value=Literal(str(value))) for value in key)


def _bounds(stretch: Stretch) -> dict[str, Composable]:
    return {
        "leaf": table_identifier(stretch.leaf_schema, stretch.leaf_table),
        "first_tid": Literal(f"({stretch.first_block},0)"),
        "end_tid": Literal(f"({stretch.last_block + 1},0)"),
        "xid": Literal(str(stretch.xid)),
    }
