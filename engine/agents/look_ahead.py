"""Reads sources and target and makes the plan they lead to, with or without a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.agents.context import Discovery
from engine.agents.count_collisions import read_collisions
from engine.agents.count_misfits import read_misfits
from engine.agents.try_filters import try_filters
from engine.model.catalog import Catalog, ColumnProfile
from engine.model.codec import seal
from engine.model.errors import BadInput, BadSource, NotAllowed
from engine.model.plan import Plan
from engine.model.ports import Source
from engine.planning.accept_misfits import accept_by_run
from engine.planning.build_plan import build_plan
from engine.planning.find_risks import judge_again
from engine.planning.judge_playbook_sql import with_expressions
from engine.planning.plan_undo_route import with_marks
from engine.planning.without_refused import could_not_try, without_refused
from engine.playbooks.spec import Playbook
from engine.stores.expression_trial import try_expressions
from engine.stores.mark_trial import try_marks
from engine.stores.open_source import open_source
from engine.stores.target_catalog import read_target_catalog
from engine.stores.target_trial import try_on_target

__all__ = ["fingerprinted_tables", "look_ahead", "plan_from", "read_everything"]


def look_ahead(
    playbook: Playbook, *, target_url: str, target_label: str, source_urls: Mapping[str, str], on_error: str
) -> Plan:
    """The plan a run of this playbook would propose now; nothing is written anywhere."""
    discovery = read_everything(playbook, source_urls=source_urls, target_url=target_url)
    return plan_from(playbook, discovery, target_url=target_url, target_label=target_label, on_error=on_error)


def plan_from(
    playbook: Playbook,
    discovery: Discovery,
    *,
    target_url: str,
    target_label: str,
    on_error: str,
    is_yes: bool = False,
) -> Plan:
    """The sealed plan these facts lead to, without what the target refused when it was tried."""
    plan = _tried(_plan(playbook, discovery, target_label=target_label), target_url)
    settled = accept_by_run(plan, on_error=on_error, is_yes=is_yes)
    return seal(replace(judge_again(settled), on_error=on_error))


def _plan(playbook: Playbook, discovery: Discovery, *, target_label: str) -> Plan:
    return build_plan(
        playbook,
        catalogs=discovery.catalogs,
        profiles=discovery.profiles,
        orphans=discovery.orphans,
        fingerprints=discovery.fingerprints,
        target=discovery.target,
        target_label=target_label,
        collisions=discovery.collisions,
        misfits=discovery.misfits,
        refused_filters=discovery.refused_filters,
    )


def _tried(plan: Plan, target_url: str) -> Plan:
    try:
        plan = without_refused(plan, try_on_target(target_url, plan))
        plan = with_marks(plan, try_marks(target_url, plan))
        return with_expressions(plan, try_expressions(target_url, plan))
    except NotAllowed as error:
        return could_not_try(plan, error.what)


def read_everything(
    playbook: Playbook, *, source_urls: Mapping[str, str], target_url: str, profiles: bool = True
) -> Discovery:
    """All facts a plan is made from, each source read in one stable snapshot."""
    catalogs: dict[str, Catalog] = {}
    found: dict[tuple[str, str], tuple[ColumnProfile, ...]] = {}
    orphans: dict[tuple[str, str, str], int] = {}
    fingerprints: dict[str, str] = {}
    for name, url in source_urls.items():
        source = open_source(name, url)
        try:
            catalog = source.read_catalog()
            catalogs[name] = catalog
            wanted = fingerprinted_tables(playbook, name, catalog)
            if profiles:
                _profile(source, catalog, wanted, found=found, orphans=orphans)
            fingerprints[name] = source.fingerprint([t for t in wanted if catalog.table(t) is not None])
        finally:
            source.close()
    if not any(catalog.tables for catalog in catalogs.values()):
        raise BadSource(
            "There is no table to move",
            where=", ".join(catalog.label for catalog in catalogs.values()),
            safe="Nothing was changed",
            todo="Name a source that holds tables",
        )
    discovery = Discovery(
        catalogs=catalogs,
        profiles=found,
        orphans=orphans,
        fingerprints=fingerprints,
        target=read_target_catalog(target_url),
    )
    return _with_filtered(playbook, discovery, source_urls, target_url) if profiles else discovery


def _with_filtered(
    playbook: Playbook, discovery: Discovery, source_urls: Mapping[str, str], target_url: str
) -> Discovery:
    """The facts with what only rows can tell: filters that fail, ids that come twice, and misfits."""
    try:
        plan = _plan(playbook, discovery, target_label="")
    except BadInput:
        return discovery  # whoever plans says what is wrong with the playbook
    refused = try_filters(plan, source_urls=source_urls)
    if refused:
        # No row passes such a filter, so there is nothing to count.
        return replace(discovery, refused_filters=refused)
    collisions = read_collisions(plan, source_urls=source_urls, target_url=target_url)
    misfits = read_misfits(plan, source_urls=source_urls)
    return replace(discovery, collisions=collisions, misfits=misfits)


def fingerprinted_tables(playbook: Playbook, name: str, catalog: Catalog) -> list[str]:
    """The tables of one source whose rows the plan rests on."""
    if not playbook.tables:
        return [table.name for table in catalog.tables]
    found = []
    for spec in playbook.tables:
        source, _, table = spec.from_.rpartition(".")
        if source in {"", name}:
            found.append(table)
    return found


def _profile(
    source: Source,
    catalog: Catalog,
    wanted: list[str],
    *,
    found: dict[tuple[str, str], tuple[ColumnProfile, ...]],
    orphans: dict[tuple[str, str, str], int],
) -> None:
    for table in catalog.tables:
        if table.name not in wanted:
            continue
        found[catalog.name, table.name] = source.profile(table)
        for key in table.foreign_keys:
            if catalog.table(key.parent_table) is not None:
                orphans[catalog.name, table.name, key.name] = source.count_orphans(table, key)
