"""What is taken back: a whole run or a part of it, and what that would do."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["OpenPart", "Part", "TableUndoPreview", "UndoPreview"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of a run that can be taken back by itself and moved again."""

    phase: int | None
    """This phase and those behind it; None: what was written since the last checkpoint."""
    by: str = "operator"
    """Who asked for it."""

    @property
    def words(self) -> str:
        """``phase 2``, ``the last checkpoint``."""
        return "the last checkpoint" if self.phase is None else f"phase {self.phase}"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPart:
    """A part that is being taken back, or was."""

    part: Part
    is_open: bool
    """It is under way: whoever takes the run up goes on with it."""
    tables: tuple[str, ...]
    """Empty while it is open, as ``removed`` and ``kept`` are 0."""
    removed: int
    kept: int


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
    is_marked: bool = False
    """``removable`` rows are not removed but marked as deleted, as the playbook says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoPreview:
    """The whole undo, newest table first."""

    run_id: str
    target_name: str
    """What the operator types to confirm: the target database's name."""
    tables: tuple[TableUndoPreview, ...]
    unavailable: str = ""
    """Why there can be no undo now; empty when there can."""
