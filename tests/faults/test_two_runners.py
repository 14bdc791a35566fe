"""One run, several runners: exactly one writes, and a runner that lost its lease writes nothing."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.guidance.fault_catalogue import fault_of_error
from engine.model.errors import LeaseLost, ServerBusy
from engine.model.run import Step
from engine.moving.copy_chunk import copy_chunk
from engine.stores.ledger import Ledger
from engine.stores.target_session import TargetSession
from tests.fix_runs import (
    BIG_COLUMNS,
    Bench,
    CommandLine,
    assert_same_rows,
    latest_run,
    make_big_source,
    make_source,
    query,
    value,
)

pytestmark = pytest.mark.faults

_ITEMS = (
    "create table item (id integer primary key, name text); insert into item values (1, 'one'), (2, 'two');"
)


def _take_over(ledger: Ledger, run_id: str) -> int | None:
    return ledger.leases.take(run_id, owner="other", host="elsewhere", pid=2, seconds=60, dead_owner="test")


def test_two_runners_started_at_once_on_one_run_one_writes_the_other_says_why(
    fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """The loser ends with one sentence and code 1; every batch carries the winner's epoch."""
    source = make_big_source(tmp_path / "people.db", rows=60_000)
    asked = fordway.run("run", _playbook(tmp_path, source), "--json")
    assert asked.code == 4, asked.err
    run_id = latest_run(target_url)

    both = [fordway.start("resume", run_id, "--yes", "--json") for _ in range(2)]
    done = sorted((fordway.finish(one) for one in both), key=lambda one: one.code)

    assert [0, 1] == [one.code for one in done], [one.err for one in done]
    loser = done[1]
    assert "Another runner owns this run" in loser.err
    assert "Traceback" not in loser.err
    assert 1 == len(loser.events("error"))
    assert 1 == len(query(target_url, "select distinct epoch from fordway.chunk where pass = 'move'"))
    assert_same_rows(source, target_url, "person", BIG_COLUMNS, key="id")
    doubled = "select number from fordway.event where kind = 'chunk_committed' group by number, body ->> 'chunk', body ->> 'table' having count(*) > 1"
    assert [] == query(target_url, doubled)


def _playbook(folder: Path, source: Path) -> Path:
    path = folder / "two.yaml"
    path.write_text(
        f"playbook: two\ntitle: Two runners\nsources:\n  legacy: {source}\ndefaults:\n  names: keep\n",
        "utf-8",
    )
    return path


def test_chunk_of_a_runner_whose_lease_was_taken_over_writes_nothing(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """The older epoch's transaction fails inside PostgreSQL, after the new owner has begun."""
    run = bench.planned(make_source(tmp_path / "s.db", _ITEMS))
    assert _take_over(bench.ledger, run.run_id) == run.epoch + 1
    tools, target = run.tools(), TargetSession(target_url, purpose="zombie")

    with pytest.raises(LeaseLost, match="Another runner took over"):
        copy_chunk(run.task(1), target=target, **tools)

    assert 0 == value(target_url, "select count(*) from item")
    assert [("pending",)] == query(target_url, "select state from fordway.chunk")
    assert 0 == value(target_url, "select count(*) from fordway.event where kind = 'chunk_committed'")
    moved = copy_chunk(run.task(1, epoch=run.epoch + 1), target=target, **tools)
    assert moved is not None
    assert 2 == value(target_url, "select count(*) from item")
    target.close()
    tools["source"].close()


def test_takeover_waits_for_the_open_chunk_which_then_counts(
    bench: Bench, tmp_path: Path, target_url: str, eventually: Callable[..., None]
) -> None:
    """A chunk past its epoch check commits whole before anyone else gets the next epoch."""
    run = bench.planned(make_source(tmp_path / "s.db", _ITEMS))
    tools, target = run.tools(), TargetSession(target_url, purpose="old runner")
    other = Ledger(target_url, purpose="new runner")
    taken: list[int | None] = []
    thread = threading.Thread(target=lambda: taken.append(_take_over(other, run.run_id)))
    waiting = "select count(*) from pg_stat_activity where application_name = 'fordway new runner' and wait_event_type = 'Lock' and datname = current_database()"

    def take_over_now() -> None:
        thread.start()
        eventually(lambda: value(target_url, waiting) == 1)
        assert taken == []

    moved = copy_chunk(run.task(1), target=target, before_commit=take_over_now, **tools)
    thread.join(timeout=10)

    assert moved is not None
    assert [run.epoch + 1] == taken
    assert [("committed", run.epoch)] == query(target_url, "select state, epoch from fordway.chunk")
    for opened in (target, other, tools["source"]):
        opened.close()


def test_heartbeat_goes_through_while_a_chunk_is_open(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """A long batch never costs its own runner the lease."""
    run = bench.planned(make_source(tmp_path / "s.db", _ITEMS))
    tools, target = run.tools(), TargetSession(target_url, purpose="runner")
    before = value(target_url, "select expires_at from fordway.lease")

    copy_chunk(
        run.task(1),
        target=target,
        before_commit=lambda: bench.ledger.leases.renew(
            run.run_id, owner="test", epoch=run.epoch, seconds=600
        ),
        **tools,
    )

    assert value(target_url, "select expires_at from fordway.lease") > before
    target.close()
    tools["source"].close()


def test_runner_of_a_run_someone_else_holds_takes_nothing(bench: Bench, tmp_path: Path) -> None:
    """A living lease on another machine is respected, and the sentence names that machine."""
    run = bench.planned(make_source(tmp_path / "s.db", _ITEMS))

    with pytest.raises(ServerBusy, match=re.escape("process 1 on test")):
        bench.work(run.run_id, {"source": run.source})


def test_lease_that_expired_is_taken_with_the_next_epoch(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Nobody waits longer for a silent machine than its lease lasts."""
    run = bench.planned(make_source(tmp_path / "s.db", _ITEMS))
    query(target_url, "update fordway.lease set expires_at = now() - interval '1 second'")

    state = bench.work(run.run_id, {"source": run.source})

    assert "complete" == state
    assert [(run.epoch + 1,)] == query(target_url, "select epoch from fordway.lease")


@pytest.mark.fault("R403")
def test_runner_whose_lease_is_taken_in_the_middle_stops_and_hurts_nobody(
    bench: Bench, tmp_path: Path, target_url: str, eventually: Callable[..., None]
) -> None:
    """It leaves the run's state to the new owner and ends with LeaseLost."""
    source = make_big_source(tmp_path / "people.db", rows=100_000)
    run = bench.planned(source, batch_rows=1_000)
    query(target_url, "update fordway.lease set expires_at = now() - interval '1 second'")
    failed: list[LeaseLost] = []
    own = Bench(target_url, bench.redis_url, Ledger(target_url, purpose="old runner"))

    def work() -> None:
        try:
            asyncio.run(own.runner(run.run_id, {"source": str(source)}).run())
        except LeaseLost as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    committed = "select count(*) from fordway.chunk where state = 'committed'"
    eventually(lambda: value(target_url, committed) >= 3, seconds=20)
    query(target_url, "update fordway.lease set epoch = epoch + 1, owner = 'other', host = 'elsewhere'")
    after = value(target_url, committed)
    thread.join(timeout=30)

    assert ["R403"] == [fault_of_error(error, Step.MOVE).code for error in failed]
    assert after == value(target_url, committed)
    assert "running" == str(bench.ledger.runs.read(run.run_id).state)
    own.ledger.close()
