"""Tries the playbook's expressions on the real target, in a transaction that is rolled back.

Each becomes a view over a row of NULLs: PostgreSQL finds its columns, functions and types, and nothing
is computed. Which functions it found, the view's own rule says, whatever they are overloaded with.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from engine.model.plan import Plan, TablePlan
from engine.planning.judge_playbook_sql import TriedExpression, expressions_of
from engine.stores.connect import connect
from engine.stores.staging_statements import try_expression
from engine.stores.target_statements import create_table, relation_name
from engine.stores.target_trial import bare, run_alone, scratch
from sql import load

__all__ = ["try_expressions"]


def try_expressions(url: str, plan: Plan) -> tuple[TriedExpression, ...]:
    """Every expression of the plan the target could be asked about, with what it said.

    Raises:
        NotAllowed: the role may make no schema, so nothing was tried.
        CannotConnect: the target does not answer.
    """
    wanted = [
        (table, column) for table, column in expressions_of(plan) if not _names_home(plan, column.expression)
    ]
    if not wanted:
        return ()
    tried = []
    with connect(url, purpose="planning") as connection, scratch(connection, plan) as schema:
        _make_tables(connection, plan, schema, [column.expression for _, column in wanted])
        for number, (table, column) in enumerate(wanted):
            view = f"fordway_expression_{number}"
            refusal = run_alone(connection, try_expression(column, _inputs(table), schema=schema, view=view))
            changing, sets = ((), ()) if refusal else _called(connection, relation_name(schema, view))
            tried.append(
                TriedExpression(table=table, column=column, refusal=refusal, changing=changing, sets=sets)
            )
    return tuple(tried)


def _names_home(plan: Plan, expression: str) -> bool:
    """Whether a table that is yet to be made is named with its schema, so that no trial finds it."""
    return any(
        f"{table.target_schema}." in expression and table.target_table in expression
        for table in plan.tables
        if not table.exists_already
    )


def _make_tables(
    connection: psycopg.Connection[Any], plan: Plan, schema: str, expressions: Sequence[str]
) -> None:
    """Tables the plan makes stand where an expression may ask them."""
    for table in plan.tables:
        is_asked = any(table.target_table in expression for expression in expressions)
        if is_asked and not table.exists_already and not table.is_extra:
            run_alone(connection, create_table(bare(table), schema))


def _inputs(table: TablePlan) -> dict[str, str]:
    """SQL type of each source column that any expression of the table reads."""
    return {
        name: kind
        for column in table.columns
        for name, kind in zip(column.inputs, column.input_types, strict=False)
        if column.expression
    }


def _called(connection: psycopg.Connection[Any], view: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Functions of the view that change with each call, and those that give sets."""
    rows = connection.execute(load("staging/list_called_functions"), {"view": view}).fetchall()
    changing = tuple(name for name, is_changing, _ in rows if is_changing)
    return changing, tuple(name for name, _, is_set in rows if is_set)
