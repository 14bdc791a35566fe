"""Primary key and indexes of the tables a plan makes."""

from __future__ import annotations

from dataclasses import replace

from engine.model.catalog import Engine, Index
from engine.model.plan import IndexPlan, MadeBy
from engine.planning.keep_indexes import keep_indexes
from engine.planning.names import claim_name, target_name
from engine.planning.plan_odd_indexes import fold_primary_key, is_odd, odd_index
from engine.planning.table_draft import TableDraft

__all__ = ["plan_indexes", "plan_primary_key"]

_LONGEST_INDEXED = 2_600
"""A btree entry has at most 2,704 bytes (manual, 65.1 "B-Tree Indexes"): longer texts stop the building."""


def plan_primary_key(draft: TableDraft) -> None:
    """The draft has its primary key: the made ids where there are some, else the source's key."""
    existing = draft.crossing.existing
    if existing is not None:
        draft.primary_key = existing.primary_key
        return
    made = tuple(column.target for column in draft.columns if column.made_by is MadeBy.UUID5)
    draft.primary_key = made[:1] or draft.carried(draft.crossing.table.primary_key)
    draft.columns = [
        replace(column, is_nullable=False) if column.target in draft.primary_key else column
        for column in draft.columns
    ]
    if draft.crossing.table.primary_key and not draft.primary_key:
        draft.warn(
            "F207", draft.crossing.target, "the primary key is not carried, its columns are not all copied"
        )
    elif not draft.primary_key and not draft.crossing.table.primary_key:
        draft.warn(
            "F207", draft.crossing.target, "the table has no primary key",
            remedy="It moves all the same; single rows can then be told apart by all their values only",
        )  # fmt: skip


def plan_indexes(draft: TableDraft, taken: set[str]) -> None:
    """The draft has the indexes PostgreSQL can keep; a finding tells of each other one.

    Args:
        draft: of a table the plan makes; columns and primary key are settled.
        taken: names of tables and indexes in the target schema; those chosen are added.
    """
    if draft.offer is not None:
        keep_indexes(draft, taken)
        return
    kept: list[IndexPlan] = []
    for index in draft.crossing.table.indexes:
        if is_odd(draft, index):
            kept += _odd(draft, index, taken)
            continue
        columns = draft.carried(index.columns)
        if _is_refused(draft, index, columns):
            continue
        if (index.is_unique and frozenset(columns) == frozenset(draft.primary_key)) or _is_double(
            index, columns, kept
        ):
            continue
        name = claim_name(_index_name(draft, index, columns), taken)
        kept.append(
            IndexPlan(
                name=name,
                columns=columns,
                is_unique=index.is_unique,
                is_constraint=index.is_constraint,
                descending=index.descending if any(index.descending) and not index.is_constraint else (),
            )
        )
    folded = fold_primary_key(draft, claim_name(f"{draft.crossing.target}_nocase_key", set(taken)))
    if folded is not None:
        taken.add(folded.name)
        kept.append(folded)
    draft.indexes = tuple(kept)


def _odd(draft: TableDraft, index: Index, taken: set[str]) -> list[IndexPlan]:
    if _is_too_long(draft, index, f"{draft.crossing.table.name}.{index.name}"):
        return []
    columns = draft.copies(index.columns) or index.columns
    made = odd_index(draft, index, claim_name(_index_name(draft, index, columns), taken))
    return [made] if made is not None else []


def _is_double(index: Index, columns: tuple[str, ...], kept: list[IndexPlan]) -> bool:
    return any(
        other.columns == columns
        and other.is_unique == index.is_unique
        and not any((*index.descending, *other.descending))
        for other in kept
    )


def _index_name(draft: TableDraft, index: Index, columns: tuple[str, ...]) -> str:
    is_nameless = index.name.startswith("sqlite_autoindex_")
    if index.is_constraint and (is_nameless or draft.crossing.catalog.engine is Engine.SQLITE):
        return "_".join((draft.crossing.target, *columns, "key"))
    return target_name(index.name, draft.crossing.style)


def _is_refused(draft: TableDraft, index: Index, columns: tuple[str, ...]) -> bool:
    place = f"{draft.crossing.table.name}.{index.name}"
    evidence = " ".join(index.statement.split())
    if index.is_partial:
        remedy = "Make it by hand after the move; as a full index it would mean something else"
        draft.warn("F201", place, "a partial index is not carried", evidence=evidence, remedy=remedy)
        return True
    if not index.columns:
        remedy = "Make it by hand after the move"
        draft.warn(
            "F202", place, "an index over an expression is not carried", evidence=evidence, remedy=remedy
        )
        return True
    if not columns:
        draft.warn(
            "F205", place, "an index over columns that are not copied is not carried", evidence=evidence
        )
        return True
    return _is_too_long(draft, index, place)


def _is_too_long(draft: TableDraft, index: Index, place: str) -> bool:
    longest = max(
        (p.longest for name in index.columns if (p := draft.crossing.profiles.get(name))), default=0
    )
    if longest <= _LONGEST_INDEXED:
        return False
    remedy = "It is not carried; make one over a hash or a prefix by hand"
    draft.warn(
        "F209",
        place,
        "an index over texts too long for one",
        evidence=f"up to {longest:,} signs",
        remedy=remedy,
    )
    return True
