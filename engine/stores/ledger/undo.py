"""What a run made besides rows, and how far its undo, or that of a part of it, has come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.model.events import StateChanged
from engine.model.run import RunState, Step
from engine.model.undo import OpenPart, Part
from engine.stores.ledger.connection import LedgerConnection
from engine.stores.ledger.journal import event_parameters

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

    def marked_xids(self, run_id: str) -> list[int]:
        """Transactions in which the run's undo marked rows as deleted, as ``xmin`` shows them."""
        return [int(row["xid"]) for row in self._ledger.many("undoing/list_marked", {"run_id": run_id})]

    def begin_part(self, run_id: str, part: Part) -> None:
        """The part is being taken back: whoever takes the run up goes on with that, and moves nothing.

        Raises:
            StatementFailed: the run may not be undone in its state.
        """
        event = StateChanged(state=RunState.UNDOING, reason="")
        self._ledger.all_of(
            ("undoing/begin_part", {"run_id": run_id, "phase": part.phase, "asked_by": part.by}),
            (
                "runs/set_state",
                {
                    "run_id": run_id,
                    "state": RunState.UNDOING,
                    "step": Step.UNDO,
                    "reason": "",
                    "is_failed": False,
                },
            ),
            ("journal/record_event", event_parameters(run_id, event)),
        )

    def last_part(self, run_id: str) -> OpenPart | None:
        """The part that is being taken back, or was last; None when there never was one."""
        row = self._ledger.one("undoing/find_part", {"run_id": run_id})
        if row is None:
            return None
        return OpenPart(
            part=Part(phase=row["phase"], by=row["asked_by"]),
            is_open=row["is_open"],
            tables=tuple(row["tables"]),
            removed=row["removed"],
            kept=row["kept"],
        )

    def open_part(self, run_id: str) -> Part | None:
        """The part that is being taken back; None when none is."""
        last = self.last_part(run_id)
        return last.part if last is not None and last.is_open else None

    def give_up_part(self, run_id: str) -> None:
        """No part is being taken back by itself any more, for the whole run is."""
        self._ledger.run("undoing/give_up_part", {"run_id": run_id})
