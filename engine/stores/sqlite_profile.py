"""What the values of a SQLite table really are, by one look at every row."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator

from engine.model.catalog import Column, ColumnProfile, Table
from engine.stores.sqlite_file import lenient_text
from engine.stores.sqlite_identifiers import Fragment, compose
from engine.stores.sqlite_pages import bounded_pages
from engine.stores.sqlite_tally import ColumnTally, shown_key
from sql import load

__all__ = ["profile_sqlite_table"]

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
        connection.text_factory = str
        return tuple(_profiles(connection, table))
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
        connection.text_factory = lenient_text
        return tuple(_profiles(connection, table))
    finally:
        connection.text_factory = lenient_text


def _profiles(connection: sqlite3.Connection, table: Table) -> Iterator[ColumnProfile]:
    for start in range(0, len(table.columns), _COLUMNS_A_SCAN):
        yield from _scan(connection, table, table.columns[start : start + _COLUMNS_A_SCAN])


def _scan(
    connection: sqlite3.Connection, table: Table, columns: tuple[Column, ...]
) -> Iterator[ColumnProfile]:
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
    for page in bounded_pages(connection.execute(statement)):
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
