"""What a run made besides rows, and how far its undo has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.stores.ledger.connection import LedgerConnection

__all__ = ["UndoAction", "UndoStore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoAction:
    """One thing made, with all its inverse needs."""

    number: int
    kind: str
    """``create_schema``, ``create_table``, ``create_object`` or ``set_sequence``."""
    object: dict[str, Any]
    state: str
    """``armed``, ``done`` or ``kept``."""


class UndoStore:
    """The inverse of a run, armed while it runs."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def actions(self, run_id: str) -> list[UndoAction]:
        """What the run made, newest first."""
        return [UndoAction(**row) for row in self._ledger.many("undoing/list_actions", {"run_id": run_id})]

    def has_made_table(self, run_id: str, schema: str, table: str) -> bool:
        """Whether the run made this table and has not dropped it."""
        values = {"run_id": run_id, "schema": schema, "table": table}
        return bool(self._ledger.many("undoing/find_made_table", values))

    def made_tables(self, run_id: str) -> set[tuple[str, str]]:
        """Schema and name of the tables the run made and has not dropped."""
        return {
            (action.object["schema"], action.object["table"])
            for action in self.actions(run_id)
            if action.kind == "create_table" and action.state == "armed"
        }
