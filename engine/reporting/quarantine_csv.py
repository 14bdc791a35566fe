"""The quarantine as CSV: one line a row, whole, with its reason."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from typing import TextIO

from engine.model.held import HeldRow
from engine.recovering.held_rows import source_value

__all__ = ["write_csv"]

_HEAD = (
    "id",
    "table",
    "batch",
    "source_key",
    "place",
    "value",
    "reason",
    "state",
    "edits",
    "note",
    "row",
)


def write_csv(rows: Iterable[HeldRow], out: TextIO) -> int:
    """How many rows were written behind a line of headings (RFC 4180, UTF-8).

    ``source_key``, ``edits`` and ``row`` are JSON; bytes in a row are written in hex.
    """
    writer = csv.writer(out)
    writer.writerow(_HEAD)
    count = 0
    for row in rows:
        writer.writerow(
            (
                row.quarantine_id,
                row.target_table,
                row.chunk_number,
                json.dumps(row.source_key, ensure_ascii=False),
                row.place or row.column_name,
                "" if row.value is None else row.value,
                row.reason,
                row.state,
                json.dumps(row.edits, ensure_ascii=False) if row.edits else "",
                row.note,
                json.dumps({name: _plain(value) for name, value in row.row_data.items()}, ensure_ascii=False),
            )
        )
        count += 1
    return count


def _plain(stored: object) -> object:
    value = source_value(stored)
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    return value
