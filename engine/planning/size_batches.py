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


def proposed_batch_rows(crossing: Crossing) -> int:
    """Rows the first batches have where the playbook does not say; few where rows are very wide."""
    is_catalog = crossing.classified.table_class is TableClass.CATALOG
    usual = _CATALOG_BATCH_ROWS if is_catalog else _BATCH_ROWS
    return max(1, min(usual, int(_MOST_BYTES / _width(crossing))))


def most_batch_rows(crossing: Crossing) -> int:
    """Rows batches may grow to; 0 when they stay as proposed."""
    if crossing.classified.table_class is TableClass.CATALOG:
        return 0
    most = min(crossing.table.row_count // _LEAST_BATCHES, int(_MOST_BYTES / _width(crossing)))
    return most if most > proposed_batch_rows(crossing) else 0


def _width(crossing: Crossing) -> float:
    """Bytes of a row, on average; a table of no columns has rows all the same."""
    values = sum(profile.bytes for profile in crossing.profiles.values())
    return 1 + values / max(crossing.table.row_count, 1) + _VALUE_BYTES * len(crossing.table.columns)
