"""COPY blocks of a PostgreSQL source on their way to a target that takes them as they are."""

from __future__ import annotations

from collections.abc import Iterator

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import Composed

from engine.stores.sqlstate import translated

__all__ = ["BlockStream"]


class BlockStream:
    """One COPY out; iterate it once."""

    def __init__(self, connection: Connection[TupleRow], statement: Composed, *, place: str) -> None:
        """Nothing is read yet."""
        self._connection = connection
        self._statement = statement
        self._place = place
        self.rows = 0
        """Rows the source says it gave; known once every block was taken."""

    def __iter__(self) -> Iterator[bytes]:
        with translated(self._place), self._connection.cursor() as cursor:
            with cursor.copy(self._statement) as copy:
                for block in copy:
                    yield bytes(block)
            self.rows = cursor.rowcount
