"""What the values of a SQLite table really are, by one look at every row."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time

from engine.model.catalog import Column, ColumnProfile, Table
from engine.stores.sqlite_identifiers import Fragment, compose
from sql import load

__all__ = ["profile_sqlite_table", "teach_functions"]

_FIELDS = (
    "nulls", "integers", "reals", "texts", "blobs", "smallest", "largest", "longest", "empty_texts",
    "zero_or_one", "iso_dates", "iso_times", "zoned_times", "clock_times", "json_texts", "number_texts",
    "uuid_texts", "nul_texts", "not_utf8_texts", "infinite_reals",
)  # fmt: skip
"""The order of ``sql/sqlite_source/profile_column.sql``."""
_COLUMNS_A_SCAN = 80
"""SQLite returns at most 2,000 values a row (SQLITE_MAX_COLUMN, https://sqlite.org/limits.html);
wider tables are scanned once for every 80 columns."""
_JSON_HINT = re.compile(
    r"json|meta|payload|attributes|settings|config|options|extra|properties|data$", re.IGNORECASE
)
_TIME = re.compile(rb"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)?")
"""PostgreSQL keeps microseconds and zones up to 15:59 (manual, 8.5); more digits would be rounded."""
_CLOCK = re.compile(rb"\d\d:\d\d(:\d\d(\.\d{1,6})?)?")
_NUMBER = re.compile(rb"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?")
_UUID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Lower case only: PostgreSQL gives a uuid back in lower case, so others would come back changed."""


def teach_functions(connection: sqlite3.Connection) -> None:
    """Makes the fordway_ functions of ``profile_column.sql`` known to the connection."""
    judges: tuple[tuple[str, Callable[[bytes], bool]], ...] = (
        ("fordway_is_date", _is_date),
        ("fordway_is_time", _is_time),
        ("fordway_is_clock", _is_clock),
        ("fordway_is_number", lambda text: _NUMBER.fullmatch(text) is not None),
        ("fordway_is_uuid", lambda text: _UUID.fullmatch(text) is not None),
        ("fordway_is_not_utf8", _is_not_utf8),
    )
    for name, judge in judges:
        connection.create_function(name, 1, judge, deterministic=True)
    connection.create_function("fordway_beyond_ascii", 0, lambda: "*[^\x01-\x7f]*", deterministic=True)


def _is_date(text: bytes) -> bool:
    # fromisoformat alone would take 20240131 and 2024-W05-3 as well.
    if len(text) != len("YYYY-MM-DD") or text[4:5] != b"-" or text[7:8] != b"-":
        return False
    with suppress(ValueError):
        date.fromisoformat(text.decode("ascii"))
        return True
    return False


def _is_time(text: bytes) -> bool:
    if not _TIME.fullmatch(text):
        return False
    with suppress(ValueError):
        datetime.fromisoformat(text.decode("ascii"))
        return True
    return False


def _is_clock(text: bytes) -> bool:
    if not _CLOCK.fullmatch(text):
        return False
    with suppress(ValueError):
        time.fromisoformat(text.decode("ascii"))
        return True
    return False


def _is_not_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def profile_sqlite_table(connection: sqlite3.Connection, table: Table) -> tuple[ColumnProfile, ...]:
    """One profile a column, in table order, from one scan."""
    profiles: list[ColumnProfile] = []
    for start in range(0, len(table.columns), _COLUMNS_A_SCAN):
        profiles += _scan(connection, table, table.columns[start : start + _COLUMNS_A_SCAN])
    return tuple(_with_example(connection, table, profile) for profile in profiles)


def _scan(connection: sqlite3.Connection, table: Table, columns: Sequence[Column]) -> Iterator[ColumnProfile]:
    counts = [
        compose(load("sqlite_source/profile_column"), column=column.name, is_json=_json_test(column))
        for column in columns
    ]
    statement = compose(
        load("sqlite_source/profile_table"), table=table.name, columns=Fragment(", ".join(counts))
    )
    rows, *values = connection.execute(statement).fetchone()
    for place, column in enumerate(columns):
        found = values[place * len(_FIELDS) : (place + 1) * len(_FIELDS)]
        yield ColumnProfile(column=column.name, rows=rows, **dict(zip(_FIELDS, found, strict=True)))


def _json_test(column: Column) -> Fragment:
    if _JSON_HINT.search(column.name) or "JSON" in column.declared_type.upper():
        return Fragment(compose(load("sqlite_source/json_test"), column=column.name))
    return Fragment("0")


def _with_example(connection: sqlite3.Connection, table: Table, profile: ColumnProfile) -> ColumnProfile:
    """The profile with the key of one value that stands out, when one does."""
    classes = {
        "integer": profile.integers,
        "real": profile.reals,
        "text": profile.texts,
        "blob": profile.blobs,
    }
    present = {name: count for name, count in classes.items() if count}
    dated = profile.iso_dates + profile.iso_times
    parameters: tuple[str, ...] = ()
    if len(present) > 1:
        statement, parameters = "example_of_class", (min(present, key=lambda name: present[name]),)
    elif profile.nul_texts or profile.not_utf8_texts:
        statement = "example_unfit_text"
    elif 0 < dated < profile.texts:
        statement = "example_undated"
    else:
        return profile
    if not table.chunk_key:
        return profile
    composed = compose(
        load(f"sqlite_source/{statement}"), table=table.name, column=profile.column, key=table.chunk_key
    )
    found = connection.execute(composed, parameters).fetchone()
    return replace(profile, example_key=", ".join(_shown(value) for value in found)) if found else profile


def _shown(value: object) -> str:
    """The value for people; what neither jsonb nor a terminal can hold is escaped."""
    text = str(value).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return text.replace("\x00", "\\x00")
