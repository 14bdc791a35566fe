r"""Rows of a SQLite file as blocks of COPY text, put together by SQLite and one format string.

COPY's text form (manual, COPY, "Text Format"): fields between tabs, one row a line, \N for NULL,
a backslash before backslashes, tabs and line ends.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from engine.model.errors import RowRejected
from engine.model.plan import Form, KeyValue
from engine.model.ports import BlockColumn
from engine.stores.sqlite_identifiers import Fragment, compose
from engine.stores.sqlite_pages import NotUtf8, strict_pages
from engine.stores.sqlstate import translated_sqlite
from sql import load

__all__ = ["SqliteBlocks", "block_fields"]

_NULL = "\\N"
_FRAGMENTS = {Form.PLAIN: "block_plain", Form.ESCAPED: "block_escaped", Form.HEX: "block_hex"}
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))


def block_fields(columns: Sequence[BlockColumn]) -> tuple[Fragment, str]:
    """What to select, and the format that makes a line of a row.

    Raises:
        ValueError: a column is of a form that has to be looked at.
    """
    fields, formats = [], []
    for column in columns:
        if column.source is None:
            formats.append(_constant(column.constant).replace("%", "%%"))
            continue
        if column.form not in _FRAGMENTS:
            raise ValueError(f"{column.source} has to be looked at")
        text = compose(load(f"sqlite_source/{_FRAGMENTS[column.form]}"), column=column.source).strip()
        fields.append(
            compose(load("sqlite_source/block_nullable"), value=Fragment(text)).strip()
            if column.has_nulls
            else text
        )
        formats.append("%s")
    # A row needs a field to be counted by, even where every column is a constant.
    return Fragment(", ".join(fields or ["1"])), "\t".join(formats) + "\n" + ("" if fields else "%.0s")


def _constant(value: str | None) -> str:
    if value is None:
        return _NULL
    for sign, escaped in _ESCAPES:
        value = value.replace(sign, escaped)
    return value


class SqliteBlocks:
    """The rows of one statement as COPY text; iterate it once."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        statement: str,
        bounds: Sequence[KeyValue],
        line: str,
        *,
        where: str,
    ) -> None:
        """Nothing is read yet; ``line`` is the format of one row."""
        self._connection = connection
        self._statement = statement
        self._bounds = bounds
        self._line = line
        self._where = where
        self.rows = 0
        """Rows given so far."""

    def __iter__(self) -> Iterator[bytes]:
        make = self._line.__mod__
        pages = strict_pages(self._connection, self._statement, list(self._bounds))
        while (page := self._next(pages)) is not None:
            self.rows += len(page)
            yield "".join(map(make, page)).encode()

    def _next(self, pages: Iterator[list[tuple[object, ...]]]) -> list[tuple[object, ...]] | None:
        try:
            with translated_sqlite(self._where):
                return next(pages, None)
        except NotUtf8 as error:
            raise RowRejected("A text is no UTF-8", where=self._where) from error
