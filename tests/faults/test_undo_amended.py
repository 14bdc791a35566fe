"""Rows that were overwritten because of an answer: undo gives them back, whatever was decided since."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.plan import Policy
from engine.model.undo import Part
from tests.fix_faults import Met, meet
from tests.fix_runs import Bench, make_source, query, value

_ITEMS = """
create table item (no integer primary key, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 100)
insert into item select i, 'new ' || i from n;
update item set name = 'bad' where no = 80;
"""
_TARGET = """
create table item (no bigint primary key, name text check (name <> 'bad'), extra text default 'kept');
insert into item values (10, 'old 10', 'mine'), (60, 'old 60', 'mine'), (999, 'stranger', null);
"""
_STANDING = "select no, name, extra from item order by no"
_BEFORE = [(10, "old 10", "mine"), (60, "old 60", "mine"), (999, "stranger", None)]
_AMENDED = "select on_conflict from fordway.plan_amendment"


def _asked(bench: Bench, tmp_path: Path, *, target: str = _TARGET) -> Met:
    """A run that asks about a key that is taken."""
    source = make_source(tmp_path / "s.db", _ITEMS)
    met = meet(bench, {"old": source}, [{"from": "item", "batch_rows": 50}], target=target)
    assert "R109" == met.decision.fault
    return met


def _overwritten(bench: Bench, tmp_path: Path) -> Met:
    """A run that overwrote a row with batch 1, because of an answer, and asks about another fault of batch 2."""
    met = _asked(bench, tmp_path)
    met.choose("keep-source")
    assert ("waiting", "item_name_check") == (met.state, met.diagnosis.groups[0].place)
    assert [(10, "new 10")] == query(bench.target_url, "select no, name from item where no = 10")
    return met


def _as_asked_about_batch_2(bench: Bench) -> None:
    """As where workers had batch 1 in hand while batch 2 was asked about."""
    query(
        bench.target_url,
        "update fordway.decision set body = jsonb_set(body, '{at,chunk}', '2')"
        " where decision_id in (select decision_id from fordway.plan_amendment)",
    )


def test_undo_after_return_to_the_checkpoint_gives_back_what_an_answer_overwrote(
    bench: Bench, tmp_path: Path
) -> None:
    """What a committed batch was written by holds on, so it is known what it overwrote, and asked no more."""
    met = _overwritten(bench, tmp_path)
    _as_asked_about_batch_2(bench)

    bench.work(met.run_id, met.sources, part=Part(phase=None, by="tester"))

    assert [("keep_source",)] == query(bench.target_url, _AMENDED)
    assert "undone" == bench.undo(met.run_id)
    assert _BEFORE == query(bench.target_url, _STANDING)


def test_run_that_went_back_to_the_checkpoint_goes_on_by_what_was_written_by_before(
    bench: Bench, tmp_path: Path
) -> None:
    """Every row of both batches is proven, the overwritten ones too."""
    met = _overwritten(bench, tmp_path)
    _as_asked_about_batch_2(bench)
    bench.work(met.run_id, met.sources, part=Part(phase=None, by="tester"))

    met.go_on()
    met.choose("quarantine")

    assert ("complete", (100, 97, 1, 0, 2)) == (met.state, met.counts()["item"])
    assert (True, []) == (met.balances(), met.differences())


@pytest.mark.parametrize("policy", ["keep_target", "dropped"])
def test_undo_gives_back_what_was_overwritten_whatever_the_plan_says_by_now(
    policy: str, bench: Bench, tmp_path: Path
) -> None:
    """The ledger's images count, not what would become of taken keys today."""
    met = _overwritten(bench, tmp_path)
    _decide_anew(bench, met, policy)

    assert "undone" == bench.undo(met.run_id)
    assert _BEFORE == query(bench.target_url, _STANDING)


def _decide_anew(bench: Bench, met: Met, policy: str) -> None:
    if policy == "dropped":
        query(bench.target_url, "delete from fordway.plan_amendment")
        return
    decision_id = value(bench.target_url, "select decision_id from fordway.plan_amendment")
    bench.ledger.recovery.amend(met.run_id, 1, Policy(policy), newest_by="", decision_id=str(decision_id))


def test_return_to_the_checkpoint_forgets_an_answer_about_taken_keys_that_nothing_was_written_by(
    bench: Bench, tmp_path: Path
) -> None:
    """The question comes again, with all its options."""
    met = _asked(bench, tmp_path, target=_TARGET.replace("(10, 'old 10', 'mine'), ", ""))
    met.choose("keep-source")

    met.choose("checkpoint")
    met.go_on()

    assert [] == query(bench.target_url, _AMENDED)
    assert "R109" == met.decision.fault
