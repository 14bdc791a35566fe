"""One table's chunks, in key order, with retries, remedies and pauses between chunks."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field

from engine.hands.kit import Kit
from engine.hands.pool import Hands
from engine.model.errors import CannotConnect, FordwayError, Transient
from engine.model.events import ChunkCommitted
from engine.model.plan import TablePlan
from engine.model.remedies import Treatment
from engine.model.run import Pass
from engine.moving.chunk_task import ChunkTask
from engine.moving.copy_chunk import move_chunk
from engine.moving.pace import next_batch_rows
from engine.moving.retries import Retries, address_of
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
    split: Callable[[int], int | None] = field(default=lambda _: None)
    """Halves a chunk and says how many rows it has then; None where it can't be smaller."""
    remedy: Callable[[FordwayError], Treatment | None] = field(default=lambda _: None)
    """What standing rules say about rows of a chunk that failed so; None: nothing."""
    treat: Callable[[Kit, ChunkTask], ChunkCommitted | None] = move_chunk
    """How a worker writes a chunk that has a treatment."""


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
        self._again: list[int] = []
        said = ledger.recovery.said(job.run_id, job.table.number) if job.pass_ is Pass.MOVE else {}
        self._treatments = {number: Treatment(remedies=remedies) for number, remedies in said.items()}
        standing = ledger.recovery.standing(job.run_id, job.table.number) if job.pass_ is Pass.MOVE else ()
        self._rules = tuple(remedy for remedy in standing if remedy.changes_values)
        self._has_late = job.pass_ is Pass.MOVE and bool(ledger.chunks.late(job.run_id, job.table.number))
        self._retries = Retries(
            run_id=job.run_id,
            pass_=job.pass_,
            table=job.table,
            ledger=ledger,
            wait=control.wait,
            make_smaller=self._make_smaller,
        )
        self._failed = self._retries.troubled()
        """Chunks that were tried before, whose trials are over once they are committed."""
        self._pending = ledger.chunks.pending(job.run_id, job.pass_, job.table.number)
        self._last = 0
        self._rows = self._size()
        self._no_cut_before = 0

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
        # The last batch has what is left; those before it are of one size, but for halves of some.
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
        task = self._task(number)
        work = move_chunk if task.treatment is None else self._job.treat
        try:
            return self._pool.submit(work, task)
        except BrokenProcessPool:
            # A worker died while the pool had nothing to hand back.
            self._pool.rebuild()
            return self._pool.submit(work, task)

    def _task(self, number: int) -> ChunkTask:
        job = self._job
        return ChunkTask(
            run_id=job.run_id,
            epoch=job.epoch,
            pass_=job.pass_,
            table=job.table,
            chunk=number,
            schema=job.schema,
            treatment=self._treatments.get(number),
            rules=() if number in self._treatments else self._rules,
            has_late_rows=self._has_late,
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
            died = Transient("A worker process died", where=self._job.table.name, facts={"fault": "R402"})
            self._retry(number, died, cause=error)
        except FordwayError as error:
            treatment = None if number in self._treatments else self._job.remedy(error)
            if treatment is None:
                raise self._addressed(error, number) from error.__cause__
            self._treatments[number] = treatment
            self._again.append(number)
        else:
            if number in self._failed:
                self._failed.discard(number)
                self._retries.over(number)
            if event is not None:
                self._job.on_chunk(event)
                self._keep_pace(event)

    def _addressed(self, error: FordwayError, number: int) -> FordwayError:
        """The error, with the batch it was met in; no other batch is under way any more."""
        wait(self._in_flight)
        job = self._job
        at = address_of(job.pass_, job.table, number, self._ledger, job.run_id)
        error.facts = {**error.facts, "at": asdict(at)}
        return error

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
        self._failed.add(number)
        try:
            self._retries.again(number, error, cause=cause)
        except FordwayError as used_up:
            raise self._addressed(used_up, number) from used_up.__cause__
        self._again.append(number)

    def _make_smaller(self, number: int) -> tuple[int, int]:
        """Rows of a batch before it is tried again, and rows it has then."""
        job = self._job
        before = self._ledger.chunks.one(job.run_id, job.pass_, job.table.number, number).span.rows
        after = job.split(number)
        if after is None:
            return before, before
        # The rest of it is a batch behind all others, which the old list may not reach.
        self._pending = self._ledger.chunks.pending(job.run_id, job.pass_, job.table.number, after=self._last)
        return before, after
