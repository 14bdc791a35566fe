r"""Rows of a SQLite file as blocks of COPY text, printed by SQLite itself, a page a call.

COPY's text form (manual, COPY, "Text Format"): fields between tabs, one row a line, \N for NULL,
a backslash before backslashes, tabs and line ends. Nothing of a page passes through Python but
its text, and doubles that are no short decimals.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.model.errors import RowRejected
from engine.model.plan import Form, KeyRange, KeyValue
from engine.model.ports import BlockColumn
from engine.stores.sqlite_file import lenient_text
from engine.stores.sqlite_identifiers import Fragment, compose
from engine.stores.sqlite_keys import behind, bound, key_marks, piece
from engine.stores.sqlstate import translated_sqlite
from sql import load

__all__ = ["PageEnd", "SqliteBlocks"]

PageEnd = Callable[[tuple[KeyValue, ...] | None, int], tuple[tuple[KeyValue, ...], int] | None]
"""The last key of the next so many rows behind a key, and how many they really are."""

_NULL = "\\N"
_FRAGMENTS = {
    Form.PLAIN: "block_plain",
    Form.FLOAT: "block_float",
    Form.REAL: "block_real",
    Form.ESCAPED: "block_escaped",
    Form.HEX: "block_hex",
}
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
_FIRST_ROWS, _MOST_ROWS, _BLOCK_BYTES = 64, 2_000, 250_000
"""About what a socket takes at once."""
_MOST_BYTES = 64_000_000
"""Of a page with rows much wider than those before it: a page of fewer rows is tried then."""


@dataclass(frozen=True, slots=True)
class _Line:
    """How SQLite prints a row."""

    expression: Fragment
    formats: tuple[str, ...]
    """What is bound to its marks."""


class SqliteBlocks:
    """The rows of one key range as COPY text; iterate it once."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        table: str,
        columns: Sequence[BlockColumn],
        *,
        key: Sequence[str],
        span: KeyRange,
        page_end: PageEnd,
        where: str,
    ) -> None:
        """Nothing is read yet.

        Args:
            connection: with ``shortest_decimal`` among its functions.
            table: whose rows.
            columns: the fields, in order.
            key: the chunk key's columns.
            span: which rows.
            page_end: finds where pages end.
            where: the place named in errors.

        Raises:
            ValueError: a column is of a form that has to be looked at.
        """
        self._connection = connection
        self._table = table
        self._line = _line(columns, most=connection.getlimit(sqlite3.SQLITE_LIMIT_FUNCTION_ARG) - 1)
        self._key = key
        self._span = span
        self._page_end = page_end
        self._where = where
        self.rows = 0
        """Rows given so far."""

    def __iter__(self) -> Iterator[bytes]:
        after, upto = self._span.after, self._span.upto
        rows = _FIRST_ROWS
        while after != upto:
            end = upto
            if rows < self._span.rows - self.rows:
                found = self._page_end(after, rows)
                end = found[0] if found else upto
            with translated_sqlite(self._where):
                page = self._print(after, end)
            if page is None:
                if rows == 1:
                    raise RowRejected("A row is too wide to be printed", where=self._where)
                rows = max(1, rows // 8)
                continue
            count, text = page
            self.rows += count
            if text:
                yield text
                rows = max(1, min(_MOST_ROWS, rows * 4, _BLOCK_BYTES * count // len(text)))
            after = end

    def _print(
        self, after: tuple[KeyValue, ...] | None, end: tuple[KeyValue, ...]
    ) -> tuple[int, bytes] | None:
        """How many rows, and their lines; None when these are more than a page may be."""
        # A page never goes beyond the range, whatever became of the rows since it was cut.
        upto = self._span.upto
        statement = compose(
            load("sqlite_source/print_page"),
            line=self._line.expression,
            table=self._table,
            key=self._key,
            after=behind(self._key, after),
            end=key_marks(end),
            upto=key_marks(upto),
        )
        bounds = [bound(value) for value in (*(after or ()), *end, *upto)]
        connection = self._connection
        usual = connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
        connection.text_factory = bytes
        try:
            count, text = connection.execute(statement, [*self._line.formats, *bounds]).fetchone()
        except sqlite3.DataError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_TOOBIG:
                raise
            return None
        finally:
            connection.text_factory = lenient_text
            connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, usual)
        return count, text or b""


def _line(columns: Sequence[BlockColumn], *, most: int) -> _Line:
    """One call of printf for every so many columns, for a function takes only so many arguments."""
    printed, formats = [], []
    for start in range(0, max(1, len(columns)), most):
        part = [_field(column) for column in columns[start : start + most]]
        fields = "".join(f", {text}" for _, text in part if text)
        printed.append(piece("block_fields", fields=Fragment(fields)))
        formats.append("\t" * bool(start) + "\t".join(form for form, _ in part))
    return _Line(Fragment(" || ".join(printed)), (*formats[:-1], formats[-1] + "\n"))


def _field(column: BlockColumn) -> tuple[str, str]:
    """What printf's format has for it, and what to print there."""
    if column.source is None:
        return _constant(column.constant).replace("%", "%%"), ""
    if column.form not in _FRAGMENTS:
        raise ValueError(f"{column.source} has to be looked at")
    text = piece(_FRAGMENTS[column.form], column=column.source)
    return "%s", piece("block_nullable", value=Fragment(text)) if column.has_nulls else text


def _constant(value: str | None) -> str:
    if value is None:
        return _NULL
    for sign, escaped in _ESCAPES:
        value = value.replace(sign, escaped)
    return value
