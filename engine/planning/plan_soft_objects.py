"""Generated columns and CHECK constraints of SQLite tables, as PostgreSQL keeps them."""

from __future__ import annotations

from dataclasses import replace

from engine.model.catalog import Column, ColumnProfile, Engine
from engine.model.objects import ConstraintPlan, GeneratedColumn
from engine.model.plan import ColumnPlan, Family, MadeBy
from engine.planning.names import claim_name, fit_name
from engine.planning.source_relation import scope_of, text_of, text_of_affinity
from engine.planning.sql_terms import CantTranslate, Term, as_value, quoted_identifier
from engine.planning.sqlite_text import CheckText
from engine.planning.table_draft import TableDraft
from engine.planning.translate_functions import translator

__all__ = ["plan_checks", "plan_generated"]

_TYPES = {Family.INTEGER: "bigint", Family.FLOAT: "double precision", Family.TEXT: "text"}


def is_soft(draft: TableDraft) -> bool:
    """Whether the plan makes the table, and SQLite's text says what hangs on it."""
    return draft.is_new and draft.crossing.catalog.engine is Engine.SQLITE


def plan_generated(draft: TableDraft) -> None:
    """Generated columns PostgreSQL can make itself are no longer copied; a finding tells of each.

    Args:
        draft: its columns have their final types.
    """
    if not is_soft(draft):
        return
    expressions = text_of(draft).generated
    in_keys = {name for key in draft.crossing.table.foreign_keys for name in key.columns}
    scope = scope_of(replace_columns(draft, [c for c in draft.columns if not _is_generated(draft, c)]))
    for column in [column for column in draft.columns if _is_generated(draft, column)]:
        source = draft.crossing.table.column(column.source)
        text = expressions.get(source.name, "")
        work = translator()
        try:
            if column.transformation or source.name in in_keys or column.target in draft.primary_key:
                raise CantTranslate("the column is used as a key or was given another type")
            term = as_value(work.expression(text, scope))
            if work.caveats:
                raise CantTranslate(work.caveats[0])
            _take(draft, column, _fitting(term, source, draft.crossing.profiles.get(source.name)))
        except CantTranslate as reason:
            draft.warn(
                "F204",
                f"{draft.crossing.table.name}.{source.name}",
                "a generated column becomes an ordinary one",
                evidence=f"{text}: {reason}",
                remedy="Its values are copied; whoever writes rows later must fill it",
            )


def replace_columns(draft: TableDraft, columns: list[ColumnPlan]) -> TableDraft:
    """The draft as if it had these columns."""
    return replace(draft, columns=columns)


def _is_generated(draft: TableDraft, column: ColumnPlan) -> bool:
    return column.made_by is MadeBy.COPY and bool(draft.crossing.table.column(column.source).generated)


def _fitting(term: Term, source: Column, profile: ColumnProfile | None) -> Term:
    """The term, when it gives the values the source shows.

    Raises:
        CantTranslate: SQLite stores something else, such as a number made of a text.
    """
    if term.kind not in _TYPES:
        raise CantTranslate("its values are of a kind PostgreSQL would print otherwise")
    is_text = term.kind is Family.TEXT
    if source.declared_type and is_text is not text_of_affinity(source.declared_type):
        raise CantTranslate("SQLite turns its values into another kind")
    if profile is None or profile.rows == profile.nulls:
        return term
    wanted = {
        Family.INTEGER: profile.integers,
        Family.FLOAT: profile.integers + profile.reals - profile.infinite_reals,
        Family.TEXT: profile.texts - profile.nul_texts - profile.not_utf8_texts,
    }[term.kind]
    if wanted != profile.rows - profile.nulls:
        raise CantTranslate("some of its values are of another kind")
    return term


def _take(draft: TableDraft, column: ColumnPlan, term: Term) -> None:
    assert term.kind is not None, "checked by _fitting"
    place = draft.columns.index(column)
    draft.columns = [other for other in draft.columns if other is not column]
    made = GeneratedColumn(
        name=column.target,
        target_type=_TYPES[term.kind],
        expression=term.sql,
        place=place,
        source=column.source,
    )
    draft.generated = (*draft.generated, made)
    draft.generated_terms[column.source] = Term(
        sql=quoted_identifier(column.target), kind=term.kind, collation="binary", name=column.target
    )
    draft.note(
        "F204",
        f"{draft.crossing.table.name}.{column.source}",
        "a generated column, which PostgreSQL makes itself from the same expression",
    )


def plan_checks(draft: TableDraft) -> None:
    """CHECK constraints that mean the same in PostgreSQL are planned; a finding tells of each other one.

    Args:
        draft: keys and indexes are settled, whose names are taken.
    """
    if not is_soft(draft):
        return
    taken = {index.name for index in draft.indexes} | {key.name for key in draft.foreign_keys}
    scope, kept = scope_of(draft), []
    for check in text_of(draft).checks:
        work = translator()
        try:
            condition = work.condition(check.text, scope)
            if work.caveats:
                raise CantTranslate(work.caveats[0])
        except CantTranslate as reason:
            draft.warn(
                "F215",
                f"{draft.crossing.table.name}{f'.{check.column}' if check.column else ''}",
                "a check constraint is not carried",
                evidence=f"check ({' '.join(check.text.split())}): {reason}",
                remedy="The rows move; write it anew for PostgreSQL after the move",
            )
            continue
        name = claim_name(_check_name(draft, check), taken)
        kept.append(ConstraintPlan(name=name, kind="check", definition=f"check ({condition})"))
    draft.constraints = (*draft.constraints, *kept)


def _check_name(draft: TableDraft, check: CheckText) -> str:
    if check.name:
        return fit_name(check.name)
    column = "".join(draft.copies((check.column,))) if check.column else ""
    return fit_name("_".join(part for part in (draft.crossing.target, column, "check") if part))
