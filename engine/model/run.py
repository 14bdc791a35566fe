"""One execution of a plan: its states, its steps, and what may follow what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = [
    "LATE_BATCHES",
    "NEXT_STATES",
    "STEP_ORDER",
    "ChunkState",
    "Counts",
    "ExitCode",
    "Pass",
    "Rehearsal",
    "RunRecord",
    "RunState",
    "Step",
    "Strength",
    "TableOutcome",
    "Unlinked",
    "exit_code_of",
]


LATE_BATCHES = 1_000_000_000
"""Batches of rows that decisions bring in are numbered behind it (``sql/recovery/open_late_chunk.sql``), far
behind those that are cut, which may still be cut anew."""


class Step(StrEnum):
    """The guided steps, in order."""

    CONNECT = "connect"
    DISCOVER = "discover"
    PLAN = "plan"
    REHEARSE = "rehearse"
    MOVE = "move"
    VERIFY = "verify"
    FINISH = "finish"
    UNDO = "undo"


STEP_ORDER: tuple[Step, ...] = tuple(step for step in Step if step is not Step.UNDO)
"""The rail, left to right."""


class RunState(StrEnum):
    """Where a run stands; the ledger's ``run.state``."""

    NEW = "new"
    """Nothing looked at yet."""
    RUNNING = "running"
    """A runner works on it: connecting, discovering, planning, moving or verifying."""
    WAITING = "waiting"
    """A decision is open; a person must answer."""
    PAUSED = "paused"
    """Stopped at a batch end on request or after a fault; resumable."""
    COMPLETE = "complete"
    STOPPED = "stopped"
    """Ended on request; what is committed stays."""
    UNDOING = "undoing"
    UNDONE = "undone"


NEXT_STATES: dict[RunState, frozenset[RunState]] = {
    RunState.NEW: frozenset({RunState.RUNNING, RunState.PAUSED, RunState.STOPPED}),
    RunState.RUNNING: frozenset(
        {RunState.WAITING, RunState.PAUSED, RunState.COMPLETE, RunState.STOPPED, RunState.UNDOING}
    ),
    RunState.WAITING: frozenset({RunState.RUNNING, RunState.PAUSED, RunState.STOPPED, RunState.UNDOING}),
    RunState.PAUSED: frozenset({RunState.RUNNING, RunState.WAITING, RunState.STOPPED, RunState.UNDOING}),
    RunState.COMPLETE: frozenset({RunState.UNDOING}),
    RunState.STOPPED: frozenset({RunState.UNDOING}),
    RunState.UNDOING: frozenset({RunState.UNDONE, RunState.PAUSED}),
    RunState.UNDONE: frozenset(),
}
"""The legal transitions; the ledger's trigger refuses every other."""


class Pass(StrEnum):
    """Which of the two walks over the rows a chunk belongs to."""

    REHEARSE = "rehearse"
    MOVE = "move"


class ChunkState(StrEnum):
    """A chunk is waiting or it is in the target; there is nothing in between."""

    PENDING = "pending"
    COMMITTED = "committed"


class Strength(StrEnum):
    """How well a table's rows were compared."""

    PROVEN = "proven"
    """Every row digested on both sides, and equal."""
    SAMPLED = "sampled"
    COUNT_ONLY = "count-only"
    NOT_COMPARED = "not-compared"
    DIFFERENT = "different"
    """A check came to its end and found something else than it expected."""


class ExitCode:
    """Process exit codes, a published contract."""

    COMPLETE = 0
    FAILED = 1
    USAGE = 2
    CANNOT_CONNECT = 3
    DECISION_WAITING = 4
    UNDONE = 5
    QUARANTINED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Rows of a chunk, a table or a run; always ``read`` = the sum of the rest."""

    read: int = 0
    written: int = 0
    quarantined: int = 0
    filtered: int = 0
    merged: int = 0

    @property
    def balances(self) -> bool:
        """Whether every row read is accounted for."""
        return self.read == self.written + self.quarantined + self.filtered + self.merged

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            read=self.read + other.read,
            written=self.written + other.written,
            quarantined=self.quarantined + other.quarantined,
            filtered=self.filtered + other.filtered,
            merged=self.merged + other.merged,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOutcome:
    """What became of one table's rows."""

    table: str
    planned: int
    """The denominator, frozen at plan time."""
    counts: Counts
    strength: Strength = Strength.NOT_COMPARED
    seconds: float = 0.0
    brought: int = 0
    """Rows that decisions brought in from elsewhere, beside those that were planned."""
    placeholders: int = 0
    """Rows that stand for some that are in no source; they are no part of the counts."""
    given_up: int = 0
    """Of ``counts.quarantined``, rows that somebody gave up: they wait for nothing any more."""

    @property
    def is_even(self) -> bool:
        """Whether every row that should be read was, and each of them is accounted for."""
        return self.counts.balances and self.counts.read == self.planned + self.brought


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlinked:
    """Rehearsed rows that name a parent which is neither moved nor in the target: the target refuses them."""

    table: str
    parent: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What a rehearsal foretells of the move."""

    tables: tuple[TableOutcome, ...]
    unlinked: tuple[Unlinked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One row of ``fordway.run``."""

    run_id: str
    title: str
    playbook: str
    state: RunState
    step: Step
    target: str
    """Scrubbed."""
    plan_digest: str
    """Empty until a plan was proposed."""
    approved_digest: str
    """Empty until, and unless, a plan is approved."""
    created_at: datetime
    finished_at: datetime | None
    created_by: str
    rows_planned: int | None
    """None until a plan exists."""
    rows_written: int
    """By the run's chunks; an undo takes them back and leaves the number."""
    rows_quarantined: int
    """Set aside and still open."""
    reason: str
    """Why the run is paused or stopped, in words; empty otherwise."""
    is_failed: bool = False
    """It paused because of a fault, not because someone asked."""
    rows_brought: int = 0
    """Of ``rows_written``, rows that decisions brought in beside the batches that were cut."""
    rows_given_up: int = 0
    """Set aside, and given up since."""


def exit_code_of(state: RunState, *, step: Step, quarantined: int, is_failed: bool) -> int:
    """The exit code a finished command reports, judged from the ledger's words.

    Args:
        state: the run's state when the command ends.
        step: where it rests; a run that failed at ``connect`` could not connect.
        quarantined: rows set aside and still open.
        is_failed: the run paused because of a fault rather than on request.
    """
    if state is RunState.COMPLETE:
        return ExitCode.QUARANTINED if quarantined else ExitCode.COMPLETE
    if state is RunState.UNDONE:
        return ExitCode.UNDONE
    if state is RunState.WAITING:
        return ExitCode.DECISION_WAITING
    if state is RunState.PAUSED and not is_failed:
        return ExitCode.DECISION_WAITING
    if step is Step.CONNECT and is_failed:
        return ExitCode.CANNOT_CONNECT
    return ExitCode.FAILED
