"""Numbers in a SQLite column of JSON: documents like any other, carried and proven as the numbers they are."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from tests.fix_merging import counts_of, failed_checks, merge, state_of
from tests.fix_runs import Bench, make_source, query

_SOURCE = """
create table t (id integer primary key, doc json, whole json, small json);
insert into t values
    (1, '{"a": 1}', 5, 1), (2, 17, 9223372036854775807, 0.5), (3, 1.5, -9223372036854775808, -0.0),
    (4, 1e300, 0, 5e-324), (5, '"text"', null, 1e20), (6, '12345678901234567890', 1, 1e-7), (7, 'true', 2, -2.5e-10);
"""


@pytest.mark.parametrize("target", ["", "json", "jsonb"])
def test_numbers_in_a_json_column_stay_json(target: str, bench: Bench, tmp_path: Path) -> None:
    """SQLite makes a number of '5' in such a column; no warning tells otherwise, and every row is proven."""
    source = make_source(tmp_path / "s.db", _SOURCE)
    if target:
        query(
            bench.target_url,
            f"create table t (id bigint primary key, doc {target}, whole {target}, small {target})",
        )

    run_id = merge(bench, {"old": source}, [{"from": "t"}])

    plan = bench.ledger.runs.plan(run_id).plan
    assert plan is not None
    told = [f.sentence() for f in plan.findings if f.code in {"F101", "F106", "F115", "F405"}]
    assert ([], "complete", []) == (told, state_of(bench, run_id), failed_checks(bench))
    assert (7, 7, 0, 0, 0) == counts_of(bench, run_id)["t"]
    read = query(bench.target_url, "select doc::text, whole::text, small::text from t order by id")
    docs, wholes, smalls = zip(*read, strict=True)
    # jsonb prints every digit of 1e300; as doubles both spellings are one.
    doubles = partial(json.loads, parse_int=float)
    assert [{"a": 1}, 17, 1.5, 1e300, "text", 1.2345678901234567e19, True] == list(map(doubles, docs))
    assert [5, 2**63 - 1, -(2**63), 0, None, 1, 2] == [v and json.loads(v) for v in wholes]
    assert [1, 0.5, 0, 5e-324, 1e20, 1e-7, -2.5e-10] == list(map(doubles, smalls))
    assert [("proven",)] == query(
        bench.target_url, "select body->>'strength' from fordway.event where kind = 'table_verified'"
    )


def test_what_is_no_json_among_numbers_is_counted_without_them(bench: Bench, tmp_path: Path) -> None:
    """An infinity and a broken text make the column text; the numbers beside them do not count."""
    source = make_source(
        tmp_path / "s.db",
        "create table t (id integer primary key, doc json);"
        "insert into t values (1, 5), (2, 1.5), (3, 9e999), (4, '{broken'), (5, '[]');",
    )

    run_id = merge(bench, {"old": source}, [{"from": "t"}])

    plan = bench.ledger.runs.plan(run_id).plan
    assert plan is not None
    (found,) = [finding for finding in plan.findings if finding.code == "F106"]
    assert "fits 3, violates 2 of 5 rows, e.g. id 3" == found.evidence
    assert "complete" == state_of(bench, run_id)
