"""Foreign keys of the tables a plan makes, and the types they ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.guidance.words import count_of
from engine.model.catalog import Engine, ForeignKey
from engine.model.plan import ColumnPlan, Family, ForeignKeyPlan
from engine.planning.names import claim_name, fit_name
from engine.planning.plan_lookups import linked_columns
from engine.planning.table_draft import TableDraft

__all__ = ["plan_foreign_keys", "settle_types"]


def _parent_of(
    key: ForeignKey, draft: TableDraft, drafts: Mapping[tuple[str, str], TableDraft]
) -> TableDraft | None:
    """The draft of the table a foreign key names, when the plan moves it."""
    return drafts.get((draft.crossing.source, key.parent_table))


def settle_types(drafts: Mapping[tuple[str, str], TableDraft]) -> None:
    """Children's key columns have the types of their parents' columns, wherever their values allow it."""
    # A chain of keys (child of a child) settles in as many rounds as it is long, a circle never needs more.
    for _ in range(len(drafts)):
        changed = [
            _settle(draft, parent, key)
            for draft in drafts.values()
            if draft.is_new
            for key in draft.crossing.table.foreign_keys
            if (parent := _parent_of(key, draft, drafts)) is not None
        ]
        if not any(changed):
            return


def _settle(draft: TableDraft, parent: TableDraft, key: ForeignKey) -> bool:
    own, theirs = draft.copies(key.columns), parent.copies(key.parent_columns)
    if not own or len(own) != len(theirs):
        return False
    if _is_declared(draft, key.columns) and _is_declared(parent, key.parent_columns):
        return False
    wanted = {mine: _column_of(parent, other) for mine, other in zip(own, theirs, strict=True)}
    settled = [_like(draft, column, wanted.get(column.target)) for column in draft.columns]
    changed = settled != draft.columns
    draft.columns = settled
    return changed


def _like(draft: TableDraft, column: ColumnPlan, parent: ColumnPlan | None) -> ColumnPlan:
    if parent is None or parent.target_type == column.target_type or column.is_identity:
        return column
    profile = draft.crossing.profiles.get(column.source)
    filled = profile.rows - profile.nulls if profile else 0
    is_fitting = (
        filled == 0
        or parent.family is column.family
        or (parent.family is Family.TEXT and profile is not None and not profile.blobs)
    )
    if not is_fitting:
        return column
    return replace(
        column,
        target_type=parent.target_type,
        family=parent.family,
        default=None if column.family is not parent.family else column.default,
    )


def _is_declared(draft: TableDraft, sources: tuple[str, ...]) -> bool:
    """These columns of a PostgreSQL source keep the types they have there."""
    if draft.offer is None:
        return False
    table = draft.crossing.table
    planned = {column.source: column.target_type for column in draft.columns}
    return all(planned.get(name) == table.column(name).declared_type for name in sources)


def _column_of(draft: TableDraft, target: str) -> ColumnPlan:
    return next(column for column in draft.columns if column.target == target)


def plan_foreign_keys(
    draft: TableDraft,
    drafts: Mapping[tuple[str, str], TableDraft],
    *,
    orphans: Mapping[tuple[str, str, str], int],
    schema: str,
) -> None:
    """The draft has the foreign keys PostgreSQL can keep; a finding tells of each other one.

    Args:
        draft: columns, keys and indexes of all drafts are settled.
        drafts: all of the plan's tables.
        orphans: rows without a parent, by source, table and key name.
        schema: the target's.
    """
    kept: list[ForeignKeyPlan] = []
    names: set[str] = set()
    for key in draft.crossing.table.foreign_keys:
        count = orphans.get((draft.crossing.source, draft.crossing.table.name, key.name), 0)
        links = list(linked_columns(draft, key))
        _report_orphans(draft, key, count, is_looked_up=bool(links))
        parent = _parent_of(key, draft, drafts)
        if links and draft.is_new:
            kept += [_link(draft, link, key, names=names) for link in links]
            continue
        if not draft.is_new or _is_impossible(draft, parent, key):
            continue
        assert parent is not None, "a key without a parent is impossible"
        kept.append(_foreign_key(draft, parent, key, names=names, is_validated=count == 0))
    draft.foreign_keys = tuple(replace(key, parent_schema=schema) for key in kept)


def _link(
    draft: TableDraft, link: tuple[str, str, str], key: ForeignKey, *, names: set[str]
) -> ForeignKeyPlan:
    """The key over looked-up ids; rows whose id is not found never reach the table."""
    column, parent, parent_column = link
    return ForeignKeyPlan(
        name=claim_name(fit_name("_".join((draft.crossing.target, column, "fkey"))), names),
        columns=(column,),
        parent_schema="",
        parent_table=parent,
        parent_columns=(parent_column,),
        on_delete=key.on_delete,
        on_update=key.on_update,
    )


def _foreign_key(
    draft: TableDraft, parent: TableDraft, key: ForeignKey, *, names: set[str], is_validated: bool
) -> ForeignKeyPlan:
    columns = draft.copies(key.columns)
    wanted = key.name if draft.crossing.catalog.engine is Engine.POSTGRES else ""
    return ForeignKeyPlan(
        name=claim_name(wanted or fit_name("_".join((draft.crossing.target, *columns, "fkey"))), names),
        columns=columns,
        parent_schema="",
        parent_table=parent.crossing.target,
        parent_columns=parent.copies(key.parent_columns),
        on_delete=key.on_delete,
        on_update=key.on_update,
        is_validated=is_validated and key.is_validated,
        timing=key.timing,
        match="match full" if key.match_full else "",
        set_columns=draft.copies(key.set_columns),
    )


def _place(draft: TableDraft, key: ForeignKey) -> str:
    return f"{draft.crossing.table.name}.{', '.join(key.columns)}"


def _report_orphans(draft: TableDraft, key: ForeignKey, count: int, *, is_looked_up: bool) -> None:
    if not count:
        return
    is_new = draft.is_new
    draft.warn(
        "F301",
        _place(draft, key),
        f"rows that name no row of {key.parent_table}",
        evidence=f"{count:,} of {count_of(draft.crossing.table.row_count, 'rows')}",
        remedy=_remedy_of_lookup(draft)
        if is_looked_up
        else "They move; the foreign key is made NOT VALID, so it holds for new rows only"
        if is_new
        else "Where the target has such a foreign key it refuses their batch, and the run asks",
    )


def _remedy_of_lookup(draft: TableDraft) -> str:
    """What becomes of rows whose new id is not found."""
    if all(column.sets_aside for column in draft.columns if column.lookup):
        return "Their new id is not found, so they will be quarantined"
    return "Their new id is not found: the batch that meets them asks what shall become of them"


def _is_impossible(draft: TableDraft, parent: TableDraft | None, key: ForeignKey) -> bool:
    place = _place(draft, key)
    if parent is None:
        what = f"the foreign key to {key.parent_table} is not carried"
        draft.warn("F305", place, what, evidence=f"{key.parent_table} is not part of this plan")
        return True
    own, theirs = draft.copies(key.columns), parent.copies(key.parent_columns)
    if key.odd:
        draft.warn("F314", place, f"the foreign key to {key.parent_table} is not carried", evidence=key.odd)
        return True
    if not own or not theirs or len(own) != len(theirs):
        what = f"the foreign key to {key.parent_table} is not carried"
        draft.warn("F304", place, what, evidence="its columns are not all plain copies")
        return True
    if frozenset(theirs) not in parent.unique_keys():
        what = f"the foreign key to {key.parent_table} is not carried"
        draft.warn("F306", place, what, evidence=f"{', '.join(theirs)} is no key of {parent.crossing.target}")
        return True
    types = [
        (_column_of(draft, mine), _column_of(parent, other)) for mine, other in zip(own, theirs, strict=True)
    ]
    # What a PostgreSQL source compares the target compares too: integer with bigint, domain with its base.
    is_kept = _is_declared(draft, key.columns) and _is_declared(parent, key.parent_columns)
    if not is_kept and any(mine.family is not other.family for mine, other in types):
        what = f"the foreign key to {key.parent_table} is not carried"
        draft.warn("F303", place, what, evidence="its values are not of the parent's type")
        return True
    return False
