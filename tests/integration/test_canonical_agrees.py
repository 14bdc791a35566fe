"""Encoded by the mover, read back from PostgreSQL: both halves of the comparison agree, value by value.

The source's half (``engine.checking.canonical``) is made from the source value alone, the
target's (``sql/checking/canonical_*``) from what PostgreSQL stored. Where they differ, a
faithful move would look like a loss, or a loss like a faithful move.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.sql import SQL, Identifier

from engine.checking.canonical import digest_of, row_reader
from engine.model.catalog import Engine, TableClass
from engine.model.plan import ColumnPlan, Family, TablePlan
from engine.moving.encode_rows import RejectedRow, RowEncoder
from engine.stores.target_checks import TargetChecks
from engine.stores.target_session import TargetSession

_TYPES = {
    Family.INTEGER: "bigint",
    Family.FLOAT: "double precision",
    Family.NUMERIC: "numeric",
    Family.BOOLEAN: "boolean",
    Family.TEXT: "text",
    Family.BYTES: "bytea",
    Family.DATE: "date",
    Family.TIMESTAMP: "timestamp",
    Family.TIMESTAMPTZ: "timestamptz",
    Family.TIME: "time",
    Family.JSON: "jsonb",
    Family.UUID: "uuid",
}
_MOMENT = datetime(2026, 1, 2, tzinfo=UTC)

_HOSTILE: dict[Family, list[object]] = {
    Family.INTEGER: [0, -1, 2**63 - 1, -(2**63), 2**53 + 1, 3.0, -0.0],
    Family.FLOAT: [
        0.0, -0.0, 1e308, -1e308, 5e-324, 2.2250738585072014e-308, 0.1, 1 / 3, float("inf"), float("-inf"),
        1, -(2**53), 123456789.123456789,
    ],
    Family.NUMERIC: [
        0, 1, -1, 2**63 - 1, 0.1, 1e22, 1e-10, "1.50", "-0", "0.000", "1E+3", "1e400",
        "123456789012345678901234567890.123456789", 1.5, -0.0, 1e16,
    ],
    Family.BOOLEAN: [0, 1, 0.0, 1.0, "true", "FALSE", "True"],
    Family.TEXT: [
        "", " ", "a", "größe", "日本語", "😀", "\x01\x1f\x7f", "tab\tnewline\nreturn\r", "\\N", "\\.", "\\", "'\"",
        "e\u0301", "\u200b\ufeff", "\U0010ffff", "x" * 1_000_000, 1, -5, 1.5, 1e22,
    ],
    Family.BYTES: [b"", b"\x00", b"\xff\x00\xfe", b"\\x00", b"\\N\n", bytes(range(256))],
    Family.DATE: ["0001-01-01", "9999-12-31", "1970-01-01", "2024-02-29", "1582-10-10"],
    Family.TIMESTAMP: [
        "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999", "1969-12-31T23:59:59.999999", "2024-02-29 12:00",
        "2024-02-29 12:00:00.1", "2024-02-29 12:00:00.000001", "1900-01-01",
    ],
    Family.TIMESTAMPTZ: [
        "0001-01-02 00:00:00+00:00", "9999-12-30 23:59:59.999999-11:00", "2024-03-31T02:30:00+02:00",
        "2024-02-29 12:00:00Z", "2024-02-29 12:00:00.123456+05:45", "2024-02-29 12:00:00",
    ],
    Family.TIME: ["00:00", "00:00:00", "23:59:59.999999", "12:34:56.5"],
    Family.JSON: [
        "{}", "[]", "null", "1", '"text"', '{"b": 1, "a": 2, "aa": 3}', '{"größe": "日本", "😀": [1, 2]}',
        '{"n": 1e400}', '{"n": 1.50}', '{"n": -0}', '{"n": -0.0}', '{"n": 1E-7}', '[1.0, 10, 1e2, 0.10]',
        '{"a": 1, "a": 2}', '"\\u00e9\\u0001\\n\\t\\"\\\\/"', '"\\ud83d\\ude00"', '" "', '{"": ""}', "[true, false, null]",
        1, 1.5, '{"deep": {"er": [{"and": "deeper"}]}}', '{"n": 123456789012345678901234567890}',
    ],
    Family.UUID: ["6f1c2a3e-0000-4000-8000-00000000000a", "00000000-0000-0000-0000-000000000000"],
}  # fmt: skip

_REFUSED: dict[Family, list[object]] = {
    Family.INTEGER: ["12", 1.5, 2**63, 1e300, b"1"],
    Family.FLOAT: ["1.5", 2**53 + 1, b""],
    Family.NUMERIC: ["many", b"1", "", " 12.30 ", "1_000", "\u0663", "infinity", "nan"],
    Family.BOOLEAN: [2, -1, "yess", "", 0.5, b"\x01"],
    Family.TEXT: ["has\0nul", "lone \ud800", "bad \udcc3", b"bytes"],
    Family.BYTES: ["text", 1],
    Family.DATE: [
        "2023-02-29",
        "yesterday",
        20200101,
        "",
        "10000-01-01",
        "0000-01-01",
        " 2020-05-05 ",
        "2020-W01-1",
    ],
    Family.TIMESTAMP: ["2020-01-01 00:00:00+02:00", "2020-01-01 25:00", 0, "2020-01-01 00:00:00.1234567"],
    Family.TIMESTAMPTZ: ["noon", 0],
    Family.TIME: ["24:00:01", "12:00+01:00", 12],
    Family.JSON: ["{", "NaN", '{"n": Infinity}', '"\\u0000"', "has\0nul", b"{}", float("inf"), "'single'"],
    Family.UUID: [
        "6f1c",
        b"short",
        1,
        "zzzzzzzz-0000-4000-8000-00000000000a",
        "6F1C2A3E-0000-4000-8000-00000000000A",
        bytes(16),
    ],
}


def _table(family: Family) -> TablePlan:
    return TablePlan(
        number=1, phase=1, source="s", source_table="t", target_schema="public", target_table=f"t_{family}",
        chunk_key=("id",), rows=1, batch_rows=1, table_class=TableClass.CATALOG, complexity="low",
        primary_key=("id",),
        columns=(
            ColumnPlan(target="id", target_type="bigint", family=Family.INTEGER, source="id", is_nullable=False),
            ColumnPlan(target="v", target_type=_TYPES[family], family=family, source="v"),
        ),
    )  # fmt: skip


class _Lane:
    """Moves single values of one family and reads them back."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.target = TargetSession(url, purpose="test")
        self.checks = TargetChecks(url)
        with psycopg.connect(url, autocommit=True) as connection:
            for family, name in _TYPES.items():
                connection.execute(
                    SQL("create table public.{} (id bigint primary key, v {})").format(
                        Identifier(f"t_{family}"), SQL(name)
                    )
                )

    def close(self) -> None:
        self.target.close()
        self.checks.close()

    def differences(self, family: Family, values: list[object]) -> list[str]:
        """Values whose two canonical forms, or whose digests, are not equal."""
        table = _table(family)
        encoder = RowEncoder(table, engine=Engine.SQLITE, run_time=_MOMENT)
        read = row_reader(table, engine=Engine.SQLITE, columns=encoder.columns, run_time=_MOMENT)
        rows = list(enumerate(values))
        encoded = [encoder.encode(row) for row in rows]
        refused = [row for row, one in zip(rows, encoded, strict=True) if isinstance(one, RejectedRow)]
        assert not refused, f"refused: {refused[0][1]!r}"
        with self.target.transaction("test") as cursor:
            cursor.execute(SQL("truncate public.{}").format(Identifier(table.target_table)))
            self.target.copy_rows(cursor, table, "public", [one for one in encoded if isinstance(one, tuple)])
            found = cursor.execute("select pg_current_xact_id()::text::bigint & 4294967295 as xid").fetchone()
        assert found is not None
        stretches = self.checks.streams.stretches(table, [found["xid"]])[found["xid"]]
        theirs = {row[0]: row for _, row in self.checks.streams.rows(table, stretches)}
        wrong = [
            f"{row[1]!r:.80}: {read(row)[1]!r:.120} here, {theirs[str(row[0])][1]!r:.120} there"
            for row in rows
            if read(row) != theirs[str(row[0])]
        ]
        digests = list(self.checks.streams.digests(table, stretches))
        if not wrong and digests != [digest_of(read(row)) for row in rows]:
            wrong.append("the digests differ")
        return wrong


