"""What an undo would do, before it does anything."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TableUndoPreview", "UndoPreview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableUndoPreview:
    """One table's part of an undo."""

    table: str
    written: int
    """Rows the run committed into it."""
    removable: int
    """Of those, rows nobody has touched since; only these are removed."""
    kept: int
    """Written or overwritten by the run and changed by someone since, or needed by someone; never touched."""
    kept_keys: tuple[str, ...]
    """Up to 10 of the rows kept, by key."""
    foreign: int
    """Rows in the table that this run did not write."""
    drops_table: bool
    """The run made the table, and it will be dropped."""
    gone: int = 0
    """Deleted by someone since; there is nothing left to take back of them."""
    restores: int = 0
    """Rows the run overwrote and nobody touched since, which will be as they were."""
    note: str = ""
    """What else there is to know, such as the name the table got since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPreview:
    """The whole undo, newest table first."""

    run_id: str
    target_name: str
    """What the operator types to confirm: the target database's name."""
    tables: tuple[TableUndoPreview, ...]
    unavailable: str = ""
    """Why there can be no undo now; empty when there can."""
