"""Writes sample data, into SQLite files and PostgreSQL schemas; what is there already stays."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from psycopg.sql import SQL, Identifier

from engine.stores.connect import connect
from engine.stores.dsn import scrub, split_schema
from engine.stores.sqlstate import translated, translated_sqlite
from sql import load

__all__ = ["CopyIn", "SampleRow", "write_postgres_sample", "write_sqlite_sample"]

SampleRow = tuple[object, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyIn:
    """Rows that go through a temporary table into one that may hold them already."""

    stage: str
    """Statement that makes the temporary table."""
    copy: str
    """Statement that takes the rows in."""
    insert: str
    """Statement that adds those that are new."""
    rows: Iterable[SampleRow]


def write_sqlite_sample(path: Path, *, make: str, inserts: Sequence[tuple[str, Iterable[SampleRow]]]) -> None:
    """The file holds the tables and at least these rows; it is made when it is not there.

    Args:
        path: its folder is made too.
        make: name of the script that makes the tables.
        inserts: name of a statement, and the rows it is run for.

    Raises:
        BadSource: the file is no database, or can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with translated_sqlite(str(path)):
        connection = sqlite3.connect(path, isolation_level=None)
    try:
        with translated_sqlite(str(path)):
            connection.executescript(load(make))
            connection.execute("begin immediate")
            for statement, rows in inserts:
                connection.executemany(load(statement), rows)
            connection.execute("commit")
    finally:
        connection.close()


def write_postgres_sample(url: str, *, make: str, copies: Sequence[CopyIn], finish: str = "") -> None:
    """The schema holds the tables and at least these rows, or is as it was before.

    Args:
        url: a PostgreSQL URL; its ``schema`` parameter names the schema, ``public`` without.
        make: name of the script that makes the tables.
        copies: in load order.
        finish: name of a statement run at the end; empty for none.

    Raises:
        CannotConnect: nobody answers, or the answer is no.
        NotAllowed: the role may not make tables.
    """
    schema = Identifier(split_schema(url)[1])
    connection = connect(url, purpose="sample data")
    with translated(scrub(url)), connection, connection.transaction():
        connection.execute(SQL(load("samples/make_schema")).format(schema=schema))
        connection.execute(load("samples/use_schema"), {"schema": schema.as_string(connection)})
        connection.execute(load(make))
        for part in copies:
            connection.execute(load(part.stage))
            with connection.cursor() as cursor, cursor.copy(load(part.copy)) as copy:
                for row in part.rows:
                    copy.write_row(row)
            connection.execute(load(part.insert))
        if finish:
            connection.execute(load(finish))
