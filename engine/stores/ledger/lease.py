"""Who may write a run, and since when."""

from __future__ import annotations

from dataclasses import dataclass

from engine.stores.ledger.connection import LedgerConnection, lease_lost

__all__ = ["Lease", "LeaseStore"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """Who owns a run."""

    epoch: int
    owner: str
    host: str
    pid: int
    age_seconds: float
    """Since the last heartbeat, by the server's clock."""
    is_held: bool
    """False once it expired or was given back."""


class LeaseStore:
    """Who may write a run."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def take(
        self, run_id: str, *, owner: str, host: str, pid: int, seconds: float, dead_owner: str = ""
    ) -> int | None:
        """The new epoch, or None while a living runner holds the lease."""
        row = self._ledger.one(
            "runs/take_lease",
            {
                "run_id": run_id,
                "owner": owner,
                "host": host,
                "pid": pid,
                "seconds": seconds,
                "dead_owner": dead_owner,
            },
        )
        return row["epoch"] if row else None

    def read(self, run_id: str) -> Lease | None:
        """The lease, or None when there never was one."""
        row = self._ledger.one("runs/read_lease", {"run_id": run_id})
        return Lease(**row) if row else None

    def renew(self, run_id: str, *, owner: str, epoch: int, seconds: float) -> None:
        """The lease runs for another ``seconds``.

        Raises:
            LeaseLost: another runner took over.
        """
        row = self._ledger.one(
            "runs/renew_lease", {"run_id": run_id, "owner": owner, "epoch": epoch, "seconds": seconds}
        )
        if row is None:
            raise lease_lost()

    def release(self, run_id: str, *, owner: str, epoch: int) -> None:
        """The next runner need not wait."""
        self._ledger.run("runs/release_lease", {"run_id": run_id, "owner": owner, "epoch": epoch})
