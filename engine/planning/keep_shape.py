"""What stands around a PostgreSQL table's rows, kept as it is where the target allows it."""

from __future__ import annotations

from dataclasses import replace

from engine.model.catalog import Column, Engine
from engine.model.objects import (
    ColumnSequence,
    CommentPlan,
    ConstraintPlan,
    GeneratedColumn,
    PartitionPlan,
)
from engine.model.plan import ColumnPlan, MadeBy, TablePlan
from engine.model.postgres_objects import Constraint
from engine.planning.keep_columns import keep_column
from engine.planning.names import claim_name, column_name
from engine.planning.table_draft import TableDraft
from engine.planning.target_offer import TargetOffer

__all__ = ["keep_shape", "kept_columns", "kept_generated"]


def kept_columns(draft: TableDraft) -> frozenset[str]:
    """Source columns that have their own name and type on the target, so that SQL texts fit them."""
    table = draft.crossing.table
    declared = {column.name: column.declared_type for column in table.columns}
    copied = {
        column.source
        for column in draft.columns
        if column.made_by is MadeBy.COPY
        and column.source == column.target
        and column.target_type == declared[column.source]
    }
    return frozenset(copied | {column.name for column in kept_generated(draft, frozenset(copied))})


def kept_generated(draft: TableDraft, copied: frozenset[str]) -> list[Column]:
    """Generated columns of a new table whose expression fits the target."""
    table, offer = draft.crossing.table, draft.offer
    made = [column for column in table.columns if column.expression]
    plain = {column.name for column in table.columns if not column.generated}
    if offer is None or not draft.is_new or not plain <= copied:
        return []
    return [
        column for column in made if not (offer.type_lack(column) or _generation_lack(draft, column, offer))
    ]


def _generation_lack(draft: TableDraft, column: Column, offer: TargetOffer) -> str:
    name = draft.crossing.table.name
    return offer.lacks([need for need in column.needs if need.name != name])


def keep_shape(draft: TableDraft, plan: TablePlan, taken: set[str]) -> TablePlan:
    """The plan of a new table with everything else its PostgreSQL source has around the rows.

    Args:
        draft: indexes and keys are settled; findings are added to it.
        plan: made from the draft.
        taken: names of relations in the target schema; those chosen are added.
    """
    if draft.offer is None or not draft.is_new or draft.crossing.catalog.engine is not Engine.POSTGRES:
        return plan
    kept = kept_columns(draft)
    partitions = _partitions(draft, kept, taken)
    plan = replace(
        plan,
        partition_by=draft.crossing.table.partition_by if partitions is not None else "",
        partitions=partitions or (),
        generated=_generated(draft, draft.offer),
        comments=_comments(draft),
        sequences=_sequences(draft),
        columns=(*plan.columns, *_ordinary(draft, draft.offer)),
    )
    return replace(_with_key(draft, plan, taken, kept), constraints=_constraints(draft, taken, kept))


def _with_key(draft: TableDraft, plan: TablePlan, taken: set[str], kept: frozenset[str]) -> TablePlan:
    table = draft.crossing.table
    is_own = bool(plan.primary_key) and plan.primary_key == draft.copies(table.primary_key)
    if not is_own and plan.primary_key:
        return plan
    if not plan.primary_key and not (table.primary_key and kept.issuperset(table.primary_key)):
        return plan
    usual = f"{plan.target_table}_pkey"
    name = table.key_name if table.key_name == usual else claim_name(table.key_name, taken)
    is_textual = bool(table.key_definition) and kept.issuperset(table.primary_key)
    return replace(
        plan,
        primary_key=plan.primary_key or table.primary_key,
        key_name=name,
        key_definition=table.key_definition if is_textual else "",
    )


def _generated(draft: TableDraft, offer: TargetOffer) -> tuple[GeneratedColumn, ...]:
    table = draft.crossing.table
    kept = {column.name for column in kept_generated(draft, kept_columns(draft))}
    found, copied = [], 0
    for column in table.columns:
        if not column.generated:
            copied += 1
        elif column.name in kept:
            is_virtual = column.generated == "virtual" and offer.has_virtual_columns
            if column.generated == "virtual" and not is_virtual:
                what = "a virtual generated column becomes a stored one"
                draft.note("F219", f"{table.name}.{column.name}", what)
            found.append(
                GeneratedColumn(
                    name=column.name,
                    target_type=column.declared_type,
                    expression=column.expression,
                    place=copied,
                    is_virtual=is_virtual,
                )
            )
    return tuple(found)


