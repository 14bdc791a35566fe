"""Rows that can't be carried, as the quarantine keeps them: whole, and to be turned back exactly."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from engine.model.codec import key_to_json
from engine.model.plan import KeyValue, TablePlan
from engine.model.ports import Source
from engine.moving.encode_rows import RejectedRow

if TYPE_CHECKING:
    from engine.moving.chunk_task import ChunkTask

__all__ = ["quarantine_line", "shown"]


def quarantine_line(task: ChunkTask, source: Source, rejected: RejectedRow) -> tuple[object, ...]:
    """One row of ``fordway.quarantine``, in the order of ``sql/chunks/copy_quarantine``."""
    key = cast("tuple[KeyValue, ...]", rejected.key)
    row = {**rejected.row, **_unread(task.table, source, rejected, key)}
    return (
        task.run_id,
        task.pass_,
        task.table.number,
        task.chunk,
        task.table.name,
        json.dumps(key_to_json(key)),
        json.dumps({name: _storable(value) for name, value in row.items()}),
        rejected.column,
        shown(rejected.value),
        rejected.reason,
        f"{rejected.column}: {rejected.reason}",
        *(
            (why.kind, why.place, why.decision_id or None)
            if (why := rejected.why)
            else (rejected.kind, "", None)
        ),
    )


def _unread(
    table: TablePlan, source: Source, rejected: RejectedRow, key: tuple[KeyValue, ...]
) -> dict[str, object]:
    """The row's columns that the plan does not move: set aside, it is kept whole."""
    names = tuple(name for name in table.source_columns if name not in rejected.row)
    if not names:
        return {}
    found = source.read_row(table.source_table, columns=names, key=table.chunk_key, at=key)
    return dict(zip(names, found or (), strict=found is not None))


def _storable(value: object) -> object:
    """A source value as JSON that jsonb takes and that can be turned back exactly."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, str):
        raw = value.encode("utf-8", "surrogateescape")
        return (
            value if "\x00" not in value and raw.decode("utf-8", "replace") == value else {"text": raw.hex()}
        )
    return value


def shown(value: object) -> str | None:
    """A value for people; what PostgreSQL's text can't hold is escaped."""
    if value is None:
        return None
    text = value.hex() if isinstance(value, bytes) else str(value)
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")[:2000]
