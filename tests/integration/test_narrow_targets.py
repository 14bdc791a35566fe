"""Columns of an existing table that are narrower than the values: told with numbers before anybody approves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fix_merging import counts_of, merge
from tests.fix_runs import Bench, make_source, query

_REALS = "0.5, 1.25, 3.14159, 100000000.0, 0.1"
_WHOLES = "1, 16777217, 123456, 9007199254740993, -4"
_TIMES = "'2024-01-01 10:00:00Z', '2024-01-01 10:00:00.5Z', '2024-01-01 10:00:00.250+02:00'"
_CLOCKS = "'10:00:00', '10:00:00.5', '10:00:00.1234'"


@pytest.mark.parametrize(
    ("declared", "values", "target", "aside", "reason"),
    [
        ("real", _REALS, "numeric(10,2)", 2, "more than 2 decimals"),
        ("real", _REALS, "real", 2, "more digits than a real holds"),
        ("real", "0.1, 1e12, 2.5", "numeric(30,20)", 1, "too large for the column"),
        ("real", _REALS, "varchar(5)", 2, "longer than 5 characters"),
        ("integer", _WHOLES, "real", 2, "more digits than a"),
        ("integer", _WHOLES, "double precision", 1, "more digits than a float holds"),
        ("integer", _WHOLES, "numeric(5,0)", 3, "too large for the column"),
        ("integer", _WHOLES, "varchar(3)", 3, "longer than 3 characters"),
        ("numeric", "1.5, 0.1, 2.125", "real", 1, "more digits than a real holds"),
        ("numeric", "1.5, 0.1, 2.125", "numeric(10,2)", 1, "more than 2 decimals"),
        ("text", _TIMES, "timestamptz(0)", 2, "finer than the column keeps"),
        ("text", _CLOCKS, "time(0)", 2, "finer than the column keeps"),
        ("text", _CLOCKS, "time(3)", 1, "finer than the column keeps"),
        ("text", "'a', 'abcd', 'abc'", "varchar(3)", 1, "longer than 3 characters"),
    ],
)
def test_values_a_narrower_column_would_refuse_are_counted_before_the_move(
    declared: str, values: str, target: str, aside: int, reason: str, bench: Bench, tmp_path: Path
) -> None:
    """As many rows as the plan foretold are set aside, for the reason it named, and only after a yes."""
    rows = ", ".join(f"({n}, {v.strip()})" for n, v in enumerate(values.split(","), start=1))
    source = make_source(
        tmp_path / "s.db",
        f"create table t (id integer primary key, v {declared}); insert into t values {rows};",
    )
    query(bench.target_url, f"create table t (id bigint primary key, v {target})")

    asked = merge(bench, {"old": source}, [{"from": "t"}], assume_yes=False)
    moved = merge(bench, {"old": source}, [{"from": "t"}])

    plan = bench.ledger.runs.plan(asked).plan
    assert plan is not None
    (found,) = [finding for finding in plan.findings if finding.code == "F405"]
    assert ("asks", "t.v", aside) == (found.word, found.place, found.violates)
    assert f"{aside} of {len(values.split(','))} rows, e.g. id " in found.evidence
    assert reason in found.evidence
    assert aside == counts_of(bench, moved)["t"][2]


def test_values_a_narrower_column_holds_are_not_warned_of(bench: Bench, tmp_path: Path) -> None:
    """Narrower is not too narrow, and JSON numbers go into a column of JSON."""
    source = make_source(
        tmp_path / "s.db",
        "create table t (id integer primary key, a real, b text, c json, d text);"
        """insert into t values (1, 0.5, 'abc', 5, 'x'), (2, 2.0, null, 1.5, 'y'), (3, null, 'd', '{"a": 1}', 'z');""",
    )
    query(
        bench.target_url,
        "create table t (id bigint primary key, a numeric(3,1), b varchar(3), c jsonb, d varchar(1))",
    )

    moved = merge(bench, {"old": source}, [{"from": "t"}])

    plan = bench.ledger.runs.plan(moved).plan
    assert plan is not None
    assert [] == [finding.sentence() for finding in plan.findings if finding.code == "F405"]
    assert (3, 3, 0, 0, 0) == counts_of(bench, moved)["t"]


def test_values_beyond_a_cast_are_counted_before_the_move(bench: Bench, tmp_path: Path) -> None:
    """A playbook's type is judged as a column of the target is; rows its filter leaves out are not."""
    source = make_source(
        tmp_path / "s.db",
        "create table t (id integer primary key, v real); insert into t values (1, 0.125), (2, 0.5), (3, 0.375);",
    )
    table = {
        "from": "t",
        "where": "id > 1",
        "columns": {"v": {"from": "v", "cast": "numeric(4,2)"}, "id": {"from": "id"}},
    }

    moved = merge(bench, {"old": source}, [table])

    plan = bench.ledger.runs.plan(moved).plan
    assert plan is not None
    assert [("F405", 1)] == [(f.code, f.violates) for f in plan.findings if f.violates]
    assert 1 == counts_of(bench, moved)["t"][2]


@pytest.mark.parametrize(
    ("declared", "value", "expression"),
    [("text", "'happy'", "mood::mood"), ("integer", "1", "mood::text::mood")],
)
def test_type_fordway_does_not_cast_to_is_told_with_the_way_that_works(
    declared: str, value: str, expression: str, bench: Bench, tmp_path: Path
) -> None:
    """Nothing is said of values nobody looked at, and what is advised goes through."""
    source = make_source(
        tmp_path / "s.db",
        f"create table person (id integer primary key, mood {declared}); insert into person values (1, {value});",
    )
    query(
        bench.target_url,
        "create type mood as enum ('happy', '1'); create table person (id bigint primary key, mood mood)",
    )

    asked = merge(bench, {"old": source}, [{"from": "person"}], assume_yes=False)
    merge(bench, {"old": source}, [{"from": "person", "columns": {"mood": {"expr": expression}}}])

    plan = bench.ledger.runs.plan(asked).plan
    assert plan is not None
    (found,) = [finding.sentence() for finding in plan.findings if finding.code == "F405"]
    assert f"Fordway does not cast {declared} to mood by itself" in found
    assert f'Have the server cast it, by {{expr: "{expression}"}} without a type' in found
    assert "fits" not in found
    assert [(value.strip("'"),)] == query(bench.target_url, "select mood::text from person")
