"""Which columns are compared: those copied or made, and those the target generates as the source does."""

from __future__ import annotations

from dataclasses import replace

from engine.model.objects import GeneratedColumn
from engine.model.plan import ColumnPlan, MadeBy, TablePlan
from engine.planning.target_types import family_of

__all__ = ["covered", "uncovered"]


def covered(table: TablePlan) -> TablePlan:
    """The plan with the columns that can be compared.

    A generated column counts as a copy of the source's: nothing was written into it, but the
    target's expression, translated or not, must have given the same values.
    """
    made = [_as_copied(column) for column in table.generated if not _is_of_changed(column, table)]
    if not made and not uncovered(table):
        return table
    columns = (*[column for column in table.columns if column.made_by is not MadeBy.EXPRESSION], *made)
    names = tuple(column.target for column in columns)
    sampled = table.checked_columns or (names if uncovered(table) else ())
    return replace(table, columns=columns, checked_columns=sampled)


def uncovered(table: TablePlan) -> tuple[str, ...]:
    """Columns the source has nothing to hold against: computed by the target alone, or from other values."""
    computed = [column.target for column in table.columns if column.made_by is MadeBy.EXPRESSION]
    return (*computed, *[column.name for column in table.generated if _is_of_changed(column, table)])


def _is_of_changed(made: GeneratedColumn, table: TablePlan) -> bool:
    """Whether the expression may see values that a rule of the playbook changed on their way."""
    return any(column.rules and column.target in made.expression for column in table.columns)


def _as_copied(made: GeneratedColumn) -> ColumnPlan:
    return ColumnPlan(
        target=made.name,
        target_type=made.target_type,
        family=family_of(made.target_type),
        source=made.source or made.name,
    )
