"""One table's chunks, in key order, with retries and pauses between chunks."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from engine.hands.pool import Hands
from engine.model.errors import CannotConnect, FordwayError, Transient
from engine.model.events import ChunkCommitted, ChunkRetried
from engine.model.plan import TablePlan
from engine.model.run import Pass
from engine.moving.backoff import MOST_RETRIES, wait_seconds
from engine.moving.copy_chunk import ChunkTask, move_chunk
from engine.moving.pace import next_batch_rows
from engine.stores.ledger import Ledger

__all__ = ["Control", "TableJob", "move_table"]


_SOME = 3
"""Batches still to move; for fewer their size does not matter."""


class Control:
    """What people ask of a moving run; obeyed between chunks."""

    def __init__(self) -> None:
        """Nothing is asked yet."""
        self._stop = threading.Event()

    def ask_stop(self) -> None:
        """The open chunks end, no new one begins."""
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        """Whether someone asked."""
        return self._stop.is_set()

    def wait(self, seconds: float) -> None:
        """Waits, but no longer than until someone asks."""
        self._stop.wait(seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableJob:
    """A table to move in one pass of one run."""

    run_id: str
    epoch: int
    pass_: Pass
    table: TablePlan
    schema: str
    on_chunk: Callable[[ChunkCommitted], None] = field(default=lambda _: None)
    """Told after each commit, for progress in words; never the truth."""
    cut_anew: Callable[[int, int], bool] | None = None
    """Replaces the chunks behind a number by others of so many rows, and says whether it did; None where
    the plan fixes them."""


def move_table(job: TableJob, *, ledger: Ledger, pool: Hands, control: Control) -> bool:
    """Every pending chunk of the table is committed; False when a pause came first.

    Raises:
        Transient: a chunk still failed after its retries.
        Terminal: a chunk can't be moved; the chunks before it stand.
    """
    return _Mover(job, ledger, pool, control).run()


class _Mover:
    """The chunks in flight and how often each was tried."""

    def __init__(self, job: TableJob, ledger: Ledger, pool: Hands, control: Control) -> None:
        self._job = job
        self._ledger = ledger
        self._pool = pool
        self._control = control
        self._in_flight: dict[Future[ChunkCommitted | None], int] = {}
        self._attempts: dict[int, int] = {}
        self._again: list[int] = []
        self._pending = ledger.chunks.pending(job.run_id, job.pass_, job.table.number)
        self._last = 0
        self._rows = self._size()
        self._no_cut_before = 0
        self._random = random.Random()  # noqa: S311 - jitter, no secret

    def run(self) -> bool:
        try:
            return self._run()
        finally:
            # Whatever ended it: no batch is under way when the caller goes on.
            for future in self._in_flight:
                future.cancel()
            wait(self._in_flight)

    def _run(self) -> bool:
        while True:
            self._fill()
            if not self._in_flight:
                return not self._control.is_stopping
            done, _ = wait(self._in_flight, return_when=FIRST_COMPLETED)
            for future in done:
                number = self._in_flight.pop(future, None)
                # A broken pool hands back all at once; the rest of it is queued again by then.
                if number is not None and not future.cancelled():
                    self._settle(future, number)
            if self._control.is_stopping:
                # A batch that only waits its turn does not begin any more.
                for future in self._in_flight:
                    future.cancel()

    def _size(self) -> int:
        """Rows the batches to come have: a runner before this one may have cut them anew."""
        job = self._job
        if job.cut_anew is None:
            return job.table.batch_rows
        progress = self._ledger.chunks.progress_of(job.run_id, job.pass_, job.table.number)
        if progress is None or progress.chunks - progress.committed < _SOME:
            return job.table.batch_rows
        # The last batch has what is left; those before it are of one size.
        last_but_one = self._ledger.chunks.one(job.run_id, job.pass_, job.table.number, progress.chunks - 1)
        return last_but_one.span.rows

    def _fill(self) -> None:
        # One batch waits behind those that are worked on, so that no hand is ever idle; but where
        # rows of different batches meet, their order decides which one stays.
        most = 1 if self._job.table.keeps_order else self._pool.workers + 1
        while len(self._in_flight) < most and not self._control.is_stopping:
            number = self._again.pop(0) if self._again else next(self._pending, None)
            if number is None:
                return
            self._in_flight[self._submit(number)] = number
            self._last = max(self._last, number)

    def _submit(self, number: int) -> Future[ChunkCommitted | None]:
        try:
            return self._pool.submit(move_chunk, self._task(number))
        except BrokenProcessPool:
            # A worker died while the pool had nothing to hand back.
            self._pool.rebuild()
            return self._pool.submit(move_chunk, self._task(number))

    def _task(self, number: int) -> ChunkTask:
        job = self._job
        return ChunkTask(
            run_id=job.run_id,
            epoch=job.epoch,
            pass_=job.pass_,
            table=job.table,
            chunk=number,
            schema=job.schema,
        )

    def _settle(self, future: Future[ChunkCommitted | None], number: int) -> None:
        try:
            event = future.result()
        except (Transient, CannotConnect) as error:
            # Who does not answer now has answered before, or there were no batches.
            self._retry(number, error)
        except BrokenProcessPool as error:
            # The dead worker's chunk rolled back; the ledger says which chunks are left.
            self._pool.rebuild()
            self._again.extend(self._in_flight.values())
            self._in_flight = {}
            self._retry(number, Transient("A worker process died", where=self._job.table.name), cause=error)
        except FordwayError:
            wait(self._in_flight)
            raise
        else:
            self._attempts.pop(number, None)
            if event is not None:
                self._job.on_chunk(event)
                self._keep_pace(event)

    def _keep_pace(self, event: ChunkCommitted) -> None:
        """Batches not yet handed out are cut anew when this one took far from the time it should."""
        job = self._job
        if job.cut_anew is None or not job.table.most_batch_rows:
            return
        rows = next_batch_rows(
            self._rows, read=event.counts.read, seconds=event.seconds, most=job.table.most_batch_rows
        )
        if rows == self._rows or self._control.is_stopping or self._last < self._no_cut_before:
            return
        if not job.cut_anew(self._last, rows):
            # A runner before this one was ahead by no more batches than were under way with it.
            self._no_cut_before = self._last + self._pool.workers + 1
            return
        self._rows = rows
        self._pending = self._ledger.chunks.pending(job.run_id, job.pass_, job.table.number, after=self._last)

    def _retry(self, number: int, error: FordwayError, *, cause: BaseException | None = None) -> None:
        attempt = self._attempts.get(number, 0) + 1
        if attempt > MOST_RETRIES:
            wait(self._in_flight)
            raise error from cause
        self._attempts[number] = attempt
        seconds = wait_seconds(attempt, chance=self._random.random)
        job = self._job
        event = ChunkRetried(
            pass_=job.pass_,
            table=job.table.name,
            chunk=number,
            label=f"batch {number}",
            attempt=attempt,
            wait_seconds=round(seconds, 3),
            cause=error.what,
        )
        # Recording waits until the server is back, so a restart costs one attempt, not all.
        self._ledger.journal.record(job.run_id, event)
        self._control.wait(seconds)
        self._again.append(number)
