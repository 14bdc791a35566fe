"""What the journal hears of a runner's coming and going."""

from __future__ import annotations

from dataclasses import dataclass

from engine.guidance.fault_catalogue import FAULTS
from engine.model.events import AgentChanged, FaultTold, HandoffRecorded, RunnerStarted, RunnerStopped
from engine.model.roles import Role
from engine.stores.ledger import Ledger
from engine.stores.ledger.lease import Lease

__all__ = ["Attendance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """One runner, for as long as it owns a run."""

    run_id: str
    ledger: Ledger
    epoch: int
    owner: str
    where: tuple[str, int]
    """Its host and process."""

    def begin(self, before: Lease | None) -> None:
        """The journal knows who drives the run, and what became of the runner before.

        Args:
            before: the lease as it was before this runner took it.
        """
        ledger, run_id = self.ledger, self.run_id
        ledger.runs.expire_requests(run_id)
        if before is not None and self._was_killed(before):
            ledger.journal.record(run_id, _killed(before))
        host, pid = self.where
        ledger.journal.record(run_id, RunnerStarted(epoch=self.epoch, host=host, pid=pid))
        for row in ledger.coordination.bury_old_runner(run_id, epoch=self.epoch):
            expired = HandoffRecorded(
                handoff_id=str(row["handoff_id"]),
                from_agent=Role(row["from_agent"]),
                to_agent=Role(row["to_agent"]),
                task=row["task"],
                state="expired",
                error="the runner that held it is gone",
            )
            ledger.journal.record(run_id, expired)

    def end(self, reason: str) -> None:
        """The agents have stopped, and the next runner need not wait; nothing where another one took over."""
        held = self.ledger.leases.read(self.run_id)
        if held is None or held.epoch != self.epoch:
            return
        for role in Role:
            stopped = AgentChanged(role=role, state="stopped")
            self.ledger.coordination.set_agent(
                self.run_id, role, state="stopped", task="", where=self.where, event=stopped
            )
        self.ledger.journal.record(self.run_id, RunnerStopped(epoch=self.epoch, reason=reason))
        self.ledger.leases.release(self.run_id, owner=self.owner, epoch=self.epoch)

    def _was_killed(self, before: Lease) -> bool:
        """Whether the runner before this one went without a word."""
        said = self.ledger.journal.of_kind(self.run_id, "runner_stopped")
        stopped = {entry.event.epoch for entry in said if isinstance(entry.event, RunnerStopped)}
        return before.epoch not in stopped


def _killed(before: Lease) -> FaultTold:
    return FaultTold(
        code="R401",
        what=f"The runner before this one is gone: process {before.pid} on {before.host}. "
        "This one goes on at the last committed batch",
        safe=FAULTS["R401"].safe,
    )
