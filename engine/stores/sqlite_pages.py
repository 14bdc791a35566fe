"""Rows of a SQLite cursor, so many at once as fit into little memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

__all__ = ["PAGE_ROWS", "bounded_pages"]

PAGE_ROWS = 1_000
"""Enough to forget the cost of a call."""
_PAGE_BYTES = 4_000_000
_FIRST_ROWS = 8
_LOOKED_AT = 16
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


def _width(row: tuple[object, ...]) -> int:
    return 1 + sum(len(value) for value in row if isinstance(value, str | bytes))