@pytest.fixture
def lane(target_url: str) -> Iterator[_Lane]:
    """A table for each family."""
    opened = _Lane(target_url)
    yield opened
    opened.close()


@pytest.mark.parametrize("family", list(_TYPES), ids=str)
def test_hostile_values_read_alike_on_both_sides(family: Family, lane: _Lane) -> None:
    """Extremes, zeros with signs, controls, zones and odd JSON: what arrived is what left."""
    assert [] == lane.differences(family, [*_HOSTILE[family], None])


@pytest.mark.parametrize("family", list(_TYPES), ids=str)
def test_values_that_cant_be_carried_are_refused_with_a_reason(family: Family) -> None:
    """Nothing is rounded, cut or re-encoded: such a row is set aside, whole."""
    encoder = RowEncoder(_table(family), engine=Engine.SQLITE, run_time=_MOMENT)

    taken = [value for value in _REFUSED[family] if not isinstance(encoder.encode((1, value)), RejectedRow)]
    reasons = [encoder.encode((1, value)) for value in _REFUSED[family]]

    assert [] == taken
    assert all(
        isinstance(r, RejectedRow) and r.reason and r.column == "v" and r.row["id"] == 1 for r in reasons
    )


_json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
_STRATEGIES: dict[Family, st.SearchStrategy[object]] = {
    Family.INTEGER: st.integers(-(2**63), 2**63 - 1),
    Family.FLOAT: st.floats(allow_nan=False),
    Family.NUMERIC: st.decimals(allow_nan=False, allow_infinity=False).map(str)
    | st.floats(allow_nan=False, allow_infinity=False),
    Family.TEXT: st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    Family.BYTES: st.binary(),
    Family.DATE: st.dates().map(str),
    Family.TIMESTAMP: st.datetimes().map(str),
    Family.TIME: st.times().map(str),
    Family.JSON: _json_values.map(lambda value: __import__("json").dumps(value, ensure_ascii=False)),
    Family.UUID: st.uuids().map(str),
}


