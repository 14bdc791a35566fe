"""A SQLite table's columns as names in PostgreSQL's SQL, with what their values became."""

from __future__ import annotations

import re

from engine.model.catalog import Column, ColumnProfile
from engine.model.plan import ColumnPlan, Family, MadeBy
from engine.planning.sql_terms import Relation, Scope, Term, quoted_identifier
from engine.planning.sqlite_text import TableText, read_table_text
from engine.planning.table_draft import TableDraft

__all__ = ["relation_of", "scope_of", "text_of", "text_of_affinity"]

_TEXT_AFFINITY = re.compile(r"CHAR|CLOB|TEXT", re.IGNORECASE)
_INTEGER_AFFINITY = re.compile(r"INT", re.IGNORECASE)
_REAL_AFFINITY = re.compile(r"^(?!.*(INT|CHAR|CLOB|TEXT|BLOB)).*(REAL|FLOA|DOUB)", re.IGNORECASE)
_ROWID_NAMES = ("rowid", "_rowid_", "oid")


def text_of(draft: TableDraft) -> TableText:
    """What the CREATE TABLE of the source says."""
    return read_table_text(draft.crossing.table.statement)


def text_of_affinity(declared: str) -> bool:
    """Whether SQLite makes text of numbers in the column (https://sqlite.org/datatype3.html, 3.1)."""
    return bool(_TEXT_AFFINITY.search(declared)) and not _INTEGER_AFFINITY.search(declared)


def relation_of(draft: TableDraft) -> Relation:
    """The table's columns that are carried as they are; generated ones too."""
    collations = text_of(draft).collations
    plans = {column.source: column for column in reversed(draft.columns) if column.made_by is MadeBy.COPY}
    columns = {}
    hidden = {}
    for column in draft.crossing.table.columns:
        plan = plans.get(column.name)
        if plan is not None:
            term = _term(
                column, plan, draft.crossing.profiles.get(column.name), collations.get(column.name, "")
            )
        elif column.name in draft.generated_terms:
            term = draft.generated_terms[column.name]
        else:
            continue
        columns[column.name.lower()] = term
        if plan is not None and plan.is_identity:
            hidden = {name: term for name in _ROWID_NAMES}
    return Relation(
        alias=draft.crossing.table.name.lower(),
        sql_alias=quoted_identifier(draft.crossing.target),
        columns=columns,
        hidden=hidden,
    )


def scope_of(draft: TableDraft) -> Scope:
    """Names as a CHECK or an index of the table means them."""
    relation = relation_of(draft)
    bare = Relation(alias=relation.alias, sql_alias="", columns=relation.columns, hidden=relation.hidden)
    return Scope(relations=(bare,))


def _term(column: Column, plan: ColumnPlan, profile: ColumnProfile | None, collation: str) -> Term:
    kind = plan.family
    if _is_mixed(column, kind, profile):
        kind = Family.OTHER
    name = quoted_identifier(plan.target)
    is_real = kind is Family.FLOAT and bool(_REAL_AFFINITY.search(column.declared_type))
    return Term(sql=name, kind=kind, collation=collation or "binary", name=plan.target, is_real=is_real)


def _is_mixed(column: Column, kind: Family, profile: ColumnProfile | None) -> bool:
    """Whether SQLite compares the column's values by more than one rule, and PostgreSQL by one."""
    if profile is None or profile.rows == profile.nulls:
        return (
            kind is Family.TEXT and not text_of_affinity(column.declared_type) and bool(column.declared_type)
        )
    filled = profile.rows - profile.nulls
    if kind is Family.TEXT:
        return profile.texts != filled
    return kind is Family.NUMERIC and profile.texts > 0
