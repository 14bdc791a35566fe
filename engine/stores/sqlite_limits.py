"""Which values of a SQLite table break what its types declare, and SQLite does not enforce."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from engine.model.catalog import ColumnProfile, Table
from engine.planning.declared_limits import Limit, keeps_to, limit_of
from engine.stores.sqlite_identifiers import compose
from engine.stores.sqlite_pages import bounded_pages
from engine.stores.sqlite_tally import shown_key
from sql import load

__all__ = ["with_limits"]


def with_limits(
    connection: sqlite3.Connection, table: Table, profiles: Sequence[ColumnProfile]
) -> tuple[ColumnProfile, ...]:
    """The profiles with the values counted that go beyond the declared digits or length."""
    found = []
    for column, profile in zip(table.columns, profiles, strict=True):
        limit = limit_of(column.declared_type)
        if limit is None:
            found.append(profile)
        elif limit[0] == "length" and (profile.lengths or not profile.texts):
            beyond = sum(count for length, count in profile.lengths if length > limit[1])
            found.append(replace(profile, beyond_declared=beyond))
        else:
            count, example = _count(connection, table, column.name, limit)
            found.append(replace(profile, beyond_declared=count, beyond_example=example))
    return tuple(found)


def _count(connection: sqlite3.Connection, table: Table, column: str, limit: Limit) -> tuple[int, str]:
    statement = compose(
        load("sqlite_source/read_filled"), table=table.name, column=column, columns=[column, *table.chunk_key]
    )
    count, example = 0, ""
    for page in bounded_pages(connection.execute(statement)):
        for value, *key in page:
            if not keeps_to(limit, value):
                count += 1
                example = example or shown_key(key)
    return count, example
