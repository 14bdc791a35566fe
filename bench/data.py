"""The tables the benchmarks move: generated once a run, the same for everyone."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

ITEM = (
    "id bigint, code text not null, title text, price float8, quantity bigint, is_active boolean,"
    " placed timestamp, attributes jsonb, note text"
)
"""The mixed table as PostgreSQL has it; every contestant fills one like this."""
_ITEM_SQLITE = (
    "create table item (id integer primary key, code text not null, title text, price real, quantity integer,"
    " is_active boolean, placed timestamp, attributes json, note text)"
)
_WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet")


def make_mixed(path: Path, rows: int) -> Path:
    """``rows`` x 9 columns: numbers, texts, moments, booleans, JSON, and NULLs."""
    return _filled(path, [_ITEM_SQLITE], "insert into item values (?, ?, ?, ?, ?, ?, ?, ?, ?)", _items(rows))


def _items(rows: int) -> Iterator[tuple[object, ...]]:
    chance = random.Random(1)
    for n in range(1, rows + 1):
        color, tag = chance.choice(_WORDS), chance.choice(_WORDS)
        moment = f"20{10 + n % 15}-{n % 12 + 1:02}-{n % 28 + 1:02} {n % 24:02}:{n % 60:02}:{n * 7 % 60:02}"
        yield (
            n,
            f"SKU-{n * 7919 % 10**8:08}",
            f"{color} {tag} {chance.choice(_WORDS)}",
            round(chance.random() * 1000, 2),
            n % 1000,
            n % 2,
            moment,
            json.dumps({"color": color, "size": n % 50, "tags": [tag]}),
            f"größe {n} and a little more text" if n % 3 == 0 else None,
        )


def make_narrow(path: Path, tables: int, rows: int) -> Path:
    """Many tables of three columns."""
    connection = sqlite3.connect(path)
    for number in range(tables):
        name = f"t{number:04}"
        connection.execute(f"create table {name} (id integer primary key, name text, n integer)")
        connection.executemany(
            f"insert into {name} values (?, ?, ?)", ((n, f"name {n}", n % 97) for n in range(1, rows + 1))
        )
    connection.commit()
    connection.close()
    return path


def make_wide(path: Path, columns: int, rows: int) -> Path:
    """One table of many columns, numbers and texts in turn."""
    kinds = [f"c{n} {'integer' if n % 2 else 'text'}" for n in range(1, columns)]
    marks = ", ".join("?" * columns)
    values = (
        (row, *((row + n) if n % 2 else f"v{row % 89}" for n in range(1, columns)))
        for row in range(1, rows + 1)
    )
    return _filled(
        path,
        [f"create table wide (id integer primary key, {', '.join(kinds)})"],
        f"insert into wide values ({marks})",
        values,
    )


def _filled(path: Path, script: list[str], insert: str, rows: Iterator[tuple[object, ...]]) -> Path:
    connection = sqlite3.connect(path)
    connection.execute("pragma synchronous = off")
    for statement in script:
        connection.execute(statement)
    connection.executemany(insert, rows)
    connection.commit()
    connection.close()
    return path
