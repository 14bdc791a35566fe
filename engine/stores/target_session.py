"""One connection that writes rows and their checkpoint in the same transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composed, Identifier, Literal

from engine.model.errors import ConnectionCut
from engine.model.events import Event
from engine.model.plan import ForeignKeyPlan, TablePlan
from engine.model.run import ChunkState, Counts, Pass
from engine.stores.connect import connect
from engine.stores.ledger.chunks import StoredChunk, stored_chunk
from engine.stores.ledger.connection import as_json, lease_lost
from engine.stores.ledger.journal import event_parameters
from engine.stores.sqlstate import translated
from engine.stores.standing_keys import foreign_keys_of
from engine.stores.target_statements import copy_rows, on_table, quoted_name, relation_name
from sql import load

__all__ = ["ChunkPlace", "TargetSession", "look_up_in"]

ChunkPlace = dict[str, Any]
"""``run_id``, ``pass``, ``table_number``, ``chunk_number``: one chunk row's key."""


class TargetSession:
    """Used by one thread at a time; opens its connection again after a cut."""

    def __init__(self, url: str, *, purpose: str, further: Sequence[str] = ()) -> None:
        """Remembers where the target is; connects at the first transaction.

        Args:
            url: the target.
            purpose: shown in ``pg_stat_activity``.
            further: schemas in which names are looked up after those that are asked for.
        """
        self._url = url
        self._purpose = purpose
        self._further = tuple(further)
        self._connection: psycopg.Connection[Any] | None = None

    @contextmanager
    def transaction(self, where: str) -> Iterator[psycopg.Cursor[dict[str, Any]]]:
        """A cursor inside one transaction that commits when the block ends well.

        Args:
            where: the place named in errors.

        Raises:
            FordwayError: whatever PostgreSQL refused, translated; nothing was written then.
        """
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._url, purpose=self._purpose)
        connection = self._connection
        try:
            with (
                translated(where),
                connection.transaction(),
                connection.cursor(row_factory=dict_row) as cursor,
            ):
                yield cursor
        except ConnectionCut:
            self.close()
            raise

    def another(self) -> TargetSession:
        """A second session of the same target, for another thread."""
        return TargetSession(self._url, purpose=self._purpose, further=self._further)

    def close(self) -> None:
        """The connection is gone; an open transaction with it."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            connection.close()

    @staticmethod
    def lock_chunk(cursor: psycopg.Cursor[dict[str, Any]], place: ChunkPlace) -> StoredChunk:
        """The chunk, locked until the transaction ends."""
        row = cursor.execute(load("chunks/lock_chunk"), place).fetchone()
        assert row is not None, "chunks are recorded before they are moved"
        blank = {f"rows_{name}": 0 for name in ("read", "written", "quarantined", "filtered", "merged")}
        return stored_chunk({**row, **blank, "chunk_number": place["chunk_number"]})

    @staticmethod
    def check_epoch(cursor: psycopg.Cursor[dict[str, Any]], run_id: str, epoch: int) -> None:
        """The run is still ours, and stays so until this transaction ends.

        Raises:
            LeaseLost: another runner took over.
        """
        if cursor.execute(load("runs/check_epoch"), {"run_id": run_id, "epoch": epoch}).fetchone() is None:
            raise lease_lost()

    @staticmethod
    def copy_rows(
        cursor: psycopg.Cursor[dict[str, Any]],
        table: TablePlan,
        schema: str,
        rows: Iterable[tuple[object, ...]],
    ) -> int:
        """The rows are in the target, once the transaction commits; how many."""
        with cursor.copy(copy_rows(table, schema)) as copy:
            for row in rows:
                copy.write_row(row)
        return cursor.rowcount

    @staticmethod
    def copy_blocks(
        cursor: psycopg.Cursor[dict[str, Any]], table: TablePlan, schema: str, blocks: Iterable[bytes]
    ) -> int:
        """A source's COPY blocks handed on untouched; how many rows."""
        with cursor.copy(copy_rows(table, schema, is_binary=table.is_binary)) as copy:
            for block in blocks:
                copy.write(block)
        return cursor.rowcount

    @staticmethod
    def copy_ledger(
        cursor: psycopg.Cursor[dict[str, Any]], name: str, rows: Iterable[tuple[object, ...]]
    ) -> None:
        """Rows into a ledger table by ``sql/chunks/copy_*``."""
        with cursor.copy(load(name)) as copy:
            for row in rows:
                copy.write_row(row)

    @staticmethod
    def commit_chunk(
        cursor: psycopg.Cursor[dict[str, Any]],
        place: ChunkPlace,
        counts: Counts,
        *,
        epoch: int,
        seconds: float,
    ) -> None:
        """The checkpoint stands, once the transaction commits."""
        values = {
            name: getattr(counts, name) for name in ("read", "written", "quarantined", "filtered", "merged")
        }
        row = cursor.execute(
            load("chunks/commit_chunk"), {**place, **values, "epoch": epoch, "seconds": seconds}
        ).fetchone()
        assert row is not None, "the chunk was pending and locked"

    @staticmethod
    def record(cursor: psycopg.Cursor[dict[str, Any]], run_id: str, event: Event) -> None:
        """The event is in the journal, once the transaction commits. Keep it last."""
        cursor.execute(load("journal/record_event"), event_parameters(run_id, event))

    def look_up_in(self, cursor: psycopg.Cursor[dict[str, Any]], schemas: Sequence[str]) -> None:
        """Names without a schema are looked up in these, then in ``public``, until the transaction ends."""
        look_up_in(cursor, (*schemas, *self._further))

    @staticmethod
    def forget_rehearsed_ids(cursor: psycopg.Cursor[dict[str, Any]], run_id: str) -> None:
        """No rehearsal's ids are left."""
        cursor.execute(load("chunks/clear_rehearsed_ids"), {"run_id": run_id})

    @staticmethod
    def list_tables(cursor: psycopg.Cursor[dict[str, Any]], schema: str, *, most: int) -> list[str]:
        """Some tables of a schema of ours, partitions before the tables they belong to."""
        rows = cursor.execute(load("target/list_scratch_tables"), {"schema": schema, "most": most})
        return [row["name"] for row in rows]

    @staticmethod
    def run(cursor: psycopg.Cursor[dict[str, Any]], statement: Composed) -> None:
        """Runs one composed statement."""
        cursor.execute(statement)

    @staticmethod
    def exists(cursor: psycopg.Cursor[dict[str, Any]], query: str, /, **values: str) -> dict[str, Any] | None:
        """The row of one of the ``sql/target/*_exists`` queries, or None."""
        return cursor.execute(load(f"target/{query}"), values).fetchone()

    @staticmethod
    def arm_undo(
        cursor: psycopg.Cursor[dict[str, Any]], run_id: str, kind: str, thing: dict[str, Any]
    ) -> None:
        """The undo knows of this, in the transaction that makes it."""
        cursor.execute(load("undoing/arm_undo"), {"run_id": run_id, "kind": kind, "object": as_json(thing)})

    @staticmethod
    def read_foreign_keys(
        cursor: psycopg.Cursor[dict[str, Any]], schema: str, table: str
    ) -> tuple[ForeignKeyPlan, ...]:
        """The foreign keys an existing table has."""
        rows = cursor.execute(
            load("target/read_foreign_keys"), {"schema": schema, "relation": table}
        ).fetchall()
        return foreign_keys_of(rows)

    @staticmethod
    def read_sequence(
        cursor: psycopg.Cursor[dict[str, Any]], schema: str, table: str, column: str
    ) -> dict[str, Any] | None:
        """The sequence behind a column, or None.

        Returns:
            ``name``, ``last_value``, ``is_called``, ``max_value`` (the sequence's own end) and
            ``largest`` (the column's).
        """
        found = cursor.execute(
            load("target/find_sequence"), {"relation": relation_name(schema, table), "column_name": column}
        ).fetchone()
        if found is None:
            return None
        name = str(found["sequence_name"])
        state = cursor.execute(
            SQL(load("target/read_sequence")).format(sequence=Identifier(*_name_parts(name)))
        ).fetchone()
        largest = cursor.execute(
            on_table("target/largest_value", schema, table, column=Identifier(column))
        ).fetchone()
        assert state is not None
        assert largest is not None
        return {"name": name, **state, "max_value": found["max_value"], "largest": largest["max"]}

    @staticmethod
    def draw_from_scratch(cursor: psycopg.Cursor[dict[str, Any]], table: TablePlan, scratch: str) -> None:
        """The scratch copy's defaults draw from scratch sequences, never from the real ones."""
        relation = relation_name(scratch, table.target_table)
        for row in cursor.execute(load("target/list_drawn_defaults"), {"relation": relation}).fetchall():
            name = f"drawn_{table.number}_{row['column_name']}"[:63]
            sequence = Identifier(scratch, name)
            cursor.execute(SQL(load("target/create_sequence")).format(sequence=sequence))
            cursor.execute(
                on_table(
                    "target/set_drawn_default",
                    scratch,
                    table.target_table,
                    column=Identifier(row["column_name"]),
                    sequence=Literal(relation_name(scratch, name)),
                )
            )

    @staticmethod
    def sequence_stands_at(cursor: psycopg.Cursor[dict[str, Any]], name: str, value: int) -> bool:
        """Whether nobody drew a number since the run set the sequence to give ``value`` next.

        Beyond the sequence's end nothing can be given: then its last number counts as drawn.
        """
        state = cursor.execute(
            SQL(load("target/read_sequence")).format(sequence=Identifier(*_name_parts(name)))
        ).fetchone()
        return state is not None and state["last_value"] + int(state["is_called"]) == value

    @staticmethod
    def database_name(cursor: psycopg.Cursor[dict[str, Any]]) -> str:
        """The database's name, which an operator types to confirm."""
        row = cursor.execute(load("target/current_database")).fetchone()
        assert row is not None
        return str(row["current_database"])

    @staticmethod
    def set_sequence(
        cursor: psycopg.Cursor[dict[str, Any]], name: str, value: int, *, is_called: bool
    ) -> None:
        """The sequence goes on after ``value`` (or at it, when not called yet)."""
        cursor.execute(
            load("target/set_sequence"), {"sequence": name, "value": value, "is_called": is_called}
        )


def look_up_in(cursor: psycopg.Cursor[Any], schemas: Sequence[str]) -> None:
    """Names without a schema are looked up in these, then in ``public``, until the transaction ends."""
    path = ", ".join(quoted_name(name) for name in dict.fromkeys((*schemas, "public")))
    cursor.execute(load("target/set_search_path"), {"path": path})


def _name_parts(regclass: str) -> list[str]:
    """The bare names in a qualified name as PostgreSQL quotes it (manual, 4.1.1 "Identifiers")."""
    return [
        quoted.replace('""', '"') if quoted else bare
        for quoted, bare in re.findall(r'"((?:[^"]|"")+)"|([^."]+)', regclass)
    ]


def is_committed(chunk: StoredChunk) -> bool:
    """Whether somebody moved the chunk already."""
    return chunk.state is ChunkState.COMMITTED


def place_of(run_id: str, pass_: Pass, table_number: int, chunk_number: int) -> ChunkPlace:
    """The key of one chunk row."""
    return {"run_id": run_id, "pass": pass_, "table_number": table_number, "chunk_number": chunk_number}
