"""The journal: every event, in commit order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.codec import event_from_json, event_to_json
from engine.model.events import Event, JournalEntry
from engine.stores.ledger.connection import LedgerConnection, as_json

__all__ = ["JournalStore", "event_parameters", "journal_entry"]


def event_parameters(run_id: str, event: Event) -> dict[str, Any]:
    """Parameters of ``journal/record_event``."""
    return {"run_id": run_id, "kind": event.kind, "body": as_json(event_to_json(event))}


def journal_entry(row: Mapping[str, Any]) -> JournalEntry:
    """The entry a journal row holds."""
    return JournalEntry(number=row["number"], at=row["at"], event=event_from_json(row["body"]))


class JournalStore:
    """The flight recorder."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def record(self, run_id: str, event: Event) -> None:
        """The event is in the journal."""
        self._ledger.run("journal/record_event", event_parameters(run_id, event))

    def after(self, run_id: str, number: int, *, most: int) -> list[JournalEntry]:
        """Entries after ``number`` in order, at most ``most``."""
        rows = self._ledger.many("journal/read_events", {"run_id": run_id, "number": number, "most": most})
        return [journal_entry(row) for row in rows]

    def of_kind(self, run_id: str, kind: str) -> list[JournalEntry]:
        """Entries of one kind, in order."""
        return [
            journal_entry(r) for r in self._ledger.many("journal/read_kind", {"run_id": run_id, "kind": kind})
        ]

    def last_told(self, run_id: str) -> int:
        """Number of the newest entry, but 0 for a run that has only just been made."""
        row = self._ledger.one("journal/last_number", {"run_id": run_id})
        number = int(row["last_number"]) if row else 0
        return number if number > 1 else 0
