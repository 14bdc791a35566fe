"""Indexes of a PostgreSQL source as they are, by their columns or by their whole definition."""

from __future__ import annotations

from dataclasses import replace

from engine.model.catalog import Index
from engine.model.objects import IndexPlan
from engine.planning.keep_shape import kept_columns
from engine.planning.names import claim_name
from engine.planning.table_draft import TableDraft

__all__ = ["keep_indexes"]

_BY_HAND = "Make it by hand after the move"


def keep_indexes(draft: TableDraft, taken: set[str]) -> None:
    """The draft has the source's indexes as they are; a finding tells of each other one.

    Args:
        draft: of a new table of a PostgreSQL source; columns and primary key are settled.
        taken: names of tables and indexes in the target schema; those chosen are added.
    """
    table = draft.crossing.table
    unusual = {constraint.name for constraint in table.constraints}
    kept = kept_columns(draft)
    planned: list[IndexPlan] = []
    for index in table.indexes:
        # A unique constraint over partitions can't be made from an index (manual, ALTER TABLE).
        if index.name in unusual or (index.is_constraint and table.partition_by):
            continue
        made = _index(draft, index, kept)
        if made is None:
            continue
        name = claim_name(index.name, taken)
        if name != index.name:
            draft.note("F238", f"{table.name}.{index.name}", f"the index is called {name} on the target")
        planned.append(replace(made, name=name))
    draft.indexes = tuple(planned)


def _index(draft: TableDraft, index: Index, kept: frozenset[str]) -> IndexPlan | None:
    place, evidence = f"{draft.crossing.table.name}.{index.name}", " ".join(index.statement.split())
    lack = draft.offer.lacks(index.needs) if draft.offer else ""
    if not index.is_valid:
        draft.warn("F216", place, "an invalid index is not carried", evidence=evidence, remedy=_BY_HAND)
        return None
    if lack:
        what = f"an index that rests on {lack} is not carried"
        draft.warn("F239", place, what, evidence=evidence, remedy=_BY_HAND)
        return None
    columns = draft.copies(index.columns) or tuple(c for c in index.columns if set(index.columns) <= kept)
    if index.is_plain and columns:
        downwards = index.descending if any(index.descending) and not index.is_constraint else ()
        return IndexPlan(
            name=index.name,
            columns=columns,
            is_unique=index.is_unique,
            is_constraint=index.is_constraint,
            descending=downwards,
        )
    if not kept.issuperset(index.touched):
        what = "an index over columns that are renamed, changed or not copied is not carried"
        draft.warn("F205", place, what, evidence=evidence, remedy=_BY_HAND)
        return None
    key = () if index.is_partial else index.columns
    return IndexPlan(name=index.name, columns=key, is_unique=index.is_unique, tail=index.tail)
