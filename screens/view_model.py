"""What the screens know about a run: frozen values, folded from the journal."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.guidance.recovery_words import Mood
from engine.model.run import STEP_ORDER, Counts, Pass, RunState, Step
from screens.chunk_log import ChunkLog

if TYPE_CHECKING:
    from datetime import datetime

    from engine.model.decisions import Decision
    from engine.model.events import (
        AgentChanged,
        ChunkRetried,
        ConnectionCheck,
        DrillFinished,
        FaultMet,
        GateChanged,
        HandoffRecorded,
        LevelRaised,
        LookedAgain,
        ObjectBuilt,
        PartUndone,
        RecoveryFinished,
        RehearsalFinished,
        RuleMade,
        RunFinished,
        TableDiscovered,
        TableUndone,
        TableVerified,
        UndoFinished,
    )
    from engine.model.faults import Diagnosis
    from engine.model.findings import Finding
    from engine.model.plan import Plan
    from engine.model.roles import Role

__all__ = ["FeedLine", "Mood", "PassView", "RailState", "RailStep", "RunView", "Sample", "TableProgress"]


class RailState(StrEnum):
    """How a guided step stands; each has its glyph and its word on the rail."""

    TODO = "todo"
    DOING = "doing"
    DONE = "done"
    FAILED = "failed"
    WAITING = "waiting"
    """It can only go on when a person answers or resumes."""
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class RailStep:
    """One step on the rail."""

    step: Step
    state: RailState = RailState.TODO
    seconds: float | None = None
    """How long it took; None until it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Rows committed within one second of the clock."""

    second: int
    """Whole seconds since 1970, UTC."""
    rows: int
    busy_seconds: float
    """Sum of the chunks' own durations."""
    chunks: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class TableProgress:
    """One table within one pass."""

    table: str
    planned_rows: int
    planned_chunks: int
    counts: Counts = field(default_factory=Counts)
    chunks: ChunkLog = field(default_factory=ChunkLog)
    seconds: float = 0.0
    """Sum of its chunks' durations."""
    retrying: ChunkRetried | None = None
    """The chunk that is being tried again now; None when none is."""
    retried_at: datetime | None = None
    """When that was said; the wait counts from then."""
    late: int = 0
    """Committed chunks that were never planned: their rows were brought in by decisions."""

    @property
    def planned_done(self) -> int:
        """Committed chunks of those that were cut."""
        return len(self.chunks) - self.late

    @property
    def is_done(self) -> bool:
        """Every planned chunk is committed."""
        return self.planned_done >= self.planned_chunks

    @property
    def unbalanced(self) -> bool:
        """Rows were read that nothing accounts for."""
        return not self.counts.balances


