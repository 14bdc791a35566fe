"""Rows of a SQLite cursor, so many at once as fit into little memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from engine.stores.sqlite_file import lenient_text

__all__ = ["PAGE_ROWS", "bounded_pages", "decoded_pages"]

PAGE_ROWS = 1_000
"""Enough to forget the cost of a call."""
_PAGE_BYTES = 4_000_000
_FIRST_ROWS = 8
_LOOKED_AT = 4
"""Rows of a page whose width is measured: the widest of them sets the size of the next page."""

Page = list[tuple[object, ...]]


def bounded_pages(cursor: sqlite3.Cursor) -> Iterator[Page]:
    """Pages of at most ``PAGE_ROWS`` rows and, going by the rows before, about four megabytes.

    Raises:
        sqlite3.Error: whatever the driver met; callers translate it.
    """
    rows = _FIRST_ROWS
    while page := cursor.fetchmany(rows):
        yield page
        widest = max(map(_width, page[:: max(1, len(page) // _LOOKED_AT)]))
        rows = max(1, min(PAGE_ROWS, rows * 4, _PAGE_BYTES // widest))


def decoded_pages(connection: sqlite3.Connection, statement: str, bounds: Sequence[object]) -> Iterator[Page]:
    """The statement's rows, text that is no UTF-8 among them with lone surrogates for its odd bytes.

    The driver itself decodes strict UTF-8 many times faster than a function of ours, so that
    is tried first; at the first text that is none, the statement is run again the slow way, and
    the rows given before are passed over.
    """
    given = 0
    try:
        for page in _strictly(connection, bounded_pages(connection.execute(statement, bounds))):
            given += len(page)
            yield page
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
        for page in bounded_pages(connection.execute(statement, bounds)):
            fresh = page[max(0, given) :] if given else page
            given = max(0, given - len(page))
            if fresh:
                yield fresh


def _strictly(connection: sqlite3.Connection, pages: Iterator[Page]) -> Iterator[Page]:
    while True:
        connection.text_factory = str
        try:
            page = next(pages, None)
        finally:
            connection.text_factory = lenient_text
        if page is None:
            return
        yield page


def _width(row: tuple[object, ...]) -> int:
    return 1 + sum(len(value) for value in row if isinstance(value, str | bytes))
