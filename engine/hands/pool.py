"""Where chunks are worked on: one thread by default, processes when more hands are asked for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import TypeVar, cast

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


def _begin(setup: HandsSetup, runner: Connection) -> None:
    """Runs in a new worker process; it must not outlive its pool, nor the runner that owns the lease.

    Args:
        setup: what to open connections with.
        runner: the end of a pipe whose other end is the runner's alone.
    """
    global _SETUP
    # Ctrl-C reaches the whole group; the runner alone decides when workers end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _SETUP = setup

    def watch() -> None:
        # Nothing is ever sent: the pipe ends when the runner closes it, or is no more.
        with suppress(EOFError, OSError):
            runner.recv()
        os._exit(0)

    threading.Thread(target=watch, daemon=True, name="runner-watch").start()


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
        self._pipe: tuple[Connection, Connection] | None = None
        """The workers' end and ours; without ours they end."""
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
            self._own_open = [*_unfinished(self._own_open), cast("Future[object]", future)]
            return future
        self._others = self._others or self._open()
        future = self._others.submit(_work_in_process, work, task)
        self._others_open = [*_unfinished(self._others_open), cast("Future[object]", future)]
        return future

    def rebuild(self) -> None:
        """A worker process died: the rest is given up and a new pool takes over.

        Whatever killed it shall not kill this process: from here on it helps no more.
        """
        self._let_go(wait_for_them=False)
        self._has_own = self.workers == 1

    def close(self) -> None:
        """All workers are gone; the open task ended first."""
        self._let_go(wait_for_them=True)
        if self._own is not None:
            kit, own = self._own
            own.shutdown(wait=True, cancel_futures=True)
            kit.close()
            self._own = None

    def _is_own_turn(self) -> bool:
        """Whether this process has no more to do than each of the others."""
        if self.workers == 1 or not self._has_own:
            return self._has_own
        return len(_unfinished(self._own_open)) * (self.workers - 1) <= len(_unfinished(self._others_open))

    def _let_go(self, *, wait_for_them: bool) -> None:
        """No worker process is left, once the pipe is closed."""
        if self._others is None:
            return
        for future in self._others_open:
            future.cancel()
        if wait_for_them:
            wait(self._others_open)
        # Asked to end, a worker may wait for ever: for a lock that another one held when it was killed.
        for end in self._pipe or ():
            end.close()
        self._others.shutdown(wait=wait_for_them, cancel_futures=True)
        self._others, self._others_open, self._pipe = None, [], None

    def _open(self) -> ProcessPoolExecutor:
        # spawn: a forked child would share the runner's sockets and locks, and its end of the pipe.
        context = multiprocessing.get_context("spawn")
        self._pipe = context.Pipe(duplex=False)
        return ProcessPoolExecutor(
            max_workers=self.workers - self._has_own,
            mp_context=context,
            initializer=_begin,
            initargs=(self._setup, self._pipe[0]),
        )


def _unfinished(futures: list[Future[object]]) -> list[Future[object]]:
    return [future for future in futures if not future.done()]
