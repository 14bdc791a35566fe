"""What the values of a SQLite table really are, by one look at every row."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator

from engine.model.catalog import Column, ColumnProfile, Table
from engine.stores.sqlite_identifiers import Fragment, compose
from engine.stores.sqlite_pages import NotUtf8, bounded_pages, strict_pages
from engine.stores.sqlite_tally import ColumnTally, shown_key
from sql import load

__all__ = ["profile_sqlite_table"]

_Read = Callable[[str], Iterator[list[tuple[object, ...]]]]
"""A statement's rows, page by page."""
_COLUMNS_A_SCAN = 600
"""SQLite returns at most 2,000 values a row (SQLITE_MAX_COLUMN, https://sqlite.org/limits.html)."""
_JSON_HINT = re.compile(
    r"json|meta|payload|attributes|settings|config|options|extra|properties|data$", re.IGNORECASE
)


def profile_sqlite_table(connection: sqlite3.Connection, table: Table) -> tuple[ColumnProfile, ...]:
    """One profile a column, in table order, from one scan (one for every 600 columns).

    Text is decoded as strict UTF-8 first, which the driver does fast; a table with other
    bytes in it is read again by the slow way that keeps them apart.
    """
    try:
        return tuple(_profiles(table, lambda statement: strict_pages(connection, statement)))
    except NotUtf8:
        return tuple(_profiles(table, lambda statement: bounded_pages(connection.execute(statement))))


def _profiles(table: Table, read: _Read) -> Iterator[ColumnProfile]:
    for start in range(0, len(table.columns), _COLUMNS_A_SCAN):
        yield from _scan(table, table.columns[start : start + _COLUMNS_A_SCAN], read)


def _scan(table: Table, columns: tuple[Column, ...], read: _Read) -> Iterator[ColumnProfile]:
    tallies = [ColumnTally(column.name) for column in columns]
    suspects = [place for place, column in enumerate(columns) if _may_be_json(column)]
    tests = [
        compose(load("sqlite_source/json_test"), column=columns[place].name).strip() for place in suspects
    ]
    statement = compose(
        load("sqlite_source/read_values"),
        table=table.name,
        columns=[column.name for column in columns],
        # A column list with nothing before it would begin with a comma.
        more=Fragment("".join(f", {part}" for part in [*tests, *_key_parts(table)])),
    )
    width = len(columns)
    for page in read(statement):
        values = list(zip(*page, strict=True))

        def keys(place: int, page: list[tuple[object, ...]] = page) -> str:
            return shown_key(page[place][width + len(suspects) :])

        for tally, found in zip(tallies, values[:width], strict=True):
            tally.take(found, keys)
        for number, place in enumerate(suspects):
            tallies[place].take_json(values[width + number], values[place], keys)
    for tally in tallies:
        yield tally.profile()


def _key_parts(table: Table) -> list[str]:
    return [compose("{key}", key=name) for name in table.chunk_key]


def _may_be_json(column: Column) -> bool:
    return bool(_JSON_HINT.search(column.name)) or "JSON" in column.declared_type.upper()