@pytest.mark.parametrize("family", list(_STRATEGIES), ids=str)
def test_any_value_reads_alike_on_both_sides(family: Family, lane: _Lane) -> None:
    """Whatever a source may hold of the family: encode, store, read back, equal."""

    @settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
    @given(values=st.lists(_STRATEGIES[family], min_size=1, max_size=30))
    def agree(values: list[object]) -> None:
        assert [] == lane.differences(family, values)

    agree()


def test_made_columns_read_alike_on_both_sides(target_url: str, tmp_path: Path) -> None:
    """A JSON object, a UUID from a legacy key, a constant and the run's moment are compared like copies."""
    from engine.model.plan import MadeBy

    columns = (
        ColumnPlan(target="id", target_type="uuid", family=Family.UUID, made_by=MadeBy.UUID5, inputs=("id",)),
        ColumnPlan(
            target="m", target_type="jsonb", family=Family.JSON, made_by=MadeBy.JSON_OBJECT,
            inputs=("größe", "n", "x"),
        ),
        ColumnPlan(target="c", target_type="text", family=Family.TEXT, made_by=MadeBy.CONSTANT, value="it's"),
        ColumnPlan(target="at", target_type="timestamptz", family=Family.TIMESTAMPTZ, made_by=MadeBy.RUN_TIME),
        ColumnPlan(target="who", target_type="text", family=Family.TEXT, made_by=MadeBy.SOURCE_NAME),
    )  # fmt: skip
    table = TablePlan(
        number=1, phase=1, source="s", source_table="t", target_schema="public", target_table="made",
        chunk_key=("id",), rows=1, batch_rows=1, table_class=TableClass.CATALOG, complexity="low",
        primary_key=("id",), columns=columns,
    )  # fmt: skip
    with psycopg.connect(target_url, autocommit=True) as connection:
        connection.execute("create table public.made (id uuid, m jsonb, c text, at timestamptz, who text)")
    encoder = RowEncoder(table, engine=Engine.SQLITE, run_time=_MOMENT)
    read = row_reader(table, engine=Engine.SQLITE, columns=encoder.columns, run_time=_MOMENT)
    rows = [(1, "ü\n", 1.5, None), (2, "", 10**18, "x"), (3, None, -0.0, 1e22), ("k", 'a"\\', 1e-7, 0)]
    target, checks = TargetSession(target_url, purpose="test"), TargetChecks(target_url)
    with target.transaction("test") as cursor:
        target.copy_rows(cursor, table, "public", [tuple(encoder.encode(row)) for row in rows])  # type: ignore[arg-type]
        found = cursor.execute("select pg_current_xact_id()::text::bigint as xid").fetchone()
    assert found is not None
    stretches = checks.streams.stretches(table, [found["xid"]])[found["xid"]]
    theirs = {row for _, row in checks.streams.rows(table, stretches)}
    target.close()
    checks.close()

    assert {read(row) for row in rows} == theirs
