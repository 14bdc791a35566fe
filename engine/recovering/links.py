"""What rows of a table refer to: by lookups of the plan, and by foreign keys of the real table. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.model.plan import Plan, TablePlan
from engine.moving.legacy_keys import legacy_inputs
from engine.stores.sifting_shape import ShapeKey

__all__ = ["Link", "key_links", "links_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One way rows refer to others."""

    number: int
    parent: str
    """The parent's target table, as plans show it."""
    columns: tuple[str, ...]
    """What it is found by: its target columns, or the legacy key's source columns."""
    targets: tuple[str, ...]
    """The batch's target columns that hold the reference."""
    plans: tuple[TablePlan, ...]
    """What fills the parent's table; empty when the plan does not."""
    is_mapped: bool = False
    """By legacy key, through the id map."""
    place: int | None = None
    """Of a lookup: the plan's column."""
    key: ShapeKey | None = None
    """The foreign key."""


def links_of(
    table: TablePlan, plan: Plan | None, keys: Sequence[ShapeKey], *, schema: str
) -> tuple[Link, ...]:
    """Lookups in plan order, then foreign keys by name.

    Args:
        table: the batch's plan.
        plan: the whole; None: nothing is known of other tables.
        keys: of the real table.
        schema: where the batch's rows go; a rehearsal's stands for the plan's own.
    """
    tables = plan.tables if plan is not None else (table,)
    looked_up = [at for at, column in enumerate(table.columns) if column.lookup is not None]
    found = [_lookup_link(number, table, place, tables) for number, place in enumerate(looked_up)]
    for key in keys:
        home = table.target_schema if key.parent_schema == schema else key.parent_schema
        found.append(
            Link(
                number=len(found),
                parent=_name(home, key.parent_table),
                columns=key.parent_columns,
                targets=key.columns,
                plans=_filling(tables, home, key.parent_table),
                key=key,
            )
        )
    return tuple(found)


def _lookup_link(number: int, table: TablePlan, place: int, tables: Sequence[TablePlan]) -> Link:
    column = table.columns[place]
    lookup = column.lookup
    assert lookup is not None, "only called for lookups"
    plans = _filling(tables, lookup.schema, lookup.table)
    columns: tuple[str, ...] = (lookup.match,)
    if lookup.source_table:
        origin = (table.source, lookup.source_table)
        plans = tuple(plan for plan in plans if (plan.source, plan.source_table) == origin)
        columns = legacy_inputs(plans[0]) if plans else (column.source,)
    return Link(
        number=number,
        parent=_name(lookup.schema, lookup.table),
        columns=columns,
        targets=(column.target,),
        plans=plans if lookup.is_planned else (),
        is_mapped=bool(lookup.source_table),
        place=place,
    )


def key_links(links: Sequence[Link]) -> list[tuple[int, ShapeKey]]:
    """Number and foreign key of those that are foreign keys."""
    return [(link.number, link.key) for link in links if link.key is not None]


def _filling(tables: Sequence[TablePlan], schema: str, name: str) -> tuple[TablePlan, ...]:
    return tuple(plan for plan in tables if (plan.target_schema, plan.target_table) == (schema, name))


def _name(schema: str, table: str) -> str:
    return table if schema == "public" else f"{schema}.{table}"
