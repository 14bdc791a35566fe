"""What PostgreSQL sources have around their tables, for a whole plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.model.catalog import Catalog, Engine
from engine.model.findings import Finding
from engine.model.objects import ObjectPlan
from engine.model.plan import TablePlan
from engine.planning.describe_phases import listed
from engine.planning.keep_shape import keep_shape
from engine.planning.keep_views import keep_views
from engine.planning.resolve_tables import Crossing
from engine.planning.table_draft import TableDraft
from engine.planning.target_offer import TargetOffer, offer_of

__all__ = ["keep_all_views", "keep_shapes", "made_types", "make_offers", "objects_undo", "offers_by_source"]

_Drafts = Mapping[tuple[str, str], TableDraft]


def make_offers(
    crossings: Iterable[Crossing], catalogs: Mapping[str, Catalog], target: Catalog, *, is_everything: bool
) -> dict[str, TargetOffer]:
    """What definitions of each PostgreSQL source will find on the target, by source."""
    moved: dict[str, list[Crossing]] = {}
    for crossing in crossings:
        moved.setdefault(crossing.source, []).append(crossing)
    offers: dict[str, TargetOffer] = {}
    for name, catalog in catalogs.items():
        if catalog.engine is Engine.POSTGRES:
            offers[name] = offer_of(
                catalog,
                target,
                [crossing.table for crossing in moved.get(name, ())],
                is_everything=is_everything,
                made=[thing for offer in offers.values() for thing in offer.objects],
            )
    return offers


def offers_by_source(drafts: _Drafts) -> dict[str, TargetOffer]:
    """The offers the drafts of PostgreSQL sources were made with."""
    return {source: draft.offer for (source, _), draft in drafts.items() if draft.offer is not None}


def made_types(drafts: _Drafts) -> tuple[ObjectPlan, ...]:
    """Types, domains and sequences the plan makes, those of one name once."""
    return _united([thing for offer in offers_by_source(drafts).values() for thing in offer.objects])


def keep_shapes(tables: tuple[TablePlan, ...], drafts: _Drafts, taken: set[str]) -> tuple[TablePlan, ...]:
    """The plans with what their PostgreSQL sources have around the rows.

    Args:
        tables: as planned from the drafts.
        drafts: findings are added to them.
        taken: names of relations in the target schema; those chosen are added.
    """
    return tuple(_shaped(drafts[table.source, table.source_table], table, taken) for table in tables)


def _shaped(draft: TableDraft, plan: TablePlan, taken: set[str]) -> TablePlan:
    """A table several sources fill has none of what one of them has around its rows; it is told."""
    if not draft.merged_from:
        return keep_shape(draft, plan, taken)
    table = draft.crossing.table
    left = [constraint.name for constraint in table.constraints]
    left += ["its partitions"] if table.partition_by else []
    left += [column.name for column in table.columns if column.expression]
    if left and draft.is_new:
        draft.warn(
            "F312",
            table.name,
            "checks, generated columns and partitions of a source that merges are not carried",
            evidence=", ".join(left),
            remedy="Add them after the move, if the rows of all sources keep them",
        )
    return plan


def keep_all_views(
    drafts: _Drafts, taken: set[str], *, is_everything: bool
) -> tuple[tuple[ObjectPlan, ...], tuple[Finding, ...]]:
    """Views of PostgreSQL sources; where tables were picked, views were not meant."""
    views: list[ObjectPlan] = []
    findings: list[Finding] = []
    for source, offer in offers_by_source(drafts).items() if is_everything else ():
        own = [draft for (name, _), draft in drafts.items() if name == source]
        kept, told = keep_views(offer, own, taken)
        views += kept
        findings += told
    return _united(views), tuple(findings)


def _united(objects: Sequence[ObjectPlan]) -> tuple[ObjectPlan, ...]:
    by_name: dict[str, ObjectPlan] = {}
    for thing in objects:
        by_name.setdefault(thing.name, thing)
    return tuple(by_name.values())


def objects_undo(objects: Sequence[ObjectPlan]) -> str:
    """What undo does with objects besides tables, to follow the tables' route; empty without any."""
    if not objects:
        return ""
    kinds = dict.fromkeys(f"{thing.kind}s" for thing in objects)
    return f"; the {listed(list(kinds))} this run makes go too, unless something of others needs them"
