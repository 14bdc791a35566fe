"""Faults of servers in the middle of a batch, caused for real: told by their name, healed or asked about, no row lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from engine.stores.ledger import Ledger
from tests.fix_faults import Met, meet
from tests.fix_held import IN_THIS_DATABASE, ITEM, ITEMS, count, held_run, items, trigger
from tests.fix_runs import Bench, query, value
from tests.fix_wire import wired

_HELD = ITEM + trigger()


def _ends_well(met: Met) -> None:
    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert {"item": (200, 200, 0, 0, 0)} == met.counts()
    assert 200 == count(met.bench)


# --- healed by trying again --------------------------------------------------------------------


@pytest.mark.fault("R301")
def test_wire_that_is_cut_in_the_middle_of_a_batch_costs_one_try(
    bench: Bench, tmp_path: Path, redis_url: str
) -> None:
    """Every connection of the run is reset at once; the run goes on over new ones."""
    with wired(bench.target_url) as wire:
        far = Bench(wire.url, redis_url, Ledger(wire.url, purpose="test", has_answered=True))
        met = held_run(far, {"old": items(tmp_path)}, ITEMS, target=_HELD, sabotage=lambda _: wire.cut())

        assert "R301" in met.retried
        _ends_well(met)
        far.ledger.close()


@pytest.mark.fault("R302")
def test_session_ended_by_an_administrator_costs_one_try(bench: Bench, tmp_path: Path) -> None:
    """A restart ends sessions just so; the batch is written by another one."""
    met = held_run(
        bench,
        {"old": items(tmp_path)},
        ITEMS,
        target=_HELD,
        sabotage=lambda pid: query(bench.target_url, "select pg_terminate_backend(%s)", [pid]),  # type: ignore[arg-type, return-value]  # what it returns does not matter
    )

    assert ["R302"] == met.retried
    _ends_well(met)


@pytest.mark.fault("R306")
def test_statement_cancelled_by_somebody_costs_one_try(bench: Bench, tmp_path: Path) -> None:
    """As a time limit of the server does."""
    met = held_run(
        bench,
        {"old": items(tmp_path)},
        ITEMS,
        target=_HELD,
        sabotage=lambda pid: query(bench.target_url, "select pg_cancel_backend(%s)", [pid]),  # type: ignore[arg-type, return-value]  # what it returns does not matter
    )

    assert ["R306"] == met.retried
    _ends_well(met)


@pytest.mark.fault("R304")
def test_deadlock_with_another_program_costs_one_try_and_halves_the_batch(
    bench: Bench, tmp_path: Path
) -> None:
    """Each waits for what the other has, and the server ends ours."""
    url = bench.target_url
    met = _beside(
        bench,
        tmp_path,
        trigger(
            "perform pg_advisory_xact_lock(1); perform pg_advisory_xact_lock(4711);"
            " perform pg_advisory_xact_lock(2);"
        ),
        before="select pg_advisory_xact_lock(2)",
        within="select pg_advisory_xact_lock(1)",
        is_there=lambda: value(
            url,
            "select count(*) from pg_locks where locktype = 'advisory' and objid = 2 and not granted"
            f" and {IN_THIS_DATABASE}",
        ),
    )

    assert ["R304"] == met.retried
    retried = met.events("chunk_retried")[0]
    assert (50, 25) == (retried.rows_before, retried.rows_after)
    _ends_well(met)


@pytest.mark.fault("R305")
def test_lock_that_another_session_keeps_costs_a_try(bench: Bench, tmp_path: Path) -> None:
    """The batch waits for it no longer than the limit, here of a tenth of a second, and is tried again."""
    met = _beside(
        bench,
        tmp_path,
        "create table aside (id integer);"
        + trigger(
            "perform set_config('lock_timeout', '100ms', true); lock table aside in share mode;"
            " perform set_config('lock_timeout', '30s', true);"
        ),
        before="lock table aside in exclusive mode",
        within="select 1",
        is_there=lambda: value(
            bench.target_url, "select count(*) from fordway.event where kind = 'chunk_retried'"
        ),
    )

    assert {"R305"} == set(met.retried)
    _ends_well(met)


@pytest.mark.fault("R307")
def test_row_that_moved_to_another_partition_meanwhile_costs_one_try(bench: Bench, tmp_path: Path) -> None:
    """The server can't follow it there, and says that the work has to be done again."""
    met = _beside(
        bench,
        tmp_path,
        "create table part (k integer, n integer) partition by list (k);"
        "create table part_1 partition of part for values in (1);"
        "create table part_2 partition of part for values in (2);"
        "insert into part values (1, 0);" + trigger("update part set n = n + 1;"),
        before="update part set k = 2",
        within="select 1",
        is_there=lambda: value(
            bench.target_url,
            "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
        ),
    )

    assert ["R307"] == met.retried
    _ends_well(met)


def _beside(
    bench: Bench, tmp_path: Path, target: str, *, before: str, within: str, is_there: Callable[[], object]
) -> Met:
    """A run beside another program that began a transaction and ends it once the batch meets it."""
    query(bench.target_url, ITEM + target)
    with psycopg.connect(bench.target_url) as other:
        other.execute(before)  # type: ignore[call-overload]  # a test's own text

        def end() -> None:
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline and not is_there():
                time.sleep(0.02)
            other.execute(within)  # type: ignore[call-overload]  # a test's own text
            other.commit()

        thread = threading.Thread(target=end)
        thread.start()
        try:
            return meet(bench, {"old": items(tmp_path)}, ITEMS)
        finally:
            thread.join()
