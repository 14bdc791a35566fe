"""Settled drafts as table plans: batches, lane, forms, and what an undo will need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.model.catalog import Catalog, Engine
from engine.model.plan import ColumnPlan, Family, Form, Lane, MadeBy, Policy, TablePlan
from engine.planning.choose_forms import form_of
from engine.planning.describe_phases import table_reason
from engine.planning.merge_drafts import groups_of, policy_of
from engine.planning.order_tables import TablePhase
from engine.planning.plan_undo_route import soft_delete_of
from engine.planning.size_batches import most_batch_rows, proposed_batch_rows
from engine.planning.table_draft import TableDraft
from engine.planning.tell_keys_apart import keeps_order, keys_may_meet, unique_may_meet
from engine.planning.undo_words import table_undo
from engine.playbooks.spec import Playbook

__all__ = ["plan_tables"]


def plan_tables(
    playbook: Playbook,
    drafts: Mapping[tuple[str, str], TableDraft],
    ordered: Sequence[TablePhase],
    target: Catalog,
    counts: Mapping[tuple[str, str], int],
) -> tuple[TablePlan, ...]:
    """The drafts as plans, numbered in load order.

    Args:
        playbook: gives the defaults of batches.
        drafts: settled, by source and table.
        ordered: target tables by phase, parents before children.
        target: what the target's schema holds.
        counts: rows that pass the playbook's filter, by source and table.
    """
    by_target = {group[0].crossing.target: group for group in groups_of(drafts)}
    places = [(phase, name, draft) for phase in ordered for name in phase.tables for draft in by_target[name]]
    plans = []
    for number, (phase, name, draft) in enumerate(places, start=1):
        plan = _table_plan(draft, playbook, target=target, counts=counts)
        why = table_reason(name, phase, draft.crossing.classified)
        is_keyed = any(policy_of(other) is not Policy.ASK for other in by_target[name])
        plan = replace(plan, number=number, phase=phase.number, needs_key_first=is_keyed)
        plans.append(replace(plan, why_here=why, undo=table_undo(plan)))
    return tuple(plans)


def _table_plan(
    draft: TableDraft, playbook: Playbook, *, target: Catalog, counts: Mapping[tuple[str, str], int]
) -> TablePlan:
    crossing, existing = draft.crossing, draft.crossing.existing
    table, spec = crossing.table, crossing.spec
    columns = _with_forms(draft)
    batch_rows = spec.batch_rows or playbook.defaults.batch_rows
    identity = next((column.target for column in draft.columns if column.is_identity), "")
    return TablePlan(
        number=0,
        phase=0,
        source=crossing.source,
        source_table=table.name,
        target_schema=target.schema,
        target_table=crossing.target,
        chunk_key=table.chunk_key,
        columns=columns,
        rows=counts.get((crossing.source, table.name), table.row_count),
        batch_rows=batch_rows or proposed_batch_rows(crossing),
        most_batch_rows=0 if batch_rows else most_batch_rows(crossing),
        table_class=crossing.classified.table_class,
        complexity=crossing.classified.complexity,
        lane=(lane := _lane(draft, columns)),
        is_binary=lane is Lane.PIPED and _is_binary(draft, columns),
        source_columns=tuple(column.name for column in draft.crossing.table.columns),
        where=spec.where,
        primary_key=draft.primary_key,
        indexes=draft.indexes,
        foreign_keys=draft.foreign_keys,
        constraints=draft.constraints,
        generated=draft.generated,
        exists_already=existing is not None,
        target_rows=existing.row_count if existing else 0,
        identity_column=identity,
        sequence_next=_sequence_next(draft) if identity else None,
        keeps_id_map=_keeps_id_map(draft, target) or draft.is_looked_up,
        on_conflict=policy_of(draft),
        newest_by=draft.newest_by,
        keeps_order=keeps_order(draft),
        keys_may_meet=keys_may_meet(draft),
        unique_may_meet=unique_may_meet(draft),
        made_columns=draft.made_columns,
        merged_from=draft.merged_from,
        is_extra=draft.is_extra,
        is_looked_up=draft.is_looked_up,
        checked_columns=spec.check,
        is_truncated=spec.undo == "truncate",
        soft_delete=soft_delete_of(draft),
    )


def _keeps_id_map(draft: TableDraft, target: Catalog) -> bool:
    """Whether legacy keys are recorded: for made ids, and where an undo could not do without.

    In a table that held rows before the run, only the map tells which of the rows someone
    changed since were the run's; and rows a trigger of the target wrote carry the transaction
    of the batch that fired it.
    """
    if any(column.made_by is MadeBy.UUID5 for column in draft.columns):
        return True
    existing = draft.crossing.existing
    if existing is None or not draft.primary_key:
        return False
    return existing.row_count > 0 or any(other.kind == "trigger" for other in target.others)


def _sequence_next(draft: TableDraft) -> int | None:
    existing = draft.crossing.existing
    numbers = [draft.crossing.table.sequence_next, existing.sequence_next if existing else None]
    return max((number for number in numbers if number is not None), default=None)


def _with_forms(draft: TableDraft) -> tuple[ColumnPlan, ...]:
    """The columns, each with how its values go into a COPY."""
    if draft.crossing.catalog.engine is Engine.POSTGRES:
        return tuple(draft.columns)
    profiles = draft.crossing.profiles
    return tuple(
        replace(
            column,
            form=form_of(column, profile := profiles.get(column.source), is_new=draft.is_new),
            has_nulls=profile is None or profile.nulls > 0,
        )
        for column in draft.columns
    )


def _lane(draft: TableDraft, columns: Sequence[ColumnPlan]) -> Lane:
    """Piped when nothing has to be looked at on the way."""
    table, existing = draft.crossing.table, draft.crossing.existing
    is_staged = any(column.made_by in (MadeBy.LOOKUP, MadeBy.EXPRESSION) for column in columns)
    # COPY FROM is not there for tables whose policies hold for the role (manual, COPY).
    is_staged |= existing is not None and existing.has_policies
    if is_staged or policy_of(draft) is not Policy.ASK:
        return Lane.STAGED
    if draft.crossing.spec.where:
        return Lane.DIRECT
    if draft.crossing.catalog.engine is Engine.SQLITE:
        return Lane.DIRECT if any(column.form is Form.CHECKED for column in columns) else Lane.PIPED
    is_plain = not any(column.generated for column in table.columns) and all(
        column.made_by is MadeBy.COPY and column.target_type == table.column(column.source).declared_type
        for column in columns
    )
    return Lane.PIPED if is_plain else Lane.DIRECT


def _is_binary(draft: TableDraft, columns: Sequence[ColumnPlan]) -> bool:
    """Whether both servers write and read these types' binary form alike, whatever their versions."""
    is_postgres = draft.crossing.catalog.engine is Engine.POSTGRES
    return is_postgres and all(column.family is not Family.OTHER for column in columns)
