"""Where chunks are worked on: one thread by default, processes when more hands are asked for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import TypeVar

from engine.hands.kit import HandsSetup, Kit

__all__ = ["Hands", "hands_that_suit"]

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")
Work = Callable[[Kit, _Task], _Result]
"""A function of a module's top level: a worker process finds it by its name."""

_ROWS_A_HAND = 500_000
"""Moved or compared in about a second; for fewer a process takes longer to start than it helps."""
_SETUP: HandsSetup | None = None
_LOCAL = threading.local()
_PARENT_CHECK_SECONDS = 0.5


def _begin(setup: HandsSetup, parent: int) -> None:
    """Runs in a new worker process; it must not outlive the runner that owns the lease.

    Args:
        setup: what to open connections with.
        parent: the runner's pid, told rather than asked for: it may be dead by now.
    """
    global _SETUP
    # Ctrl-C reaches the whole group; the runner alone decides when workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _SETUP = setup

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_PARENT_CHECK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="parent-watch").start()


def _work_in_process(work: Work[_Task, _Result], task: _Task) -> _Result:
    assert _SETUP is not None
    if not hasattr(_LOCAL, "kit"):
        _LOCAL.kit = Kit(_SETUP)
    kit: Kit = _LOCAL.kit
    return work(kit, task)


def hands_that_suit(rows: int, *, spare: int = 1) -> int:
    """How many workers so many rows are worth, where nobody says.

    Args:
        rows: of the whole plan.
        spare: cores left for the server, the runner and the operator.
    """
    cores = (os.cpu_count() or 1) - spare
    return max(1, min(cores, -(-rows // _ROWS_A_HAND)))


class Hands:
    """Hands tasks to an executor; ``concurrent.futures`` is the seam for other machines."""

    def __init__(self, setup: HandsSetup, *, workers: int, is_helping: bool = False) -> None:
        """Starts nothing until the first task comes.

        Args:
            setup: what to open connections with.
            workers: how many; one is a thread of this process, several are processes.
            is_helping: one of several is a thread of this process too, and at work while the
                others still start.
        """
        self.workers = max(1, workers)
        self._setup = setup
        self._has_own = is_helping or self.workers == 1
        self._own: tuple[Kit, ThreadPoolExecutor] | None = None
        self._others: ProcessPoolExecutor | None = None
        self._own_open: list[Future[object]] = []
        self._others_open: list[Future[object]] = []

    def submit(self, work: Work[_Task, _Result], task: _Task) -> Future[_Result]:
        """The task is under way."""
        if self._is_own_turn():
            self._own = self._own or (
                Kit(self._setup),
                ThreadPoolExecutor(max_workers=1, thread_name_prefix="chunks"),
            )
            kit, own = self._own
            future = own.submit(work, kit, task)
            self._own_open.append(future)  # type: ignore[arg-type]  # only asked whether it is done
            return future
        self._others = self._others or self._open()
        future = self._others.submit(_work_in_process, work, task)
        self._others_open.append(future)  # type: ignore[arg-type]  # only asked whether it is done
        return future

    def rebuild(self) -> None:
        """A worker process died: the rest is given up and a new pool takes over."""
        if self._others is not None:
            self._others.shutdown(wait=False, cancel_futures=True)
        self._others, self._others_open = None, []

    def close(self) -> None:
        """All workers are gone; the open task ended first."""
        if self._others is not None:
            self._others.shutdown(wait=True, cancel_futures=True)
            self._others = None
        if self._own is not None:
            kit, own = self._own
            own.shutdown(wait=True, cancel_futures=True)
            kit.close()
            self._own = None

    def _is_own_turn(self) -> bool:
        """Whether this process has no more to do than each of the others."""
        if self.workers == 1 or not self._has_own:
            return self._has_own
        self._own_open = [future for future in self._own_open if not future.done()]
        self._others_open = [future for future in self._others_open if not future.done()]
        return len(self._own_open) * (self.workers - 1) <= len(self._others_open)

    def _open(self) -> ProcessPoolExecutor:
        # spawn: a forked child would share the runner's sockets and locks.
        return ProcessPoolExecutor(
            max_workers=self.workers - self._has_own,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(self._setup, os.getpid()),
        )
