"""Where the ranges of a PostgreSQL table end, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import Composed

from engine.stores.sqlstate import translated

__all__ = ["cut_pages"]

_PAGE_ROWS = 1_000


def cut_pages(
    connection: Connection[TupleRow], statement: Composed, *, name: str, place: str
) -> Iterator[list[TupleRow]]:
    """Rows of the statement, at most a thousand a page.

    A cursor on the server has them: a billion rows make a million ranges, never held at once.

    Args:
        connection: inside the source's transaction.
        statement: finds where ranges end.
        name: of the cursor; no two open ones have the same.
        place: named in errors.
    """
    cursor = connection.cursor(name=name)
    try:
        with translated(place):
            cursor.execute(statement)
        while page := _fetch(cursor, place):
            yield page
    finally:
        # A transaction that failed, or is gone, has no cursor any more; closing knows.
        if not connection.closed and not connection.broken:
            cursor.close()


def _fetch(cursor: psycopg.ServerCursor[TupleRow], place: str) -> list[TupleRow]:
    with translated(place):
        return cursor.fetchmany(_PAGE_ROWS)
