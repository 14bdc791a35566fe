"""Rehearsals of undos: a run of its own for each while it is under way, and what it came to."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from engine.model.errors import BadInput
from engine.model.events import DrillFinished
from engine.stores.ledger.connection import LedgerConnection, as_json
from engine.stores.ledger.journal import event_parameters

__all__ = ["DrillStore", "StoredDrill"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDrill:
    """A rehearsal that came to its end."""

    drill: DrillFinished
    at: datetime


class DrillStore:
    """The rehearsals of runs' undos."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def make_run(self, run_id: str) -> str:
        """The id of a run in which the other's undo is rehearsed; lists of runs do not show it.

        Raises:
            BadInput: there is no such run.
        """
        drill_id = secrets.token_hex(6)
        if self._ledger.one("drills/make_run", {"drill_id": drill_id, "run_id": run_id}) is None:
            raise BadInput(f"There is no run {run_id} here")
        return drill_id

    def runs_of(self, run_id: str) -> list[str]:
        """Rehearsals of the run's undo that are under way, or were when they were killed."""
        return [row["drill_id"] for row in self._ledger.many("drills/find_runs", {"run_id": run_id})]

    def remove_run(self, drill_id: str) -> None:
        """Nothing of the rehearsal is left in the ledger but what it came to."""
        self._ledger.run("drills/remove_run", {"drill_id": drill_id})

    def record(self, run_id: str, drill: DrillFinished) -> None:
        """What the rehearsal came to is kept, and in the run's journal."""
        values = {
            "run_id": run_id,
            "plan_digest": drill.digest,
            "moved": drill.moved,
            "removed": drill.removed,
            "residual": drill.residual,
            "words": as_json(list(drill.words)),
            "seconds": drill.seconds,
        }
        self._ledger.all_of(
            ("drills/record_drill", values), ("journal/record_event", event_parameters(run_id, drill))
        )

    def last(self, run_id: str) -> StoredDrill | None:
        """The last rehearsal of the run's undo; None when there was none."""
        row = self._ledger.one("drills/last_drill", {"run_id": run_id})
        if row is None:
            return None
        drill = DrillFinished(
            moved=row["moved"],
            removed=row["removed"],
            residual=row["residual"],
            seconds=row["seconds"],
            digest=row["plan_digest"],
            words=tuple(row["words"]),
        )
        return StoredDrill(drill=drill, at=row["finished_at"])
