"""The ledger: the only truth about a run, in schema ``fordway`` of the target."""

from __future__ import annotations

from engine.stores.ledger.checks import CheckStore
from engine.stores.ledger.chunks import ChunkStore
from engine.stores.ledger.connection import LedgerConnection, migrate
from engine.stores.ledger.coordination import CoordinationStore
from engine.stores.ledger.decisions import DecisionStore
from engine.stores.ledger.drills import DrillStore
from engine.stores.ledger.ids import IdStore
from engine.stores.ledger.journal import JournalStore
from engine.stores.ledger.lease import LeaseStore
from engine.stores.ledger.quarantine import QuarantineStore
from engine.stores.ledger.recovery import RecoveryStore
from engine.stores.ledger.runs import RunStore
from engine.stores.ledger.steps import StepStore
from engine.stores.ledger.undo import UndoStore

__all__ = ["Ledger"]


class Ledger:
    """All stores over one connection."""

    def __init__(
        self,
        url: str,
        *,
        purpose: str,
        patience_seconds: float = 60.0,
        fence: tuple[str, int] | None = None,
        has_answered: bool = False,
    ) -> None:
        """Remembers where the ledger is; connects at the first call.

        Args:
            url: the target's URL.
            purpose: shown in ``pg_stat_activity``.
            patience_seconds: how long a call waits for a server that went away.
            fence: run and epoch that every transaction proves first, so that a runner whose
                run was taken over writes nothing any more, not even a status.
            has_answered: whether the server answered already, so that the first call waits too.
        """
        self.connection = LedgerConnection(
            url,
            purpose=purpose,
            patience_seconds=patience_seconds,
            fence=fence,
            has_answered=has_answered,
        )
        self.runs = RunStore(self.connection)
        self.leases = LeaseStore(self.connection)
        self.steps = StepStore(self.connection)
        self.journal = JournalStore(self.connection)
        self.chunks = ChunkStore(self.connection)
        self.checks = CheckStore(self.connection)
        self.decisions = DecisionStore(self.connection)
        self.quarantine = QuarantineStore(self.connection)
        self.recovery = RecoveryStore(self.connection)
        self.coordination = CoordinationStore(self.connection)
        self.undo = UndoStore(self.connection)
        self.drills = DrillStore(self.connection)
        self.ids = IdStore(self.connection)

    def migrate(self) -> int:
        """The ledger's schema is up to date; how many migrations that took."""
        return migrate(self.connection)

    def close(self) -> None:
        """The connection is gone; the stores open it again when used."""
        self.connection.close()
