"""Counts ids that would come twice, in a temporary table of the target that nobody else sees."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, LiteralString, cast

from psycopg.sql import SQL, Composable, Identifier

from engine.model.plan import TablePlan
from engine.planning.find_collisions import Collisions
from engine.stores.target_session import TargetSession
from engine.stores.target_statements import on_table
from sql import load

__all__ = ["count_collisions"]

_MOST_EXAMPLES = 5


def count_collisions(
    table: TablePlan,
    keys: Iterable[tuple[tuple[object, ...], str]],
    *,
    target: TargetSession,
    is_taken_asked: bool,
) -> Collisions:
    """How many ids of the target table's key come twice.

    Args:
        table: any of the plans that fill the target table.
        keys: encoded primary keys of all of them, each with how it is shown; empty: as it is.
        target: nothing of it is changed.
        is_taken_asked: whether keys the target's rows have are counted too.
    """
    types = {column.target: column.target_type for column in table.columns}
    names = SQL(", ").join(Identifier(name) for name in table.primary_key)
    part = SQL(load("staging/stage_column"))
    columns = SQL(", ").join(
        part.format(name=Identifier(name), type=SQL(cast("LiteralString", types[name])))
        for name in table.primary_key
    )
    key = SQL(" || '/' || ").join(SQL("{}::text").format(Identifier("held", n)) for n in table.primary_key)
    plain: dict[str, Composable] = {"key": names, "shown": key}
    legacy = {**plain, "shown": SQL(load("staging/shown_key")).format(key=key)}
    is_taken_asked = is_taken_asked and table.exists_already
    with target.transaction(f"counting ids of {table.target_name}") as cursor:
        target.look_up_in(cursor, [table.target_schema])
        cursor.execute(SQL(load("staging/create_keys")).format(columns=columns))
        with cursor.copy(SQL(load("staging/copy_keys")).format(columns=names)) as copy:
            for key_of_row, how_shown in keys:
                copy.write_row((*key_of_row, how_shown))
        between, examples = _count(cursor, "count_between", table, legacy)
        taken, others = _count(cursor, "count_taken", table, plain) if is_taken_asked else (0, [])
    names_shown = tuple(dict.fromkeys([*examples, *others]))[:_MOST_EXAMPLES]
    return Collisions(between=between, with_target=taken, examples=names_shown)


def _count(cursor: Any, file: str, table: TablePlan, parts: dict[str, Composable]) -> tuple[int, list[str]]:  # noqa: ANN401 - the driver's cursor
    statement = on_table(f"staging/{file}", table.target_schema, table.target_table, **parts)
    row = cursor.execute(statement, {"most": _MOST_EXAMPLES}).fetchone()
    return int(row["ids"]), list(row["examples"])
