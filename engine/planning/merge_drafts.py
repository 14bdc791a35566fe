"""Several source tables into one target table: who makes it, of which columns, and how conflicts end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from engine.model.catalog import Engine
from engine.model.errors import BadInput
from engine.model.findings import Finding, Severity
from engine.model.objects import ConstraintPlan, ForeignKeyPlan, GeneratedColumn, IndexPlan
from engine.model.plan import ColumnPlan, Family, MadeBy, Policy
from engine.planning.merge_types import widest
from engine.planning.table_draft import TableDraft

__all__ = [
    "SOURCE_COLUMN",
    "groups_of",
    "name_sources",
    "policy_of",
    "settle_merges",
    "unite_objects",
]

Drafts = Mapping[tuple[str, str], TableDraft]
SOURCE_COLUMN = "source_database"
"""Where a merged table keeps the playbook's name of the source each row came from."""
_MOMENTS = ("updated_at", "modified_at", "created_at")
_POLICIES = {
    "ask": Policy.ASK,
    "skip": Policy.KEEP_TARGET,
    "keep_target": Policy.KEEP_TARGET,
    "keep_source": Policy.KEEP_SOURCE,
    "newest": Policy.NEWEST,
}


def policy_of(draft: TableDraft) -> Policy:
    """What becomes of a row whose key is taken."""
    return _POLICIES[draft.crossing.spec.on_conflict]


def groups_of(drafts: Drafts) -> list[list[TableDraft]]:
    """Drafts by target table, in the order they were given."""
    groups: dict[str, list[TableDraft]] = {}
    for draft in drafts.values():
        groups.setdefault(draft.crossing.target, []).append(draft)
    return list(groups.values())


def name_sources(drafts: Drafts) -> None:
    """Every draft of a merged table can be told from the others, and so can its rows."""
    for group in groups_of(drafts):
        if len(group) == 1:
            continue
        sources = [draft.crossing.source for draft in group]
        for place, draft in enumerate(group):
            source, table = draft.crossing.source, draft.crossing.table.name
            draft.merged_from = source if sources.count(source) == 1 else f"{source}.{table}"
            draft.is_extra = place > 0
            _add_source_column(draft)


def _add_source_column(draft: TableDraft) -> None:
    names = {column.target for column in draft.columns}
    is_told = any(column.made_by is MadeBy.SOURCE_NAME for column in draft.columns)
    if is_told or SOURCE_COLUMN in names:
        return
    existing = draft.crossing.existing
    if existing is not None and SOURCE_COLUMN not in {column.name for column in existing.columns}:
        draft.warn(
            "F311",
            draft.crossing.target,
            f"the table has no column {SOURCE_COLUMN}, so its rows won't say which source they came from",
            remedy=f"Add the column {SOURCE_COLUMN} text to keep it",
        )
        return
    draft.columns.append(
        ColumnPlan(
            target=SOURCE_COLUMN,
            target_type="text",
            family=Family.TEXT,
            made_by=MadeBy.SOURCE_NAME,
            is_nullable=existing is not None,
            transformation="add_source_database",
        )
    )


def settle_merges(drafts: Drafts) -> None:
    """Columns of one name have one type in all drafts of a target, and each draft knows the whole table."""
    for group in groups_of(drafts):
        if len(group) > 1 and group[0].is_new:
            for name in dict.fromkeys(column.target for draft in group for column in draft.columns):
                _settle_column(group, name)
            _know_all(group)


def _settle_column(group: Sequence[TableDraft], name: str) -> None:
    found = [(draft, column) for draft in group for column in draft.columns if column.target == name]
    is_text_carried = all(_carries_text(draft, column) for draft, column in found)
    filled = [(draft, column) for draft, column in found if not _is_empty(draft, column)] or found
    chosen = widest([column for _, column in filled], is_text_carried=is_text_carried)
    if chosen is None:
        _refuse(group, found, name)
        return
    target_type, family = chosen
    is_nullable = len(found) < len(group) or any(column.is_nullable for _, column in found)
    is_identity = all(column.is_identity for _, column in found)
    for draft, column in found:
        settled = replace(
            column,
            target_type=target_type,
            family=family,
            is_nullable=is_nullable and name not in draft.primary_key,
            is_identity=is_identity,
            default=column.default if column.family is family else None,
        )
        draft.columns[draft.columns.index(column)] = settled


def _is_empty(draft: TableDraft, column: ColumnPlan) -> bool:
    profile = draft.crossing.profiles.get(column.source)
    return column.made_by is MadeBy.COPY and profile is not None and profile.nulls == profile.rows


def _carries_text(draft: TableDraft, column: ColumnPlan) -> bool:
    """Whether the column's values can go into a text column as they are read."""
    profile = draft.crossing.profiles.get(column.source)
    is_sqlite = draft.crossing.catalog.engine is Engine.SQLITE
    return not is_sqlite or column.made_by is not MadeBy.COPY or (profile is not None and not profile.blobs)


