"""Blocks of COPY text out of a SQLite file hold every row once and every double exactly."""

from __future__ import annotations

import math
import random
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.errors import RowRejected
from engine.model.plan import Form, KeyRange
from engine.model.ports import BlockColumn
from engine.stores.sqlite_source import open_sqlite_source


def _lines(path: Path, table: str, columns: list[BlockColumn], *, key: str = "id") -> list[list[str]]:
    """The fields of every row, by one range that covers them all."""
    with closing(open_sqlite_source("source", path)) as source:
        [span] = source.cut_ranges(table, key=key.split(), rows=10**9, where="")
        blocks = source.read_blocks(table, columns=columns, key=key.split(), span=span)
        text = b"".join(blocks).decode()
    assert text.count("\n") == blocks.rows
    return [line.split("\t") for line in text.splitlines()]


def _made(path: Path, *statements: str, rows: list[tuple[object, ...]] | None = None) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements[:-1] if rows is not None else statements:
            connection.execute(statement)
        if rows is not None:
            connection.executemany(statements[-1], rows)
        connection.commit()
    return path


def _bits(value: float) -> bytes:
    return struct.pack(">d", value)


_HARD = (0.1, 12.34, -0.5, 1e-6, 4e9 + 0.1, 3999999999.999999, 1e300, 5e-324, 2.0**53, 0.30000000000000004)


