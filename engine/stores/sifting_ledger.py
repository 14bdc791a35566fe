"""What the ledger says of rows others wait for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.model.codec import key_from_json
from engine.model.plan import KeyRange
from engine.model.run import Pass
from engine.stores.sifting import Cursor
from sql import load

__all__ = ["set_aside", "spans_to_move"]


def spans_to_move(cursor: Cursor, run_id: str, pass_: Pass, table_number: int) -> tuple[KeyRange, ...] | None:
    """Key ranges of a table that are still to move, as few as there can be; None: all of it."""
    values: dict[str, Any] = {"run_id": run_id, "pass": pass_, "table_number": table_number}
    there = cursor.execute(load("sifting/has_chunks"), values).fetchone()
    if there is None or not there["there"]:
        return None
    return tuple(
        KeyRange(
            after=key_from_json(row["after_key"]),
            upto=key_from_json(row["upto_key"]) or (),
            first_row=row["first_row"],
            last_row=row["last_row"],
        )
        for row in cursor.execute(load("sifting/list_pending"), values)
    )


def set_aside(
    cursor: Cursor, run_id: str, pass_: Pass, table_number: int, keys: Sequence[str]
) -> frozenset[str]:
    """Of some chunk keys, as ``key_text`` writes them, those of rows this run has set aside."""
    values = {"run_id": run_id, "pass": pass_, "table_number": table_number, "keys": list(keys)}
    found = cursor.execute(load("sifting/list_aside"), values).fetchall()
    return frozenset(keys[row["place"] - 1] for row in found)
