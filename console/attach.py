"""A console's hold on a run: reads the ledger, asks for things, starts a runner when none is there."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import psutil

from console.answering import Answering, expire_question
from console.held import LedgerHeld
from console.spawn_runner import spawn
from console.wiring import Opened, operator_name, source_urls_of
from engine.model.decisions import Decision
from engine.model.errors import FordwayError
from engine.model.events import JournalEntry
from engine.model.held import HeldChoice
from engine.model.run import RunRecord, RunState
from engine.model.undo import UndoPreview
from engine.stores.dsn import scrub
from engine.stores.target_session import TargetSession
from engine.undoing.preview_undo import preview_undo
from screens.run_link import AgentHeartbeat, ControlRequest, LinkHealth

__all__ = ["LedgerLink"]

_NEWS_SECONDS = 0.25
_LOOK_SECONDS = 0.05
_SILENT_SECONDS = 10.0
"""A lease is renewed every few seconds; a runner that has not for this long is silent."""


class LedgerLink:
    """Fulfils ``screens.run_link.RunLink`` from the ledger alone."""

    def __init__(
        self,
        opened: Opened,
        run_id: str,
        *,
        source_urls: dict[str, str] | None = None,
        place: str = "console",
    ) -> None:
        """Holds on to ``opened``.

        Args:
            opened: target, Redis and settings.
            run_id: whose link it is.
            source_urls: what the ledger does not keep: passwords.
            place: what kind of place answers come from, for the ledger.
        """
        self.run_id = run_id
        self._opened = opened
        self._given_urls = source_urls or {}
        self._reader = opened.ledger("console", patience_seconds=2.0)
        self._writer = opened.ledger("console requests", patience_seconds=5.0)
        self.who = operator_name()
        self._answering = Answering(
            opened=opened,
            ledger=self._writer,
            run_id=run_id,
            who=self.who,
            from_where=f"{place} on {socket.gethostname()}",
            is_alive=self._is_alive,
            start=self.start,
        )
        self.held = self._make_held(lambda choice: self._start(is_undo=False, replay=choice))
        self._child: int | None = None
        self.last_record: RunRecord | None = None
        """The run's row at the moment this link was let go."""

    def _make_held(self, start: Callable[[HeldChoice], None]) -> LedgerHeld:
        """The hold on rows set aside; ``start`` has some of them replayed."""
        return LedgerHeld(self._opened, self.run_id, who=self.who, start=start)

    @property
    def opened(self) -> Opened:
        """Target, Redis and settings."""
        return self._opened

    def question(self, decision_id: str) -> Decision | None:
        """The question of that id; None when there is none."""
        stored = self._writer.decisions.read(decision_id)
        return stored.decision if stored is not None else None

    def open_question(self) -> Decision | None:
        """The open question, or None; one whose deadline has passed is closed first."""
        expire_question(self._writer, self.run_id)
        return self._writer.decisions.open_one(self.run_id)

    def last_number(self) -> int:
        """Of the journal's newest entry; 0 for a run that has only just been made."""
        return self._reader.journal.last_told(self.run_id)

    def record(self) -> RunRecord:
        """The run's row."""
        return self._writer.runs.read(self.run_id)

    def entries_after(self, number: int, *, limit: int) -> Sequence[JournalEntry]:
        """News, waited for up to a quarter of a second."""
        deadline = time.monotonic() + _NEWS_SECONDS
        while True:
            entries = self._reader.journal.after(self.run_id, number, most=limit)
            if entries or time.monotonic() >= deadline:
                return entries
            time.sleep(_LOOK_SECONDS)

    def answer(self, decision_id: str, option: str, *, for_every: bool = False, value: str = "") -> str:
        """The first valid answer wins; a runner is started to act on it when none waits."""
        return self._answering.answer(decision_id, option, for_every=for_every, value=value)

    def ask(self, request: ControlRequest) -> str:
        """Asks the living runner, or starts one for what needs one."""
        if request == "undo":
            return "An undo asks for the target's name first."
        if self._is_alive():
            self._writer.runs.ask(self.run_id, request, who=self.who)
            return ""
        if request == "resume":
            record = self.record()
            if record.state in (RunState.COMPLETE, RunState.STOPPED, RunState.UNDONE):
                return f"The run is {record.state}; there is nothing to resume."
            # What is being undone, the whole or a part, is gone on with as that.
            self._start(is_undo=False)
            return ""
        if request == "stop":
            record = self.record()
            self._writer.decisions.withdraw(self.run_id)
            self._writer.runs.set_state(
                self.run_id, RunState.STOPPED, step=record.step, reason=f"Stopped by {self.who}"
            )
            return ""
        if request == "park":
            self._recall_child()
            return ""
        return "No runner is working on this run, so there is nothing to pause."

    def _recall_child(self) -> None:
        """A runner of ours that has not taken the lease yet is not needed any more."""
        if self._child is not None:
            with suppress(ProcessLookupError):
                os.kill(self._child, signal.SIGTERM)

    def heartbeats(self) -> Sequence[AgentHeartbeat]:
        """The seven agents with progress counted from their handoffs."""
        return [
            AgentHeartbeat(
                role=row.role,
                state=row.state,
                task=row.task,
                done=row.handoffs_completed,
                total=row.handoffs or None,
                blockers=row.blockers,
                next_milestone=row.next_milestone,
                age_seconds=row.age_seconds,
            )
            for row in self._writer.coordination.agents(self.run_id)
        ]

    def health(self) -> LinkHealth:
        """Ledger, wire and runner, judged now."""
        try:
            lease = self._writer.leases.read(self.run_id)
        except FordwayError:
            return LinkHealth(
                ledger="down",
                bus="down",
                runner="silent",
                lease_age_seconds=None,
                checked_at=datetime.now(UTC),
            )
        runner = "absent"
        if lease is not None and lease.is_held:
            runner = "alive" if lease.age_seconds < _SILENT_SECONDS else "silent"
        elif lease is not None and self.record().state is RunState.RUNNING:
            runner = "silent"
        return LinkHealth(
            ledger="up",
            bus="up" if self._wire_answers() else "down",
            runner=runner,  # type: ignore[arg-type]  # one of the three words, set above
            lease_age_seconds=lease.age_seconds if lease else None,
            checked_at=datetime.now(UTC),
        )

    def _wire_answers(self) -> bool:
        from engine.bus.redis_facts import is_answering

        return is_answering(self._opened.redis_url)

    def preview_undo(self) -> UndoPreview:
        """What an undo would remove, counted now."""
        target = TargetSession(self._opened.target_url, purpose="undo preview")
        try:
            plan = self._writer.runs.plan(self.run_id).plan
            return preview_undo(run_id=self.run_id, plan=plan, ledger=self._writer, target=target)
        finally:
            target.close()

    def confirm_undo(self, typed: str) -> str:
        """Starts the undo when the target's name was typed."""
        preview = self.preview_undo()
        if preview.unavailable:
            return preview.unavailable
        if typed.strip() != preview.target_name:
            return f"That is not the target's name: {preview.target_name}. Nothing was undone."
        self._writer.runs.audit(self.run_id, who=self.who, did="confirmed undo")
        if self._is_alive():
            self._writer.runs.ask(self.run_id, "undo", who=self.who)
            if self._is_taken_up():
                return ""
        self._start(is_undo=True)
        return ""

    def _is_taken_up(self) -> bool:
        """Whether a living runner took the last request in; False when it went just then."""
        while self._is_alive():
            if not self._writer.runs.requests(self.run_id):
                return True
            time.sleep(_LOOK_SECONDS)
        return False

    def close(self) -> None:
        """Lets go, remembering the run as it was; the runner goes on and holds the services itself."""
        with suppress(FordwayError):
            self.last_record = self.record()
        self.held.close()
        self._reader.close()
        self._writer.close()
        self._opened.close()

    def start(self) -> None:
        """A runner works on the run, detached from this process."""
        self._start(is_undo=False)

    def _is_alive(self) -> bool:
        lease = self._writer.leases.read(self.run_id)
        if lease is None or not lease.is_held or lease.age_seconds >= _SILENT_SECONDS:
            return False
        return lease.host != socket.gethostname() or psutil.pid_exists(lease.pid)

    def _start(self, *, is_undo: bool, replay: HeldChoice | None = None) -> None:
        opened = self._opened
        urls = source_urls_of(self._writer, self.run_id, given=self._given_urls, environment=dict(os.environ))
        self._child = spawn(
            {
                "run_id": self.run_id,
                "target_url": opened.target_url,
                "redis_url": opened.redis_url,
                "source_urls": urls,
                "target_label": scrub(opened.target_url),
                "namespace": opened.settings.redis_namespace,
                "lease_seconds": opened.settings.lease_seconds,
                "wait_seconds": opened.settings.park_after_seconds,
                "is_undo": is_undo,
                "replay": replay.to_json() if replay is not None else None,
                "asked_by": self.who,
                "report_folder": str(opened.settings.data_dir / "reports"),
            },
            data_dir=opened.settings.data_dir,
            is_embedded=opened.services is not None,
        )
