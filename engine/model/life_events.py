"""What happened to a run as a whole: its steps, its plan, its questions, its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.model.catalog import TableClass
from engine.model.connection import ConnectionCheck
from engine.model.decisions import Decision
from engine.model.findings import Finding
from engine.model.plan import Plan
from engine.model.run import RunState, Step, TableOutcome

__all__ = [
    "ConnectionsChecked",
    "DecisionAnswered",
    "DecisionAsked",
    "FaultMet",
    "FindingRaised",
    "PauseAsked",
    "PlanApproved",
    "PlanProposed",
    "PlanVoided",
    "RunCreated",
    "RunFinished",
    "RunnerStarted",
    "RunnerStopped",
    "StateChanged",
    "StepFinished",
    "StepStarted",
    "TableDiscovered",
]


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
    from_where: str = ""
    """Host and kind of place: ``console on db-7``, ``watch on lead-2``, ``command line on ci``."""
    for_every: bool = False
    """It holds for every such fault of the run."""
    value: str = ""
    """What was given with it, such as the value to fill in."""
    kind: Literal["decision_answered"] = "decision_answered"


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultMet:
    """Something failed for good; the run stopped where it is safe."""

    what: str
    where: str
    safe: str
    todo: str
    code: str = ""
    """The catalogue's: ``R201``; empty in journals of older versions."""
    kind: Literal["fault_met"] = "fault_met"


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseAsked:
    """Someone asked for a pause; the open batch ends first."""

    by: str
    kind: Literal["pause_asked"] = "pause_asked"


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
