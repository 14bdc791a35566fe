"""Rows of a SQLite cursor, so many at once as fit into little memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from engine.stores.sqlite_file import lenient_text

__all__ = ["PAGE_ROWS", "NotUtf8", "bounded_pages", "decoded_pages", "strict_pages"]

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


class NotUtf8(Exception):
    """A text of the statement's rows is no UTF-8."""


def strict_pages(
    connection: sqlite3.Connection, statement: str, bounds: Sequence[object] = ()
) -> Iterator[Page]:
    """The statement's rows, decoded by the driver itself.

    That is many times faster than a function of ours, which every other reader of the
    connection keeps: it is put aside for the time of each page only.

    Raises:
        NotUtf8: when the page with such a text is reached.
        sqlite3.Error: whatever else the driver met.
    """
    pages = bounded_pages(connection.execute(statement, bounds))
    while True:
        connection.text_factory = str
        try:
            page = next(pages, None)
        except sqlite3.OperationalError as error:
            if str(error).startswith("Could not decode"):
                raise NotUtf8 from error
            raise
        finally:
            connection.text_factory = lenient_text
        if page is None:
            return
        yield page


def decoded_pages(connection: sqlite3.Connection, statement: str, bounds: Sequence[object]) -> Iterator[Page]:
    """The statement's rows, text that is no UTF-8 among them with lone surrogates for its odd bytes.

    Strict UTF-8 is tried first; at the first text that is none, the statement is run again the
    slow way, and the rows given before are passed over.
    """
    given = 0
    try:
        for page in strict_pages(connection, statement, bounds):
            given += len(page)
            yield page
    except NotUtf8:
        for page in bounded_pages(connection.execute(statement, bounds)):
            fresh = page[max(0, given) :] if given else page
            given = max(0, given - len(page))
            if fresh:
                yield fresh


def _width(row: tuple[object, ...]) -> int:
    return 1 + sum(len(value) for value in row if isinstance(value, str | bytes))
