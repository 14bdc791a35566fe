"""Rows that were sent to a table and did not arrive, and who may have kept them out."""

from __future__ import annotations

from typing import Any

import psycopg

from engine.guidance.words import count_of
from engine.model.errors import Terminal
from engine.stores.target_statements import relation_name
from sql import load

__all__ = ["held_back", "list_holders"]


def list_holders(cursor: psycopg.Cursor[dict[str, Any]], schema: str, table: str) -> tuple[str, ...]:
    """Triggers fired before each row, and rules that do something else instead, by kind and name.

    A trigger that returns NULL lets its row fall, and PostgreSQL says nothing of it (manual,
    39.1 "Overview of Trigger Behavior").
    """
    rows = cursor.execute(load("target/list_holders"), {"relation": relation_name(schema, table)}).fetchall()
    return tuple(str(row["holder"]) for row in rows)


def held_back(rows: int, *, table: str, where: str, holders: tuple[str, ...]) -> Terminal:
    """The error of a batch some of whose rows never arrived.

    Args:
        rows: how many.
        table: the target table.
        where: the batch.
        holders: what ``list_holders`` found there.
    """
    if holders:
        who = f"they were held back by {', '.join(holders)}"
        todo = "Disable it for the time of the move, or leave these rows out by a filter in the playbook"
    else:
        who = "nothing was found on the table that holds rows back"
        todo = "Look at what is done to the table's rows on the target"
    return Terminal(
        f"{count_of(rows, 'rows')} of the batch did not arrive in the target table {table}: {who}",
        where=where,
        safe="Nothing of this batch was written; every committed batch stands",
        todo=f"{todo}, then try again",
        facts={"kind": "held-back", "holders": list(holders)},
    )
