"""Which rows of the quarantine wait for another one of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.model.codec import key_from_json
from engine.model.plan import MadeBy, Plan, TablePlan
from engine.moving.cant_carry import CantCarry
from engine.moving.legacy_keys import legacy_text
from engine.recovering.held_rows import source_value
from engine.stores.ledger import Ledger
from engine.stores.ledger.quarantine import HeldRow

__all__ = ["waiting_for"]


def waiting_for(row: HeldRow, *, plan: Plan, run_id: str, ledger: Ledger) -> dict[str, list[int]]:
    """Numbers of open rows that were set aside because this one is not there, by table."""
    parent = next((table for table in plan.tables if table.number == row.table_number), None)
    if parent is None:
        return {}
    found: dict[str, list[int]] = {}
    for child, places, value in (*_by_lookup(plan, parent, row), *_by_key(plan, parent, row, ledger)):
        known = found.setdefault(child, [])
        ids = ledger.quarantine.waiting(run_id, table=child, places=places, value=value)
        known += [number for number in ids if number not in known]
    return {child: sorted(ids) for child, ids in found.items() if ids}


def _by_lookup(plan: Plan, parent: TablePlan, row: HeldRow) -> Iterator[tuple[str, list[str], str]]:
    """Child tables whose lookups would find the row: the column that looks it up, and by which value."""
    for child in plan.tables:
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
                yield child.name, [column.target], value


def _by_key(
    plan: Plan, parent: TablePlan, row: HeldRow, ledger: Ledger
) -> Iterator[tuple[str, list[str], str]]:
    """The same for foreign keys, those the target had by itself among them."""
    children = {(table.target_schema, table.target_table): table.name for table in plan.tables}
    for key in ledger.quarantine.referring(parent.target_schema, parent.target_table):
        child = children.get((key.child_schema, key.child_table))
        value = _together(parent, row, key.parent_columns)
        if child is not None and value is not None:
            yield child, [key.name, *key.columns], value


def _together(parent: TablePlan, row: HeldRow, columns: Sequence[str]) -> str | None:
    """What target columns of the row would hold, as others have it; None where nobody can tell."""
    sources = {column.target: column.source for column in parent.columns if column.made_by is MadeBy.COPY}
    values = [
        row.edits[name] if name in row.edits else source_value(row.row_data.get(sources.get(name, "")))
        for name in columns
    ]
    return None if None in values else ", ".join(str(value) for value in values)


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
