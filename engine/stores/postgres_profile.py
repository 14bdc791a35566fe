"""What the values of a PostgreSQL table are; most of it the column types already say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier

from engine.model.catalog import Column, ColumnProfile, Table
from sql import load

__all__ = ["profile_postgres_table"]

_INTEGERS = frozenset({"smallint", "integer", "bigint"})
_REALS = frozenset({"real", "double precision"})
_COLUMNS_A_SCAN = 300
"""A select list has at most 1,664 entries (manual, appendix K); wider tables take several scans."""
_VALUES_A_COLUMN = 5


def profile_postgres_table(
    connection: Connection[TupleRow], table: Table, *, relation: Composed
) -> tuple[ColumnProfile, ...]:
    """One profile a column, in table order, from one scan."""
    profiles: list[ColumnProfile] = []
    for start in range(0, len(table.columns), _COLUMNS_A_SCAN):
        profiles += _scan(connection, table.columns[start : start + _COLUMNS_A_SCAN], relation)
    return tuple(profiles)


def _scan(
    connection: Connection[TupleRow], columns: Sequence[Column], relation: Composed
) -> Iterator[ColumnProfile]:
    counts = [_counts(column) for column in columns]
    statement = SQL(load("postgres_source/profile_table")).format(
        columns=SQL(", ").join(counts), relation=relation
    )
    rows, *values = connection.execute(statement).fetchone() or (0,)
    for place, column in enumerate(columns):
        yield _profile(column, rows, values[place * _VALUES_A_COLUMN : (place + 1) * _VALUES_A_COLUMN])


def _counts(column: Column) -> Composed:
    name = Composed([SQL("t."), Identifier(column.name)])
    if column.declared_type in _INTEGERS:
        return SQL(load("postgres_source/profile_number")).format(column=name)
    return SQL(load("postgres_source/profile_column")).format(column=name)


def _profile(column: Column, rows: int, values: Sequence[int]) -> ColumnProfile:
    nulls, smallest, largest, longest, last = values
    filled, declared = rows - nulls, column.declared_type
    is_integer, is_real = declared in _INTEGERS, declared in _REALS
    is_blob = declared == "bytea"
    return ColumnProfile(
        column=column.name,
        rows=rows,
        nulls=nulls,
        integers=filled if is_integer else 0,
        reals=filled if is_real else 0,
        blobs=filled if is_blob else 0,
        texts=0 if is_integer or is_real or is_blob else filled,
        smallest=smallest,
        largest=largest,
        longest=longest,
        empty_texts=0 if is_integer else last,
        zero_or_one=last if is_integer else 0,
    )
