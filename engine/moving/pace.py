"""How many rows a batch should have, going by how long the last one took. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from engine.model.plan import KeyRange

__all__ = ["TARGET_SECONDS", "joined_ranges", "next_batch_rows"]

TARGET_SECONDS = 1.5
"""Long enough that a commit costs next to nothing, short enough to pause, retry and undo by batches."""
_TOLERANCE = 2.0
"""A batch within half and double the target stays as it is: cutting anew costs a look at every key."""
_MOST_GROWTH, _MOST_SHRINKING = 32.0, 8.0
"""A single batch may have been lucky, or unlucky."""
_LEAST_ROWS = 100


def next_batch_rows(rows: int, *, read: int, seconds: float, most: int) -> int:
    """Rows for the next batches; ``rows`` itself when nothing should change.

    Args:
        rows: what batches have now.
        read: rows the batch that ended really had; a table's last batch says little.
        seconds: how long it took.
        most: no batch may have more, for its bytes and for the table's size.
    """
    if read < rows or seconds <= 0:
        return rows
    # A batch that was under way when the size was made smaller had more rows; it is judged by its own.
    wanted = read * TARGET_SECONDS / seconds
    if rows / _TOLERANCE < wanted < rows * _TOLERANCE:
        return rows
    wanted = min(max(wanted, rows / _MOST_SHRINKING), rows * _MOST_GROWTH)
    found = max(_LEAST_ROWS, min(int(wanted), most))
    is_worth_it = found >= rows * _TOLERANCE or found * _TOLERANCE <= rows
    return found if is_worth_it else rows


def joined_ranges(spans: Iterable[KeyRange], *, rows: int) -> Iterator[KeyRange]:
    """Neighbouring ranges made into larger ones of about so many rows; nobody has to look at a key again."""
    begin: KeyRange | None = None
    last: KeyRange | None = None
    for span in spans:
        begin, last = begin or span, span
        if last.last_row - begin.first_row + 1 >= rows:
            yield replace(last, after=begin.after, first_row=begin.first_row)
            begin = None
    if begin is not None and last is not None:
        yield replace(last, after=begin.after, first_row=begin.first_row)
