"""What decisions leave in the ledger in the transaction of the rows they concern."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import psycopg

from engine.model.codec import read_decision
from engine.model.faults import Effect
from engine.model.held import HeldRow
from engine.stores.ledger.connection import as_json
from sql import load

__all__ = [
    "Carried",
    "add_chunk_write",
    "close_treatments",
    "copy_amended",
    "count_rule_use",
    "finish_decision",
    "forget_proof",
    "fresh_keys",
    "late_rows_of",
    "lock_held",
    "mark_replayed",
    "open_late_chunk",
    "open_late_chunks",
    "present_keys",
    "record_present",
    "set_reason",
]

Cursor = psycopg.Cursor[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A decision that was carried out."""

    option: str
    predicted: Effect


def present_keys(cursor: Cursor, run_id: str, table_number: int, *, source: str, table: str) -> list[Any]:
    """Chunk keys, as JSON, of rows of one source table that were brought in and are committed."""
    values = {"run_id": run_id, "table_number": table_number, "source_name": source, "source_table": table}
    return [row["source_key"] for row in cursor.execute(load("recovery/list_present"), values).fetchall()]


def copy_amended(cursor: Cursor, lines: Iterable[tuple[object, ...]]) -> None:
    """The ledger has every changed value with the one it replaced."""
    with cursor.copy(load("recovery/copy_amended")) as copy:
        for line in lines:
            copy.write_row(line)


def record_present(cursor: Cursor, place: dict[str, Any], keys: Sequence[Any]) -> None:
    """Rows of a batch that are in the target already are known as merged with themselves."""
    cursor.executemany(
        load("recovery/record_present"), [{**place, "source_key": as_json(key)} for key in keys]
    )


def count_rule_use(cursor: Cursor, rule_id: int) -> None:
    """A rule answered for one more batch."""
    cursor.execute(load("recovery/count_rule_use"), {"rule_id": rule_id})


def close_treatments(cursor: Cursor, run_id: str, table_number: int, chunk: int) -> list[str]:
    """The batch's armed treatments are done; the decisions they come from, each once."""
    values = {"run_id": run_id, "table_number": table_number, "chunk_number": chunk, "state": "done"}
    rows = cursor.execute(load("recovery/close_treatments"), values).fetchall()
    return list(dict.fromkeys(row["decision_id"] for row in rows))


def finish_decision(cursor: Cursor, decision_id: str, actual: Effect) -> Carried:
    """The decision's outcome is what was really done; what it had foretold."""
    row = cursor.execute(load("decisions/read_decision"), {"decision_id": decision_id}).fetchone()
    assert row is not None, "treatments refer to their decision"
    cursor.execute(
        load("decisions/set_outcome"),
        {"decision_id": decision_id, "outcome": as_json({"state": "done", "actual": asdict(actual)})},
    )
    chosen = read_decision(row["body"]).option(row["answer"] or "")
    predicted = chosen.effect if chosen is not None and chosen.effect is not None else Effect()
    return Carried(option=row["answer"] or "", predicted=predicted)


def fresh_keys(
    cursor: Cursor, place: Mapping[str, Any], origin: Mapping[str, Any], keys: Sequence[Any]
) -> list[Any]:
    """Keys that nobody brought in before, in the order given; arguments as of ``open_late_chunk``."""
    asked = _asked(place, origin, keys)
    return [found["source_key"] for found in cursor.execute(load("recovery/list_fresh"), asked)]


def open_late_chunk(
    cursor: Cursor, place: Mapping[str, Any], origin: Mapping[str, Any], keys: Sequence[Any]
) -> int:
    """A batch for rows a decision brings in: its number.

    Args:
        cursor: of the open transaction.
        place: ``run_id``, ``table_number``, ``target_table``.
        origin: where they come from and what for, as ``LateChunk.origin``.
        keys: chunk keys in the source as the ledger holds them, all of them fresh; none for placeholders.
    """
    values = {**place, "origin": as_json(dict(origin)), "rows": len(keys)}
    row = cursor.execute(load("recovery/open_late_chunk"), values).fetchone()
    assert row is not None, "an insert returns its row"
    number = int(row["chunk_number"])
    if keys:
        asked = {**_asked(place, origin, keys), "chunk_number": number}
        cursor.execute(load("recovery/add_late_rows"), asked)
    return number