def _refuse(group: Sequence[TableDraft], found: Sequence[tuple[TableDraft, ColumnPlan]], name: str) -> None:
    types = ", ".join(f"{column.target_type} from {draft.merged_from}" for draft, column in found)
    finding = Finding(
        code="F308",
        severity=Severity.BLOCKER,
        place=f"{group[0].crossing.target}.{name}",
        what="the sources' values are of types no one column holds",
        evidence=types,
        remedy="Say 'cast' for one of them, or map it to another column",
    )
    if finding not in group[0].findings:
        group[0].findings.append(finding)


def _know_all(group: Sequence[TableDraft]) -> None:
    every: dict[str, ColumnPlan] = {}
    for draft in group:
        for column in draft.columns:
            every.setdefault(column.target, column)
    for draft in group:
        draft.made_columns = tuple(every.values())


def unite_objects(drafts: Drafts) -> None:
    """The first draft of a merged table has all keys and indexes; conflicts can be found where asked for.

    Raises:
        BadInput: ``newest`` has no column to compare.
    """
    for group in groups_of(drafts):
        if len(group) > 1:
            _unite(group)
        for draft in group:
            _settle_policy(draft)


def _unite(group: Sequence[TableDraft]) -> None:
    head = group[0]
    if len({draft.primary_key for draft in group}) > 1:
        keys = "; ".join(f"{', '.join(d.primary_key) or 'none'} from {d.merged_from}" for d in group)
        head.findings.append(
            Finding(
                code="F309",
                severity=Severity.BLOCKER,
                place=head.crossing.target,
                what="the sources would give one table different primary keys",
                evidence=keys,
                remedy="Map them to one key in the playbook, or generate a uuid5 in each",
            )
        )
    if not head.is_new:
        return
    head.indexes = tuple(_indexes(group))
    head.foreign_keys = tuple(_foreign_keys(group))
    _keep_common(group)
    for draft in group[1:]:
        draft.indexes, draft.foreign_keys = (), ()


def _indexes(group: Sequence[TableDraft]) -> Iterator[IndexPlan]:
    seen: set[tuple[object, ...]] = set()
    for index in (index for draft in group for index in draft.indexes):
        if (index.columns, index.tail) in seen:
            continue
        seen.add((index.columns, index.tail))
        if index.is_unique:
            group[0].warn(
                "F310",
                f"{group[0].crossing.target}.{index.name}",
                "a unique index becomes an ordinary one",
                evidence=", ".join(index.columns) or index.tail,
                remedy="Each source kept it for itself; make it unique by hand if all of them together do",
            )
        yield replace(index, is_unique=False, is_constraint=False)


def _keep_common(group: Sequence[TableDraft]) -> None:
    """Checks and columns PostgreSQL computes stand where every source has them, in the same words."""
    head = group[0]
    things: list[ConstraintPlan | GeneratedColumn] = [*head.constraints, *head.generated]
    for thing in things:
        if not all(thing in (*draft.constraints, *draft.generated) for draft in group):
            head.warn(
                "F312",
                f"{head.crossing.target}.{thing.name}",
                "a check or a computed column is not carried",
                evidence="not every source has it so",
                remedy="Add it after the move, if the rows of all sources keep it",
            )
    head.constraints = tuple(c for c in head.constraints if all(c in d.constraints for d in group))
    head.generated = tuple(g for g in head.generated if all(g in d.generated for d in group))
    for draft in group[1:]:
        draft.constraints, draft.generated = (), ()


def _foreign_keys(group: Sequence[TableDraft]) -> Iterator[ForeignKeyPlan]:
    """Each key once; it is validated where it holds in every source, and names never meet twice."""
    found: dict[tuple[object, ...], ForeignKeyPlan] = {}
    names: set[str] = set()
    for key in (key for draft in group for key in draft.foreign_keys):
        same = (key.columns, key.parent_schema, key.parent_table, key.parent_columns)
        if same in found:
            kept = found[same]
            found[same] = replace(kept, is_validated=kept.is_validated and key.is_validated)
        elif key.name not in names:
            found[same] = key
            names.add(key.name)
    yield from found.values()


def _settle_policy(draft: TableDraft) -> None:
    policy = policy_of(draft)
    if policy is Policy.ASK:
        return
    names = [column.target for column in draft.columns]
    if not draft.primary_key or not set(draft.primary_key) <= set(names):
        draft.findings.append(
            Finding(
                code="F313",
                severity=Severity.BLOCKER,
                place=draft.crossing.target,
                what=f"there is no primary key to find conflicts by, as '{policy}' needs",
                evidence=", ".join(draft.primary_key),
                remedy="Map every column of the primary key, or leave 'on_conflict' out",
            )
        )
    if policy is Policy.NEWEST:
        draft.newest_by = _newest_by(draft, names)


def _newest_by(draft: TableDraft, names: Sequence[str]) -> str:
    wanted = draft.crossing.spec.newest_by
    choices = (wanted,) if wanted else _MOMENTS
    found = next((name for name in choices if name in names), None)
    if found is None:
        raise BadInput(
            f"'on_conflict: newest' has no column to compare: {draft.crossing.target} gets no "
            + (f"'{wanted}'" if wanted else "updated_at, modified_at or created_at"),
            where=f"{draft.crossing.source}.{draft.crossing.table.name}",
            todo="Name one of its columns as 'newest_by'",
        )
    return found
