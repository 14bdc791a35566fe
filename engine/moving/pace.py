"""How many rows a batch should have, going by how long the last one took. Pure."""

from __future__ import annotations

__all__ = ["TARGET_SECONDS", "next_batch_rows"]

TARGET_SECONDS = 1.5
"""Long enough that a commit costs next to nothing, short enough to pause, retry and undo by batches."""
_TOLERANCE = 2.0
"""A batch within half and double the target stays as it is: cutting anew costs a look at every key."""
_MOST_CHANGE = 8.0
"""A single batch may have been lucky, or unlucky."""
_LEAST_ROWS = 100


def next_batch_rows(rows: int, *, read: int, seconds: float, most: int) -> int:
    """Rows for the next batches; ``rows`` itself when nothing should change.

    Args:
        rows: what batches have now.
        read: rows the last batch really had; a table's last batch says little.
        seconds: how long it took.
        most: no batch may have more, for its bytes and for the table's size.
    """
    if read < rows or seconds <= 0:
        return rows
    factor = TARGET_SECONDS / seconds
    if 1 / _TOLERANCE < factor < _TOLERANCE:
        return rows
    wanted = int(rows * max(1 / _MOST_CHANGE, min(_MOST_CHANGE, factor)))
    wanted = max(_LEAST_ROWS, min(wanted, most))
    is_worth_it = wanted >= rows * _TOLERANCE or wanted * _TOLERANCE <= rows
    return wanted if is_worth_it else rows
