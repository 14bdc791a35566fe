"""What decisions change about the plan of a table. Pure."""

from __future__ import annotations

from dataclasses import replace

from engine.model.plan import Lane, MadeBy, Policy, TablePlan

__all__ = ["brought_table", "with_policy"]


def brought_table(table: TablePlan, *, source: str) -> TablePlan:
    """The plan by which rows of another source become rows of this table.

    Ids are made as if the rows had stood in the plan's own source, because there the rows that refer
    to them looked for them; only the column that names a row's source says where it really came from.
    No filter holds: these rows were asked for one by one.
    """
    columns = tuple(
        replace(column, made_by=MadeBy.CONSTANT, value=source)
        if column.made_by is MadeBy.SOURCE_NAME
        else column
        for column in table.columns
    )
    lane = Lane.STAGED if table.lane is Lane.STAGED else Lane.DIRECT
    return replace(table, columns=columns, where="", lane=lane)


def with_policy(table: TablePlan, policy: Policy, newest_by: str) -> TablePlan:
    """The table's plan from the batch on that met a taken key: what was moved before met none."""
    return replace(
        table,
        on_conflict=policy,
        newest_by=newest_by,
        lane=Lane.STAGED,
        is_binary=False,
        needs_key_first=True,
    )
