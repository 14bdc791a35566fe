"""Which rows of the quarantine wait for another one of them."""

from __future__ import annotations

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
    for child in plan.tables:
        for places, value in _asked(child, parent, row):
            ids = ledger.quarantine.waiting(run_id, table=child.name, places=places, value=value)
            if ids:
                found.setdefault(child.name, []).extend(i for i in ids if i not in found.get(child.name, []))
    return found


def _asked(child: TablePlan, parent: TablePlan, row: HeldRow) -> list[tuple[list[str], str]]:
    """Where a child would have looked for the row, and by which value."""
    asked: list[tuple[list[str], str]] = []
    for column in child.columns:
        lookup = column.lookup
        if lookup is None or lookup.source_table != parent.source_table or child.source != parent.source:
            continue
        if (legacy := _legacy(parent, row)) is not None:
            asked.append(([column.target], legacy))
    for key in child.foreign_keys:
        if key.parent_table != parent.target_table or len(key.parent_columns) != 1:
            continue
        source = next((c.source for c in parent.columns if c.target == key.parent_columns[0]), "")
        value = source_value(row.row_data.get(source))
        if value is not None:
            asked.append(([key.name, *key.columns], str(value)))
    return asked


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
