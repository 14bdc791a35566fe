"""What lookups, merges and links should have left in the target, by verification's own queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, LiteralString, cast

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.plan import ColumnPlan, TablePlan
from engine.stores.line_statements import canonical
from engine.stores.target_checks import TargetChecks
from engine.stores.target_statements import on_table, table_identifier
from sql import load

__all__ = ["edges", "left_out", "lookup_values", "overwritten"]

_PAGE_ROWS = 10_000


def _type(kind: str) -> SQL:
    return SQL(cast("LiteralString", kind))


def lookup_values(
    checks: TargetChecks, table: TablePlan, column: ColumnPlan, *, run_id: str
) -> Iterator[tuple[str, str | None]]:
    """What is asked for, in canonical text (a legacy key as it is), and the canonical text it gives."""
    lookup = column.lookup
    assert lookup is not None, "only called for lookups"
    plain: dict[str, Composable] = {
        "column": Identifier(column.target),
        "type": _type(column.target_type),
        "canonical": canonical(column),
    }
    values: dict[str, Any] = {"most": _PAGE_ROWS, "after_key": None}
    if lookup.source_table:
        file, wanted, after = "read_mapped_values", "legacy_key", "legacy_key"
        values |= {"run_id": run_id, "source_name": table.source, "source_table": lookup.source_table}
    else:
        file, wanted, after = "read_matched_values", "wanted", "raw"
        asked = replace(
            column, target="fordway_match", target_type=lookup.match_type, family=lookup.match_family
        )
        plain |= {
            "match": Identifier(lookup.match),
            "get": Identifier(lookup.get),
            "match_type": _type(lookup.match_type),
            "wanted": canonical(asked),
        }
    statement = on_table(f"checking/{file}", lookup.schema, lookup.table, **plain)
    while True:
        rows = checks.fetch(statement, values, where=f"{table.name}.{column.target}")
        for row in rows:
            values["after_key"] = row[after]
            yield row[wanted], row["value"]
        if len(rows) < _PAGE_ROWS:
            return


def left_out(checks: TargetChecks, table: TablePlan, *, run_id: str) -> Iterator[dict[str, Any]]:
    """Every merged row of the plan: ``chunk_number``, ``source_key``, ``became``."""
    values = {"run_id": run_id, "table_number": table.number, "after_id": 0, "most": _PAGE_ROWS}
    while True:
        rows = checks.fetch(SQL(load("checking/read_left_out")), values, where=table.name)
        for row in rows:
            values["after_id"] = row["merged_id"]
            yield row
        if len(rows) < _PAGE_ROWS:
            return


def overwritten(
    checks: TargetChecks, table: TablePlan, *, run_id: str
) -> dict[int, set[tuple[str | None, ...]]]:
    """Canonical keys of the plan's rows that a later batch overwrote, by the chunk that wrote them."""
    by_name = {column.target: column for column in table.columns}
    if not table.primary_key or not set(table.primary_key) <= set(by_name):
        return {}
    keys = [by_name[name] for name in table.primary_key]
    item = SQL(load("checking/key_item"))
    statement = on_table(
        "checking/read_overwritten",
        table.target_schema,
        table.target_table,
        keys=SQL(", ").join(
            item.format(place=Literal(at), type=_type(key.target_type), column=Identifier(key.target))
            for at, key in enumerate(keys, start=1)
        ),
        canonical=SQL(", ").join(
            SQL("{} as {}").format(canonical(key), Identifier(f"fordway_key_{at}"))
            for at, key in enumerate(keys)
        ),
    )
    values = {"run_id": run_id, "table_number": table.number, "target_table": table.target_name}
    found: dict[int, set[tuple[str | None, ...]]] = {}
    for row in checks.fetch(statement, values, where=table.name):
        key = tuple(row[f"fordway_key_{at}"] for at in range(len(keys)))
        found.setdefault(row["chunk_number"], set()).add(key)
    return found


def edges(
    checks: TargetChecks, table: TablePlan, keys: list[ColumnPlan], *, run_id: str, xids: list[int]
) -> Iterator[tuple[str, bool, tuple[str | None, ...]]]:
    """Row, whether the run wrote it, and the legacy keys of its ends; a row comes once a legacy pair."""
    join, item = SQL(load("checking/edge_join")), SQL(load("checking/edge_item"))
    joins: list[Composed] = []
    items: list[Composed] = []
    for at, key in enumerate(keys):
        assert key.lookup is not None, "a junction's keys are looked up"
        name = f"fordway_end_{at}"
        schema = "" if key.lookup.schema == "public" else f"{key.lookup.schema}."
        joins.append(
            join.format(
                map=Identifier(name),
                column=Identifier(key.target),
                source_table=Literal(key.lookup.source_table),
                target_table=Literal(f"{schema}{key.lookup.table}"),
            )
        )
        items.append(item.format(map=Identifier(name), name=Identifier(name)))
    statement = SQL(load("checking/read_edges")).format(
        table=table_identifier(table.target_schema, table.target_table),
        legacies=SQL(", ").join(items),
        joins=SQL("\n").join(joins),
    )
    values = {"run_id": run_id, "source_name": table.source, "xids": xids}
    for row in checks.fetch(statement, values, where=table.name):
        yield (
            row["row_id"],
            row["is_ours"],
            tuple(row[f"fordway_end_{at}"] for at in range(len(keys))),
        )
