"""The whole plan from what was found; the same findings always give the same plan."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from engine.model.catalog import Catalog, ColumnProfile, Engine
from engine.model.codec import seal
from engine.model.findings import Finding, Severity
from engine.model.objects import ObjectPlan
from engine.model.plan import Phase, Plan, PlanCheck, SourcePlan, TablePlan
from engine.planning.accept_misfits import accept_by_playbook
from engine.planning.app_notes import find_app_notes
from engine.planning.describe_phases import phase_name, phase_reason
from engine.planning.estimate import estimate_plan
from engine.planning.find_collisions import Collisions, collision_findings
from engine.planning.find_left_postgres import find_left_postgres
from engine.planning.find_risks import (
    find_left_objects,
    find_target_risks,
    gather_notes,
    judge_risk,
    nothing_to_copy,
    too_many_columns,
)
from engine.planning.keep_postgres import (
    keep_all_views,
    keep_shapes,
    made_types,
    make_offers,
    objects_undo,
    offers_by_source,
)
from engine.planning.merge_drafts import (
    groups_of,
    name_sources,
    policy_of,
    settle_merges,
    unite_objects,
)
from engine.planning.named_others import NAMED
from engine.planning.order_tables import TablePhase, order_tables
from engine.planning.plan_columns import plan_columns
from engine.planning.plan_foreign_keys import plan_foreign_keys, settle_types
from engine.planning.plan_indexes import plan_indexes, plan_primary_key
from engine.planning.plan_lookups import check_lookup_order, looked_up_tables, settle_lookups
from engine.planning.plan_soft_objects import plan_checks, plan_generated
from engine.planning.plan_tables import plan_tables
from engine.planning.plan_undo_route import soft_delete_findings
from engine.planning.plan_views import plan_views
from engine.planning.resolve_tables import Crossing, Misfits, resolve_tables
from engine.planning.table_draft import TableDraft
from engine.planning.tell_keys_apart import weaken_indexes
from engine.planning.undo_words import plan_undo
from engine.playbooks.spec import Playbook

__all__ = ["build_plan", "target_fingerprint"]

_Drafts = Mapping[tuple[str, str], TableDraft]


def build_plan(
    playbook: Playbook,
    *,
    catalogs: Mapping[str, Catalog],
    profiles: Mapping[tuple[str, str], tuple[ColumnProfile, ...]],
    orphans: Mapping[tuple[str, str, str], int],
    fingerprints: Mapping[str, str],
    target: Catalog,
    target_label: str,
    counts: Mapping[tuple[str, str], int] | None = None,
    collisions: Mapping[str, Collisions] | None = None,
    misfits: Mapping[tuple[str, str], Mapping[str, Misfits]] | None = None,
    refused_filters: Sequence[Finding] = (),
) -> Plan:
    """A sealed plan; its findings say what stands in its way.

    Args:
        playbook: what is wanted.
        catalogs: what each source holds, by the playbook's name for it.
        profiles: what the values are, by source and table.
        orphans: rows without a parent, by source, table and foreign key's name.
        fingerprints: of each source.
        target: what the target's schema holds.
        target_label: where that is, scrubbed.
        counts: rows that pass the playbook's filter, by source and table; tables without
            a filter need none.
        collisions: ids that would come twice, by target table, and values of unique indexes, by
            index, where they were counted.
        misfits: values the move would refuse, by source and table, then by target column, where they
            were counted.
        refused_filters: what the sources said of the playbook's filters.

    Raises:
        BadInput: the playbook names a table or column that is not there, or two tables with one name.
    """
    crossings = resolve_tables(
        playbook, catalogs=catalogs, profiles=profiles, target=target, misfits=misfits or {}
    )
    drafts, bare = _draft(playbook, crossings, catalogs, target)
    taken = _settle_keys(drafts, orphans, target, collisions or {})
    ordered = order_tables(_parents(drafts))
    check_lookup_order(drafts, [name for phase in ordered for name in phase.tables])
    tables = plan_tables(playbook, drafts, ordered, target, counts or {})
    tables = keep_shapes(tables, drafts, taken)
    views, told = _views(playbook, drafts, catalogs, target)
    kept, not_carried = keep_all_views(drafts, taken, is_everything=not playbook.tables)
    views = (*views, *kept)
    policies = {
        group[0].crossing.target: [policy_of(draft) for draft in group] for group in groups_of(drafts)
    }
    told += [*bare, *refused_filters, *collision_findings(policies, collisions or {})]
    findings = gather_notes((*_findings(playbook, drafts, catalogs, target), *told, *not_carried))
    types = made_types(drafts)
    plan = Plan(
        playbook=playbook.playbook,
        title=playbook.title,
        noun=playbook.noun,
        target=target_label,
        target_fingerprint=target_fingerprint(target, [table.target_table for table in tables]),
        sources=_sources(playbook, catalogs, fingerprints),
        tables=tables,
        phases=tuple(_phase(phase, tables) for phase in ordered),
        findings=findings,
        estimate=estimate_plan(tables),
        risk=judge_risk(tables, findings, circles=sum(len(phase.circles) for phase in ordered)),
        undo=plan_undo(tables) + objects_undo((*types, *views)),
        types=types,
        views=views,
        checks=tuple(PlanCheck(name=c.name, sql=c.sql, expect=c.expect) for c in playbook.checks),
        on_error=playbook.defaults.on_error,
    )
    return seal(plan)


def target_fingerprint(catalog: Catalog, names: Iterable[str]) -> str:
    """Changes when one of these target tables appears, goes, or changes shape or row count."""
    digest = hashlib.sha256()
    for name in sorted(set(names)):
        table = catalog.table(name)
        places = {name} | (table.stored_in if table else set())
        triggers = sorted(o.name for o in catalog.others if places & {o.table, o.name})
        digest.update(repr((catalog.schema, name, table, triggers)).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _sources(
    playbook: Playbook, catalogs: Mapping[str, Catalog], fingerprints: Mapping[str, str]
) -> tuple[SourcePlan, ...]:
    return tuple(
        SourcePlan(
            name=name,
            engine=catalogs[name].engine,
            label=catalogs[name].label,
            fingerprint=fingerprints.get(name, ""),
        )
        for name in playbook.sources
    )


def _draft(
    playbook: Playbook,
    crossings: Sequence[Crossing],
    catalogs: Mapping[str, Catalog],
    target: Catalog,
) -> tuple[_Drafts, list[Finding]]:
    """A draft of each table, and what is told of those that have nothing to copy and stay behind."""
    drafts, bare = {}, []
    offers = make_offers(crossings, catalogs, target, is_everything=not playbook.tables)
    for crossing in crossings:
        offer = offers.get(crossing.source)
        planned = plan_columns(crossing, offer)
        if not planned.columns and not any(f.severity is Severity.BLOCKER for f in planned.findings):
            bare.append(nothing_to_copy(crossing))
            continue
        drafts[crossing.source, crossing.table.name] = TableDraft(
            crossing=crossing, columns=planned.columns, findings=planned.findings, offer=offer
        )
    name_sources(drafts)
    return drafts, bare


def _settle_keys(
    drafts: _Drafts,
    orphans: Mapping[tuple[str, str, str], int],
    target: Catalog,
    collisions: Mapping[str, Collisions],
) -> set[str]:
    taken = {table.name for table in target.tables} | {
        other.name for other in target.others if other.kind in NAMED
    }
    taken |= {index.name for table in target.tables for index in table.indexes}
    taken |= {f"{table.name}_pkey" for table in target.tables}
    for draft in drafts.values():
        # PostgreSQL names these itself, and they share the schema with the indexes (manual, 5.10).
        taken |= {draft.crossing.target, f"{draft.crossing.target}_pkey"}
        plan_primary_key(draft)
    # Twice: what a lookup takes may itself be looked up, and what merges may be a parent.
    for _ in range(2):
        settle_types(drafts)
        settle_lookups(drafts, target)
        settle_merges(drafts)
    for draft in drafts.values():
        plan_generated(draft)
        if draft.is_new:
            plan_indexes(draft, taken)
            weaken_indexes(draft, collisions)
    for draft in drafts.values():
        plan_foreign_keys(draft, drafts, orphans=orphans, schema=target.schema)
        plan_checks(draft)
    unite_objects(drafts)
    return taken


def _parents(drafts: _Drafts) -> dict[str, set[str]]:
    """Target tables each target table references, by the source's keys and by the target's."""
    parents: dict[str, set[str]] = {}
    for (source, _), draft in drafts.items():
        own = {
            drafts[source, key.parent_table].crossing.target
            for key in draft.crossing.table.foreign_keys
            if (source, key.parent_table) in drafts
        }
        existing = draft.crossing.existing
        theirs = {key.parent_table for key in existing.foreign_keys} if existing else set()
        asked = looked_up_tables(draft)
        parents[draft.crossing.target] = parents.get(draft.crossing.target, set()) | own | theirs | asked
    return parents


def _phase(phase: TablePhase, tables: Sequence[TablePlan]) -> Phase:
    inside = [table for table in tables if table.phase == phase.number]
    return Phase(
        number=phase.number,
        name=phase_name(phase),
        tables=tuple(f"{_source_name(table)} -> {table.target_table}" for table in inside),
        reason=phase_reason(phase, inside),
    )


def _source_name(table: TablePlan) -> str:
    return f"{table.source}.{table.source_table}" if table.merged_from else table.source_table


def _without_told(catalog: Catalog) -> Catalog:
    """The catalog without what has findings of its own."""
    is_told = catalog.engine is Engine.SQLITE
    return replace(catalog, others=tuple(o for o in catalog.others if not (is_told and o.kind == "view")))


def _views(
    playbook: Playbook, drafts: _Drafts, catalogs: Mapping[str, Catalog], target: Catalog
) -> tuple[tuple[ObjectPlan, ...], list[Finding]]:
    """Views are carried where everything is; of picked tables nobody asked for views."""
    if playbook.tables:
        return (), []
    return plan_views(drafts, catalogs, target, style=playbook.defaults.names)


def _findings(
    playbook: Playbook, drafts: _Drafts, catalogs: Mapping[str, Catalog], target: Catalog
) -> Iterable[Finding]:
    for draft in drafts.values():
        if not draft.is_extra:
            yield from find_target_risks(draft.crossing, target)
        yield from accept_by_playbook(draft.findings, draft.crossing, playbook)
        yield from soft_delete_findings(draft)
        yield from too_many_columns(draft.crossing, len(draft.columns) + len(draft.generated))
        if not draft.crossing.table.chunk_key:
            yield Finding(
                code="F206",
                severity=Severity.BLOCKER,
                place=draft.crossing.table.name,
                what="the table has no key, and its columns hide all three names of the rowid",
                remedy="Add a primary key, or rename one of the columns rowid, _rowid_ and oid",
            )
    offers = offers_by_source(drafts)
    for name in playbook.sources:
        yield from find_app_notes(name, (draft for (source, _), draft in drafts.items() if source == name))
        moved = frozenset(table for source, table in drafts if source == name)
        offer = offers.get(name)
        if offer is None:
            left = _without_told(catalogs[name])
            yield from find_left_objects(left, moved, is_everything=not playbook.tables)
        else:
            yield from find_left_postgres(catalogs[name], offer, moved, is_everything=not playbook.tables)
    if not drafts:
        yield Finding(
            code="F501",
            severity=Severity.BLOCKER,
            place=playbook.playbook,
            what="there is no table to move",
            remedy="Check that the source is the right one",
        )
