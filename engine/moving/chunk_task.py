"""Which chunk a worker moves, with what, and what became of its rows so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.guidance.words import batch_name
from engine.model.plan import TablePlan
from engine.model.ports import Source
from engine.model.remedies import Remedy, Treatment
from engine.model.run import Pass
from engine.moving.encode_rows import RejectedRow, RowEncoder
from engine.moving.row_changes import NO_CHANGES, RowChanges
from engine.stores.target_session import TargetSession

__all__ = ["ChunkTask", "Hand", "Tally"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkTask:
    """Which chunk to move, and on whose behalf."""

    run_id: str
    epoch: int
    pass_: Pass
    table: TablePlan
    chunk: int
    schema: str
    """Where the rows go: the plan's schema, or the rehearsal's."""
    treatment: Treatment | None = None
    """What was decided about rows that can't be written; None: the batch is written as it is."""
    rules: tuple[Remedy, ...] = ()
    """Standing answers that change values, where the batch has no treatment of its own."""
    has_late_rows: bool = False
    """Rows of the table were brought in beside their batches, perhaps some of this one."""

    @property
    def where(self) -> str:
        """``brackets, batch 3``."""
        return f"{self.table.name}, batch {batch_name(self.chunk)}"


@dataclass(slots=True, kw_only=True)
class Tally:
    """What became of the rows, while they stream by."""

    read: int = 0
    merged: int = 0
    written: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)
    present: list[tuple[object, ...]] = field(default_factory=list)
    """Chunk keys of rows that were brought in before."""
    id_pairs: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """A chunk's task and what it is moved with."""

    task: ChunkTask
    source: Source
    target: TargetSession
    encoder: RowEncoder
    before_commit: Callable[[], None] | None
    changes: RowChanges = NO_CHANGES
