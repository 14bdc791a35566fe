"""How many rows a table's batches have at first, and how many they may have."""

from __future__ import annotations

from engine.model.catalog import TableClass
from engine.planning.resolve_tables import Crossing

__all__ = ["most_batch_rows", "proposed_batch_rows"]

_CATALOG_BATCH_ROWS = 500
"""Lookup tables are small: four batches of 1,569 rows show progress, one would not."""
_BATCH_ROWS = 5_000
"""Some hundredths of a second; batches that take less time than they should grow from here."""
_MOST_BYTES = 64_000_000
_LEAST_BATCHES = 8
"""Of any table, so that its progress can be seen."""
_VALUE_BYTES = 8
"""Of a number, a moment and what else has no length of its own."""


def proposed_batch_rows(table_class: TableClass) -> int:
    """Rows the first batches have where the playbook does not say."""
    return _CATALOG_BATCH_ROWS if table_class is TableClass.CATALOG else _BATCH_ROWS


def most_batch_rows(crossing: Crossing) -> int:
    """Rows batches may grow to; 0 when they stay as proposed."""
    if crossing.classified.table_class is TableClass.CATALOG:
        return 0
    rows = crossing.table.row_count
    profiles = crossing.profiles.values()
    # A table of no columns has rows all the same.
    width = 1 + sum(p.bytes for p in profiles) / max(rows, 1) + _VALUE_BYTES * len(crossing.table.columns)
    most = min(rows // _LEAST_BATCHES, int(_MOST_BYTES / width))
    return most if most > proposed_batch_rows(crossing.classified.table_class) else 0
