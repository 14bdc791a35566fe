"""One table's plan in the making."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.model.catalog import Engine
from engine.model.findings import Finding, Severity
from engine.model.objects import ConstraintPlan, GeneratedColumn
from engine.model.plan import ColumnPlan, ForeignKeyPlan, IndexPlan, MadeBy
from engine.planning.resolve_tables import Crossing
from engine.planning.sql_terms import Term
from engine.planning.target_offer import TargetOffer

__all__ = ["TableDraft"]


@dataclass(slots=True, kw_only=True)
class TableDraft:
    """A table plan in the making."""

    crossing: Crossing
    columns: list[ColumnPlan]
    findings: list[Finding]
    primary_key: tuple[str, ...] = ()
    indexes: tuple[IndexPlan, ...] = ()
    foreign_keys: tuple[ForeignKeyPlan, ...] = ()
    constraints: tuple[ConstraintPlan, ...] = ()
    generated: tuple[GeneratedColumn, ...] = ()
    generated_terms: dict[str, Term] = field(default_factory=dict)
    """By source column, what PostgreSQL makes itself."""
    is_looked_up: bool = False
    """Other tables of the plan take values from it."""
    newest_by: str = ""
    merged_from: str = ""
    """What tells this draft from the others of the same target; empty when it is the only one."""
    is_extra: bool = False
    """Another draft makes the target table."""
    made_columns: tuple[ColumnPlan, ...] = ()
    """All columns of the target table, where several drafts fill it."""
    offer: TargetOffer | None = None
    """What definitions of a PostgreSQL source find on the target; None for other sources."""

    @property
    def is_new(self) -> bool:
        """The plan makes the table."""
        return self.crossing.existing is None

    def copies(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The target columns that are plain copies of these source columns; empty when one is not."""
        by_source: dict[str, str] = {}
        for column in self.columns:
            if column.made_by is MadeBy.COPY:
                by_source.setdefault(column.source, column.target)
        return tuple(by_source[name] for name in names) if all(name in by_source for name in names) else ()

    def carried(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """As ``copies``, but ids looked up for a source column stand for it too."""
        by_source: dict[str, str] = {}
        for column in self.columns:
            if column.made_by in (MadeBy.COPY, MadeBy.LOOKUP):
                by_source.setdefault(column.source, column.target)
        return tuple(by_source[name] for name in names) if all(name in by_source for name in names) else ()

    def unique_keys(self) -> set[frozenset[str]]:
        """Sets of target columns in which no two rows are the same."""
        existing = self.crossing.existing
        if existing is not None:
            keys = {
                frozenset(i.columns)
                for i in existing.indexes
                if i.is_unique and not i.is_partial and i.columns
            }
            return keys | {frozenset(existing.primary_key)}
        unusual = {
            frozenset(self.copies(constraint.columns))
            for constraint in self.crossing.table.constraints
            if constraint.kind == "unique"
        }
        if self.crossing.catalog.engine is Engine.POSTGRES:
            unusual |= {
                frozenset(self.copies(index.columns))
                for index in self.crossing.table.indexes
                if index.is_unique and not index.is_partial and index.columns
            }
        keys = {frozenset(i.columns) for i in self.indexes if i.is_unique and not i.tail} | unusual
        return {*keys, frozenset(self.primary_key)}

    def note(self, code: str, place: str, what: str, *, evidence: str = "", remedy: str = "") -> None:
        """Adds something to know that needs no decision."""
        self.findings.append(
            Finding(
                code=code, severity=Severity.NOTE, place=place, what=what, evidence=evidence, remedy=remedy
            )
        )

    def warn(self, code: str, place: str, what: str, *, evidence: str = "", remedy: str = "") -> None:
        """Adds one warning."""
        self.findings.append(
            Finding(
                code=code, severity=Severity.WARNING, place=place, what=what, evidence=evidence, remedy=remedy
            )
        )
