"""An undo whose run has another owner writes nothing, not even that it began."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.errors import LeaseLost
from engine.stores.target_session import TargetSession
from engine.undoing.undo_run import undo_run
from engine.undoing.undo_site import UndoSite
from tests.fix_merging import merge
from tests.fix_runs import Bench, make_source, query, value

_SOURCE = """
create table item (id integer primary key, name text);
insert into item values (1, 'new one'), (2, 'new two');
"""
_STANDING = "create table item (id bigint primary key, name text); insert into item values (1, 'old one')"


def _undo_without_the_lease(bench: Bench, run_id: str) -> None:
    plan = bench.ledger.runs.plan(run_id).plan
    assert plan is not None
    target = TargetSession(bench.target_url, purpose="test")
    site = UndoSite(
        run_id=run_id, epoch=999, plan=plan, ledger=bench.ledger, target=target, emit=lambda _: None
    )
    try:
        with pytest.raises(LeaseLost):
            undo_run(site)
    finally:
        target.close()


def test_undo_that_lost_its_lease_does_not_begin_a_table(bench: Bench, tmp_path: Path) -> None:
    """Where the undo of a table stands is written by the run's owner only."""
    run_id = bench.copy(make_source(tmp_path / "s.db", _SOURCE))

    _undo_without_the_lease(bench, run_id)

    assert 0 == value(bench.target_url, "select count(*) from fordway.undo_progress")


def test_undo_that_lost_its_lease_gives_no_image_up(bench: Bench, tmp_path: Path) -> None:
    """Whoever owns the run finds every image waiting, also those whose table is gone."""
    query(bench.target_url, _STANDING)
    source = make_source(tmp_path / "s.db", _SOURCE)
    run_id = merge(bench, {"old": source}, [{"from": "item", "on_conflict": "keep_source"}])
    query(bench.target_url, "drop table item")

    _undo_without_the_lease(bench, run_id)

    assert [(None,)] == query(
        bench.target_url, "select undone from fordway.merged_row where before is not null"
    )
