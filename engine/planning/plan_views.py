"""Views of SQLite sources, in PostgreSQL's words and in an order in which each finds what it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.model.catalog import Catalog, Engine, OtherObject
from engine.model.findings import Finding, Severity
from engine.model.objects import ObjectKind, ObjectPlan
from engine.planning.names import target_name
from engine.planning.source_relation import relation_of
from engine.planning.sql_terms import CantTranslate, Query, Relation, quoted_identifier
from engine.planning.sqlite_text import view_query
from engine.planning.table_draft import TableDraft
from engine.planning.translate_query import translate_view

__all__ = ["plan_views"]


@dataclass(slots=True)
class _Source:
    """One source's views on their way."""

    catalog: Catalog
    relations: dict[str, Relation]
    """Tables that move and views that are planned, by name in lower case."""
    style: str


def plan_views(
    drafts: Mapping[tuple[str, str], TableDraft],
    catalogs: Mapping[str, Catalog],
    target: Catalog,
    *,
    style: str,
) -> tuple[tuple[ObjectPlan, ...], list[Finding]]:
    """The views PostgreSQL can have, and a finding for each it can't, or that is not quite the same.

    Args:
        drafts: all of the plan's tables, settled.
        catalogs: the sources'.
        target: what the target's schema holds.
        style: of names.
    """
    taken = {table.name for table in target.tables} | {other.name for other in target.others}
    taken |= {draft.crossing.target for draft in drafts.values()}
    taken |= {index.name for draft in drafts.values() for index in draft.indexes}
    planned: list[ObjectPlan] = []
    findings: list[Finding] = []
    for name, catalog in catalogs.items():
        if catalog.engine is not Engine.SQLITE:
            continue
        relations = {t.lower(): relation_of(draft) for (source, t), draft in drafts.items() if source == name}
        source = _Source(catalog, relations, style)
        _plan_source(source, target.schema, taken, planned, findings)
    return tuple(planned), findings


def _plan_source(
    source: _Source, schema: str, taken: set[str], planned: list[ObjectPlan], findings: list[Finding]
) -> None:
    waiting = [other for other in source.catalog.others if other.kind == "view"]
    reasons: dict[str, str] = {}
    while waiting:
        left = []
        for view in waiting:
            try:
                made, query = _view(view, source, schema, taken)
            except CantTranslate as reason:
                reasons[view.name] = str(reason)
                left.append(view)
                continue
            planned.append(made)
            findings += [_caveat(view, caveat) for caveat in query.caveats]
        if len(left) == len(waiting):
            break
        waiting = left
    findings += [_not_carried(view, reasons[view.name]) for view in waiting]


def _view(view: OtherObject, source: _Source, schema: str, taken: set[str]) -> tuple[ObjectPlan, Query]:
    names, text = view_query(view.statement)
    name = target_name(view.name, source.style)
    if name in taken:
        raise CantTranslate(f"the name {name} is taken")
    query = translate_view(names, text, tables=source.relations.get, style=source.style)
    columns = ", ".join(term.sql for _, term in query.columns)
    taken.add(name)
    source.relations[view.name.lower()] = Relation(
        alias=view.name.lower(),
        sql_alias=quoted_identifier(name),
        columns={column: replace(term, is_test=False, has_aggregate=False) for column, term in query.columns},
    )
    made = ObjectPlan(
        kind=ObjectKind.VIEW, schema=schema, name=name, definition=f"({columns}) as {query.sql}"
    )
    return made, query


def _not_carried(view: OtherObject, reason: str) -> Finding:
    return Finding(
        code="F210",
        severity=Severity.WARNING,
        place=view.name,
        what="a view is not carried",
        evidence=reason,
        remedy="Write it anew for PostgreSQL after the move",
    )


def _caveat(view: OtherObject, caveat: str) -> Finding:
    return Finding(
        code="F241",
        severity=Severity.WARNING,
        place=view.name,
        what="a view may show other digits",
        evidence=caveat,
    )
