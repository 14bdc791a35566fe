"""Keys a source tells apart that become one in the target: counted before anybody approves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fix_merging import counts_of, failed_checks, merge, state_of
from tests.fix_runs import Bench, make_source, query

_MIXED = (
    "create table t (k primary key, v text);"
    "insert into t values (1, 'a'), ('1', 'b'), (2.5, 'c'), ('2.5', 'd'), ('x', 'e');"
)
_BY_UUID = {"id": {"generate": "uuid5"}, "k": {"from": "k"}}


def _told(bench: Bench, run_id: str) -> list[str]:
    plan = bench.ledger.runs.plan(run_id).plan
    assert plan is not None
    return [f"{f.severity}: {f.sentence()}" for f in plan.findings if f.code == "F307"]


@pytest.mark.parametrize("columns", [{}, _BY_UUID], ids=["text", "uuid5"])
def test_numbers_and_texts_that_become_one_key_block_the_plan(
    columns: dict[str, Any], bench: Bench, tmp_path: Path
) -> None:
    """SQLite keeps 1 and '1' apart; as text, or as ids made from texts, they are one."""
    source = make_source(tmp_path / "s.db", _MIXED)

    run_id = merge(bench, {"old": source}, [{"from": "t", "columns": columns}])

    (told,) = _told(bench, run_id)
    assert told.startswith("blocker: F307 t: ids that collide")
    assert "2 between the source rows" in told
    assert ["1", "2.5"] == sorted(told.partition("e.g. ")[2].partition(". Mend")[0].split(", "))
    assert "on_conflict" in told
    assert [] == query(bench.target_url, "select 1 from fordway.chunk")


@pytest.mark.parametrize("columns", [{}, _BY_UUID], ids=["text", "uuid5"])
@pytest.mark.parametrize(
    ("policy", "kept"), [("keep_target", ["a", "c", "e"]), ("keep_source", ["b", "d", "e"])]
)
def test_keys_that_become_one_end_as_the_policy_says(
    policy: str, kept: list[str], columns: dict[str, Any], bench: Bench, tmp_path: Path
) -> None:
    """The rows are counted as merged, in the order of the source, and the rest is proven."""
    source = make_source(tmp_path / "s.db", _MIXED)

    run_id = merge(bench, {"old": source}, [{"from": "t", "columns": columns, "on_conflict": policy}])

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert kept == [v for (v,) in query(bench.target_url, "select v from t order by v")]
    assert 2 == counts_of(bench, run_id)["t"][4]
    assert _told(bench, run_id)[0].startswith("warning")


def test_key_of_a_playbook_that_is_not_unique_blocks_the_plan(bench: Bench, tmp_path: Path) -> None:
    """Ids made from names are one where names are."""
    source = make_source(
        tmp_path / "s.db",
        "create table t (id integer primary key, name text); insert into t values (1, 'Ada'), (2, 'Ada'), (3, 'Bo');",
    )
    table = {"from": "t", "key": ["name"], "columns": {"id": {"generate": "uuid5"}}}

    (told,) = _told(bench, merge(bench, {"old": source}, [table]))

    assert "1 between the source rows, e.g. Ada" in told


def test_moments_written_in_two_ways_block_the_plan(bench: Bench, tmp_path: Path) -> None:
    """A day and its midnight are two texts and one moment."""
    source = make_source(
        tmp_path / "s.db",
        "create table t (at datetime primary key, v text);"
        "insert into t values ('2024-01-01', 'a'), ('2024-01-01 00:00:00', 'b'), ('2024-01-02', 'c');",
    )

    (told,) = _told(bench, merge(bench, {"old": source}, [{"from": "t"}]))

    assert "1 between the source rows, e.g. 2024-01-01 00:00:00" in told


def test_keys_of_one_kind_are_told_apart_as_before(bench: Bench, tmp_path: Path) -> None:
    """Numbers with and without a fraction, and texts that look like numbers, stay as many keys as they were."""
    source = make_source(
        tmp_path / "s.db",
        "create table t (k primary key); insert into t values (1), (2.5), (3);"
        "create table u (k text primary key); insert into u values ('1'), ('1.0'), ('01');",
    )

    run_id = merge(bench, {"old": source}, [{"from": "t"}, {"from": "u"}])

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [] == _told(bench, run_id)


def test_unique_index_over_values_that_become_one_is_made_an_ordinary_one_and_told(
    bench: Bench, tmp_path: Path
) -> None:
    """The rows arrive; a foreign key to the column, and an index of one kind of values, are told and kept as ever."""
    source = make_source(
        tmp_path / "s.db",
        "create table t (id integer primary key, code unique, sku text unique);"
        "insert into t values (1, 1, 'a'), (2, '1', 'b'), (3, 'x', 'c'), (4, null, null), (5, null, null);"
        "create table u (id integer primary key, code references t (code)); insert into u values (1, 'x');",
    )

    run_id = merge(bench, {"old": source}, [{"from": "t"}, {"from": "u"}])

    plan = bench.ledger.runs.plan(run_id).plan
    assert plan is not None
    told = {finding.code: finding.sentence() for finding in plan.findings}
    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert "t.t_code_key: a unique index becomes an ordinary one" in told["F315"]
    assert "1 value of several rows, e.g. 1" in told["F315"]
    assert "F306" in told
    assert [("t_code_key", False), ("t_pkey", True), ("t_sku_key", True)] == query(
        bench.target_url,
        "select c.relname::text, indisunique from pg_index join pg_class as c on c.oid = indexrelid"
        " where indrelid = 't'::regclass order by 1",
    )
