from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from console.embedded import EmbeddedServices, ServicePids, acquire

pytestmark = pytest.mark.faults

_HOLDER = """
import sys, time
from pathlib import Path
from console.embedded import acquire
services = acquire(Path(sys.argv[1]))
pids = services.pids()
print(pids.keeper, pids.postgres, pids.redis, flush=True)
sys.stdin.read()
services.release()
"""


@pytest.fixture
def start_holder(data_dir: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts processes that hold the services until their stdin is closed or they are killed."""
    holders: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        holder = subprocess.Popen(
            [sys.executable, "-c", _HOLDER, str(data_dir)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        holders.append(holder)
        return holder

    yield start
    for holder in holders:
        with holder:
            holder.kill()


def _pids(holder: subprocess.Popen[str]) -> ServicePids:
    assert holder.stdout is not None
    keeper, postgres, redis = (int(word) for word in holder.stdout.readline().split())
    return ServicePids(keeper=keeper, postgres=postgres, redis=redis)


def _is_alive(pid: int | None) -> bool:
    assert pid is not None
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _living(pids: ServicePids) -> int:
    return sum(_is_alive(pid) for pid in (pids.keeper, pids.postgres, pids.redis))


def _kill(pid: int | None) -> None:
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def test_services_when_the_last_holder_is_killed_are_gone_in_three_seconds(
    start_holder: Callable[[], subprocess.Popen[str]], eventually: Callable[..., None]
) -> None:
    """kill -9 of the only holder leaves no process behind."""
    holder = start_holder()
    pids = _pids(holder)
    assert _living(pids) == 3

    holder.kill()

    eventually(lambda: _living(pids) == 0, seconds=3)


def test_services_when_one_of_two_holders_is_killed_stay(
    start_holder: Callable[[], subprocess.Popen[str]], eventually: Callable[..., None]
) -> None:
    """Another holder keeps the same processes up; they go with it."""
    first, second = start_holder(), start_holder()
    pids = _pids(first)
    same = _pids(second)

    first.kill()
    time.sleep(1.2)  # two looks of the keeper's: long enough to do the wrong thing

    assert pids == same
    assert _living(pids) == 3
    second.communicate("")
    eventually(lambda: _living(pids) == 0, seconds=3)


def test_holders_that_start_at_once_share_one_keeper(
    start_holder: Callable[[], subprocess.Popen[str]],
) -> None:
    """Four cold starts in the same instant end with one keeper and one pair of servers."""
    holders = [start_holder() for _ in range(4)]

    found = {_pids(holder) for holder in holders}

    assert len(found) == 1


def test_holder_that_arrives_while_services_end_gets_fresh_ones(
    start_holder: Callable[[], subprocess.Popen[str]], eventually: Callable[..., None]
) -> None:
    """Holders that come and go in quick succession always get servers that answer."""
    for _ in range(6):
        holder = start_holder()
        pids = _pids(holder)
        assert _living(pids) == 3
        holder.communicate("")
        time.sleep(0.1)

    eventually(lambda: _living(pids) == 0, seconds=3)


def test_postgres_killed_is_restarted_with_what_was_committed(
    own_services: EmbeddedServices, eventually: Callable[..., None]
) -> None:
    """kill -9 of PostgreSQL: it is back at the same URL, with every committed row."""
    with psycopg.connect(str(own_services.target_url)) as connection:
        connection.execute("create table kept as select generate_series(1, 1000) as number")
    before = own_services.pids()

    _kill(before.postgres)
    eventually(lambda: own_services.pids().postgres not in (None, before.postgres), seconds=15)

    with psycopg.connect(str(own_services.target_url)) as connection:
        assert connection.execute("select count(*) from kept").fetchone() == (1000,)
    assert own_services.pids().redis == before.redis


def test_redis_killed_is_restarted(own_services: EmbeddedServices, eventually: Callable[..., None]) -> None:
    """kill -9 of Redis: it is back at the same URL."""
    before = own_services.pids()

    _kill(before.redis)

    eventually(lambda: own_services.pids().redis not in (None, before.redis))


def test_keeper_killed_is_followed_by_one_that_adopts_the_servers(
    own_services: EmbeddedServices, data_dir: Path, eventually: Callable[..., None]
) -> None:
    """The next holder's keeper takes the running servers over; nobody notices."""
    before = own_services.pids()
    _kill(before.keeper)
    eventually(lambda: not _is_alive(before.keeper))

    with acquire(data_dir) as second:
        after = second.pids()

    assert after.keeper != before.keeper
    assert (after.postgres, after.redis) == (before.postgres, before.redis)


def test_keeper_killed_and_nobody_new_leaves_nothing_after_release(
    own_services: EmbeddedServices, eventually: Callable[..., None]
) -> None:
    """Even without another holder the servers of a killed keeper end with the last one."""
    before = own_services.pids()
    _kill(before.keeper)
    eventually(lambda: not _is_alive(before.keeper))

    own_services.release()

    eventually(lambda: _living(before) == 0, seconds=5)


def test_everything_killed_comes_up_again_when_renewed(
    own_services: EmbeddedServices, eventually: Callable[..., None]
) -> None:
    """Keeper and both servers killed at once: the holder gets them back, rows and all."""
    with psycopg.connect(str(own_services.target_url)) as connection:
        connection.execute("create table kept as select 7 as number")
    before = own_services.pids()
    for pid in (before.keeper, before.postgres, before.redis):
        _kill(pid)
    eventually(lambda: _living(before) == 0)

    own_services.renew()

    with psycopg.connect(str(own_services.target_url)) as connection:
        assert connection.execute("select number from kept").fetchone() == (7,)


def test_keeper_terminated_stops_its_servers_cleanly(
    own_services: EmbeddedServices, eventually: Callable[..., None]
) -> None:
    """SIGTERM to the keeper ends all three; PostgreSQL writes its last checkpoint."""
    before = own_services.pids()
    assert before.keeper is not None

    os.kill(before.keeper, signal.SIGTERM)

    eventually(lambda: _living(before) == 0)
    assert "database system is shut down" in (own_services.state_dir / "postgres.log").read_text("utf-8")


def test_holder_forked_child_does_not_keep_the_services_up(
    data_dir: Path, eventually: Callable[..., None]
) -> None:
    """A worker forked from a holder holds nothing of its own."""
    services = acquire(data_dir)
    pids = services.pids()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writer)
        os.read(reader, 1)  # until the parent is done
        os._exit(0)
    try:
        services.release()

        eventually(lambda: _living(pids) == 0, seconds=5)
    finally:
        os.close(writer)
        os.close(reader)
        os.waitpid(child, 0)
