"""How long a plan takes, as a range with its basis."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.plan import Estimate, TablePlan

__all__ = ["estimate_from_rehearsal", "estimate_plan"]

_FAST_ROWS_A_SECOND, _SLOW_ROWS_A_SECOND = 200_000, 20_000
"""Of ten columns through COPY: a good server nearby, and a busy one over a network."""
_USUAL_COLUMNS = 10
_FIXED_SECONDS = (1.0, 3.0)
"""Connecting, the ledger, agents' handoffs."""
_TABLE_SECONDS = (0.05, 0.5)
"""Making a table, its indexes and its checks."""
_PASSES = 3
"""Each row is rehearsed, moved and compared."""
_SPREAD = (0.7, 1.5)
"""A server's speed varies this much between two runs of the same work."""


def estimate_plan(tables: Sequence[TablePlan]) -> Estimate:
    """A range from row and column counts alone."""
    rows = sum(table.rows for table in tables)
    weighed = sum(table.rows * max(1.0, len(table.columns) / _USUAL_COLUMNS) for table in tables) * _PASSES
    low = _FIXED_SECONDS[0] + _TABLE_SECONDS[0] * len(tables) + weighed / _FAST_ROWS_A_SECOND
    high = _FIXED_SECONDS[1] + _TABLE_SECONDS[1] * len(tables) + weighed / _SLOW_ROWS_A_SECOND
    return Estimate(
        low_seconds=low,
        high_seconds=high,
        basis=f"{rows:,} rows rehearsed, moved and compared at "
        f"{_SLOW_ROWS_A_SECOND:,} to {_FAST_ROWS_A_SECOND:,} rows a second; not measured yet",
    )


def estimate_from_rehearsal(tables: Sequence[TablePlan], *, seconds: float) -> Estimate:
    """A range from what the rehearsal took; moving and comparing are each as much work again.

    Args:
        tables: the plan's.
        seconds: the rehearsal's duration, more than 0.
    """
    rows = sum(table.rows for table in tables)
    work = 2 * max(seconds, 0.001)
    return Estimate(
        low_seconds=work * _SPREAD[0],
        high_seconds=work * _SPREAD[1] + _FIXED_SECONDS[0],
        basis=f"the rehearsal of {rows:,} rows took {seconds:,.1f} s on these servers",
    )
