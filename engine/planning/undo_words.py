"""How a plan is taken back, in words."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.plan import Policy, TablePlan
from engine.planning.describe_phases import listed

__all__ = ["plan_undo", "table_undo"]


def table_undo(table: TablePlan) -> str:
    """What undo does with one table."""
    rows = f"{table.rows:,} row{'' if table.rows == 1 else 's'}"
    if table.soft_delete is not None:
        return f"{_marks(table, rows)}; the table {table.target_table} and its rows stay"
    if table.is_truncated and table.exists_already:
        return (
            f"empties {table.target_table} in one go if every row in it is this run's and no other table "
            f"refers to it, else removes the {rows} this run writes; the table was there before and stays"
        )
    if table.exists_already and table.on_conflict in (Policy.KEEP_SOURCE, Policy.NEWEST):
        return f"removes the rows this run adds to {table.target_table} and puts back those it overwrote"
    if table.is_extra and not table.exists_already:
        return f"removes the {rows} this run writes; another part of the plan makes {table.target_table}"
    if table.exists_already:
        return (
            f"removes the {rows} this run writes; the table {table.target_table} was there before and stays"
        )
    return (
        f"removes the {rows} this run writes and drops the table {table.target_table}, which this run makes"
    )


def _marks(table: TablePlan, rows: str) -> str:
    mark = table.soft_delete
    assert mark is not None, "asked before"
    value = "to the moment of the undo" if mark.is_moment else f"to {mark.value}"
    marks = f"marks the {rows} this run writes as deleted, by setting {mark.column} {value}"
    if table.on_conflict in (Policy.KEEP_SOURCE, Policy.NEWEST) and table.exists_already:
        return f"{marks}, and puts back those it overwrote"
    return marks


def plan_undo(tables: Sequence[TablePlan]) -> str:
    """The whole route in one sentence."""
    if not tables:
        return "There is nothing to take back"
    rows = sum(table.rows for table in tables if table.soft_delete is None)
    marked = list(dict.fromkeys(t.target_table for t in tables if t.soft_delete is not None))
    made = list(
        dict.fromkeys(
            t.target_table for t in reversed(tables) if not t.exists_already and t.target_table not in marked
        )
    )
    kept = list(dict.fromkeys(t.target_table for t in tables if t.exists_already))
    parts = [f"Undo removes the {rows:,} row{'' if rows == 1 else 's'} this run writes, newest table first"]
    if marked:
        parts.append(f"keeps those in {listed(marked)}, marked as deleted")
    if made:
        parts.append(f"drops {listed(made)}, which this run makes")
    if kept:
        parts.append(
            f"leaves {listed(kept)} standing, which {'was' if len(kept) == 1 else 'were'} there before"
        )
    return ", and ".join(parts) + "; rows changed by someone since are never touched but listed"
