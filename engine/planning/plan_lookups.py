"""Columns that take their values from another table: the id map of the plan's own, or any of the target's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.model.catalog import Catalog, ForeignKey
from engine.model.errors import BadInput
from engine.model.plan import ColumnPlan, Family, LookupPlan, MadeBy
from engine.planning.resolve_tables import Crossing
from engine.planning.table_draft import TableDraft
from engine.planning.target_types import family_of
from engine.playbooks.spec import ColumnSpec, LookupSpec

__all__ = ["check_lookup_order", "linked_columns", "looked_up_tables", "lookup_column", "settle_lookups"]

Drafts = Mapping[tuple[str, str], TableDraft]
_MAPPED = frozenset({MadeBy.COPY, MadeBy.UUID5})
"""How an id must come about for the id map to know it."""


def lookup_column(crossing: Crossing, name: str, spec: ColumnSpec) -> ColumnPlan:
    """The column with its place to look; ``settle_lookups`` fills in what only the other tables know."""
    assert spec.from_ is not None, "a lookup names its source column"
    assert spec.lookup is not None, "only called for lookups"
    wanted = spec.lookup
    lookup = (
        LookupPlan(schema="", table=wanted.table, is_planned=False, match=wanted.match, get=wanted.get)
        if isinstance(wanted, LookupSpec)
        else LookupPlan(schema="", table=wanted, is_planned=True)
    )
    return ColumnPlan(
        target=name,
        target_type="text",
        family=Family.TEXT,
        made_by=MadeBy.LOOKUP,
        source=spec.from_,
        lookup=lookup,
        is_nullable=crossing.table.column(spec.from_).is_nullable,
        sets_aside=crossing.may_set_aside(spec),
        transformation=spec.step or f"look_up_{name}",
    )


def settle_lookups(drafts: Drafts, target: Catalog) -> None:
    """Every looked-up column has the type of what it takes and knows where to look.

    Raises:
        BadInput: a table, or one of its columns, is not there or can't be looked up.
    """
    for draft in drafts.values():
        draft.columns = [
            _settled(draft, column, drafts, target) if column.lookup else column for column in draft.columns
        ]


def _settled(draft: TableDraft, column: ColumnPlan, drafts: Drafts, target: Catalog) -> ColumnPlan:
    assert column.lookup is not None, "only called for lookups"
    if column.lookup.match:
        found, taken = _by_value(draft, column.lookup, drafts, target)
    else:
        found, taken = _by_id_map(draft, column.lookup, drafts, target)
    column = replace(column, lookup=found)
    return replace(column, target_type=taken, family=family_of(taken)) if draft.is_new else column


def _by_id_map(
    draft: TableDraft, lookup: LookupPlan, drafts: Drafts, target: Catalog
) -> tuple[LookupPlan, str]:
    wanted = lookup.source_table or lookup.table
    parent = _parent(draft, wanted, drafts, is_source_name=bool(lookup.source_table))
    keys = [column for column in parent.columns if column.target in parent.primary_key]
    is_known = len(parent.primary_key) == 1 and len(keys) == 1 and keys[0].made_by in _MAPPED
    if not is_known or len(keys[0].inputs) > 1:
        raise BadInput(
            f"The ids of {parent.crossing.target} can't be looked up by one legacy key",
            where=_place(draft),
            todo="Its primary key must be one column, copied from one column or made by uuid5 from one",
        )
    parent.is_looked_up = True
    found = replace(
        lookup,
        schema=target.schema,
        table=parent.crossing.target,
        is_planned=True,
        source_table=parent.crossing.table.name,
        get=keys[0].target,
    )
    return found, keys[0].target_type


def _parent(draft: TableDraft, wanted: str, drafts: Drafts, *, is_source_name: bool) -> TableDraft:
    """The one table of the same source that goes into ``wanted``, or is called so in the source."""
    ours = [other for (source, _), other in drafts.items() if source == draft.crossing.source]
    by_target = [] if is_source_name else [other for other in ours if other.crossing.target == wanted]
    by_source = [other for other in ours if other.crossing.table.name == wanted]
    found = by_target if len(by_target) == 1 else by_source
    if len(found) != 1:
        places = sorted({other.crossing.target for other in ours} - {draft.crossing.target})
        raise BadInput(
            f"No table of {draft.crossing.source} goes into '{wanted}'"
            if not by_target
            else f"Several tables of {draft.crossing.source} go into '{wanted}'",
            where=_place(draft),
            todo=f"Look up one of: {', '.join(places)}"
            if not by_target
            else "Name the source's table instead",
        )
    if found[0] is draft:
        raise BadInput(
            f"{draft.crossing.target} can't look up its own ids while it is filled",
            where=_place(draft),
            todo="Keep the legacy key in a column of its own, and set the reference after the move",
        )
    return found[0]


def _by_value(
    draft: TableDraft, lookup: LookupPlan, drafts: Drafts, target: Catalog
) -> tuple[LookupPlan, str]:
    planned = [other for other in drafts.values() if other.crossing.target == lookup.table]
    existing = target.table(lookup.table)
    if existing is not None:
        types = {column.name: column.declared_type for column in existing.columns}
    else:
        types = {column.target: column.target_type for other in planned for column in other.columns}
    if not types:
        raise BadInput(
            f"There is no table '{lookup.table}' to look up",
            where=_place(draft),
            todo="Name a table of the target, or one this playbook moves",
        )
    for name in (lookup.match, lookup.get):
        if name not in types:
            raise BadInput(
                f"The table {lookup.table} has no column '{name}'",
                where=_place(draft),
                todo="It has: " + ", ".join(sorted(types)),
            )
    if any(other is draft for other in planned):
        raise BadInput(f"{lookup.table} can't look itself up while it is filled", where=_place(draft))
    for other in planned:
        other.is_looked_up = True
    match_type = types[lookup.match]
    found = replace(
        lookup,
        schema=target.schema,
        is_planned=bool(planned),
        match_type=match_type,
        match_family=family_of(match_type),
    )
    return found, types[lookup.get]


def _place(draft: TableDraft) -> str:
    return f"{draft.crossing.source}.{draft.crossing.table.name}"


def looked_up_tables(draft: TableDraft) -> set[str]:
    """Target tables of the plan this one takes values from; they are filled first."""
    return {c.lookup.table for c in draft.columns if c.lookup is not None and c.lookup.is_planned}


def check_lookup_order(drafts: Drafts, order: Sequence[str]) -> None:
    """Every table that is looked up is filled before those that ask it.

    Args:
        drafts: all of the plan's tables.
        order: target tables in load order.

    Raises:
        BadInput: two tables wait for each other.
    """
    places = {name: place for place, name in enumerate(order)}
    for draft in drafts.values():
        for parent in looked_up_tables(draft):
            if places[parent] > places[draft.crossing.target]:
                own = draft.crossing.target
                raise BadInput(
                    f"{own} looks up {parent}, and {parent} needs {own} first",
                    where=_place(draft),
                    todo=f"Name {parent} before {own} in the playbook, or leave one lookup out",
                )


def linked_columns(draft: TableDraft, key: ForeignKey) -> Iterator[tuple[str, str, str]]:
    """Target column, parent's target table and its column, where the key's column holds looked-up ids."""
    if len(key.columns) != 1:
        return
    for column in draft.columns:
        if column.lookup is not None and column.lookup.source_table and column.source == key.columns[0]:
            yield column.target, column.lookup.table, column.lookup.get
