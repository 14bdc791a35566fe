"""What decisions leave in the ledger in the transaction of the rows they concern."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import psycopg

from engine.model.codec import read_decision
from engine.model.faults import Effect
from engine.stores.ledger.connection import as_json
from sql import load

__all__ = [
    "Carried",
    "close_treatments",
    "copy_amended",
    "count_rule_use",
    "finish_decision",
    "late_keys",
    "record_present",
]

Cursor = psycopg.Cursor[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A decision that was carried out."""

    option: str
    predicted: Effect


def late_keys(cursor: Cursor, run_id: str, table_number: int, *, source: str, table: str) -> list[Any]:
    """Chunk keys, as JSON, of rows of one source table that were brought in beside their batches."""
    values = {"run_id": run_id, "table_number": table_number, "source_name": source, "source_table": table}
    return [row["source_key"] for row in cursor.execute(load("recovery/list_late_rows"), values).fetchall()]


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
