"""The views of a PostgreSQL source that can stand on the target, in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.model.findings import Finding, Severity
from engine.model.objects import CommentPlan, IndexPlan, ObjectKind, ObjectPlan
from engine.model.postgres_objects import View
from engine.planning.keep_shape import kept_columns
from engine.planning.named_others import NAMED
from engine.planning.names import claim_name
from engine.planning.table_draft import TableDraft
from engine.planning.target_offer import TargetOffer

__all__ = ["keep_views"]

_RELATIONS = frozenset({"table", "view", "materialized view", "foreign table", "sequence"})


def keep_views(
    offer: TargetOffer, drafts: Iterable[TableDraft], taken: set[str]
) -> tuple[tuple[ObjectPlan, ...], tuple[Finding, ...]]:
    """Views whose tables move with their names and columns; a finding tells of each other one.

    Args:
        offer: what the target has for this source.
        drafts: the plan's tables of this source.
        taken: names of relations in the target schema; those chosen are added.
    """
    by_name = {draft.crossing.table.name: draft for draft in drafts}
    used = {other.name for other in offer.target.others if other.kind in NAMED}
    used |= {table.name for table in offer.target.tables}
    kept: dict[str, ObjectPlan] = {}
    findings: list[Finding] = []
    for view in offer.source.views:
        reason = "the target has something of this name" if view.name in used else ""
        reason = reason or _lack(view, offer, by_name, kept)
        if reason:
            findings.append(_not_carried(view, reason))
        else:
            kept[view.name] = _planned(view, offer, taken)
    return tuple(kept.values()), tuple(findings)


def _lack(
    view: View, offer: TargetOffer, drafts: Mapping[str, TableDraft], kept: Mapping[str, ObjectPlan]
) -> str:
    """What the view rests on and would not find, in words."""
    others = []
    for need in view.needs:
        is_own = need.schema == offer.source.schema and not need.extension
        if not is_own or need.kind not in _RELATIONS or need.kind == "sequence":
            # The row type of a table comes with it.
            others += [] if is_own and need.kind == "type" and need.name in drafts else [need]
        elif need.name not in kept and (reason := _table_lack(need.name, drafts)):
            return reason
    return offer.lacks(others)


def _table_lack(name: str, drafts: Mapping[str, TableDraft]) -> str:
    draft = drafts.get(name)
    if draft is None:
        return f"{name}, which is not carried"
    if draft.crossing.target != name:
        return f"{name}, which is called {draft.crossing.target} on the target"
    columns = {column.name for column in draft.crossing.table.columns}
    if not draft.is_new:
        there = (
            {column.name for column in draft.crossing.existing.columns} if draft.crossing.existing else set()
        )
        return "" if columns <= there else f"{name}, which has other columns on the target"
    changed = sorted(columns - kept_columns(draft))
    return f"{name}, whose column {changed[0]} is not the same on the target" if changed else ""


def _not_carried(view: View, reason: str) -> Finding:
    kind = "materialized view" if view.is_materialized else "view"
    return Finding(
        code="F210",
        severity=Severity.WARNING,
        place=view.name,
        what=f"the {kind} is not carried",
        evidence=reason,
        remedy="Make it by hand after the move",
    )


def _planned(view: View, offer: TargetOffer, taken: set[str]) -> ObjectPlan:
    return ObjectPlan(
        kind=ObjectKind.MATERIALIZED_VIEW if view.is_materialized else ObjectKind.VIEW,
        schema=offer.target.schema,
        name=view.name,
        definition=view.definition,
        comment=view.comment,
        indexes=tuple(
            IndexPlan(name=claim_name(i.name, taken), columns=(), is_unique=i.is_unique, tail=i.tail)
            for i in view.indexes
        ),
        column_comments=tuple(CommentPlan(text=text, column=column) for column, text in view.column_comments),
    )
