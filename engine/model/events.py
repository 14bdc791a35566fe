"""What happened, one frozen record each: the journal, the live view and every report.

Events are past facts. They are written to ``fordway.event`` in the transaction whose
effect they tell of, so that no event is ever ahead of the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.model.catalog import TableClass
from engine.model.connection import ConnectionCheck
from engine.model.decisions import Decision
from engine.model.findings import Finding
from engine.model.plan import Plan
from engine.model.roles import Role
from engine.model.run import Counts, Pass, RunState, Step, Strength, TableOutcome

__all__ = [
    "AgentChanged",
    "CheckResult",
    "ChunkCommitted",
    "ChunkRetried",
    "ConnectionCheck",
    "ConnectionsChecked",
    "DecisionAnswered",
    "DecisionAsked",
    "Event",
    "FaultMet",
    "FindingRaised",
    "GateChanged",
    "GuidanceSpoken",
    "HandoffRecorded",
    "HandoffState",
    "JournalEntry",
    "MessageSent",
    "ObjectBuilt",
    "PauseAsked",
    "PlanApproved",
    "PlanProposed",
    "PlanVoided",
    "RehearsalFinished",
    "RunCreated",
    "RunFinished",
    "RunnerStarted",
    "RunnerStopped",
    "StateChanged",
    "StepFinished",
    "StepStarted",
    "TableDiscovered",
    "TableStarted",
    "TableUndone",
    "TableVerified",
    "UndoFinished",
    "UndoStarted",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check of one table."""

    name: str
    """``count match``, ``50 samples``, ``full digests``, ``orphans ...``, ``required fields``, ..."""
    status: Literal["pass", "fail", "not-run"]
    expected: str
    actual: str
    detail: str = ""
    """Up to 10 differences, or why it was not run."""


