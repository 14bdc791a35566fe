"""What was found wrong, who decided what about it, and what came of that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.model.faults import ChunkAddress, Diagnosis, Effect
from engine.model.roles import Role

__all__ = [
    "DecisionExpired",
    "DecisionHandedOn",
    "DrillFinished",
    "FaultDiagnosed",
    "FaultTold",
    "LevelRaised",
    "LookedAgain",
    "PartUndone",
    "QuarantineChanged",
    "RecoveryFinished",
    "RecoveryStarted",
    "RuleMade",
    "RuleRevoked",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultTold:
    """Something is not as it should be; nobody has to decide anything, and the work goes on."""

    code: str
    """The catalogue's: ``R314``."""
    what: str
    """In words, without a full stop."""
    safe: str = ""
    todo: str = ""
    kind: Literal["fault_told"] = "fault_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelRaised:
    """A fault was not healed on one level of the escalation, and goes to the next."""

    level: Literal[1, 2, 3]
    fault: str
    """The catalogue's code: ``R201``."""
    text: str
    """What happens now, in words: ``schema-analysis re-checks the target, validation the rows``."""
    at: ChunkAddress | None = None
    kind: Literal["level_raised"] = "level_raised"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAgain:
    """An agent re-checked something because a fault was met."""

    role: Role
    what: str
    """``the target's schema``, ``the rows committed so far``."""
    is_well: bool
    findings: tuple[str, ...] = ()
    """In words; empty when nothing was found."""
    seconds: float = 0.0
    kind: Literal["looked_again"] = "looked_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultDiagnosed:
    """The whole batch was looked through."""

    fault: str
    diagnosis: Diagnosis
    kind: Literal["fault_diagnosed"] = "fault_diagnosed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryStarted:
    """What was decided is being done."""

    decision_id: str
    option: str
    by: str
    predicted: Effect
    at: ChunkAddress | None = None
    kind: Literal["recovery_started"] = "recovery_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryFinished:
    """What was decided is done, or could not be."""

    decision_id: str
    option: str
    is_done: bool
    predicted: Effect
    actual: Effect
    text: str
    """What came of it, in words."""
    at: ChunkAddress | None = None
    kind: Literal["recovery_finished"] = "recovery_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleMade:
    """From now on every such fault of the run is answered so."""

    rule_id: int
    words: str
    """``every text too long in customers.name: cut to the column's length``."""
    by: str
    kind: Literal["rule_made"] = "rule_made"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRevoked:
    """The rule holds no longer; the next such fault asks again."""

    rule_id: int
    words: str
    by: str
    kind: Literal["rule_revoked"] = "rule_revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionExpired:
    """Nobody answered in time: the run is paused, safely."""

    decision_id: str
    deadline: datetime
    kind: Literal["decision_expired"] = "decision_expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionHandedOn:
    """The question was handed to the lead; whoever answers first still wins."""

    decision_id: str
    to: str
    by: str
    kind: Literal["decision_handed_on"] = "decision_handed_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineChanged:
    """Rows set aside were edited, replayed or given up."""

    what: Literal["edited", "replayed", "discarded"]
    table: str
    rows: int
    by: str
    text: str
    written: int = 0
    """Of replayed rows: those that are in the target now."""
    merged: int = 0
    """Of replayed rows: those whose key another row has, as the table's policy says."""
    kind: Literal["quarantine_changed"] = "quarantine_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartUndone:
    """Part of what the run wrote was taken back, and can be moved again."""

    what: str
    """``phase 2``, ``the last checkpoint``."""
    tables: tuple[str, ...]
    removed: int
    kept: int
    by: str
    anew: tuple[str, ...] = ()
    """Of the tables, those that move again from their first batch on."""
    batches: tuple[tuple[str, int], ...] = ()
    """Table and number of the batches taken back in other tables: what decisions had brought in."""
    kind: Literal["part_undone"] = "part_undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillFinished:
    """The undo was rehearsed: moved into a scratch copy, taken back, compared with before."""

    moved: int
    removed: int
    residual: int
    """Rows and objects in the copy that were not there before, or were otherwise; 0 is the proof."""
    seconds: float
    digest: str
    """The plan that was drilled."""
    words: tuple[str, ...] = ()
    """What is left, in words; empty when nothing is."""
    kind: Literal["drill_finished"] = "drill_finished"
