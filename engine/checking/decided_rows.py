"""What decisions changed about rows, so that the target is compared with what it should hold since."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.guidance.words import count_of
from engine.model.plan import TablePlan
from engine.planning.decided_plan import brought_table
from engine.stores.ledger import Ledger
from engine.stores.ledger.chunks import LateChunk
from engine.stores.target_checks import TargetChecks

__all__ = ["Decided", "Picked", "read_decided"]

Changed = Mapping[str, Mapping[str, str | None]]
"""By chunk key as text, then by target column: the canonical text that stands there by decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picked:
    """Rows brought in one by one."""

    source: str
    table: str
    keys: tuple[Any, ...]
    """Chunk keys as the ledger holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """All decisions that left something in one table."""

    replayed: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """By chunk: further transactions that wrote rows of it."""
    late: tuple[tuple[LateChunk, TablePlan, Picked], ...] = ()
    """Batches brought in, each with the plan its rows are read by."""
    placeholders: int = 0
    changed: Mapping[int, Changed] = field(default_factory=dict)
    """By chunk."""

    @property
    def brought(self) -> int:
        """Rows brought in from elsewhere, beside those the plan counted."""
        return sum(chunk.rows for chunk, _, _ in self.late)

    @property
    def values(self) -> int:
        """Values that are otherwise than in the source because somebody decided so."""
        return sum(len(row) for rows in self.changed.values() for row in rows.values())

    def words(self) -> Iterator[str]:
        """What the comparison takes for given."""
        if self.values:
            yield f"as somebody decided, not as in the source: {count_of(self.values, 'values')}"
        if self.brought:
            rows = count_of(self.brought, "rows")
            yield f"brought in by decisions and compared with where they came from: {rows}"
        if self.placeholders:
            yield f"for rows that are in no source: {count_of(self.placeholders, 'placeholders')}"


def read_decided(table: TablePlan, *, run_id: str, ledger: Ledger, checks: TargetChecks) -> Decided:
    """What the ledger knows of decisions about the table's rows.

    Raises:
        FordwayError: the target does not answer.
    """
    replayed: dict[int, tuple[int, ...]] = {}
    placeholders = 0
    for chunk in ledger.chunks.written(run_id, table.number):
        if chunk.kind == "placeholder":
            placeholders += chunk.written
        elif chunk.kind == "replayed":
            replayed[chunk.number] = (*replayed.get(chunk.number, ()), chunk.xid32)
    late = [chunk for chunk in ledger.chunks.late(run_id, table.number) if chunk.origin["kind"] == "brought"]
    return Decided(
        replayed=replayed,
        late=tuple(_picked(table, chunk, run_id, ledger) for chunk in late),
        placeholders=placeholders,
        changed=_changed(table, run_id, ledger, checks),
    )


def _picked(
    table: TablePlan, chunk: LateChunk, run_id: str, ledger: Ledger
) -> tuple[LateChunk, TablePlan, Picked]:
    source = str(chunk.origin["source"])
    keys = ledger.recovery.late_keys(run_id, table.number, chunk.number)
    picked = Picked(source=source, table=str(chunk.origin["table"]), keys=tuple(keys))
    return chunk, brought_table(table, source=source), picked


def _changed(
    table: TablePlan, run_id: str, ledger: Ledger, checks: TargetChecks
) -> dict[int, dict[str, dict[str, str | None]]]:
    """The target itself says how it prints what was decided: it read the same text."""
    columns = {column.target: column for column in table.columns}
    by_column: dict[str, list[tuple[int, str, str | None]]] = {}
    for row in ledger.recovery.amended(run_id, table.number):
        place = (row["chunk_number"], json.dumps(row["source_key"]), row["new_value"])
        by_column.setdefault(row["column_name"], []).append(place)
    found: dict[int, dict[str, dict[str, str | None]]] = {}
    for name, places in by_column.items():
        texts = checks.canonical_texts(table, columns[name], [value for _, _, value in places])
        for (chunk, key, _), text in zip(places, texts, strict=True):
            found.setdefault(chunk, {}).setdefault(key, {})[name] = text
    return found