HandoffState = Literal["offered", "accepted", "completed", "rejected", "failed", "expired"]
"""Where a handoff stands; only its receiver can complete it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCreated:
    """A run exists; nothing was looked at yet."""

    title: str
    playbook: str
    sources: tuple[str, ...]
    """Scrubbed."""
    target: str
    """Scrubbed."""
    operator: str
    kind: Literal["run_created"] = "run_created"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerStarted:
    """A runner took the lease."""

    epoch: int
    host: str
    pid: int
    kind: Literal["runner_started"] = "runner_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerStopped:
    """The runner gave the lease back in an orderly way."""

    epoch: int
    reason: str
    kind: Literal["runner_stopped"] = "runner_stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged:
    """The run is in another state."""

    state: RunState
    reason: str = ""
    kind: Literal["state_changed"] = "state_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted:
    """A guided step began, or began again after a resume."""

    step: Step
    attempt: int = 1
    kind: Literal["step_started"] = "step_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFinished:
    """A guided step is done."""

    step: Step
    seconds: float
    summary: str = ""
    kind: Literal["step_finished"] = "step_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionsChecked:
    """Target, Redis and sources were looked at."""

    checks: tuple[ConnectionCheck, ...]
    kind: Literal["connections_checked"] = "connections_checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDiscovered:
    """One source table was read, counted and classed."""

    source: str
    table: str
    rows: int
    columns: int
    indexes: int
    foreign_keys: int
    table_class: TableClass
    complexity: str
    note: str = ""
    """Such as ``target table brackets is empty``."""
    kind: Literal["table_discovered"] = "table_discovered"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRaised:
    """Something was noticed."""

    finding: Finding
    kind: Literal["finding_raised"] = "finding_raised"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanProposed:
    """A sealed plan is ready to be approved."""

    plan: Plan
    kind: Literal["plan_proposed"] = "plan_proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanApproved:
    """A person said yes to exactly this plan."""

    digest: str
    by: str
    kind: Literal["plan_approved"] = "plan_approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanVoided:
    """The world changed since the plan was made; it needs a new approval."""

    digest: str
    differences: tuple[str, ...]
    kind: Literal["plan_voided"] = "plan_voided"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionAsked:
    """The run waits for a person."""

    decision: Decision
    kind: Literal["decision_asked"] = "decision_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionAnswered:
    """The first valid answer won."""

    decision_id: str
    option: str
    by: str
    kind: Literal["decision_answered"] = "decision_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalFinished:
    """The whole move was walked through in a scratch schema, which is gone again."""

    tables: tuple[TableOutcome, ...]
    seconds: float
    kind: Literal["rehearsal_finished"] = "rehearsal_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableStarted:
    """Chunks of a table were cut, and its rows begin to move."""

    pass_: Pass
    table: str
    phase: int
    chunks: int
    rows: int
    kind: Literal["table_started"] = "table_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkCommitted:
    """A chunk's rows, quarantine and checkpoint are in the target."""

    pass_: Pass
    table: str
    chunk: int
    """From 1 within the table."""
    label: str
    """``501-1000``."""
    counts: Counts
    seconds: float
    kind: Literal["chunk_committed"] = "chunk_committed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkRetried:
    """A chunk met a passing fault and is tried again."""

    pass_: Pass
    table: str
    chunk: int
    label: str
    attempt: int
    wait_seconds: float
    cause: str
    kind: Literal["chunk_retried"] = "chunk_retried"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectBuilt:
    """An index, a constraint or a sequence stands after the rows."""

    table: str
    what: str
    """``primary key``, ``index brackets_name_idx``, ``foreign key ...``, ``sequence``, ``statistics``."""
    seconds: float
    kind: Literal["object_built"] = "object_built"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultMet:
    """Something failed for good; the run stopped where it is safe."""

    what: str
    where: str
    safe: str
    todo: str
    kind: Literal["fault_met"] = "fault_met"


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseAsked:
    """Someone asked for a pause; the open batch ends first."""

    by: str
    kind: Literal["pause_asked"] = "pause_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableVerified:
    """A table was compared, with the strength of the comparison."""

    table: str
    strength: Strength
    checks: tuple[CheckResult, ...]
    kind: Literal["table_verified"] = "table_verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateChanged:
    """A named check holds, or does not."""

    gate: str
    state: Literal["open", "passed", "failed"]
    reason: str
    kind: Literal["gate_changed"] = "gate_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChanged:
    """An agent took up or laid down a task."""

    role: Role
    state: Literal["idle", "busy", "asking", "blocked", "stopped"]
    task: str = ""
    blockers: tuple[str, ...] = ()
    next_milestone: str = ""
    kind: Literal["agent_changed"] = "agent_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRecorded:
    """Work changed hands, or the receiver finished it."""

    handoff_id: str
    from_agent: Role
    to_agent: Role
    task: str
    state: HandoffState
    seconds: float | None = None
    """From offer to close; None while it is open."""
    error: str = ""
    kind: Literal["handoff_recorded"] = "handoff_recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent:
    """One agent wrote to another."""

    message_id: str
    from_agent: Role
    to_agent: Role
    message_type: str
    priority: str
    text: str
    """The message in words."""
    kind: Literal["message_sent"] = "message_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceSpoken:
    """The user-guidance agent said something to the operator."""

    about: str
    """``discovery``, ``plan``, ``rehearsal``, ``progress``, ``verify``, ``finish``, ``fault``, ``undo``."""
    lines: tuple[str, ...]
    """Plain words, one sentence or short paragraph each; the first is the headline."""
    kind: Literal["guidance_spoken"] = "guidance_spoken"


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoStarted:
    """The run's writes are being taken back."""

    by: str
    kind: Literal["undo_started"] = "undo_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableUndone:
    """One table's part of the undo is done."""

    table: str
    removed: int
    kept: int
    """Rows left alone because someone changed or needs them."""
    kept_keys: tuple[str, ...]
    """Up to 10 of those rows, by key."""
    dropped: bool
    """The table itself was made by the run and is gone."""
    note: str = ""
    kind: Literal["table_undone"] = "table_undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoFinished:
    """Everything that could be taken back was."""

    removed: int
    kept: int
    seconds: float
    kind: Literal["undo_finished"] = "undo_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFinished:
    """The run reached its end: ``complete`` or ``stopped``."""

    state: RunState
    tables: tuple[TableOutcome, ...]
    seconds: float
    phases: dict[str, float]
    """Seconds by phase: discover, plan, rehearse, move, index, verify; absent when not run."""
    report: str = ""
    """Path of the report; empty when none was written."""
    kind: Literal["run_finished"] = "run_finished"


Event = (
    RunCreated
    | RunnerStarted
    | RunnerStopped
    | StateChanged
    | StepStarted
    | StepFinished
    | ConnectionsChecked
    | TableDiscovered
    | FindingRaised
    | PlanProposed
    | PlanApproved
    | PlanVoided
    | DecisionAsked
    | DecisionAnswered
    | RehearsalFinished
    | TableStarted
    | ChunkCommitted
    | ChunkRetried
    | ObjectBuilt
    | FaultMet
    | PauseAsked
    | TableVerified
    | GateChanged
    | AgentChanged
    | HandoffRecorded
    | MessageSent
    | GuidanceSpoken
    | UndoStarted
    | TableUndone
    | UndoFinished
    | RunFinished
)
"""Every event; match it exhaustively and end with ``assert_never``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """An event with its place in the run's journal."""

    number: int
    """From 1, without gaps, in commit order."""
    at: datetime
    event: Event