@dataclass(frozen=True, slots=True, kw_only=True)
class PassView:
    """One walk over the rows: the rehearsal, or the move."""

    tables: tuple[TableProgress, ...] = ()
    """In the order they were started."""
    counts: Counts = field(default_factory=Counts)
    retries: int = 0
    samples: tuple[Sample, ...] = ()
    """The last 60 seconds in which something was committed, oldest first."""

    @property
    def balances(self) -> bool:
        """Every row read is accounted for, in total and in each table."""
        return self.counts.balances and not any(table.unbalanced for table in self.tables)

    @property
    def chunks(self) -> int:
        """Chunks committed so far, of those that were cut."""
        return sum(table.planned_done for table in self.tables)

    @property
    def late(self) -> int:
        """Chunks committed beside them: rows that decisions brought in."""
        return sum(table.late for table in self.tables)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLine:
    """One line of the message feed."""

    at: datetime
    who: str
    text: str
    mood: Mood = Mood.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """Everything the screens need; equal journals give equal views."""

    run_id: str = ""
    number: int = 0
    """The last journal entry folded in."""
    title: str = ""
    playbook: str = ""
    sources: tuple[str, ...] = ()
    target: str = ""
    operator: str = ""
    state: RunState = RunState.NEW
    step: Step = Step.CONNECT
    reason: str = ""
    rail: tuple[RailStep, ...] = tuple(RailStep(step=step) for step in STEP_ORDER)
    checks: tuple[ConnectionCheck, ...] = ()
    discovered: tuple[TableDiscovered, ...] = ()
    findings: tuple[Finding, ...] = ()
    plan: Plan | None = None
    approved_digest: str = ""
    approved_by: str = ""
    voided: tuple[str, ...] = ()
    """What changed since the plan was approved; empty while it holds."""
    decision: Decision | None = None
    asked_at: datetime | None = None
    handed_by: str = ""
    """Who handed the open question on; empty while nobody has."""
    answered: str = ""
    """Who chose what, of the last decision answered, or that nobody did in time; empty while one is open."""
    settled: tuple[str, str] = ("", "")
    """The last question that was closed, by its id, and ``answered`` of it."""
    guidance: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Topic to the latest lines; never changed in place."""
    feed: tuple[FeedLine, ...] = ()
    """The last 200 lines, oldest first."""
    rehearsal: PassView = field(default_factory=PassView)
    move: PassView = field(default_factory=PassView)
    rehearsed: RehearsalFinished | None = None
    built: tuple[ObjectBuilt, ...] = ()
    fault: FaultMet | None = None
    """What stopped the run; None once it goes on."""
    pause_asked_by: str = ""
    verified: tuple[TableVerified, ...] = ()
    gates: tuple[GateChanged, ...] = ()
    agents: dict[Role, AgentChanged] = field(default_factory=dict)
    handoffs: tuple[HandoffRecorded, ...] = ()
    """The last 100, oldest first, one a handoff."""
    undone: tuple[TableUndone, ...] = ()
    undo_by: str = ""
    undo_outcome: UndoFinished | None = None
    outcome: RunFinished | None = None
    level: LevelRaised | None = None
    """How far the escalation of the last fault has come; None once it is healed: its batch is committed."""
    level_step: Step = Step.MOVE
    """The step the fault was met in; healing it, a run connects anew first."""
    looks: tuple[LookedAgain, ...] = ()
    """What agents found when they looked again, on the level the escalation is on."""
    diagnosis: Diagnosis | None = None
    """The last batch that was looked through."""
    recoveries: tuple[RecoveryFinished, ...] = ()
    """What was decided and done, the last 50, oldest first."""
    rules: tuple[RuleMade, ...] = ()
    """Standing answers, oldest first."""
    held_news: int = 0
    """How often rows set aside or rules changed, or a replay began or ended."""
    part_undone: PartUndone | None = None
    drill: DrillFinished | None = None
    """The last rehearsal of the undo."""
    drilled_at: datetime | None = None
    epoch: int = 0
    """The lease's count; 0 until a runner took it."""
    created_at: datetime | None = None
    last_at: datetime | None = None
    step_started_at: datetime | None = None

    def pass_view(self, which: Pass) -> PassView:
        """That walk over the rows."""
        return self.rehearsal if which is Pass.REHEARSE else self.move

    def words(self, about: str) -> tuple[str, ...]:
        """What the guidance said last on a topic; empty when it said nothing yet."""
        return self.guidance.get(about, ())

    def rail_step(self, step: Step) -> RailStep:
        """How that step stands; an undo has no place on the rail and reads as to do."""
        return next((mark for mark in self.rail if mark.step is step), RailStep(step=step))

    @property
    def is_busy(self) -> bool:
        """Rows or objects may be changing right now."""
        return self.state in (RunState.RUNNING, RunState.UNDOING)

    @property
    def has_moved(self) -> bool:
        """The run has written into the target's own tables."""
        return bool(self.move.chunks or self.move.late or self.built or self.outcome)

    @property
    def seconds(self) -> float | None:
        """From the run's creation to its last event; None before there is one."""
        if self.created_at is None or self.last_at is None:
            return None
        return (self.last_at - self.created_at).total_seconds()
