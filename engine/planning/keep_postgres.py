"""What PostgreSQL sources have around their tables, for a whole plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.model.catalog import Catalog, Engine
from engine.model.findings import Finding
from engine.model.objects import ObjectPlan
from engine.model.plan import TablePlan
from engine.planning.keep_shape import keep_shape
from engine.planning.keep_views import keep_views
from engine.planning.resolve_tables import Crossing
from engine.planning.table_draft import TableDraft
from engine.planning.target_offer import TargetOffer, offer_of

__all__ = ["keep_all_views", "keep_shapes", "made_types", "make_offers", "offers_by_source"]

_Drafts = Mapping[tuple[str, str], TableDraft]


def make_offers(
    crossings: Iterable[Crossing], catalogs: Mapping[str, Catalog], target: Catalog, *, is_everything: bool
) -> dict[str, TargetOffer]:
    """What definitions of each PostgreSQL source will find on the target, by source."""
    moved: dict[str, list[Crossing]] = {}
    for crossing in crossings:
        moved.setdefault(crossing.source, []).append(crossing)
    return {
        name: offer_of(catalog, target, [c.table for c in moved.get(name, ())], is_everything=is_everything)
        for name, catalog in catalogs.items()
        if catalog.engine is Engine.POSTGRES
    }


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
    return tuple(keep_shape(drafts[table.source, table.source_table], table, taken) for table in tables)


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
