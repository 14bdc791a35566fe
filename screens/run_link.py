"""The one thing the console and its screens need from a run: read it, and ask of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from engine.model.events import JournalEntry
from engine.model.roles import Role
from engine.model.run import RunRecord
from engine.model.undo import UndoPreview
from screens.held_link import HeldLink

__all__ = ["HAND_ON", "UNDO", "AgentHeartbeat", "ControlRequest", "LinkHealth", "RunLink"]

HAND_ON = "lead"
"""The answer that asks somebody else; the question stays open."""

UNDO = "undo"
"""The answer that takes the run back; it wants the target's name as its value."""

ControlRequest = Literal["pause", "resume", "stop", "park", "undo"]
"""What may be asked of a run; ``park`` lets an idle runner go without ending the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentHeartbeat:
    """One row of ``fordway.agent_status``."""

    role: Role
    state: str
    task: str
    done: int
    total: int | None
    """None: the total is not known, so no percentage is shown."""
    blockers: tuple[str, ...]
    next_milestone: str
    age_seconds: float
    """Since the last heartbeat, by the database's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkHealth:
    """How the console stands to the run."""

    ledger: Literal["up", "down"]
    bus: Literal["up", "down"]
    """Down: the wire is away, work continues from the ledger."""
    runner: Literal["alive", "absent", "silent"]
    """Judged by the lease: held and renewed, given back, or held and not renewed."""
    lease_age_seconds: float | None
    checked_at: datetime


class RunLink(Protocol):
    """A run as seen from a console. Every method blocks; call it from a worker thread."""

    run_id: str

    @property
    def held(self) -> HeldLink:
        """Its rows set aside."""

    def record(self) -> RunRecord:
        """The run's row."""

    def entries_after(self, number: int, *, limit: int) -> Sequence[JournalEntry]:
        """Journal entries after ``number`` in order, at most ``limit``.

        May wait up to a quarter of a second for news before it returns none.
        """

    def answer(self, decision_id: str, option: str, *, for_every: bool = False, value: str = "") -> str:
        """Answers a decision; the first valid answer wins. ``lead`` hands it on, and it stays open.

        Args:
            decision_id: the question.
            option: the answer's name.
            for_every: it shall hold for every such fault of the run.
            value: what is given with it; empty: what the option itself proposes.

        Returns:
            Empty when this answer counts, else a sentence saying why it does not.
        """

    def ask(self, request: ControlRequest) -> str:
        """Asks the runner for something, starting one when none is there.

        Returns:
            Empty when the request stands, else a sentence saying why not.
        """

    def heartbeats(self) -> Sequence[AgentHeartbeat]:
        """The seven agents, in their usual order."""

    def health(self) -> LinkHealth:
        """Whether ledger, bus and runner are there."""

    def preview_undo(self) -> UndoPreview:
        """What an undo would remove, counted now."""

    def confirm_undo(self, typed: str) -> str:
        """Starts the undo when ``typed`` is the target's name.

        Returns:
            Empty when the undo has been asked for, else a sentence saying why not.
        """

    def close(self) -> None:
        """Lets go of the run; the runner goes on."""
