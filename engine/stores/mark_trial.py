"""Tries on the real target whether columns take what an undo marks deleted rows with; all is rolled back."""

from __future__ import annotations

from psycopg.sql import Literal

from engine.model.plan import Plan, TablePlan
from engine.planning.plan_undo_route import marks_to_try
from engine.stores.connect import connect
from engine.stores.target_statements import on_table, trusted
from engine.stores.target_trial import run_alone, scratch

__all__ = ["try_marks"]


def try_marks(url: str, plan: Plan) -> tuple[tuple[TablePlan, str], ...]:
    """The tables whose column refuses its mark, each with the target's own words.

    Raises:
        NotAllowed: the role may make no schema, so nothing was tried.
        CannotConnect: the target does not answer.
    """
    tables = marks_to_try(plan)
    if not tables:
        return ()
    refused = []
    with connect(url, purpose="planning") as connection, scratch(connection, plan) as schema:
        for number, table in enumerate(tables):
            mark = table.soft_delete
            assert mark is not None, "asked before"
            name = f"fordway_mark_{number}"
            make = on_table("target/try_mark_table", schema, name, type=trusted(mark.target_type))
            if run_alone(connection, make):
                # A type that is yet to be made: what it takes shows when it is there.
                continue
            words = run_alone(
                connection, on_table("target/try_mark", schema, name, value=Literal(mark.value))
            )
            refused += [(table, words)] if words else []
    return tuple(refused)
