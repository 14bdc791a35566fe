"""Partitions that were taken out of their table since the run, while others work on them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from engine.stores.target_session import TargetSession
from engine.stores.target_undo import TargetUndo
from engine.undoing import remove_rows
from engine.undoing.undo_run import undo_run
from engine.undoing.undo_site import UndoSite
from tests.fix_runs import Bench, in_schema, query, value

_LOG = """
create schema old;
create table old.log (id int not null, day date not null, primary key (id, day)) partition by range (day);
create table old.log_2023 partition of old.log for values from ('2023-01-01') to ('2024-01-01');
insert into old.log select i, date '2023-06-01' from generate_series(1, 2000) as i;
"""
_WAITING = """
select count(*) from pg_stat_activity
where application_name = 'fordway undo' and wait_event_type = 'Lock' and datname = current_database()
"""


def _detached(bench: Bench) -> str:
    query(bench.target_url, _LOG)
    run_id = bench.copy(in_schema(bench.target_url, "old"))
    query(bench.target_url, "alter table log detach partition log_2023")
    return run_id


def test_undo_leaves_a_strangers_table_that_took_a_partitions_name_while_it_waited(
    bench: Bench, eventually: Callable[..., None]
) -> None:
    """The name is looked up before the lock is had, and may be another's after."""
    run_id = _detached(bench)
    with ThreadPoolExecutor(1) as pool:
        with psycopg.connect(bench.target_url) as other:
            other.execute("alter table public.log_2023 rename to log_old")
            other.execute("create table public.log_2023 (id int)")
            state = pool.submit(bench.undo, run_id)
            eventually(lambda: value(bench.target_url, _WAITING) == 1, seconds=20)

        assert "undone" == state.result()
    assert "log_2023" == value(bench.target_url, "select to_regclass('log_2023')::text")
    left = value(bench.target_url, "select to_regclass('log_old')::text")
    assert not left or 0 == value(bench.target_url, "select count(*) from log_old")


def test_undo_stopped_while_it_empties_a_partition_goes_on_and_counts_each_row_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some blocks a transaction: what is out is counted with it, and stays out."""
    run_id = _detached(bench)
    query(bench.target_url, "insert into log_2023 values (9999, '2023-06-01')")
    monkeypatch.setattr(remove_rows, "BLOCKS_AT_ONCE", 1)
    advance, calls = TargetUndo.advance_table, iter(range(3))

    def stop_at_the_third(*arguments: Any, **values: Any) -> None:  # noqa: ANN401 - whatever comes
        if next(calls) == 2:
            raise KeyboardInterrupt
        advance(*arguments, **values)

    with monkeypatch.context() as patch:
        patch.setattr(TargetUndo, "advance_table", staticmethod(stop_at_the_third))
        with pytest.raises(KeyboardInterrupt):
            _undo_here(bench, run_id)
    half = 2001 - value(bench.target_url, "select count(*) from log_2023")
    assert (True, half) == (
        0 < half < 2000,
        value(bench.target_url, "select rows_removed from fordway.undo_progress"),
    )

    state = bench.undo(run_id)

    assert "undone" == state
    assert [(9999,)] == query(bench.target_url, "select id from log_2023")
    assert 2000 == value(bench.target_url, "select rows_removed from fordway.undo_progress")


def _undo_here(bench: Bench, run_id: str) -> None:
    plan = bench.ledger.runs.plan(run_id).plan
    epoch = bench.ledger.leases.take(run_id, owner="test", host="test", pid=1, seconds=60)
    assert plan is not None
    assert epoch is not None
    target = TargetSession(bench.target_url, purpose="undo")
    try:
        undo_run(
            UndoSite(
                run_id=run_id,
                epoch=epoch,
                plan=plan,
                ledger=bench.ledger,
                target=target,
                emit=lambda _: None,
            )
        )
    finally:
        target.close()
        bench.ledger.leases.release(run_id, owner="test", epoch=epoch)
