"""Source and target side by side, with nothing of the engine's: sqlite3 here, psycopg there."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.sql import SQL, Identifier

_COLUMNS = """
select attname, format_type(atttypid, atttypmod)
from pg_attribute
where attrelid = %s::regclass and attnum > 0 and not attisdropped
order by attnum
"""
_TRUE_WORDS = {"1", "t", "true", "y", "yes", "on"}
_FALSE_WORDS = {"0", "f", "false", "n", "no", "off"}


def source_rows(path: Path, table: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        return connection.execute(f'select * from "{table.replace(chr(34), chr(34) * 2)}"').fetchall()


def target_columns(url: str, table: str) -> list[tuple[str, str]]:
    with psycopg.connect(url, options="-c search_path=public") as connection:
        quoted = '"' + table.replace('"', '""') + '"'
        return [(str(name), str(kind)) for name, kind in connection.execute(_COLUMNS, [quoted])]


def target_rows(url: str, table: str) -> list[tuple[Any, ...]]:
    # JSON as its text: a null in it is a value, and no NULL.
    names = SQL(", ").join(
        SQL("{}::text").format(Identifier(name)) if kind == "jsonb" else Identifier(name)
        for name, kind in target_columns(url, table)
    )
    with psycopg.connect(url, options="-c search_path=public -c timezone=UTC") as connection:
        return list(connection.execute(SQL("select {} from {}").format(names, Identifier(table))))


def _moment(value: object) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found.astimezone(UTC) if found.tzinfo else found


def _truth(value: object) -> bool:
    word = str(int(value) if isinstance(value, bool | float) else value).lower()
    assert word in _TRUE_WORDS | _FALSE_WORDS, value
    return word in _TRUE_WORDS


def _json(value: object) -> str:
    return json.dumps(json.loads(value) if isinstance(value, str) else value, sort_keys=True)


def _as_text(value: object) -> object:
    return value if isinstance(value, str | bytes) else repr(value)


def _decimal(value: object) -> Decimal:
    return (
        value
        if isinstance(value, Decimal)
        else Decimal(repr(value) if isinstance(value, float) else str(value))
    )


_READERS: tuple[tuple[str, Callable[[Any], object]], ...] = (
    ("numeric", _decimal), ("bigint", lambda v: v), ("double", lambda v: v if isinstance(v, str | bytes) else float(v)),
    ("boolean", _truth), ("json", _json), ("uuid", lambda v: str(v) if isinstance(v, UUID) else v),
    ("timestamp", _moment), ("date", lambda v: v.isoformat() if isinstance(v, date) else v),
    ("time", lambda v: v if isinstance(v, time) else time.fromisoformat(v)), ("text", _as_text), ("bytea", lambda v: v),
)  # fmt: skip


def _read(value: object, kind: str) -> object:
    if value is None:
        return None
    for start, reader in _READERS:
        if kind.startswith(start):
            return reader(value)
    raise AssertionError(kind)


def difference(path: Path, url: str, source: str, target: str) -> tuple[int, list[tuple[object, ...]]]:
    """How many rows of the source are missing, and the rows of the target the source does not have."""
    kinds = [kind for _, kind in target_columns(url, target)]
    ours = Counter(_row(row, kinds) for row in source_rows(path, source))
    theirs = Counter(_row(row, kinds) for row in target_rows(url, target))
    return (ours - theirs).total(), list((theirs - ours).elements())


def _row(row: tuple[Any, ...], kinds: list[str]) -> tuple[object, ...]:
    assert len(row) == len(kinds), f"{len(row)} columns in the source, {len(kinds)} in the target"
    return tuple(_try(value, kind) for value, kind in zip(row, kinds, strict=True))


def _try(value: object, kind: str) -> object:
    """A value the type can't hold stays as it is, and so differs from every value of the target."""
    try:
        return _read(value, kind)
    except (ValueError, AssertionError, ArithmeticError):
        return ("unfit", repr(value))
