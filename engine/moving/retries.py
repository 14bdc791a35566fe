"""Level 1 of the escalation: a batch that met a passing fault is tried again, smaller, after a while."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from engine.guidance.fault_catalogue import fault_of_error
from engine.model.errors import FordwayError
from engine.model.events import ChunkRetried
from engine.model.faults import ChunkAddress
from engine.model.plan import TablePlan
from engine.model.run import Pass, Step
from engine.moving.backoff import MOST_RETRIES, wait_seconds
from engine.stores.ledger import Ledger

__all__ = ["Retries", "address_of", "fault_key"]


def address_of(pass_: Pass, table: TablePlan, number: int, ledger: Ledger, run_id: str) -> ChunkAddress:
    """Which batch a number means, as people read it."""
    label = ledger.chunks.one(run_id, pass_, table.number, number).span.label
    return ChunkAddress(pass_=pass_, table=table.name, table_number=table.number, chunk=number, label=label)


def fault_key(pass_: Pass, table_number: int, number: int) -> str:
    """Under which the trials of a batch are counted, on all levels."""
    return f"chunk/{pass_}/{table_number}/{number}/"


@dataclass(slots=True, kw_only=True)
class Retries:
    """How often each batch of a table was tried again; counted in the ledger, so that a new runner knows."""

    run_id: str
    pass_: Pass
    table: TablePlan
    ledger: Ledger
    wait: Callable[[float], None]
    """Waits, but no longer than until someone asks the run to stop."""
    make_smaller: Callable[[int], tuple[int, int]]
    """Halves a batch: the rows it had and the rows it has now, alike where it can't be smaller."""
    chance: Callable[[], float] = random.Random().random  # noqa: S311 - jitter, no secret

    def again(self, number: int, error: FordwayError, *, cause: BaseException | None = None) -> None:
        """The batch may be tried again now.

        Raises:
            FordwayError: the error itself, when it was tried three times already.
        """
        key = fault_key(self.pass_, self.table.number, number)
        # Counting waits until the server is back, so a restart costs one attempt, not all.
        trial = self.ledger.recovery.count_trial(self.run_id, f"{key}passing", level=1, error=error.what)
        attempt = trial.attempts
        if attempt > MOST_RETRIES:
            # Whoever says that it shall be tried again gives it all its attempts.
            self.ledger.recovery.forget_trials(self.run_id, f"{key}passing")
            raise error from cause
        before, after = self.make_smaller(number)
        seconds = wait_seconds(attempt, chance=self.chance)
        event = ChunkRetried(
            pass_=self.pass_,
            table=self.table.name,
            chunk=number,
            label=f"batch {number}",
            attempt=attempt,
            wait_seconds=round(seconds, 3),
            cause=error.what,
            most_attempts=MOST_RETRIES,
            rows_before=before,
            rows_after=after,
            pool=self._pool(),
            fault=fault_of_error(error, Step.MOVE).code,
        )
        self.ledger.journal.record(self.run_id, event)
        self.wait(seconds)

    def troubled(self) -> set[int]:
        """Numbers of batches that were tried before, perhaps by a runner before this one."""
        prefix = f"chunk/{self.pass_}/{self.table.number}/"
        faults = self.ledger.recovery.open_faults(self.run_id, prefix)
        return {int(fault.removeprefix(prefix).partition("/")[0]) for fault in faults}

    def over(self, number: int) -> None:
        """The batch is in the target: its faults are over."""
        self.ledger.recovery.forget_trials(self.run_id, fault_key(self.pass_, self.table.number, number))

    def _pool(self) -> str:
        """What the server says of its connections; workers have opened theirs anew after a cut."""
        used, most = self.ledger.recovery.connections()
        return f"{used} of {most} connections in use"