def _asked(place: Mapping[str, Any], origin: Mapping[str, Any], keys: Sequence[Any]) -> dict[str, Any]:
    return {
        "run_id": place["run_id"],
        "table_number": place["table_number"],
        "source_name": origin["source"],
        "source_table": origin["table"],
        "keys": as_json(list(keys)),
    }


def open_late_chunks(cursor: Cursor, run_id: str) -> list[dict[str, Any]]:
    """Late batches that were opened and not written: ``table_number``, ``chunk_number``, ``origin``."""
    return cursor.execute(load("recovery/list_open_late"), {"run_id": run_id}).fetchall()


def late_rows_of(cursor: Cursor, run_id: str, table_number: int, chunk: int) -> list[Any]:
    """Source keys of one late batch, as the ledger holds them."""
    values = {"run_id": run_id, "table_number": table_number, "chunk_number": chunk}
    return [row["source_key"] for row in cursor.execute(load("recovery/list_late_rows"), values).fetchall()]


def add_chunk_write(cursor: Cursor, values: Mapping[str, Any]) -> None:
    """This transaction wrote rows of a batch beside the batch's own: as ``sql/recovery/add_chunk_write``."""
    cursor.execute(load("recovery/add_chunk_write"), values)


def lock_held(cursor: Cursor, run_id: str, rows: Sequence[HeldRow]) -> list[HeldRow]:
    """Of these rows set aside, those still open, kept so until the transaction ends; edits as of now."""
    values = {"run_id": run_id, "ids": [row.quarantine_id for row in rows]}
    found = cursor.execute(load("quarantine/lock_open"), values).fetchall()
    still = {row["quarantine_id"]: row for row in found}
    return [
        replace(
            row,
            edits=still[row.quarantine_id]["edits"],
            handled_by=still[row.quarantine_id]["handled_by"],
        )
        for row in rows
        if row.quarantine_id in still
    ]


def mark_replayed(
    cursor: Cursor, place: Mapping[str, Any], ids: Sequence[int], *, who: str, written: int, merged: int
) -> None:
    """Rows that were set aside count as written or merged; ``place`` is the batch's key."""
    values = {key: place[key] for key in ("run_id", "table_number", "chunk_number")}
    cursor.execute(
        load("quarantine/mark_replayed"), {"run_id": place["run_id"], "ids": list(ids), "who": who}
    )
    cursor.execute(load("quarantine/move_counts"), {**values, "written": written, "merged": merged})
    add_chunk_write(cursor, {**values, "kind": "replayed", "rows": written, "decision_id": None})


def forget_proof(cursor: Cursor, place: Mapping[str, Any], *, gate: str, reason: str) -> bool:
    """Run and batch do not count as compared any more; whether the table's gate was closed until now."""
    values = {key: place[key] for key in ("run_id", "table_number", "chunk_number")}
    cursor.execute(load("quarantine/forget_check"), values)
    cursor.execute(load("runs/reset_steps"), {"run_id": place["run_id"], "keys": ["verify"]})
    opened = cursor.execute(
        load("quarantine/open_gate"), {"run_id": place["run_id"], "gate": gate, "reason": reason}
    )
    return opened.fetchone() is not None


def set_reason(cursor: Cursor, run_id: str, quarantine_id: int, why: Mapping[str, str | None]) -> None:
    """A row set aside stays there, for another reason: ``kind``, ``place``, ``value``, ``reason``."""
    cursor.execute(load("quarantine/set_reason"), {"run_id": run_id, "quarantine_id": quarantine_id, **why})
