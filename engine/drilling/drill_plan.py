"""A plan as it is carried out in a rehearsal of the undo: the same, in another schema. Pure."""

from __future__ import annotations

from dataclasses import replace

from engine.model.codec import seal
from engine.model.plan import ColumnPlan, ForeignKeyPlan, Plan, TablePlan

__all__ = ["drill_plan", "drill_schema"]


def drill_schema(run_id: str) -> str:
    """Where the undo of the run is rehearsed."""
    return f"fordway_drill_{run_id}"


def drill_plan(plan: Plan, schema: str) -> Plan:
    """The plan with everything it fills and makes in ``schema``; it reads what it read before."""
    homes = {table.target_schema for table in plan.tables}
    return seal(
        replace(
            plan,
            tables=tuple(_table(table, schema, homes) for table in plan.tables),
            types=tuple(replace(thing, schema=schema) for thing in plan.types),
            views=tuple(replace(thing, schema=schema) for thing in plan.views),
        )
    )


def _table(table: TablePlan, schema: str, homes: set[str]) -> TablePlan:
    return replace(
        table,
        target_schema=schema,
        columns=tuple(_column(column, schema) for column in table.columns),
        made_columns=tuple(_column(column, schema) for column in table.made_columns),
        foreign_keys=tuple(_key(key, schema, homes) for key in table.foreign_keys),
    )


def _column(column: ColumnPlan, schema: str) -> ColumnPlan:
    lookup = column.lookup
    if lookup is None or not lookup.is_planned:
        return column
    return replace(column, lookup=replace(lookup, schema=schema))


def _key(key: ForeignKeyPlan, schema: str, homes: set[str]) -> ForeignKeyPlan:
    return replace(key, parent_schema=schema) if key.parent_schema in homes else key
