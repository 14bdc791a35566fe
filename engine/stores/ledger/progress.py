"""How far each table has come, as the ledger counts it from its chunks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.model.run import Counts

__all__ = ["TableProgress", "counts_of", "table_progress"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableProgress:
    """One table of one pass, counted from its chunks."""

    table_number: int
    table: str
    chunks: int
    """Batches that were cut."""
    committed: int
    """Of them."""
    late: int
    """Batches of rows that decisions brought in beside those, and of placeholders."""
    late_committed: int
    """Of them."""
    planned: int
    """Rows of all of them, but for placeholders."""
    counts: Counts
    """Of all of them."""
    seconds: float

    @property
    def is_begun(self) -> bool:
        """Rows of the run are in the table, or were."""
        return bool(self.committed or self.late_committed)

    @property
    def is_over(self) -> bool:
        """No batch is left to move."""
        return self.committed == self.chunks and self.late_committed == self.late


def table_progress(row: Mapping[str, Any]) -> TableProgress:
    """The progress a row of ``sql/chunks/read_progress`` tells."""
    return TableProgress(
        table_number=row["table_number"],
        table=row["target_table"],
        chunks=row["chunks"],
        committed=row["chunks_committed"],
        late=row["late"],
        late_committed=row["late_committed"],
        planned=row["rows_planned"],
        counts=counts_of(row),
        seconds=float(row["seconds"]),
    )


def counts_of(row: Mapping[str, Any]) -> Counts:
    """The five counters of a ledger row."""
    return Counts(
        read=row["rows_read"] or 0,
        written=row["rows_written"] or 0,
        quarantined=row["rows_quarantined"] or 0,
        filtered=row["rows_filtered"] or 0,
        merged=row["rows_merged"] or 0,
    )
