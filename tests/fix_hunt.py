"""Runs that are hunted: their processes and servers are killed at random instants, and they are taken up again."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import psutil
import psycopg

from console.embedded import EmbeddedServices
from tests.fix_runs import CommandLine, Finished, latest_run, worker_processes

__all__ = ["ENDED", "MOST_LEGS", "PROGRESS", "Hunt", "patient"]

MOST_LEGS = 40
ENDED = {0, 6}
"""Complete; complete with rows set aside."""
PROGRESS = """
select
    (select count(*) from fordway.chunk where state = 'committed')
    + (select count(*) from fordway.chunk_check)
    + (select count(*) from fordway.undo_action)
"""


@dataclass(slots=True)
class Hunt:
    """One run, killed at random instants and resumed until it is complete."""

    line: CommandLine
    url: str
    services: EmbeddedServices
    start: tuple[str, ...]
    chance: random.Random
    clock: str = PROGRESS
    """What the marks are counted by."""
    process: subprocess.Popen[str] = field(init=False)
    kills: dict[str, int] = field(default_factory=dict)
    legs: list[int] = field(default_factory=list)
    """Exit codes of every command that ended."""

    def run(self, victims: tuple[str, ...], marks: list[int]) -> Finished:
        """The last command's end."""
        self.process = self.line.start(*self.start, "--json", "--workers", "2")
        order = [victims[place % len(victims)] for place in range(len(marks))]
        self.chance.shuffle(order)
        for mark, victim in zip(marks, order, strict=True):
            if not self._reach(mark):
                break
            time.sleep(self.chance.uniform(0, 0.06))  # the random instant itself
            getattr(self, f"_kill_{victim}")()
        while True:
            done = self._finish()
            if done.code in ENDED or len(self.legs) > MOST_LEGS:
                return done
            self._resume()

    def _reach(self, mark: int) -> bool:
        """Whether the ledger shows the mark; False when the run was complete before."""
        deadline = time.monotonic() + 90
        with patient(self.url) as ask:
            while (ask(self.clock) or 0) < mark:
                assert time.monotonic() < deadline, f"{mark} not reached; {self.kills} {self.legs}"
                if self.process.poll() is not None:
                    if self._finish().code in ENDED:
                        return False
                    self._resume()
        return self.process.poll() is None

    def _finish(self) -> Finished:
        done = self.line.finish(self.process, seconds=90)
        self.legs.append(done.code)
        assert "fault of its own" not in done.err, done.err[-1000:]
        assert "Traceback" not in done.err, done.err[-3000:]
        return done

    def _resume(self) -> None:
        self.services.renew()
        self.process = self.line.start("resume", latest_run(self.url), "--json")

    def _note(self, victim: str) -> None:
        self.kills[victim] = self.kills.get(victim, 0) + 1

    def _kill_worker(self) -> None:
        with suppress(psutil.NoSuchProcess):
            workers = worker_processes(self.process.pid)
            if workers:
                self.chance.choice(workers).send_signal(signal.SIGKILL)
                self._note("worker")

    def _kill_runner(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self._note("runner")
        self.process.wait()
        self._resume()

    def _kill_postgres(self) -> None:
        pid = self.services.pids().postgres
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self._note("postgres")


@contextmanager
def patient(url: str) -> Iterator[Callable[[str], Any]]:
    """Asks for one value; None while the server or the ledger is away."""
    kept: list[psycopg.Connection[Any]] = []

    def ask(statement: str) -> Any:  # noqa: ANN401 - whatever was asked for
        try:
            if not kept:
                kept.append(psycopg.connect(url, autocommit=True))
            row = kept[0].execute(statement).fetchone()  # type: ignore[call-overload]  # a test's own text
        except psycopg.errors.UndefinedTable:
            return None
        except psycopg.OperationalError:
            while kept:
                kept.pop().close()
            return None
        return row[0] if row else None

    try:
        yield ask
    finally:
        while kept:
            kept.pop().close()
