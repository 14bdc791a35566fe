"""A source column's PostgreSQL type, default and findings."""

from __future__ import annotations

from dataclasses import replace

from engine.model.catalog import Column, ColumnProfile, Engine, Table
from engine.model.findings import Finding, Severity
from engine.model.plan import Family
from engine.planning.evidence import Evidence, value_findings
from engine.planning.judge_values import TypeChoice, judge_values
from engine.planning.sql_defaults import is_literal, postgres_default, sqlite_default
from engine.planning.target_types import family_of, is_built_in
from engine.planning.translate_default import translated_default

__all__ = ["TypeChoice", "map_column"]


def map_column(table: Table, column: Column, profile: ColumnProfile, engine: Engine) -> TypeChoice:
    """The type, the default and the findings of one column.

    Args:
        table: the column's.
        column: as declared.
        profile: what its values are.
        engine: PostgreSQL types are kept, SQLite's are only a proposal.
    """
    if engine is Engine.POSTGRES:
        return _kept(table, column)
    evidence = Evidence(table, column, profile)
    choice = judge_values(evidence)
    findings = (*choice.findings, *value_findings(evidence, choice.family))
    return _with_sqlite_default(evidence, replace(choice, findings=findings))


def _with_sqlite_default(e: Evidence, choice: TypeChoice) -> TypeChoice:
    try:
        kept = sqlite_default(e.column.default, choice.family, target_type=choice.target_type)
        return replace(choice, default=kept)
    except ValueError:
        if is_literal(e.column.default):
            return replace(choice, findings=(*choice.findings, _no_default(e.table, e.column)))
    try:
        return replace(choice, default=translated_default(e.column.default or "", choice.family))
    except ValueError:
        return replace(choice, findings=(*choice.findings, _no_default(e.table, e.column)))


def _no_default(table: Table, column: Column) -> Finding:
    return Finding(
        code="F208",
        severity=Severity.WARNING,
        place=f"{table.name}.{column.name}",
        what="a default with no counterpart in PostgreSQL",
        evidence=str(column.default),
        remedy="The column goes without a default; the rows are not affected",
    )


def _kept(table: Table, column: Column) -> TypeChoice:
    if not is_built_in(column.declared_type):
        finding = Finding(
            code="F114",
            severity=Severity.WARNING,
            place=f"{table.name}.{column.name}",
            what="a user-defined type, which the target does not have",
            evidence=column.declared_type,
            remedy="The column becomes text and its values keep PostgreSQL's text form",
        )
        return TypeChoice(target_type="text", family=Family.TEXT, findings=(finding,))
    choice = TypeChoice(target_type=column.declared_type, family=family_of(column.declared_type))
    if column.is_identity:
        return choice
    try:
        return replace(choice, default=postgres_default(column.default))
    except ValueError:
        return replace(choice, findings=(_no_default(table, column),))
