"""Statements of the staged lane, composed from plans. Nothing is executed here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from psycopg.sql import SQL, Composable, Composed, Identifier

from engine.model.plan import ColumnPlan, Policy, TablePlan
from engine.stores.target_statements import column_names, id_map_key, on_table, trusted
from sql import load

__all__ = [
    "StageColumn",
    "by_each_name",
    "compute_expression",
    "copy_stage",
    "create_stage",
    "fill_scratch",
    "map_ids",
    "on_stage",
    "rank_rows",
    "staged_key",
    "staged_name",
    "try_expression",
    "type_name",
    "unlimited",
    "wanted_name",
]

StageColumn = tuple[str, str]
"""Name and SQL type of one column of the staging table."""
_LIMITS = re.compile(r"\([^)]*\)")
_CHARACTERS = re.compile(r"(?:character|char|varchar|bpchar|character varying)")


def staged_name(place: int) -> str:
    """The staging column of the plan's column at this place."""
    return f"c{place}"


def wanted_name(place: int) -> str:
    """The staging column that holds what the lookup at this place compares."""
    return f"w{place}"


def type_name(kind: str) -> SQL:
    """A type of our own mapping or of PostgreSQL's catalog."""
    return trusted(kind)


def create_stage(columns: Sequence[StageColumn]) -> Composed:
    """The empty staging table."""
    part = SQL(load("staging/stage_column"))
    definitions = [part.format(name=Identifier(name), type=trusted(kind)) for name, kind in columns]
    return SQL(load("staging/create_stage")).format(columns=SQL(", ").join(definitions))


def copy_stage(columns: Sequence[StageColumn]) -> Composed:
    """COPY into it, in that order."""
    return SQL(load("staging/copy_stage")).format(columns=column_names([name for name, _ in columns]))


def compute_expression(column: ColumnPlan, place: int, inputs: Sequence[tuple[str, str]]) -> Composed:
    """One expression for the whole batch; it takes no parameters, so the operator's text stays as it is.

    Args:
        column: with its expression.
        place: of the column in the plan.
        inputs: staging column and the source's name of each input.
    """
    item = SQL(load("staging/input_item"))
    items = [
        item.format(column=Identifier(stage), name=Identifier(name))
        for stage, name in by_each_name([("ordinal", "fordway_ordinal"), *inputs])
    ]
    return SQL(load("staging/compute_expression")).format(
        column=Identifier(staged_name(place)),
        expression=trusted(column.expression),
        type=trusted(unlimited(column.target_type)),
        inputs=SQL(", ").join(items),
    )


def try_expression(column: ColumnPlan, inputs: Mapping[str, str], *, schema: str, view: str) -> Composed:
    """A view that shows what PostgreSQL understands of the expression.

    Args:
        column: with its expression.
        inputs: SQL types by the source's names.
        schema: of the view.
        view: its name.
    """
    item = SQL(load("staging/empty_input"))
    typed = by_each_name([("bigint", "fordway_ordinal"), *((kind, name) for name, kind in inputs.items())])
    return SQL(load("staging/try_expression")).format(
        view=Identifier(schema, view),
        expression=trusted(column.expression),
        type=trusted(unlimited(column.target_type)),
        inputs=SQL(", ").join(item.format(type=trusted(kind), name=Identifier(name)) for kind, name in typed),
    )


def by_each_name(inputs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The inputs by each name an expression may use.

    PostgreSQL folds names that are not quoted; one of another case is known by both spellings.
    """
    taken = {name for _, name in inputs}
    return [*inputs, *((what, name.lower()) for what, name in inputs if name.lower() not in taken)]


def unlimited(kind: str) -> str:
    """The type without its limit: a cast would cut a text to it in silence, an assignment refuses."""
    bare = _LIMITS.sub("", kind).strip()
    return "text" if _CHARACTERS.fullmatch(bare) else bare


def staged_key(table: TablePlan) -> tuple[str, ...]:
    """Staging columns of the target's primary key."""
    places = {column.target: place for place, column in enumerate(table.columns)}
    return tuple(staged_name(places[name]) for name in table.primary_key)


def rank_rows(table: TablePlan, policy: Policy) -> Composed:
    """Of rows with one key the policy's choice comes first."""
    file = {Policy.KEEP_SOURCE: "order_last", Policy.NEWEST: "order_newest"}.get(policy, "order_first")
    order: Composable = SQL(load(f"staging/{file}"))
    if policy is Policy.NEWEST:
        order = SQL(load("staging/order_newest")).format(moment=Identifier(_moment(table)))
    return SQL(load("staging/rank_rows")).format(key=column_names(staged_key(table)), order=order)


def _moment(table: TablePlan) -> str:
    places = {column.target: place for place, column in enumerate(table.columns)}
    return staged_name(places[table.newest_by])


def _joined(table: TablePlan) -> Composed:
    part = SQL(load("staging/joined_part"))
    return SQL(" and ").join(
        part.format(column=Identifier(name), staged=Identifier(staged))
        for name, staged in zip(table.primary_key, staged_key(table), strict=True)
    )


def _wins(table: TablePlan, policy: Policy) -> Composable:
    if policy is Policy.NEWEST:
        return SQL(load("staging/wins_newer")).format(
            column=Identifier(table.newest_by), staged=Identifier(_moment(table))
        )
    return SQL(load("staging/wins_always" if policy is Policy.KEEP_SOURCE else "staging/wins_never"))


def _staged_key_text(table: TablePlan) -> Composed:
    return id_map_key(Identifier(name) for name in staged_key(table))


def on_stage(
    file: str, table: TablePlan, schema: str, *, policy: Policy, stored: Sequence[str] = ()
) -> Composed:
    """A statement between the staging table and the target table.

    Args:
        file: in ``sql/staging``.
        table: the plan.
        schema: where the target table stands.
        policy: what becomes of taken keys.
        stored: every column of the target table that holds values, for the image of a row.
    """
    places = {column.target: place for place, column in enumerate(table.columns)}
    text_of, assignment = SQL(load("staging/text_of")), SQL(load("staging/assignment"))
    changed = [name for name in places if name not in table.primary_key]
    parts: dict[str, Composable] = {
        "columns": column_names(list(places)),
        "staged": column_names([staged_name(place) for place in places.values()]),
    }
    if table.primary_key and set(table.primary_key) <= set(places):
        parts |= {
            "key": _staged_key_text(table) if file in _WITH_KEY_TEXT else column_names(table.primary_key),
            "staged_key": column_names(staged_key(table)),
            "joined": _joined(table),
            "wins": _wins(table, policy),
            "values": SQL(", ").join(text_of.format(column=Identifier(name)) for name in stored),
            "assignments": SQL(", ").join(
                assignment.format(column=Identifier(name), staged=Identifier(staged_name(places[name])))
                for name in changed
            ),
        }
    return on_table(f"staging/{file}", schema, table.target_table, **parts)


_WITH_KEY_TEXT = frozenset({"record_merged"})


def map_ids(table: TablePlan, map_table: Identifier) -> Composed:
    """Legacy keys and ids of everything that is in the target now."""
    return SQL(load("staging/map_ids")).format(map=map_table, key=_staged_key_text(table))


def fill_scratch(table: TablePlan, scratch: str, columns: Sequence[str]) -> Composed:
    """A rehearsal's copy of the table gets the table's rows."""
    model = Identifier(table.target_schema, table.target_table)
    return on_table(
        "staging/fill_scratch", scratch, table.target_table, model=model, columns=column_names(columns)
    )
