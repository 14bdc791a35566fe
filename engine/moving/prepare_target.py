"""Schemas and tables the plan needs, each armed for undo in the transaction that makes it."""

from __future__ import annotations

from typing import Any

from engine.model.errors import PlanDrifted
from engine.model.plan import TablePlan
from engine.model.run import Pass
from engine.stores.constraint_statements import add_index, add_key, add_key_using_index, primary_key_index
from engine.stores.ledger import Ledger
from engine.stores.target_identity import find_identity, remember_identity
from engine.stores.target_session import TargetSession
from engine.stores.target_staging import fill_rehearsal
from engine.stores.target_statements import create_partitions, create_schema, create_table, create_table_like

__all__ = ["prepare_schema", "prepare_scratch", "prepare_table"]


def prepare_table(
    table: TablePlan, *, run_id: str, epoch: int, target: TargetSession, ledger: Ledger
) -> None:
    """The target table is there, made by this run or found as the plan found it.

    Raises:
        PlanDrifted: a table appeared or vanished since the plan was made.
        LeaseLost: another runner took over.
    """
    ours = ledger.undo.has_made_table(run_id, table.target_schema, table.target_table)
    progress = ledger.chunks.progress_of(run_id, Pass.MOVE, table.number)
    has_rows = progress is not None and progress.is_begun
    with target.transaction(f"preparing {table.name}") as cursor:
        target.check_epoch(cursor, run_id, epoch)
        names = {"schema": table.target_schema, "name": table.target_table}
        there = target.exists(cursor, "table_exists", schema=table.target_schema, relation=table.target_table)
        known = find_identity(cursor, run_id, "relation", **names)
        is_another = known is not None and not known.stands_as(**names) and (ours or has_rows)
        if is_another or (there is None and ours):
            raise _drifted(f"The table {table.name} this run wrote to is gone or has another name")
        if table.exists_already:
            if there is None:
                raise _drifted(f"The table {table.name} is gone")
            remember_identity(cursor, run_id, "relation", **names)
            return
        if there is not None:
            if not ours:
                raise _drifted(f"A table {table.name} appeared in the target")
            return
        target.look_up_in(cursor, [table.target_schema])
        target.run(cursor, create_table(table, table.target_schema))
        for statement in create_partitions(table, table.target_schema):
            target.run(cursor, statement)
        _add_key_first(table, table.target_schema, cursor=cursor, target=target)
        if table.needs_key_first and table.primary_key and not table.key_definition:
            key = primary_key_index(table).name
            remember_identity(cursor, run_id, "relation", schema=table.target_schema, name=key)
        target.arm_undo(
            cursor, run_id, "create_table", {"schema": table.target_schema, "table": table.target_table}
        )
        remember_identity(cursor, run_id, "relation", **names)
        for partition in table.partitions:
            remember_identity(cursor, run_id, "relation", schema=table.target_schema, name=partition.name)


def _add_key_first(table: TablePlan, schema: str, *, cursor: Any, target: TargetSession) -> None:  # noqa: ANN401 - the driver's
    """Where conflicts are found by the primary key, it can't wait until the rows are in."""
    if table.needs_key_first and table.key_definition:
        target.run(cursor, add_key(table, schema))
    elif table.needs_key_first and table.primary_key:
        index = primary_key_index(table)
        target.run(cursor, add_index(table, index, schema))
        target.run(cursor, add_key_using_index(table, index.name, schema, is_primary=True))


def prepare_scratch(table: TablePlan, scratch: str, *, cursor: Any, target: TargetSession) -> None:  # noqa: ANN401 - the driver's
    """The rehearsal's copy of the target table is there, with its rows where they decide anything.

    Where several plans fill one table, the first makes it.
    """
    if table.is_extra:
        return
    make = create_table_like if table.exists_already else create_table
    target.run(cursor, make(table, scratch))
    for statement in create_partitions(table, scratch):
        target.run(cursor, statement)
    if table.exists_already:
        target.draw_from_scratch(cursor, table, scratch)
    else:
        _add_key_first(table, scratch, cursor=cursor, target=target)
    if table.rehearses_over_rows:
        fill_rehearsal(cursor, table, scratch)


def prepare_schema(schema: str, *, run_id: str, epoch: int, target: TargetSession) -> None:
    """The schema is there, made by this run or found.

    Raises:
        LeaseLost: another runner took over.
    """
    with target.transaction(f"preparing the schema {schema}") as cursor:
        target.check_epoch(cursor, run_id, epoch)
        if target.exists(cursor, "schema_exists", schema=schema) is None:
            target.run(cursor, create_schema(schema))
            target.arm_undo(cursor, run_id, "create_schema", {"schema": schema})
            remember_identity(cursor, run_id, "schema", name=schema)


def _drifted(what: str) -> PlanDrifted:
    return PlanDrifted(
        what,
        safe="Nothing was written to it",
        todo="Look at the target, then make a new plan",
        facts={"fault": "R201"},
    )
