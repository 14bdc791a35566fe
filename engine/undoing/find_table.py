"""The table a run wrote to, under the name it has now."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from engine.model.plan import TablePlan
from engine.stores.target_identity import find_identity
from engine.stores.target_session import TargetSession

__all__ = ["Standing", "find_table"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a table of the plan stands."""

    table: TablePlan | None
    """The plan with the schema and name of now; None: it is not there."""
    is_lost: bool = False
    """It is not there, and the ledger can't tell whether it was dropped or only renamed."""
    now: str = ""
    """What it is called now; empty where that is its name in the plan."""


def find_table(cursor: Any, run_id: str, table: TablePlan) -> Standing:  # noqa: ANN401 - a cursor
    """The table by what it is; by its name only where the ledger kept nothing else."""
    schema, name = table.target_schema, table.target_table
    known = find_identity(cursor, run_id, "relation", schema=schema, name=name)
    if known is None:
        there = TargetSession.exists(cursor, "table_exists", schema=schema, relation=name)
        return Standing(table=table if there else None, is_lost=there is None)
    if known.is_gone:
        return Standing(table=None)
    if known.stands_as(schema, name):
        return Standing(table=table)
    found = replace(table, target_schema=known.schema, target_table=known.name)
    return Standing(table=found, now=found.target_name)
