"""What came of trying the playbook's own SQL: filters on the sources, expressions on the target. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.guidance.words import first_names
from engine.model.findings import Finding, Severity
from engine.model.plan import ColumnPlan, MadeBy, Plan, TablePlan

__all__ = ["TriedExpression", "expressions_of", "refused_filter", "with_expressions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedExpression:
    """One expression after the target was asked about it."""

    table: TablePlan
    column: ColumnPlan
    refusal: str = ""
    """PostgreSQL's own words; empty when it took the expression."""
    changing: tuple[str, ...] = ()
    """Functions in it that may do or give something else with each call."""
    sets: tuple[str, ...] = ()
    """Functions in it that give any number of values."""


def expressions_of(plan: Plan) -> Iterator[tuple[TablePlan, ColumnPlan]]:
    """Every column the target computes."""
    for table in plan.tables:
        for column in table.columns:
            if column.made_by is MadeBy.EXPRESSION:
                yield table, column


def refused_filter(table: TablePlan, words: str) -> Finding:
    """The finding of a filter the source does not take.

    Args:
        table: with the filter.
        words: the source's own.
    """
    return Finding(
        code="F502",
        severity=Severity.BLOCKER,
        place=f"{table.source}.{table.source_table}",
        what="the source refuses the filter of the playbook",
        evidence=f"where: {table.where}: {words}",
        remedy=f"Mend 'where' in the playbook's entry 'from: {table.source_table}'",
    )


def with_expressions(plan: Plan, tried: Sequence[TriedExpression]) -> Plan:
    """The plan with a finding for each expression that is refused or may surprise. It is no longer sealed."""
    findings = [finding for one in tried for finding in _findings(one)]
    return replace(plan, digest="", findings=(*plan.findings, *findings)) if findings else plan


def _findings(one: TriedExpression) -> Iterator[Finding]:
    place = f"{one.table.name}.{one.column.target}"
    entry = f"of {one.column.target} in the playbook's entry 'from: {one.table.source_table}'"
    if one.refusal:
        yield Finding(
            code="F502",
            severity=Severity.BLOCKER,
            place=place,
            what="the target refuses the expression of the playbook",
            evidence=f"expr: {one.column.expression}: {one.refusal}",
            remedy=f"Mend 'expr' {entry}",
        )
    if one.sets:
        yield Finding(
            code="F503",
            severity=Severity.WARNING,
            place=place,
            what="an expression calls a function that gives any number of values",
            evidence=f"{first_names(one.sets)} in {one.column.expression}",
            remedy="Of several values any one is taken, and of none NULL; "
            f"say which one is meant by an expression that gives one value, as 'expr' {entry}",
        )
    if one.changing:
        yield Finding(
            code="F503",
            severity=Severity.WARNING,
            place=place,
            what="an expression calls a function that may do or give something else each time",
            evidence=f"{first_names(one.changing)} in {one.column.expression}",
            remedy="A rehearsal and every batch that is tried again call it anew, and what it did elsewhere "
            "is not taken back by an undo",
        )
