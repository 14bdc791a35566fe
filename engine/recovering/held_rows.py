"""Rows of the quarantine, read as if they were a batch of their source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from engine.model.catalog import Engine
from engine.model.codec import key_from_json
from engine.model.held import HeldRow
from engine.model.plan import KeyRange, KeyValue
from engine.model.ports import Row

__all__ = ["HeldRows", "source_value"]


def source_value(stored: object) -> object:
    """The value a source gave, from how the quarantine keeps it (``engine.moving.quarantine_lines``)."""
    if not isinstance(stored, dict):
        return stored
    if "bytes" in stored:
        return bytes.fromhex(stored["bytes"])
    if "float" in stored:
        return float.fromhex(stored["float"])
    return bytes.fromhex(stored["text"]).decode("utf-8", "surrogateescape")


class HeldRows:
    """A source that holds nothing but some rows set aside, whole as they were read."""

    def __init__(self, name: str, engine: Engine, rows: Sequence[HeldRow]) -> None:
        """Holds the rows in the order given."""
        self.name = name
        self.engine = engine
        self._rows = rows

    def read_range(
        self, table: str, *, columns: Sequence[str], key: Sequence[str], span: KeyRange, where: str
    ) -> Iterator[list[Row]]:
        """All the rows, as one page; range and filter mean nothing here."""
        del table, span, where
        yield [self._row(held, columns, key) for held in self._rows]

    def read_row(
        self, table: str, *, columns: Sequence[str], key: Sequence[str], at: tuple[KeyValue, ...]
    ) -> Row | None:
        """One row by its key."""
        del table
        held = next((row for row in self._rows if key_from_json(row.source_key) == at), None)
        return self._row(held, columns, key) if held is not None else None

    @staticmethod
    def _row(held: HeldRow, columns: Sequence[str], key: Sequence[str]) -> Row:
        values: dict[str, Any] = {name: source_value(value) for name, value in held.row_data.items()}
        values |= dict(zip(key, key_from_json(held.source_key) or (), strict=True))
        return tuple(values.get(name) for name in columns)
