"""Which rows of the quarantine wait for another one of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.model.codec import key_from_json
from engine.model.held import HeldRow, Obstacle
from engine.model.plan import MadeBy, Plan, TablePlan
from engine.moving.cant_carry import CantCarry
from engine.moving.legacy_keys import legacy_text
from engine.recovering.held_rows import source_value
from engine.stores.ledger import Ledger

__all__ = ["Ties", "count_waiting", "find_waiting", "waiting_for"]

_PAGE_ROWS = 1_000
"""Rows held in memory at once; each is whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """By what rows wait for others: lookups and keys of the plan, and keys of tables that were there."""

    plan: Plan
    obstacles: tuple[Obstacle, ...]

    @classmethod
    def of(cls, run_id: str, plan: Plan, ledger: Ledger) -> Ties:
        """As they are now."""
        return cls(plan=plan, obstacles=tuple(ledger.quarantine.obstacles(run_id)))


def waiting_for(row: HeldRow, *, ties: Ties, run_id: str, ledger: Ledger) -> dict[str, list[int]]:
    """Numbers of open rows that were set aside because this one is not there, by table, each in order."""
    found: dict[str, dict[int, None]] = {}
    for child, places, by_value in _sought([row], ties):
        ids = ledger.quarantine.waiting(run_id, table=child.name, places=places, values=list(by_value))
        found.setdefault(child.name, {}).update(dict.fromkeys(ids))
    return {name: list(ids) for name, ids in found.items() if ids}


def count_waiting(rows: Sequence[HeldRow], *, ties: Ties, run_id: str, ledger: Ledger) -> dict[int, int]:
    """How many open rows wait for each of these, by its number: one question a link, not one a row."""
    found = dict.fromkeys((row.quarantine_id for row in rows), 0)
    for child, places, by_value in _sought(rows, ties):
        counted = ledger.quarantine.count_waiting(
            run_id, table=child.name, places=places, values=list(by_value)
        )
        for value, rows_waiting in counted.items():
            for number in by_value[value]:
                found[number] += rows_waiting
    return found


def find_waiting(
    rows: Sequence[HeldRow], *, ties: Ties, run_id: str, ledger: Ledger, known: dict[int, int]
) -> None:
    """Rows that wait for these, those that wait for them, and so on, are known: their table by their number.

    One question a link and thousand rows, not one a row; what is known already is not asked about again.

    Args:
        rows: whose children are sought, at most a thousand; they need not be known.
        ties: by what rows wait.
        run_id: whose quarantine.
        ledger: holds it.
        known: what was found before; what is found now is added.
    """
    page, queue = rows, deque[int]()
    while page:
        for child, places, by_value in _sought(page, ties):
            ids = ledger.quarantine.waiting(run_id, table=child.name, places=places, values=list(by_value))
            fresh = [number for number in ids if number not in known]
            known |= dict.fromkeys(fresh, child.number)
            queue.extend(fresh)
        page = []
        while queue and not page:
            numbers = [queue.popleft() for _ in range(min(_PAGE_ROWS, len(queue)))]
            page = ledger.quarantine.rows(run_id, numbers)


def _sought(
    rows: Sequence[HeldRow], ties: Ties
) -> Iterator[tuple[TablePlan, tuple[str, ...], dict[str, list[int]]]]:
    """Where children would have looked for these rows, by which values, and which rows have each."""
    parents = {table.number: table for table in ties.plan.tables}
    for child in ties.plan.tables:
        sought: dict[tuple[str, ...], dict[str, list[int]]] = {}
        for row in rows:
            parent = parents.get(row.table_number)
            for places, value in _asked(child, parent, row, ties) if parent is not None else ():
                sought.setdefault(places, {}).setdefault(value, []).append(row.quarantine_id)
        for places, by_value in sought.items():
            yield child, places, by_value


def _asked(
    child: TablePlan, parent: TablePlan, row: HeldRow, ties: Ties
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where a child would have looked for the row, and by which value; each place once."""
    for column in child.columns:
        lookup = column.lookup
        if lookup is None or (lookup.schema, lookup.table) != (parent.target_schema, parent.target_table):
            continue
        if not lookup.source_table:
            value = _together(parent, row, (lookup.match,))
        elif (child.source, lookup.source_table) == (parent.source, parent.source_table):
            value = _legacy(parent, row)
        else:
            continue
        if value is not None:
            yield (column.target,), value
    for places, parent_columns in dict.fromkeys(_keys(child, parent, ties)):
        value = _together(parent, row, parent_columns)
        if value is not None:
            yield places, value


def _together(parent: TablePlan, row: HeldRow, columns: Sequence[str]) -> str | None:
    """What target columns of the row would hold, as others have it; None where nobody can tell."""
    sources = {column.target: column.source for column in parent.columns if column.made_by is MadeBy.COPY}
    values = [
        row.edits[name] if name in row.edits else source_value(row.row_data.get(sources.get(name, "")))
        for name in columns
    ]
    return None if None in values else ", ".join(str(value) for value in values)


def _keys(
    child: TablePlan, parent: TablePlan, ties: Ties
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Foreign keys: the places a child's rows are held for, and the parent's columns."""
    planned = set()
    for key in child.foreign_keys:
        if key.parent_table == parent.target_table:
            planned.add(key.name)
            yield (key.name, *key.columns), key.parent_columns
    for found in ties.obstacles:
        is_between = (found.table_schema, found.table_name, found.parent_schema, found.parent_table) == (
            child.target_schema, child.target_table, parent.target_schema, parent.target_table,
        )  # fmt: skip
        if is_between and found.name not in planned:
            yield (found.name,), found.parent_columns


def _legacy(parent: TablePlan, row: HeldRow) -> str | None:
    made = next((c.inputs for c in parent.columns if c.made_by is MadeBy.UUID5), ())
    key = [c.source for c in parent.columns if c.target in parent.primary_key and c.source]
    names = made or tuple(key)
    values = [source_value(row.row_data.get(name)) for name in names] or list(
        key_from_json(row.source_key) or ()
    )
    try:
        return "\x1f".join(legacy_text(value) for value in values)
    except CantCarry:
        return None
