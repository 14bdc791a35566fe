"""What became of rows: moved, built upon, compared, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.model.run import Counts, Pass, Strength, TableOutcome

__all__ = [
    "CheckResult",
    "ChunkCommitted",
    "ChunkRetried",
    "ObjectBuilt",
    "RehearsalFinished",
    "TableStarted",
    "TableUndone",
    "TableVerified",
    "UndoFinished",
    "UndoStarted",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """One check of one table."""

    name: str
    """``count match``, ``50 samples``, ``full digests``, ``orphans ...``, ``required fields``, ..."""
    status: Literal["pass", "fail", "not-run"]
    expected: str
    actual: str
    detail: str = ""
    """Up to 10 differences, or why it was not run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalFinished:
    """The whole move was walked through in a scratch schema, which is gone again."""

    tables: tuple[TableOutcome, ...]
    seconds: float
    kind: Literal["rehearsal_finished"] = "rehearsal_finished"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableStarted:
    """Chunks of a table were cut, and its rows begin to move."""

    pass_: Pass
    table: str
    phase: int
    chunks: int
    rows: int
    kind: Literal["table_started"] = "table_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkCommitted:
    """A chunk's rows, quarantine and checkpoint are in the target."""

    pass_: Pass
    table: str
    chunk: int
    """From 1 within the table."""
    label: str
    """``501-1000``."""
    counts: Counts
    seconds: float
    kind: Literal["chunk_committed"] = "chunk_committed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkRetried:
    """A chunk met a passing fault and is tried again."""

    pass_: Pass
    table: str
    chunk: int
    label: str
    attempt: int
    wait_seconds: float
    cause: str
    most_attempts: int = 3
    """After so many the orchestrator takes over."""
    rows_before: int = 0
    """Rows the batch had; 0: not known."""
    rows_after: int = 0
    """Rows it has from now on; the same where it could not be made smaller."""
    pool: str = ""
    """What was found of the workers' connections: ``5 of 100 connections in use``."""
    fault: str = ""
    """The catalogue's code: ``R304``; empty in journals of older versions."""
    kind: Literal["chunk_retried"] = "chunk_retried"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectBuilt:
    """An index, a constraint or a sequence stands after the rows."""

    table: str
    what: str
    """``primary key``, ``index brackets_name_idx``, ``foreign key ...``, ``sequence``, ``statistics``."""
    seconds: float
    kind: Literal["object_built"] = "object_built"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableVerified:
    """A table was compared, with the strength of the comparison."""

    table: str
    strength: Strength
    checks: tuple[CheckResult, ...]
    kind: Literal["table_verified"] = "table_verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoStarted:
    """The run's writes are being taken back."""

    by: str
    kind: Literal["undo_started"] = "undo_started"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableUndone:
    """One table's part of the undo is done."""

    table: str
    removed: int
    kept: int
    """Rows left alone because someone changed or needs them."""
    kept_keys: tuple[str, ...]
    """Up to 10 of those rows, by key."""
    dropped: bool
    """The table itself was made by the run and is gone."""
    note: str = ""
    marked: int = 0
    """Rows that stay, marked as deleted, as the playbook says."""
    kind: Literal["table_undone"] = "table_undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoFinished:
    """Everything that could be taken back was."""

    removed: int
    kept: int
    seconds: float
    marked: int = 0
    """Rows that stay, marked as deleted."""
    kind: Literal["undo_finished"] = "undo_finished"
