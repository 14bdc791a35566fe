"""Every translated expression asked of SQLite and of PostgreSQL, over the same rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from math import isclose
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.plan import Family
from engine.planning.sql_terms import CantTranslate, Relation, Scope, Term, as_value
from engine.planning.translate_functions import translator
from tests.fix_services import Servers, _fresh_database

_KINDS = {
    "i": ("integer", "bigint", Family.INTEGER), "j": ("integer", "bigint", Family.INTEGER),
    "f": ("real", "double precision", Family.FLOAT), "n": ("numeric", "numeric", Family.NUMERIC),
    "t": ("text", "text", Family.TEXT), "u": ("text collate nocase", "text", Family.TEXT),
    "b": ("boolean", "boolean", Family.BOOLEAN), "x": ("blob", "bytea", Family.BYTES),
    "d": ("date", "date", Family.DATE), "m": ("datetime", "timestamp", Family.TIMESTAMP),
}  # fmt: skip
_ROWS: tuple[tuple[Any, ...], ...] = (
    (1, 2, 1.5, 2.25, "abc", "ABC", 1, b"\x00\xff", "2024-02-29", "2024-02-29 12:30:00"),
    (-7, 2, -0.5, -1, "Äbc", "äBC", 0, b"", "1999-12-31", "1999-12-31 23:59:59"),
    (0, 0, 0.0, 0, "", "", 0, b"a", "0001-01-01", "2024-01-01 00:00:00"),
    (None, None, None, None, None, None, None, None, None, None),
    (10, -3, 1e15, 12345.678, "a%b_c", "a b ", 1, b"abc", "2024-03-01", "2024-03-01 01:02:03"),
    (5, 5, 2.0, 5, " x x ", "5", 1, b"x", "2024-01-01", "2024-01-01 10:00:00"),
    (9, 4, 9.0, 100, "5", "Z", 0, b"Z", "2024-12-31", "2024-12-31 00:00:01"),
)  # fmt: skip


def _relation() -> Relation:
    columns = {
        name: Term(
            sql=f'"{name}"',
            kind=kind,
            collation="nocase" if name == "u" else "binary",
            name=name,
            is_real=name == "f",
        )
        for name, (_, _, kind) in _KINDS.items()
    }
    return Relation(alias="r", sql_alias="", columns=columns)


SCOPE = Scope(relations=(_relation(),))


class Pair:
    def __init__(self, lite: sqlite3.Connection, post: psycopg.Connection[Any]) -> None:
        self._lite, self._post = lite, post

    def disagreement(self, text: str) -> tuple[str, object, object] | None:
        """None where both agree row by row; raises where the text is refused."""
        work = translator()
        sql = as_value(work.expression(text, SCOPE)).sql
        ours = [row[0] for row in self._lite.execute(f"select {text} from r order by k")]
        theirs = [_plain(row[0]) for row in self._post.execute(f"select {sql} from r order by k")]  # type: ignore[call-overload]  # a test's own text
        for one, other in zip(ours, theirs, strict=True):
            if not _same(one, other):
                return sql, one, other
        return None


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _same(one: object, other: object) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == other or isclose(one, other, rel_tol=1e-12)
    return one == other


@pytest.fixture(scope="module")
def pair(servers: Servers) -> Iterator[Pair]:
    with (
        _fresh_database(servers.admin_url, "pair") as url,
        psycopg.connect(url, autocommit=True) as post,
        closing(sqlite3.connect(":memory:")) as lite,
    ):
        marks = ["%s" if name != "b" else "%s::int::boolean" for name in _KINDS]
        lite.execute(
            f"create table r (k integer primary key, {', '.join(f'{n} {k[0]}' for n, k in _KINDS.items())})"
        )
        post.execute(f"create table r (k int, {', '.join(f'{n} {k[1]}' for n, k in _KINDS.items())})")  # type: ignore[call-overload]  # a test's own text
        for number, row in enumerate(_ROWS):
            lite.execute(f"insert into r values ({number}, {', '.join('?' * len(row))})", row)
            post.execute(f"insert into r values ({number}, {', '.join(marks)})", row)  # type: ignore[call-overload]  # a test's own text
        yield Pair(lite, post)


@pytest.mark.parametrize(
    "text",
    [
        "i + j", "i - j * 2", "i / j", "-i / 2", "i % j", "i * f", "n + 1", "n * f", "i / 2.0", "-i", "i & 3", "i | 4", "f / 0",
        "i = j", "i == 5", "i <> j", "i != 5", "i < j", "i >= f", "n > 2", "i = '5'", "t = '5'", "t = 5", "t < 'b'", "t > 'A'", "t >= u",
        "u = 'abc'", "u < 'b'", "t = u", "u = t", "t = 'ABC' collate nocase", "t between 'A' and 'b'", "i between 0 and 6", "i not between 0 and 6",
        "i in (1, 5, 9)", "i not in (1, null)", "t in ('abc', '')", "u in ('abc')", "t is null", "t is not null", "i is 5", "i is not j", "t isnull",
        "b", "not b", "b = 1", "b = 0", "b <> 1", "b and i > 0", "b or t = ''", "b + 1", "b in (0, 1)", "not (i > 3)", "i and j", "i or b",
        "t like 'A%'", "t like '%B_C'", "t like 'a!%b%' escape '!'", "t not like 'ab%'", "u like 'z'", "i like '1%'", "t like '\\'",
        "t || '-' || i", "t || null", "b || 'x'", "(i + 1) || t",
        "case when i > 3 then 'big' when i is null then 'none' else 'small' end", "case i when 5 then 1 else 0 end", "case when b then i end", "iif(i > 3, t, 'x')",
        "cast(f as integer)", "cast(i as text)", "cast(i as real)", "cast(n as integer)",
        "length(t)", "length(x)", "length(i)", "lower(t)", "upper(t)", "trim(t)", "ltrim(t)", "rtrim(t)", "trim(t, 'ac')", "ltrim(t, 'a')",
        "substr(t, 2)", "substr(t, 2, 2)", "substr(t, -2)", "substring(t, 1, 1)", "replace(t, 'b', 'xx')", "replace(t, '', 'x')", "instr(t, 'b')", "instr(t, '')",
        "abs(i)", "abs(f)", "coalesce(i, 0)", "ifnull(t, 'none')", "coalesce(i, f, 1)", "nullif(i, 5)", "nullif(t, '')", "hex(x)", "typeof(i)", "typeof(t)", "typeof(f)",
        "d", "d = '2024-02-29'", "d >= '2024-01-01'", "m >= '2024-01-01'", "m < '2024-02-29'", "date(m)", "strftime('%Y', d)", "strftime('%m/%d', m)", "strftime('%H:%M:%S', m)", "datetime(m)",
        "strftime('%s', m)", "unixepoch(m)", "likely(i > 3)", "'a' || 'b'", "x'00ff'", "1e3", "0x1F", "\"not a column\"", "(i)", "r.i + 1",
    ],
)  # fmt: skip
def test_translation_gives_what_sqlite_gives(text: str, pair: Pair) -> None:
    """Row by row, NULLs, negative numbers, other scripts' letters and empty texts among them."""
    assert None is pair.disagreement(text)


