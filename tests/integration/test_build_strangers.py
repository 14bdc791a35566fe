"""What others put where a run builds is in its way, and never taken for the run's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.agents.look_ahead import look_ahead
from engine.model.errors import PlanDrifted
from engine.moving.build_objects import build_types
from engine.moving.build_site import BuildSite
from engine.playbooks.copy_playbook import playbook_for_copy
from engine.stores.target_session import TargetSession
from tests.fix_runs import Bench, in_schema, make_source, query, value

_ITEMS = """
create table item (id integer primary key, name text not null unique, price real);
insert into item values (1, 'one', 1.5), (2, 'two', 2.5);
create index item_price on item (price);
create view short as select name from item;
"""
_SITUATION = "select body->>'situation' from fordway.decision where state = 'open'"


def _rested(bench: Bench, source: Path) -> tuple[str, str]:
    """A run whose plan is approved and whose tables stand, with nobody at work on it."""
    prepared = bench.planned(source)
    query(bench.target_url, "update fordway.lease set expires_at = now() - interval '1 second'")
    return prepared.run_id, prepared.source


@pytest.mark.parametrize(
    ("stranger", "name", "away"),
    [
        ("create view short as select 1 as one", "view short", "drop view short"),
        ("create table short (id int)", "view short", "drop table short"),
        ("create table other (id int); create index item_price on other (id)", "item_price", "drop table other"),
        ("create index item_price on item (id, name)", "item_price", "drop index item_price"),
        ("create table item_price (id int)", "item_price", "drop table item_price"),
        ("alter table item add constraint item_pkey primary key (name)", "item_pkey", "alter table item drop constraint item_pkey"),
    ],
    ids=["view", "table", "index elsewhere", "other index", "table like an index", "key"],
)  # fmt: skip
def test_run_that_finds_a_strangers_object_where_it_builds_says_so_and_goes_on_without_it(
    stranger: str, name: str, away: str, bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """The stranger's object stays as it is; once it is away, trying again ends complete with ours."""
    run_id, source = _rested(bench, make_source(tmp_path / "s.db", _ITEMS))
    query(target_url, stranger)

    state = bench.work(run_id, {"source": source})

    assert "waiting" == state
    told = str(value(target_url, _SITUATION))
    assert name in told
    assert "this run did not make it" in told
    query(target_url, away)
    decision = value(target_url, "select decision_id from fordway.decision where state = 'open'")
    assert "" == bench.ledger.decisions.answer(decision, "retry", who="tester")
    assert "complete" == bench.work(run_id, {"source": source})
    assert [("one",), ("two",)] == query(target_url, "select name from short order by 1")
    assert "CREATE INDEX item_price ON public.item USING btree (price)" == value(
        target_url, "select pg_get_indexdef('item_price'::regclass)"
    )


def test_type_a_stranger_made_since_the_plan_is_not_taken_for_the_runs(bench: Bench, target_url: str) -> None:
    """One of the same name and other words is in the way; the run's own is known again."""
    query(
        target_url,
        "create schema old; create type old.mood as enum ('ok', 'bad'); create domain old.score as int check (value > 0);"
        "create table old.item (id int primary key, mood old.mood, score old.score)",
    )
    playbook = playbook_for_copy(in_schema(target_url, "old"), in_schema(target_url, "public"))
    plan = look_ahead(
        playbook, target_url=playbook.target, target_label="", source_urls=playbook.sources, on_error="ask"
    )
    run_id = bench.new_run(playbook)
    epoch = bench.ledger.leases.take(run_id, owner="test", host="test", pid=1, seconds=60)
    target = TargetSession(target_url, purpose="test")
    site = BuildSite(run_id=run_id, epoch=epoch or 0, target=target)
    query(target_url, "create type public.mood as enum ('ok', 'bad', 'worse')")

    with pytest.raises(PlanDrifted, match="type mood, and this run did not make it"):
        build_types(plan, site)
    query(target_url, "drop type public.mood")
    build_types(plan, site)
    build_types(plan, site)

    target.close()
    kinds = "select array_agg(object ->> 'name' order by number) from fordway.undo_action where run_id = %s"
    assert ["mood", "score"] == sorted(value(target_url, kinds, [run_id]))
