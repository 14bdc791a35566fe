from __future__ import annotations

import pytest

from engine.model.catalog import Column, ColumnProfile, Engine
from engine.model.findings import Severity
from engine.model.plan import Family
from engine.planning.map_types import TypeChoice, map_column
from engine.planning.sql_defaults import sqlite_default

from .plan_facts import column, identity, profile, table


def mapped(one: Column, values: ColumnProfile, engine: Engine = Engine.SQLITE) -> TypeChoice:
    return map_column(table("brackets", identity(), one), one, values, engine)


def type_of(declared: str, **counts: int) -> str:
    return mapped(column("x", declared), profile("x", 10, **counts)).target_type


@pytest.mark.parametrize(
    ("declared", "counts", "expected"),
    [
        ("INTEGER", {"integers": 10}, "bigint"),
        ("INTEGER", {}, "bigint"),
        ("INT", {"integers": 9, "texts": 1}, "text"),
        ("INTEGER", {"integers": 9, "reals": 1, "largest": 5}, "double precision"),
        ("INTEGER", {"integers": 9, "reals": 1, "largest": 2**60}, "numeric"),
        ("BOOLEAN", {"integers": 10, "zero_or_one": 10}, "boolean"),
        ("BOOLEAN", {"integers": 10, "zero_or_one": 9}, "bigint"),
        ("BOOL", {"integers": 9, "zero_or_one": 9, "texts": 1}, "text"),
        ("DATE", {"texts": 10, "iso_dates": 10}, "date"),
        ("DATE", {"texts": 10, "iso_dates": 9, "iso_times": 1}, "timestamp"),
        ("DATE", {"texts": 10, "iso_dates": 9}, "text"),
        ("DATETIME", {"texts": 10, "iso_times": 10}, "timestamp"),
        ("DATETIME", {"texts": 10, "iso_times": 10, "zoned_times": 10}, "timestamptz"),
        ("DATETIME", {"texts": 10, "iso_times": 10, "zoned_times": 4}, "text"),
        ("TIMESTAMP", {"integers": 10, "smallest": 1_600_000_000, "largest": 1_700_000_000}, "bigint"),
        ("TIME", {"texts": 10, "clock_times": 10}, "time"),
        ("REAL", {"reals": 10}, "double precision"),
        ("DOUBLE PRECISION", {"reals": 9, "texts": 1}, "text"),
        ("DECIMAL(10, 2)", {"reals": 8, "integers": 1, "texts": 1, "number_texts": 1}, "numeric"),
        ("NUMERIC", {"reals": 9, "texts": 1}, "text"),
        ("JSON", {"texts": 10, "json_texts": 10}, "jsonb"),
        ("JSON", {"texts": 10, "json_texts": 9}, "text"),
        ("JSON", {"texts": 3, "json_texts": 3, "integers": 5, "reals": 2}, "jsonb"),
        ("JSON", {"integers": 8, "reals": 2, "infinite_reals": 1}, "text"),
        ("UUID", {"texts": 10, "uuid_texts": 10}, "uuid"),
        ("UUID", {"texts": 10, "uuid_texts": 9}, "text"),
        ("BLOB", {"blobs": 10}, "bytea"),
        ("BLOB", {"texts": 10}, "text"),
        ("VARCHAR(20)", {"texts": 10}, "text"),
        ("TEXT", {"blobs": 10}, "bytea"),
        ("", {"integers": 10}, "bigint"),
        ("", {"integers": 5, "reals": 5}, "double precision"),
        ("", {"integers": 5, "texts": 5}, "text"),
        ("GEOGRAPHY", {"blobs": 10}, "bytea"),
    ],
)
def test_map_column_declared_type_and_values_decide_together(
    declared: str, counts: dict[str, int], expected: str
) -> None:
    """The declaration proposes and the values decide."""
    filled = sum(counts.get(name, 0) for name in ("integers", "reals", "texts", "blobs"))
    values = profile("x", 10, nulls=10 - filled, **counts)

    assert expected == mapped(column("x", declared), values).target_type