def _ordinary(draft: TableDraft, offer: TargetOffer) -> list[ColumnPlan]:
    """Generated columns the target can't make itself: their values are copied, and a finding tells why."""
    table, style = draft.crossing.table, draft.crossing.style
    kept = {column.name for column in kept_generated(draft, kept_columns(draft))}
    taken = {column.target for column in draft.columns}
    left = draft.crossing.spec.leave
    found = []
    for column in table.columns:
        name = column_name(column.name, style)
        if not column.expression or column.name in kept or column.name in left or name in taken:
            continue
        choice = keep_column(table, column, offer)
        draft.findings += choice.findings
        lack = _generation_lack(draft, column, offer)
        draft.warn(
            "F204",
            f"{table.name}.{column.name}",
            "a generated column becomes an ordinary one",
            evidence=f"it rests on {lack}" if lack else "columns are renamed, changed or not copied",
            remedy="Its values are copied; whoever writes rows later must fill it",
        )
        found.append(
            ColumnPlan(
                target=name,
                target_type=choice.target_type,
                family=choice.family,
                source=column.name,
                is_nullable=column.is_nullable,
            )
        )
    return found


def _comments(draft: TableDraft) -> tuple[CommentPlan, ...]:
    table = draft.crossing.table
    on_table = (CommentPlan(text=table.comment),) if table.comment else ()
    told = {column.name: column.comment for column in table.columns if column.comment}
    copied = [(c.source, c.target) for c in draft.columns if c.made_by is MadeBy.COPY]
    names = [*copied, *((name, name) for name in kept_columns(draft) if table.column(name).generated)]
    return on_table + tuple(
        CommentPlan(text=told[source], column=target) for source, target in sorted(names) if source in told
    )


def _sequences(draft: TableDraft) -> tuple[ColumnSequence, ...]:
    """Second identity columns, and sequences that count otherwise than up by ones."""
    found = []
    planned = [column for column in draft.columns if column.is_identity]
    for place, column in enumerate(planned):
        sequence = draft.crossing.table.column(column.source).sequence
        if sequence is None:
            continue
        is_exact = sequence.step != 1 or sequence.is_cycling
        if is_exact or place > 0:
            found.append(
                ColumnSequence(column=column.target, next_value=sequence.next_value, is_exact=is_exact)
            )
    return tuple(found)


def _constraints(draft: TableDraft, taken: set[str], kept: frozenset[str]) -> tuple[ConstraintPlan, ...]:
    table, offer, found = draft.crossing.table, draft.offer, []
    assert offer is not None, "only called for PostgreSQL sources"
    listed = [*table.constraints, *_unique_over_partitions(draft)]
    for constraint in listed:
        lack = offer.lacks([need for need in constraint.needs if need.name != table.name])
        if not lack and not kept.issuperset(constraint.columns):
            lack = "columns that are renamed, changed or not copied"
        if lack:
            draft.warn(
                "F215",
                f"{table.name}.{constraint.name}",
                f"a constraint that rests on {lack} is not carried",
                evidence=constraint.definition,
                remedy="Add it by hand after the move",
            )
            continue
        name = constraint.name if constraint.kind == "check" else claim_name(constraint.name, taken)
        found.append(
            ConstraintPlan(
                name=name,
                kind=constraint.kind,
                definition=constraint.definition,
                is_validated=constraint.is_validated,
            )
        )
    return tuple(found)


def _unique_over_partitions(draft: TableDraft) -> list[Constraint]:
    table = draft.crossing.table
    if not table.partition_by:
        return []
    unusual = {constraint.name for constraint in table.constraints}
    return [
        Constraint(
            name=index.name,
            kind="unique",
            definition=index.tail.replace("USING btree ", "UNIQUE ", 1),
            columns=index.columns,
        )
        for index in table.indexes
        if index.is_constraint and index.is_unique and index.name not in unusual
    ]


def _partitions(draft: TableDraft, kept: frozenset[str], taken: set[str]) -> tuple[PartitionPlan, ...] | None:
    """The partitions in order; None when the table becomes an ordinary one, which a finding tells."""
    table = draft.crossing.table
    if not table.partition_by:
        return None
    reason = _partition_lack(draft, kept, taken)
    if reason:
        draft.warn(
            "F214",
            table.name,
            "the partitioned table becomes an ordinary one",
            evidence=reason,
            remedy="All its rows move; divide it again by hand where that matters",
        )
        return None
    taken |= {partition.name for partition in table.partitions}
    # The parent's own name may be another on the target, its partitions' names stay.
    names = {table.name: draft.crossing.target}
    return tuple(
        PartitionPlan(
            name=partition.name,
            parent=names.get(partition.parent, partition.parent),
            bounds=partition.bounds,
            partition_by=partition.partition_by,
        )
        for partition in table.partitions
    )


def _partition_lack(draft: TableDraft, kept: frozenset[str], taken: set[str]) -> str:
    table, offer = draft.crossing.table, draft.offer
    assert offer is not None, "only called for PostgreSQL sources"
    if any(partition.is_foreign for partition in table.partitions):
        return "a partition lies on another server"
    lack = offer.lacks([need for need in table.partition_needs if need.name != table.name])
    if lack:
        return f"the partition key rests on {lack}"
    if not kept.issuperset(column.name for column in table.columns):
        return "columns are renamed, changed or not copied"
    names = [partition.name for partition in table.partitions]
    clash = next((name for name in names if name in taken), "")
    if clash or len(set(names)) < len(names):
        return f"the name of the partition {clash or 'in two schemas'} is taken"
    return ""
