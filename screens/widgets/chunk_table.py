"""The batches of a pass, however many: rows are looked up, never gathered."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from engine.guidance.words import batch_name
from screens.widgets.line_table import Cell, Column, LineTable, Row
from screens.wording import count, duration

if TYPE_CHECKING:
    from engine.model.events import ChunkRetried
    from screens.chunk_log import ChunkLine
    from screens.view_model import PassView, TableProgress

__all__ = ["ChunkRows", "ChunkTable", "TableTable", "table_rows"]


@dataclass(frozen=True, slots=True)
class ChunkRows:
    """The committed chunks of all tables, then those that are being tried again."""

    tables: tuple[TableProgress, ...]
    ends: tuple[int, ...]
    """Running total of chunks, table by table."""
    retrying: tuple[ChunkRetried, ...]

    @classmethod
    def of(cls, walk: PassView) -> ChunkRows:
        """The rows of a pass."""
        ends = tuple(accumulate(len(table.chunks) for table in walk.tables))
        return cls(walk.tables, ends, tuple(t.retrying for t in walk.tables if t.retrying is not None))

    def __len__(self) -> int:
        return (self.ends[-1] if self.ends else 0) + len(self.retrying)

    def __getitem__(self, place: int) -> Row:
        committed = self.ends[-1] if self.ends else 0
        if place >= committed:
            return _retry_row(self.retrying[place - committed])
        which = bisect_right(self.ends, place)
        before = self.ends[which - 1] if which else 0
        return _chunk_row(self.tables[which].chunks[place - before])


def _chunk_row(line: ChunkLine) -> Row:
    rows = line.counts
    state: Cell = ("✓ done", "ok")
    if not rows.balances:
        state = ("✗ does not balance", "bad")
    elif rows.quarantined:
        state = (f"! {count(rows.quarantined)} quarantined", "warn")
    elif line.attempts > 1:
        state = (f"✓ done, try {line.attempts}", "warn")
    return (
        (batch_name(line.chunk), "plain"), (line.table, "quiet"), (line.label, "plain"),
        (count(rows.written), "plain"), (duration(line.seconds), "quiet"), state,
    )  # fmt: skip


def _retry_row(retry: ChunkRetried) -> Row:
    tried = f"retry {retry.attempt} of {retry.most_attempts}"
    return (
        (batch_name(retry.chunk), "plain"), (retry.table, "quiet"), (tried, "warn"),
        ("", "plain"), ("", "plain"), (f"! {retry.cause}", "warn"),
    )  # fmt: skip


class ChunkTable(LineTable):
    """Batch, range, rows, seconds and state; stays at the newest until someone looks up."""

    def __init__(self) -> None:
        """Starts empty."""
        columns = (
            Column(title="Batch", width=7, align="right"),
            Column(title="Table", width=14, from_width=70),
            Column(title="Rows in key order", width=19),
            Column(title="Written", width=8, align="right"),
            Column(title="Time", width=7, align="right"),
            Column(title="State", most=60),
        )
        super().__init__(columns, empty="no batch is committed yet", follows=True)

    def show_pass(self, walk: PassView) -> None:
        """Shows the batches of this pass."""
        self.show(ChunkRows.of(walk))


class TableTable(LineTable):
    """One line a table: how far it is, and what became of its rows."""

    def __init__(self) -> None:
        """Starts empty."""
        columns = (
            Column(title="Table", most=40),
            Column(title="Batches", width=13, align="right"),
            Column(title="Read", width=11, align="right"),
            Column(title="Planned", width=11, align="right", from_width=100),
            Column(title="Written", width=11, align="right"),
            Column(title="Quarantined", width=11, align="right", from_width=90),
            Column(title="State", width=14),
        )
        super().__init__(columns, empty="no table has been started yet")


def table_rows(walk: PassView, *, is_moving: bool) -> tuple[Row, ...]:
    """A row for each table that was started."""
    return tuple(_table_row(table, is_moving=is_moving) for table in walk.tables)


def _batches(table: TableProgress) -> str:
    """``14 of 31``, and beside them those that were brought in: ``14 of 31 +2``."""
    late = f" +{count(table.late)}" if table.late else ""
    return f"{count(table.planned_done)} of {count(table.planned_chunks)}{late}"


def _table_row(table: TableProgress, *, is_moving: bool) -> Row:
    state: Cell = ("● moving", "busy") if is_moving else ("! resting", "warn")
    if table.unbalanced:
        state = ("✗ unbalanced", "bad")
    elif table.is_done:
        state = ("✓ all read", "ok")
    elif table.retrying is not None:
        state = ("! trying again", "warn")
    rows = table.counts
    return (
        (table.table, "strong"),
        (_batches(table), "plain"),
        (count(rows.read), "plain"),
        (count(table.planned_rows), "quiet"),
        (count(rows.written), "plain"),
        (count(rows.quarantined), "warn" if rows.quarantined else "quiet"),
        state,
    )
