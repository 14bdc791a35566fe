"""Triggers and rules of an existing target table that keep rows out: told in plain words, with nothing committed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fix_merging import merge
from tests.fix_runs import Bench, make_source, query, value

_SOURCE = """
create table item (id integer primary key, name text not null);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 8) insert into item select i, 'item ' || i from n;
"""
_TABLE = "create table item (id bigint primary key, name text not null{columns}) {tail};"
_TRIGGER = """
create function no_thirds() returns trigger language plpgsql as
    $$ begin if new.id % 3 = 0 then return null; end if; return new; end $$;
create trigger skip_thirds before {event} on {table} for each row execute function no_thirds();
"""
_SITUATION = "select body->>'situation' from fordway.decision where state = 'open'"


def _merged(bench: Bench, folder: Path, **more: object) -> str:
    return merge(bench, {"old": make_source(folder / "s.db", _SOURCE)}, [{"from": "item", **more}])


@pytest.mark.parametrize(
    ("more", "setup"),
    [
        ({}, ""),
        ({}, "insert into item values (50, 'there before');"),
        ({"on_conflict": "skip"}, "insert into item values (1, 'there before');"),
        ({"on_conflict": "keep_source"}, ""),
        ({"columns": {"name": {"expr": "upper(name)"}}}, ""),
    ],
    ids=["plain", "with rows", "skip", "keep source", "computed"],
)
def test_trigger_that_lets_rows_fall_is_named_with_how_many(
    more: dict[str, object], setup: str, bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Whatever way rows take into the table: which trigger, how many rows, nothing committed, what to do."""
    query(target_url, _TABLE.format(columns="", tail="") + setup)
    query(target_url, _TRIGGER.format(event="insert", table="item"))
    before = query(target_url, "select id, name from item order by id")

    run_id = _merged(bench, tmp_path, **more)

    told = str(value(target_url, _SITUATION))
    assert "skip_thirds keeps 2 rows of this batch out of item" in told
    assert "nothing of it was written" in told
    assert "Disable it" in told
    assert before == query(target_url, "select id, name from item order by id")
    assert "pending" == value(target_url, "select state from fordway.chunk where run_id = %s", [run_id])


def test_trigger_on_a_partition_is_named_too(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """Rows fall where they are stored; the plan told of it."""
    query(target_url, _TABLE.format(columns="", tail="partition by range (id)"))
    query(target_url, "create table item_low partition of item for values from (0) to (100)")
    query(target_url, _TRIGGER.format(event="insert", table="item_low"))

    run_id = _merged(bench, tmp_path)

    plan = bench.ledger.runs.plan(run_id).plan
    assert plan is not None
    assert ["skip_thirds (on item_low)"] == [f.evidence for f in plan.findings if f.code == "F406"]
    assert "skip_thirds keeps 2 rows of this batch out" in str(value(target_url, _SITUATION))


def test_trigger_that_keeps_rows_from_being_overwritten_is_named(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """An update that is let fall leaves the old row, which would be counted as overwritten."""
    query(target_url, _TABLE.format(columns="", tail="") + "insert into item values (3, 'old'), (4, 'old');")
    query(target_url, _TRIGGER.format(event="update", table="item"))

    _merged(bench, tmp_path, on_conflict="keep_source")

    told = str(value(target_url, _SITUATION))
    assert "skip_thirds keeps 1 row of this batch out of item" in told


def test_rule_that_does_something_else_instead_is_named(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Rules are followed by INSERT, and so by rows that are computed on the target."""
    query(target_url, _TABLE.format(columns="", tail=""))
    query(target_url, "create rule no_odd as on insert to item where new.id % 2 = 1 do instead nothing")

    _merged(bench, tmp_path, columns={"name": {"expr": "upper(name)"}})

    assert "no_odd keeps 4 rows of this batch out of item" in str(value(target_url, _SITUATION))


def test_run_goes_on_once_the_trigger_is_disabled(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """What the message advises is enough."""
    query(target_url, _TABLE.format(columns="", tail=""))
    query(target_url, _TRIGGER.format(event="insert", table="item"))
    run_id = _merged(bench, tmp_path)
    query(target_url, "alter table item disable trigger skip_thirds")
    decision = value(target_url, "select decision_id from fordway.decision where state = 'open'")
    assert "" == bench.ledger.decisions.answer(decision, "retry", who="tester")

    state = bench.work(run_id, {"old": str(tmp_path / "s.db")})

    assert ("complete", 8) == (state, value(target_url, "select count(*) from item"))
