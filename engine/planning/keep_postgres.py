"""What PostgreSQL sources have around their tables, for a whole plan."""

from __future__ import annotations

from collections import Counter
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
    fillers = Counter(table.target_table for table in tables)
    return tuple(
        keep_shape(draft, table, taken) if fillers[table.target_table] == 1 else _name_merged(draft, table)
        for table in tables
        for draft in (drafts[table.source, table.source_table],)
    )


def _name_merged(draft: TableDraft, plan: TablePlan) -> TablePlan:
    """A table that several sources fill has none of their constraints: each would bind the others' rows."""
    table = draft.crossing.table
    names = [constraint.name for constraint in table.constraints]
    names += [column.name for column in table.columns if column.expression]
    names += [partition.name for partition in table.partitions]
    if draft.offer is not None and draft.is_new and names:
        draft.warn(
            "F240",
            table.name,
            "constraints, generated columns and partitions of merged tables are not carried",
            evidence=", ".join(names),
            remedy="Make them by hand after the move, when they hold for all sources",
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
