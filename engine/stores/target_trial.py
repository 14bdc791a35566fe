"""Tries what a plan would make beside the rows on the real target, in transactions that are rolled back.

Nothing is left behind and nothing of the target is locked: the tables tried on are empty ones in
a schema that is made in the same transaction.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import uuid4

import psycopg
from psycopg.sql import Composed

from engine.model.catalog import Engine
from engine.model.objects import GeneratedColumn, ObjectPlan
from engine.model.plan import ColumnPlan, Plan, TablePlan
from engine.planning.without_refused import Refusal, soft_tables
from engine.stores.connect import connect
from engine.stores.constraint_statements import add_constraint, add_index
from engine.stores.sqlstate import translated
from engine.stores.target_session import look_up_in
from engine.stores.target_statements import (
    add_generated_column,
    create_object,
    create_schema,
    create_table,
    set_default,
    try_default,
    try_value,
)

__all__ = ["bare", "run_alone", "scratch", "try_on_target", "why_no_value"]

_TABLES_AT_ONCE, _VIEWS_AT_ONCE = 20, 20
"""Each holds a few locks until the rollback, its indexes and its TOAST table some of them; the server has
room for ``max_locks_per_transaction`` times its connections, shared by all (manual, 20.12)."""

_Connection = psycopg.Connection[Any]


def try_on_target(url: str, plan: Plan) -> tuple[Refusal, ...]:
    """What the target refuses of the plan's defaults, generated columns, checks, indexes and views.

    Raises:
        NotAllowed: the role may make no schema, so nothing was tried.
        CannotConnect: the target does not answer.
    """
    tables = soft_tables(plan)
    if not tables and not plan.views:
        return ()
    refusals: list[Refusal] = []
    translated_sources = {source.name for source in plan.sources if source.engine is Engine.SQLITE}
    with connect(url, purpose="planning") as connection:
        for start in range(0, len(tables), _TABLES_AT_ONCE):
            with scratch(connection, plan) as schema:
                for table in tables[start : start + _TABLES_AT_ONCE]:
                    is_translated = table.source in translated_sources
                    refused = _try_table(connection, table, schema, is_translated=is_translated)
                    refusals += _as_planned(refused, schema, home=table.target_schema)
        for start in range(0, len(plan.views), _VIEWS_AT_ONCE):
            with scratch(connection, plan) as schema:
                asked = plan.views[start : start + _VIEWS_AT_ONCE]
                refused = _try_views(connection, plan, schema, tuple(refusals), asked)
                refusals += _as_planned(refused, schema, home=plan.views[0].schema)
    return tuple(refusals)


def _as_planned(refusals: Iterable[Refusal], schema: str, *, home: str) -> Iterator[Refusal]:
    """The refusals as the target would have worded them in the schema the objects are meant for.

    The trial's own schema has a name of chance, and a plan that held it would have another
    digest each time it is made.
    """
    for refusal in refusals:
        yield replace(refusal, reason=refusal.reason.replace(schema, home))


@contextmanager
def scratch(connection: psycopg.Connection[Any], plan: Plan) -> Iterator[str]:
    """A schema with the plan's types in it, gone at the end of the block whatever happens."""
    schema = f"fordway_trial_{uuid4().hex[:12]}"
    homes = tuple(dict.fromkeys(table.target_schema for table in plan.tables))
    with (
        translated("the trial of the plan"),
        connection.transaction(force_rollback=True),
        connection.cursor() as cursor,
    ):
        cursor.execute(create_schema(schema))
        look_up_in(cursor, (schema, *homes))
        for thing in plan.types:
            run_alone(connection, create_object(thing, schema))
        yield schema


def why_no_value(url: str, table: TablePlan, column: ColumnPlan, value: str) -> str:
    """Empty when the column's type reads this text, else what the target says.

    Raises:
        CannotConnect: the target does not answer.
    """
    with (
        connect(url, purpose="trial of a value") as connection,
        translated("trying a value"),
        connection.transaction(),
    ):
        look_up_in(connection.cursor(), [table.target_schema])
        return run_alone(connection, try_value(column, value))


