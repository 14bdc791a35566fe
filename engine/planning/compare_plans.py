"""What changed between two plans, in plain words."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.findings import Finding, Severity
from engine.model.plan import Plan, TablePlan

__all__ = ["differences"]


def differences(old: Plan, new: Plan) -> tuple[str, ...]:
    """One sentence a difference that matters to an approval; empty when there is none.

    Args:
        old: the plan that was approved.
        new: the plan the same playbook gives now.
    """
    told = [*_tables(old, new), *_findings(old, new), *_settings(old, new)]
    told += _sources(old, new, is_explained=bool(told))
    if old.target_fingerprint != new.target_fingerprint and not told:
        told.append("a planned target table has changed in shape or row count")
    return tuple(told)


def _tables(old: Plan, new: Plan) -> Iterator[str]:
    before = {(t.source, t.source_table, t.target_table): t for t in old.tables}
    after = {(t.source, t.source_table, t.target_table): t for t in new.tables}
    for key, table in before.items():
        if key not in after:
            yield f"{table.source_table} is no longer part of the plan"
    for key, table in after.items():
        if key not in before:
            yield f"{table.source_table} is new in the plan, {table.rows:,} rows"
        else:
            yield from _table(before[key], table)


def _table(old: TablePlan, new: TablePlan) -> Iterator[str]:
    if old.rows != new.rows:
        yield f"{new.source_table} had {old.rows:,} rows, now {new.rows:,}"
    if old.exists_already != new.exists_already:
        yield f"the target table {new.name} {'is there now' if new.exists_already else 'is gone'}"
    elif old.target_rows != new.target_rows:
        yield f"the target table {new.name} had {old.target_rows:,} rows, now {new.target_rows:,}"
    yield from _columns(old, new)
    if old.batch_rows != new.batch_rows:
        yield f"{new.source_table} had batches of {old.batch_rows:,} rows, now {new.batch_rows:,}"
    if old.where != new.where:
        yield f"the filter of {new.source_table} is another"
    if (old.on_conflict, old.newest_by) != (new.on_conflict, new.newest_by):
        yield f"what becomes of taken keys in {new.name} was '{old.on_conflict}', now '{new.on_conflict}'"
    keys = (old.primary_key, old.indexes, old.foreign_keys, old.chunk_key)
    if keys != (new.primary_key, new.indexes, new.foreign_keys, new.chunk_key):
        yield f"keys or indexes of {new.source_table} are others"


def _columns(old: TablePlan, new: TablePlan) -> Iterator[str]:
    before = {column.target: column for column in old.columns}
    after = {column.target: column for column in new.columns}
    for name in sorted(before.keys() - after.keys()):
        yield f"the column {new.name}.{name} is gone"
    for name in sorted(after.keys() - before.keys()):
        yield f"the column {new.name}.{name} is new"
    for name in (name for name in after if name in before):
        mine, theirs = before[name], after[name]
        if mine.target_type != theirs.target_type:
            yield f"the column {new.name}.{name} was {mine.target_type}, now {theirs.target_type}"
        elif mine != theirs:
            yield f"the column {new.name}.{name} gets its values in another way"


def _weighty(plan: Plan) -> list[Finding]:
    return [finding for finding in plan.findings if finding.severity is not Severity.NOTE]


def _findings(old: Plan, new: Plan) -> Iterator[str]:
    # Notes list tables and columns, whose changes are told already.
    before, after = _weighty(old), _weighty(new)
    for finding in after:
        if finding not in before:
            yield f"new finding: {finding.sentence()}"
    for finding in before:
        if finding not in after:
            yield f"no longer found: {finding.sentence()}"


def _settings(old: Plan, new: Plan) -> Iterator[str]:
    if old.target != new.target:
        yield f"the target was {old.target}, now {new.target}"
    if old.on_error != new.on_error:
        yield f"on an error the plan said '{old.on_error}', now '{new.on_error}'"
    if (old.checks, old.validations) != (new.checks, new.validations):
        yield "the checks after the move are others"


def _sources(old: Plan, new: Plan, *, is_explained: bool) -> Iterator[str]:
    before = {source.name: source for source in old.sources}
    after = {source.name: source for source in new.sources}
    for name, source in after.items():
        if name not in before:
            yield f"the source {name} is new"
        elif before[name].label != source.label:
            yield f"the source {name} was {before[name].label}, now {source.label}"
        elif before[name].fingerprint != source.fingerprint and not is_explained:
            yield f"the source {name} has been written since, with as many rows as before"
    for name in before:
        if name not in after:
            yield f"the source {name} is no longer there"