@pytest.mark.parametrize(
    "text",
    [
        "soundex(t)", "t + 1", "i > 'abc'", "t > i", "f || 'x'", "d || 'x'", "t glob 'a*'", "t regexp 'a'", "random()", "printf('%d', i)", "cast(t as integer)",
        "substr(t, i)", "substr(t, 0, 2)", "max(i, j)", "date('now', '-1 day')", "t = x", "m = '2024-01-01'", "m > '2024-01-01'", "t collate rtrim = 'a'", "i || j + 1",
        "a = b", "i = j = 1", "i << 2", "case when t then 1 end", "not t", "f % 2", "row_number() over (order by i)", "json_extract(t, '$.a')", "i is true is false",
        "(select 1)", "exists (select 1)", "*", "", "i)", "coalesce(i, t)", "case when i then 1 else 'a' end", "julianday(d)", "strftime('%W', d)", "x = 'a'", "d > 5", "-t", "sum(i) over ()",
    ],
)  # fmt: skip
def test_what_might_mean_something_else_is_refused(text: str) -> None:
    """The reason is a clause; nothing is guessed."""
    with pytest.raises(CantTranslate) as refused:
        translator().expression(text, SCOPE)

    assert str(refused.value)


_LEAVES = st.sampled_from(
    [*_KINDS, "0", "1", "2", "-1", "5", "1.5", "''", "'a'", "'5'", "'ABC'", "'2024-01-01'", "null"]
)


def _joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = [
        "+",
        "-",
        "*",
        "/",
        "%",
        "||",
        "=",
        "<>",
        "<",
        ">=",
        "and",
        "or",
        "is",
        "is not",
        "like",
        "&",
    ]
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(operators), inner),
        st.builds("{} {} {}".format, inner, st.sampled_from(operators), inner),
        st.builds(
            "{}({})".format,
            st.sampled_from(["length", "lower", "upper", "trim", "abs", "typeof", "not", "-", "date"]),
            inner,
        ),
        st.builds("coalesce({}, {})".format, inner, inner),
        st.builds("nullif({}, {})".format, inner, inner),
        st.builds("case when {} then {} else {} end".format, inner, inner, inner),
        st.builds("{} in ({}, {})".format, inner, inner, inner),
        st.builds("{} between {} and {}".format, inner, inner, inner),
        st.builds("({}) is null".format, inner),
        st.builds("cast({} as {})".format, inner, st.sampled_from(["integer", "text", "real"])),
    )


@settings(max_examples=400)
@given(text=st.recursive(_LEAVES, _joined, max_leaves=6))
def test_any_expression_is_refused_or_agrees(text: str, pair: Pair) -> None:
    """Whatever is translated, and PostgreSQL takes, gives the same in both."""
    try:
        found = pair.disagreement(text)
    except (CantTranslate, psycopg.ProgrammingError):
        # What PostgreSQL refuses to read is found by the trial of the plan.
        return

    assert None is found
