"""What happened, one frozen record each: the journal, the live view and every report.

Events are past facts. They are written to ``fordway.event`` in the transaction whose
effect they tell of, so that no event is ever ahead of the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.model.connection import ConnectionCheck
from engine.model.life_events import (
    ConnectionsChecked,
    DecisionAnswered,
    DecisionAsked,
    FaultMet,
    FindingRaised,
    PauseAsked,
    PlanApproved,
    PlanProposed,
    PlanVoided,
    RunCreated,
    RunFinished,
    RunnerStarted,
    RunnerStopped,
    StateChanged,
    StepFinished,
    StepStarted,
    TableDiscovered,
)
from engine.model.recovery_events import (
    DecisionExpired,
    DecisionHandedOn,
    DrillFinished,
    FaultDiagnosed,
    FaultTold,
    LevelRaised,
    LookedAgain,
    PartUndone,
    QuarantineChanged,
    RecoveryFinished,
    RecoveryStarted,
    RuleMade,
    RuleRevoked,
)
from engine.model.row_events import (
    CheckResult,
    ChunkCommitted,
    ChunkRetried,
    ObjectBuilt,
    RehearsalFinished,
    TableStarted,
    TableUndone,
    TableVerified,
    UndoFinished,
    UndoStarted,
)
from engine.model.talk_events import (
    AgentChanged,
    GateChanged,
    GuidanceSpoken,
    HandoffRecorded,
    HandoffState,
    MessageSent,
)

__all__ = [
    "AgentChanged",
    "CheckResult",
    "ChunkCommitted",
    "ChunkRetried",
    "ConnectionCheck",
    "ConnectionsChecked",
    "DecisionAnswered",
    "DecisionAsked",
    "DecisionExpired",
    "DecisionHandedOn",
    "DrillFinished",
    "Event",
    "FaultDiagnosed",
    "FaultMet",
    "FaultTold",
    "FindingRaised",
    "GateChanged",
    "GuidanceSpoken",
    "HandoffRecorded",
    "HandoffState",
    "JournalEntry",
    "LevelRaised",
    "LookedAgain",
    "MessageSent",
    "ObjectBuilt",
    "PartUndone",
    "PauseAsked",
    "PlanApproved",
    "PlanProposed",
    "PlanVoided",
    "QuarantineChanged",
    "RecoveryFinished",
    "RecoveryStarted",
    "RehearsalFinished",
    "RuleMade",
    "RuleRevoked",
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
    | LevelRaised
    | LookedAgain
    | FaultDiagnosed
    | FaultTold
    | RecoveryStarted
    | RecoveryFinished
    | RuleMade
    | RuleRevoked
    | DecisionExpired
    | DecisionHandedOn
    | QuarantineChanged
    | PartUndone
    | DrillFinished
)
"""Every event; match it exhaustively and end with ``assert_never``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """An event with its place in the run's journal."""

    number: int
    """From 1, without gaps, in commit order."""
    at: datetime
    event: Event