def run_alone(connection: psycopg.Connection[Any], statement: Composed) -> str:
    """Empty when the target took the statement, else why not; what came before stands either way."""
    try:
        with connection.transaction():
            connection.execute(statement)
    except psycopg.OperationalError:
        raise
    except psycopg.Error as error:
        return error.diag.message_primary or str(error)
    return ""


def _try_table(
    connection: _Connection, table: TablePlan, schema: str, *, is_translated: bool
) -> Iterator[Refusal]:
    name = table.target_table
    if run_alone(connection, create_table(table, schema)):
        if reason := run_alone(connection, create_table(bare(table), schema)):
            yield Refusal(kind="table", table=name, name="", reason=reason)
            return
        refused = list(_try_columns(connection, table, schema))
        yield from refused
        table = _without_defaults(table, {refusal.name for refusal in refused})
    if is_translated:
        yield from _try_values(connection, table)
    for index in table.indexes:
        if index.tail and (reason := run_alone(connection, add_index(table, index, schema))):
            yield Refusal(kind="index", table=name, name=index.name, reason=reason)
    for constraint in table.constraints:
        if reason := run_alone(connection, add_constraint(table, constraint, schema)):
            yield Refusal(kind="constraint", table=name, name=constraint.name, reason=reason)


def bare(table: TablePlan) -> TablePlan:
    """The table without defaults and generated columns."""
    return replace(_without_defaults(table, {column.target for column in table.columns}), generated=())


def _without_defaults(table: TablePlan, names: Container[str]) -> TablePlan:
    columns = (replace(c, default=None) if c.target in names else c for c in table.columns)
    return replace(table, columns=tuple(columns))


def _try_columns(connection: _Connection, table: TablePlan, schema: str) -> Iterator[Refusal]:
    for column in table.columns:
        if column.default and (reason := run_alone(connection, set_default(table, column, schema))):
            yield Refusal(kind="default", table=table.target_table, name=column.target, reason=reason)
    for made in table.generated:
        if reason := run_alone(connection, add_generated_column(table, made, schema)):
            yield Refusal(kind="generated", table=table.target_table, name=made.name, reason=reason)


def _try_values(connection: _Connection, table: TablePlan) -> Iterator[Refusal]:
    """Defaults that were translated are computed once; of others only the source knows what they do."""
    for column in table.columns:
        if (
            column.default
            and "(" in column.default
            and (reason := run_alone(connection, try_default(column)))
        ):
            yield Refusal(kind="default", table=table.target_table, name=column.target, reason=reason)


def _try_views(
    connection: _Connection,
    plan: Plan,
    schema: str,
    refusals: Sequence[Refusal],
    asked: Sequence[ObjectPlan],
) -> Iterator[Refusal]:
    views = _with_views_they_read(asked, plan.views)
    gone = {(refusal.table, refusal.name) for refusal in refusals}
    for table in plan.tables:
        if table.exists_already or not _is_read(table, views):
            continue
        # A generated column that was refused will be an ordinary one; views see no difference.
        lost = {made.name for made in table.generated if (table.target_table, made.name) in gone}
        plain = replace(
            bare(table), generated=tuple(_plain(made, made.name in lost) for made in table.generated)
        )
        run_alone(connection, create_table(plain, schema))
    for view in views:
        reason = run_alone(connection, create_object(view, schema))
        if reason and view in asked:
            yield Refusal(kind="view", table="", name=view.name, reason=reason)


def _plain(made: GeneratedColumn, is_lost: bool) -> GeneratedColumn:
    return replace(made, expression=f"null::{made.target_type}") if is_lost else made


def _with_views_they_read(asked: Sequence[ObjectPlan], views: Sequence[ObjectPlan]) -> list[ObjectPlan]:
    """The views, and those before them that they are made of, in the plan's order."""
    needed: list[ObjectPlan] = []
    for view in reversed(views):
        # A name that only happens to be in a text does no harm.
        if view in asked or any(view.name in other.definition for other in needed):
            needed.insert(0, view)
    return needed


def _is_read(table: TablePlan, views: Sequence[ObjectPlan]) -> bool:
    """Whether a view may read from the table; a name that only happens to be in a text does no harm."""
    return any(table.target_table in view.definition for view in views)