@given(
    values=st.lists(
        st.floats(allow_nan=False) | st.decimals(-(10**6), 10**6, places=3).map(float), min_size=1
    )
)
def test_every_double_reads_back_as_the_same_one(
    values: list[float], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whether printed as millionths or by its shortest decimal, to the last bit."""
    values = [value for value in (*values, *_HARD) if _bits(value) != _bits(-0.0)]
    path = _made(
        tmp_path_factory.mktemp("doubles") / "d.db",
        "create table d (id integer primary key, v real)",
        "insert into d (v) values (?)",
        rows=[(value,) for value in values],
    )
    lines = _lines(path, "d", [BlockColumn(source="v", form=Form.FLOAT, has_nulls=False)])
    assert [_bits(float(text)) for [text] in lines] == [_bits(value) for value in values]


def test_a_negative_zero_keeps_its_sign(tmp_path: Path) -> None:
    """A column without affinity keeps it, and millionths have none."""
    path = _made(
        tmp_path / "z.db",
        "create table z (id integer primary key, v)",
        "insert into z values (1, ?)",
        rows=[(-0.0,)],
    )
    [[text]] = _lines(path, "z", [BlockColumn(source="v", form=Form.FLOAT)])
    assert math.copysign(1, float(text)) == -1


def test_a_double_among_texts_keeps_all_its_digits(tmp_path: Path) -> None:
    """SQLite itself would print fifteen."""
    rows = [(1, "a"), (2, 0.30000000000000004), (3, 7), (4, None)]
    path = _made(
        tmp_path / "m.db",
        "create table m (id integer primary key, v)",
        "insert into m values (?, ?)",
        rows=rows,
    )
    expected = [["a"], ["0.30000000000000004"], ["7"], ["\\N"]]
    for form in (Form.REAL, Form.ESCAPED):
        assert _lines(path, "m", [BlockColumn(source="v", form=form)]) == expected


@pytest.mark.parametrize("rows", [1, 63, 64, 65, 10_001])
def test_each_row_is_there_once_whatever_the_pages(rows: int, tmp_path: Path) -> None:
    """The ends of pages and of the range fall together, or not."""
    path = _made(
        tmp_path / "n.db",
        "create table n (id integer primary key, v text)",
        "insert into n values (?, ?)",
        rows=[(3 * n, f"v{n}") for n in range(rows)],
    )
    columns = [BlockColumn(source="id", has_nulls=False), BlockColumn(constant="100% \\ sure")]
    assert _lines(path, "n", columns) == [[str(3 * n), "100% \\\\ sure"] for n in range(rows)]


@pytest.mark.parametrize(
    ("declared", "key", "values"),
    [
        ("id text primary key", "id", [f"k{n:05}" for n in range(500)]),
        ("id blob primary key", "id", [n.to_bytes(2, "big") + b"\xff" for n in range(500)]),
        ("id primary key", "id", [*range(200), *(n + 0.5 for n in range(200, 300)), *map(str, range(99))]),
        ("printed_line integer primary key, id", "printed_line", list(range(500))),
        ("id, b default 1, primary key (id, b)", "id b", list(range(500))),
    ],
)
def test_pages_follow_keys_of_any_kind(declared: str, key: str, values: list[object], tmp_path: Path) -> None:
    """Texts, binary keys, keys of mixed types, composite ones, and a key with a name of ours."""
    column = key.split()[0]
    path = _made(
        tmp_path / "k.db",
        f"create table k (note text default 'n', {declared})",
        f"insert into k ({column}) values (?)",
        rows=[(value,) for value in random.Random(1).sample(values, len(values))],
    )
    form = Form.HEX if isinstance(values[0], bytes) else Form.REAL
    lines = _lines(path, "k", [BlockColumn(source=column, form=form, has_nulls=False)], key=key)
    shown = {f"\\\\x{value.hex().upper()}" if isinstance(value, bytes) else str(value) for value in values}
    assert len(lines) == len(values)
    assert {text for [text] in lines} == shown


def test_a_key_that_is_no_utf8_ends_a_page_like_any_other(tmp_path: Path) -> None:
    """Its bytes go back as the very same text."""
    path = _made(
        tmp_path / "u.db",
        "create table u (id text primary key, v integer)",
        "insert into u values (cast(? as text), ?)",
        rows=[(b"k%05d\xff" % n, n) for n in range(300)],
    )
    lines = _lines(path, "u", [BlockColumn(source="v", has_nulls=False)])
    assert [int(text) for [text] in lines] == list(range(300))


def test_more_columns_than_a_function_takes_arguments_make_one_line(tmp_path: Path) -> None:
    """printf takes 127 at most in SQLite before 3.46."""
    names = [f"c{n}" for n in range(1, 300)]
    path = _made(
        tmp_path / "w.db",
        f"create table w (id integer primary key, {', '.join(names)})",
        f"insert into w values (1, {', '.join(map(str, range(1, 300)))})",
    )
    [line] = _lines(path, "w", [BlockColumn(source=name) for name in ("id", *names)])
    assert line == ["1", *map(str, range(1, 300))]


def test_rows_much_wider_than_those_before_make_smaller_pages(tmp_path: Path) -> None:
    """A page never takes more memory than it may, and no row is lost by that."""
    rows = [(n, "x" * (3_000_000 if n > 3_000 else 3)) for n in range(3_060)]
    path = _made(
        tmp_path / "s.db",
        "create table s (id integer primary key, v text)",
        "insert into s values (?, ?)",
        rows=rows,
    )
    lines = _lines(path, "s", [BlockColumn(source="v")])
    assert [len(text) for [text] in lines] == [len(text) for _, text in rows]


def test_a_row_wider_than_any_page_is_looked_at_by_itself(tmp_path: Path) -> None:
    """The caller then takes the batch row by row."""
    path = _made(
        tmp_path / "v.db",
        "create table v (id integer primary key, v text)",
        "insert into v values (1, ?)",
        rows=[("x" * 65_000_000,)],
    )
    with pytest.raises(RowRejected):
        _lines(path, "v", [BlockColumn(source="v")])


def test_rows_behind_the_range_are_never_given(tmp_path: Path) -> None:
    """Even where a range says it has more rows than it has."""
    path = _made(
        tmp_path / "r.db",
        "create table r (id integer primary key)",
        "insert into r values (?)",
        rows=[(n,) for n in range(1, 1_001)],
    )
    with closing(open_sqlite_source("source", path)) as source:
        span = KeyRange(after=(100,), upto=(300,), first_row=1, last_row=800)
        blocks = source.read_blocks("r", columns=[BlockColumn(source="id")], key=["id"], span=span)
        assert b"".join(blocks).split() == [b"%d" % n for n in range(101, 301)]