def test_map_column_text_among_integers_gives_finding_f101_with_its_evidence() -> None:
    """The finding says how many rows, of how many, and one of them."""
    values = profile("tooth", 1_204, integers=1_192, texts=12, example_key="40")

    found = mapped(column("tooth", "INTEGER"), values).findings

    assert [
        "F101 brackets.tooth: text in an integer column: fits 1,192, violates 12 of 1,204 rows, e.g. id 40. "
        "The column becomes text, so every value fits"
    ] == [finding.sentence() for finding in found]


def test_map_column_text_with_nul_or_bad_utf8_asks_about_the_quarantine() -> None:
    """Values PostgreSQL can't hold are told before the move."""
    values = profile("x", 10, texts=10, nul_texts=1, not_utf8_texts=2)

    found = mapped(column("x", "TEXT"), values).findings

    assert [("F110", Severity.BLOCKER), ("F111", Severity.BLOCKER)] == [(f.code, f.severity) for f in found]


def test_map_column_blobs_among_texts_warns_of_quarantine() -> None:
    """A text column with some blobs stays text, and the blobs are announced."""
    found = mapped(column("x", "TEXT"), profile("x", 10, texts=8, blobs=2))

    assert ("text", ["F115"]) == (found.target_type, [finding.code for finding in found.findings])


def test_map_column_json_notes_that_jsonb_rewrites_text() -> None:
    """jsonb keeps values, not spacing: the plan says so."""
    found = mapped(column("x", "JSON"), profile("x", 10, texts=10, json_texts=10))

    assert [("F107", Severity.NOTE)] == [(finding.code, finding.severity) for finding in found.findings]


@pytest.mark.parametrize(
    "declared", ["integer", "character varying(20)", "integer[]", "inet", "numeric(10,2)"]
)
def test_map_column_built_in_postgres_type_is_kept(declared: str) -> None:
    """PostgreSQL types every server has stay what they are."""
    found = mapped(column("x", declared), profile("x"), Engine.POSTGRES)

    assert (declared, ()) == (found.target_type, found.findings)


def test_map_column_user_defined_postgres_type_becomes_text_with_a_finding() -> None:
    """A type the target lacks is not copied silently."""
    found = mapped(column("x", "public.mood"), profile("x"), Engine.POSTGRES)

    assert ("text", ["F114"]) == (found.target_type, [finding.code for finding in found.findings])


@pytest.mark.parametrize(
    ("default", "family", "expected"),
    [
        (None, Family.TEXT, None),
        ("NULL", Family.TEXT, None),
        ("0", Family.BOOLEAN, "false"),
        ("'true'", Family.BOOLEAN, "true"),
        ("(1)", Family.INTEGER, "1"),
        ("'5'", Family.INTEGER, "5"),
        ("5", Family.TEXT, "'5'"),
        ("'it''s'", Family.TEXT, "'it''s'"),
        ('"new"', Family.TEXT, "'new'"),
        ("CURRENT_TIMESTAMP", Family.TIMESTAMP, "(now() at time zone 'utc')"),
        ("current_date", Family.DATE, "((now() at time zone 'utc')::date)"),
        ("x'ff00'", Family.BYTES, "'\\xff00'::bytea"),
        ("'{}'", Family.JSON, "'{}'"),
    ],
)
def test_sqlite_default_with_a_counterpart_is_translated(
    default: str | None, family: Family, expected: str | None
) -> None:
    """Literals, NULL and CURRENT_* mean the same in PostgreSQL."""
    assert expected == sqlite_default(default, family)


@pytest.mark.parametrize(
    ("default", "family"),
    [
        ("strftime('%s','now')", Family.INTEGER),
        ("datetime('now')", Family.TIMESTAMP),
        ("'soon'", Family.DATE),
        ("'x'", Family.INTEGER),
        ("9223372036854775808", Family.INTEGER),
        ("2", Family.BOOLEAN),
        ("'1' || '2'", Family.TEXT),
    ],
)
def test_sqlite_default_without_a_counterpart_is_refused(default: str, family: Family) -> None:
    """What means something else, or nothing, in PostgreSQL is not guessed at."""
    with pytest.raises(ValueError, match=r".*"):
        sqlite_default(default, family)


def test_map_column_default_without_counterpart_gives_finding_f208() -> None:
    """A dropped default is told."""
    found = mapped(column("x", "INTEGER", default="random()"), profile("x", 10, integers=10))

    assert (None, ["F208"]) == (found.default, [finding.code for finding in found.findings])
