"""kill -9 of the runner, of its workers, and of a process between COPY and commit (issue 2)."""

from __future__ import annotations

import fcntl
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from engine.moving.copy_chunk import copy_chunk
from engine.stores.target_session import TargetSession
from tests.fix_runs import (
    BIG_COLUMNS,
    BIG_ROWS,
    Bench,
    CommandLine,
    Finished,
    assert_same_rows,
    by_batches,
    chunk_rows,
    command_line,
    journal_numbers,
    latest_run,
    make_big_source,
    make_source,
    query,
    schema_of,
    value,
    worker_processes,
)
from tests.fix_services import Servers, _fresh_database

pytestmark = [pytest.mark.faults, pytest.mark.slow]

_SEED = 20260102
_KILLS = 10
"""Kills a run; `make soak` has a second run of as many."""
_STAGE = """
select
    (select count(*) from fordway.chunk where pass = 'move' and state = 'committed'),
    coalesce((select 2 from fordway.step where step_key = 'verify'),
             (select 1 from fordway.step where step_key = 'index'), 0)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undisturbed:
    """What a run leaves that nobody killed."""

    schema: list[tuple[Any, ...]]
    chunks: list[tuple[Any, ...]]


@pytest.fixture(scope="session")
def undisturbed(servers: Servers, big_source: Path) -> Undisturbed:
    """The same move in peace, made by the first worker that asks and kept for the others."""
    folder = Path(os.environ["FORDWAY_TEST_SESSION_DIR"]) / "calm"
    folder.mkdir(exist_ok=True)
    kept = folder / "undisturbed.pickle"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            redis_url = f"{servers.redis_url.partition('?')[0]}?db=9"
            with (
                _fresh_database(servers.admin_url, "calm") as url,
                command_line(url, redis_url, folder / "cli") as line,
            ):
                done = line.run(*by_batches(big_source, url, rows=500, folder=folder), "--json")
                assert done.code == 0, done.err
                calm = Undisturbed(schema=schema_of(url), chunks=chunk_rows(url, latest_run(url)))
            kept.write_bytes(pickle.dumps((calm.schema, calm.chunks)))
    schema, chunks = pickle.loads(kept.read_bytes())
    return Undisturbed(schema=schema, chunks=chunks)


def _instants(part: int) -> list[tuple[str, float, float]]:
    """Where to kill: ``chunks`` with a count or ``stage`` with its number, and seconds more to wait."""
    chance = random.Random(_SEED + part)
    early = [("stage", -1.0, chance.uniform(0.3, 2.0))]
    late = [("stage", 1.0, chance.uniform(0, 0.1))]
    late += [("stage", 2.0, chance.uniform(0, 0.6)) for _ in range(2)]
    inside = sorted(chance.randrange(0, 360) for _ in range(_KILLS + 1 - len(early) - len(late)))
    return early + [("chunks", float(count), chance.uniform(0, 0.05)) for count in inside] + late


def _wait_for(url: str, process: subprocess.Popen[str], kind: str, mark: float) -> None:
    """Returns at the instant the ledger shows the mark, or when the command has ended."""
    deadline = time.monotonic() + 60
    with psycopg.connect(url, autocommit=True) as connection:
        while process.poll() is None and mark >= 0:
            assert time.monotonic() < deadline
            if connection.execute("select to_regclass('fordway.step')").fetchone() != (None,):
                committed, stage = connection.execute(_STAGE).fetchone() or (0, 0)
                if (committed if kind == "chunks" else stage) >= mark:
                    return


def _resume_to_the_end(line: CommandLine, run_id: str) -> Finished:
    done = line.run("resume", run_id, "--json")
    assert done.code == 0, done.err
    return done


def _assert_as_undisturbed(url: str, source: Path, calm: Undisturbed) -> None:
    run_id = latest_run(url)
    assert_same_rows(source, url, "person", BIG_COLUMNS, key="id")
    assert_same_rows(source, url, "visit", ("person_id", "day"), key="person_id, day")
    assert calm.chunks == chunk_rows(url, run_id)
    assert calm.schema == schema_of(url)
    numbers = journal_numbers(url, run_id)
    assert list(range(1, len(numbers) + 1)) == numbers
    told = query(
        url,
        "select body ->> 'table', (body ->> 'chunk')::int from fordway.event"
        " where kind = 'chunk_committed' order by 1, 2",
    )
    assert sorted((table, number) for _, number, table, *_ in calm.chunks) == told


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", range(2 if "FORDWAY_TEST_SOAK" in os.environ else 1))
def test_runner_killed_at_random_instants_resumes_to_every_row_once(
    part: int,
    big_source: Path,
    fordway: CommandLine,
    target_url: str,
    undisturbed: Undisturbed,
    tmp_path: Path,
) -> None:
    """Ten kills in one run, from before the first batch to verification: the result is an undisturbed run's."""
    killed = 0
    process = fordway.start(*by_batches(big_source, target_url, rows=500, folder=tmp_path), "--json")
    for kind, mark, extra in _instants(part):
        _wait_for(target_url, process, kind, mark)
        time.sleep(extra)  # the instant itself is what is tested, not a state that is waited for
        if process.poll() is None:
            killed += 1
        process.send_signal(signal.SIGKILL)
        process.wait()
        is_made = value(target_url, "select to_regclass('fordway.run')") is not None
        if is_made and query(target_url, "select 1 from fordway.run"):
            process = fordway.start("resume", latest_run(target_url), "--json")
        else:
            process = fordway.start(*by_batches(big_source, target_url, rows=500, folder=tmp_path), "--json")

    last = fordway.finish(process)
    assert 0 == last.code, last.err
    assert killed >= _KILLS  # the last instant may find the run complete
    assert "complete" == last.last["state"]
    assert [BIG_ROWS, BIG_ROWS // 1000] == [table["written"] for table in last.last["tables"]]
    _assert_as_undisturbed(target_url, big_source, undisturbed)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60,000 rows in 120 batches, for two workers."""
    return make_big_source(tmp_path_factory.mktemp("people") / "people.db", rows=60_000)


def _assert_every_row_once(url: str, source: Path) -> None:
    run_id = latest_run(url)
    assert_same_rows(source, url, "person", BIG_COLUMNS, key="id")
    numbers = journal_numbers(url, run_id)
    assert list(range(1, len(numbers) + 1)) == numbers
    told = query(
        url,
        "select count(*), count(distinct (body ->> 'table', body ->> 'chunk'))"
        " from fordway.event where kind = 'chunk_committed'",
    )
    chunks = len(chunk_rows(url, run_id))
    assert [(chunks, chunks)] == told


def test_workers_killed_in_a_pool_of_two_cost_nothing(
    people: Path, fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """A pool whose worker dies is rebuilt; the batch it held is moved again, once."""
    process = fordway.start(
        *by_batches(people, target_url, rows=40, folder=tmp_path), "--json", "--workers", "2"
    )
    _wait_for(target_url, process, "chunks", 5)
    workers = worker_processes(process.pid)
    assert len(workers) == 2

    workers[0].send_signal(signal.SIGKILL)

    done = fordway.finish(process)
    assert 0 == done.code, done.err
    assert {"A worker process died"} == {line["cause"] for line in done.events("chunk_retried")}
    _assert_every_row_once(target_url, people)


def test_worker_killed_while_rows_are_compared_costs_nothing(
    people: Path, fordway: CommandLine, target_url: str, eventually: Callable[..., None], tmp_path: Path
) -> None:
    """What the dead worker compared is compared again: the run asks nobody and every table is proven."""
    process = fordway.start(
        *by_batches(people, target_url, rows=40, folder=tmp_path), "--json", "--workers", "2"
    )
    compared = "select count(*) from fordway.chunk_check"
    _wait_for(target_url, process, "stage", 2)
    eventually(lambda: value(target_url, compared) > 20, seconds=30)

    worker_processes(process.pid)[0].send_signal(signal.SIGKILL)

    done = fordway.finish(process)
    assert 0 == done.code, done.err
    assert {"proven"} == {table["strength"] for table in done.last["tables"]}


def test_runner_killed_with_a_pool_of_two_leaves_no_worker_behind(
    people: Path, fordway: CommandLine, target_url: str, eventually: Callable[..., None], tmp_path: Path
) -> None:
    """Workers end with their runner, and the next one goes on from the last batch."""
    process = fordway.start(
        *by_batches(people, target_url, rows=40, folder=tmp_path), "--json", "--workers", "2"
    )
    _wait_for(target_url, process, "chunks", 3)
    family = psutil.Process(process.pid).children(recursive=True)
    assert family

    process.send_signal(signal.SIGKILL)
    process.wait()

    eventually(lambda: not [p for p in family if _is_alive(p)], seconds=10)
    _resume_to_the_end(fordway, latest_run(target_url))
    _assert_every_row_once(target_url, people)


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


_SUICIDE = """
import os, pickle, signal, sys
from engine.moving.copy_chunk import copy_chunk
from engine.moving.encode_rows import RowEncoder
from engine.stores.open_source import open_source
from engine.stores.target_session import TargetSession
from datetime import datetime, timezone
task, url, path = pickle.loads(sys.stdin.buffer.read())
source = open_source("source", path)
copy_chunk(
    task, source=source, target=TargetSession(url, purpose="test"),
    encoder=RowEncoder(task.table, engine=source.engine, run_time=datetime.now(timezone.utc)),
    before_commit=lambda: os.kill(os.getpid(), signal.SIGKILL),
)
"""


def test_chunk_killed_between_copy_and_commit_leaves_nothing(
    bench: Bench, tmp_path: Path, target_url: str, eventually: Callable[..., None]
) -> None:
    """Rows, quarantine, checkpoint and journal entry are one transaction: none of them is there."""
    source = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, name text);"
        "insert into item values (1, 'one'), (2, 'has' || char(0) || 'nul'), (3, 'three');",
    )
    run = bench.planned(source)
    before = journal_numbers(target_url, run.run_id)

    died = subprocess.run(
        [sys.executable, "-c", _SUICIDE],
        input=pickle.dumps((run.task(1), target_url, str(source))),
        check=False,
    )

    assert -signal.SIGKILL == died.returncode
    # The server notices a dead client when it next reads; its locks are gone then.
    idle = "select count(*) from pg_stat_activity where application_name = 'fordway test' and datname = current_database() and state <> 'idle'"
    eventually(lambda: value(target_url, idle) == 0)
    counts = "select (select count(*) from item), (select count(*) from fordway.quarantine), (select sum(rows_read)::int from fordway.chunk)"
    assert [(0, 0, 0)] == query(target_url, counts)
    assert before == journal_numbers(target_url, run.run_id)
    with_tools = run.tools()
    target = TargetSession(target_url, purpose="test")
    again = copy_chunk(run.task(1), target=target, **with_tools)
    twice = copy_chunk(run.task(1), target=target, **with_tools)
    target.close()
    with_tools["source"].close()
    assert again is not None
    assert twice is None
    assert [(2, 1, 3)] == query(target_url, counts)
