"""How a plan is taken back, in words."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.plan import TablePlan
from engine.planning.describe_phases import listed

__all__ = ["plan_undo", "table_undo"]


def table_undo(table: TablePlan) -> str:
    """What undo does with one table."""
    rows = f"{table.rows:,} row{'' if table.rows == 1 else 's'}"
    if table.exists_already:
        return (
            f"removes the {rows} this run writes; the table {table.target_table} was there before and stays"
        )
    return (
        f"removes the {rows} this run writes and drops the table {table.target_table}, which this run makes"
    )


def plan_undo(tables: Sequence[TablePlan]) -> str:
    """The whole route in one sentence."""
    if not tables:
        return "There is nothing to take back"
    rows = sum(table.rows for table in tables)
    made = [table.target_table for table in reversed(tables) if not table.exists_already]
    kept = [table.target_table for table in tables if table.exists_already]
    parts = [f"Undo removes the {rows:,} row{'' if rows == 1 else 's'} this run writes, newest table first"]
    if made:
        parts.append(f"drops {listed(made)}, which this run makes")
    if kept:
        parts.append(
            f"leaves {listed(kept)} standing, which {'was' if len(kept) == 1 else 'were'} there before"
        )
    return ", and ".join(parts) + "; rows changed by someone since are never touched but listed"
