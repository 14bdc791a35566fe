"""Whether two rows a source tells apart may get one key in the target. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.guidance.words import count_of
from engine.model.catalog import ColumnProfile, Engine
from engine.model.plan import ColumnPlan, Family, MadeBy, Policy
from engine.planning.find_collisions import Collisions
from engine.planning.merge_drafts import policy_of
from engine.planning.table_draft import TableDraft

__all__ = ["keeps_order", "keys_may_meet", "unique_may_meet", "weaken_indexes"]

_EXACT = {
    "numbers": frozenset({Family.INTEGER, Family.FLOAT, Family.NUMERIC, Family.TEXT}),
    "texts": frozenset({Family.TEXT, Family.DATE, Family.UUID}),
    "blobs": frozenset({Family.BYTES}),
}
"""Families that keep every two different values of one kind apart. SQLite itself holds 1 and 1.0 for
equal; of texts, ``1.0`` and ``1`` are one number, and a day and its midnight are one moment."""
_UNREADABLE = frozenset({Family.OTHER, Family.JSON})
"""Families of which only the target knows whether a value fits: nothing is counted in them."""


def keeps_order(draft: TableDraft) -> bool:
    """Whether two rows of the source may end in one row of the target, so that their order decides."""
    return policy_of(draft) is not Policy.ASK and _may_meet(draft)


def keys_may_meet(draft: TableDraft) -> bool:
    """Whether rows of the source may get one key, and their keys can be counted before they move."""
    by_name = {column.target: column for column in draft.columns}
    keys = [by_name[name] for name in draft.primary_key if name in by_name]
    is_whole = bool(keys) and len(keys) == len(draft.primary_key) and bool(draft.crossing.table.chunk_key)
    return is_whole and all(_is_readable(draft, key) for key in keys) and _may_meet(draft)


def unique_may_meet(draft: TableDraft) -> tuple[str, ...]:
    """Unique indexes of a table the plan makes in which values the source tells apart may be one."""
    if not draft.is_new or draft.merged_from or not draft.crossing.table.chunk_key:
        return ()
    by_name = {column.target: column for column in draft.columns if column.made_by is MadeBy.COPY}
    found = []
    for index in draft.indexes:
        columns = [by_name[name] for name in index.columns if name in by_name]
        is_whole = index.is_unique and not index.tail and len(columns) == len(index.columns)
        if is_whole and all(_is_readable(draft, column) for column in columns):
            found += [] if all(_is_exact(draft, column) for column in columns) else [index.name]
    return tuple(found)


def weaken_indexes(draft: TableDraft, collisions: Mapping[str, Collisions]) -> None:
    """Unique indexes in which values were found to meet are ordinary ones, and a finding says so.

    Args:
        draft: its indexes are planned.
        collisions: what was counted, by index.
    """
    kept = []
    for index in draft.indexes:
        found = collisions.get(index.name, Collisions())
        is_broken = index.is_unique and found.between > 0
        if is_broken:
            draft.warn(
                "F315", f"{draft.crossing.target}.{index.name}",
                "a unique index becomes an ordinary one, the source alone tells its values apart",
                evidence=f"{count_of(found.between, 'values')} of several rows, "
                f"e.g. {', '.join(found.examples)}",
                remedy="Mend the values, then make it unique by hand",
            )  # fmt: skip
        kept.append(replace(index, is_unique=False, is_constraint=False) if is_broken else index)
    draft.indexes = tuple(kept)


def _is_readable(draft: TableDraft, key: ColumnPlan) -> bool:
    if draft.crossing.catalog.engine is Engine.SQLITE or key.made_by is not MadeBy.COPY:
        return key.family not in _UNREADABLE
    return key.target_type == draft.crossing.table.column(key.source).declared_type


def _may_meet(draft: TableDraft) -> bool:
    """Unless the key is made of what is unique in the source, and in a way that keeps values apart."""
    made_of: set[str] = set()
    for column in draft.columns:
        if column.target in draft.primary_key and _is_exact(draft, column):
            made_of |= {column.source, *column.inputs}
    table = draft.crossing.table
    keys = [table.primary_key, *(i.columns for i in table.indexes if i.is_unique and not i.is_partial)]
    chunk = table.chunk_key if draft.crossing.catalog.engine is Engine.SQLITE else ()
    return not any(key and set(key) <= made_of for key in (*keys, chunk))


def _is_exact(draft: TableDraft, column: ColumnPlan) -> bool:
    if column.made_by not in (MadeBy.COPY, MadeBy.UUID5):
        return False
    if draft.crossing.catalog.engine is not Engine.SQLITE:
        return True
    # Ids are made of the values as texts.
    family = Family.TEXT if column.made_by is MadeBy.UUID5 else column.family
    profiles = [draft.crossing.profiles.get(name) for name in column.inputs or (column.source,)]
    return not column.rules and all(profile is None or _keeps_apart(profile, family) for profile in profiles)


def _keeps_apart(profile: ColumnProfile, family: Family) -> bool:
    """Whether the values are of one kind, and of one the family keeps apart."""
    counts = {
        "numbers": profile.integers + profile.reals,
        "texts": profile.texts,
        "blobs": profile.blobs,
    }
    kinds = [kind for kind, count in counts.items() if count]
    return not kinds or (len(kinds) == 1 and family in _EXACT[kinds[0]])
