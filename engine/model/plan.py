"""A migration as data: what moves where, in which order, and how it is taken back.

Its parts come from here as well: the house names them all by this one module.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.catalog import Engine
from engine.model.column_plan import ColumnPlan, Family, Form, LookupPlan, MadeBy
from engine.model.findings import Finding
from engine.model.objects import ForeignKeyPlan, IndexPlan, ObjectPlan
from engine.model.table_plan import KeyRange, KeyValue, Lane, Policy, SoftDelete, TablePlan

__all__ = [
    "ColumnPlan",
    "Estimate",
    "Family",
    "ForeignKeyPlan",
    "Form",
    "IndexPlan",
    "KeyRange",
    "KeyValue",
    "Lane",
    "LookupPlan",
    "MadeBy",
    "Phase",
    "Plan",
    "PlanCheck",
    "Policy",
    "Risk",
    "SoftDelete",
    "SourcePlan",
    "TablePlan",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCheck:
    """A query of the playbook's own, run on the target after the move."""

    name: str
    sql: str
    """One select that returns one value."""
    expect: str
    """That value as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """Tables that can move one after another without waiting for a later phase."""

    number: int
    name: str
    tables: tuple[str, ...]
    """``source table -> target table``, in load order."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """How long the whole run may take, as a range."""

    low_seconds: float
    high_seconds: float
    basis: str
    """What the range rests on, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """How dangerous the plan is, and why."""

    level: str
    """``low``, ``medium`` or ``high``."""
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlan:
    """One source as it was when the plan was made."""

    name: str
    engine: Engine
    label: str
    """Where it is, scrubbed."""
    fingerprint: str
    """Changes when the source's schema or rows change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The whole migration; its digest is what an operator approves."""

    playbook: str
    title: str
    noun: str
    """What the rows are to people: ``brackets``; ``rows`` when nothing better is known."""
    target: str
    """Where the rows go, scrubbed."""
    target_fingerprint: str
    """Changes when a planned target table appears, goes, or changes shape or row count."""
    sources: tuple[SourcePlan, ...]
    tables: tuple[TablePlan, ...]
    phases: tuple[Phase, ...]
    findings: tuple[Finding, ...]
    estimate: Estimate
    risk: Risk
    undo: str
    """The whole undo route in one sentence."""
    types: tuple[ObjectPlan, ...] = ()
    """Types, domains and sequences made before the tables, in this order."""
    views: tuple[ObjectPlan, ...] = ()
    """Views made after everything else, in this order."""
    checks: tuple[PlanCheck, ...] = ()
    validations: tuple[str, ...] = ("count match", "50 samples", "full digests", "integrity")
    on_error: str = "ask"
    digest: str = ""
    """SHA-256 of everything above except the estimate; empty until sealed."""

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(table.rows for table in self.tables)

    def sharing(self, table: TablePlan) -> tuple[TablePlan, ...]:
        """Every plan that fills the same target table, the given one included."""
        name = (table.target_schema, table.target_table)
        return tuple(other for other in self.tables if (other.target_schema, other.target_table) == name)

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """Findings that forbid approval."""
        return tuple(f for f in self.findings if f.severity == "blocker")

    @property
    def to_mend(self) -> tuple[Finding, ...]:
        """Of the blockers, those no answer settles."""
        return tuple(f for f in self.blockers if not f.violates)

    @property
    def rows_aside(self) -> int:
        """Rows that would be set aside, where nobody has said yet that this is meant."""
        return sum(f.violates for f in self.violations)

    @property
    def violations(self) -> tuple[Finding, ...]:
        """Of the blockers, those that only ask whether rows may be set aside."""
        return tuple(f for f in self.blockers if f.violates)
