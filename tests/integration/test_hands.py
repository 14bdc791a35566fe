"""Who works on chunks: the runner's own process, others, or both."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime

import psutil
import pytest

from engine.hands.kit import HandsSetup, Kit
from engine.hands.pool import Hands


def work(_kit: Kit, seconds: float) -> int:
    """Who worked, after a while."""
    time.sleep(seconds)
    return os.getpid()


@contextmanager
def _hands(workers: int, *, is_helping: bool) -> Iterator[Hands]:
    setup = HandsSetup(target_url="postgresql://nowhere", source_urls={}, run_time=datetime.now(UTC))
    with closing(Hands(setup, workers=workers, is_helping=is_helping)) as hands:
        yield hands


@pytest.mark.parametrize(
    ("workers", "is_helping", "own", "others"),
    [(1, False, True, 0), (1, True, True, 0), (2, False, False, 2), (2, True, True, 1)],
)
def test_there_are_no_more_hands_than_asked_for(
    workers: int, is_helping: bool, own: bool, others: int
) -> None:
    """One is this process where it is the only one, or helps the others."""
    with _hands(workers, is_helping=is_helping) as hands:
        futures: list[Future[int]] = [hands.submit(work, 0.3) for _ in range(6)]
        pids = {future.result() for future in futures}
    assert (os.getpid() in pids, bool(pids - {os.getpid()})) == (own, bool(others))
    assert len(pids - {os.getpid()}) <= others


def test_this_process_is_at_work_while_the_others_still_start() -> None:
    """A process takes longer to start than a small chunk takes."""
    with _hands(3, is_helping=True) as hands:
        futures: list[Future[int]] = [hands.submit(work, 0.0) for _ in range(3)]
        first, _ = wait(futures, return_when="FIRST_COMPLETED")
        assert {future.result() for future in first} == {os.getpid()}


def test_new_processes_take_over_from_dead_ones() -> None:
    """And this process helps no more: what killed them shall not kill the runner."""
    with _hands(2, is_helping=True) as hands:
        before = {hands.submit(work, 0.2).result() for _ in range(2)} | {
            future.result() for future in [hands.submit(work, 0.2) for _ in range(2)]
        }
        hands.rebuild()
        after = {future.result() for future in [hands.submit(work, 0.2) for _ in range(4)]}
    assert os.getpid() in before
    assert not before & after


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("victim", [0, 1])
def test_a_worker_killed_while_all_end_does_not_keep_another_from_ending(victim: int) -> None:
    """One of two that wait has the lock of the queue, and dies with it."""
    with _hands(2, is_helping=False) as hands:
        pids: set[int] = set()
        while len(pids) < 2:
            futures: list[Future[int]] = [hands.submit(work, 0.2) for _ in range(4)]
            pids |= {future.result() for future in futures}
        time.sleep(0.2)  # both wait for work
        pid = sorted(pids)[victim]
        os.kill(pid, signal.SIGSTOP)
        killing = threading.Timer(1.0, _kill, [pid])
        killing.start()
    killing.join()
    assert not any(psutil.pid_exists(pid) for pid in pids)
