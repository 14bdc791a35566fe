"""What a screen is shown at one moment: the run, and how this console stands to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.model.decisions import DecisionKind
from screens.view_model import RunView

if TYPE_CHECKING:
    from datetime import tzinfo

    from engine.model.decisions import Decision
    from engine.model.undo import UndoPreview
    from screens.held_link import HeldShown, ReplayAsked
    from screens.run_link import AgentHeartbeat, LinkHealth

__all__ = ["Sight", "Trouble", "Viewer"]


class Viewer(StrEnum):
    """Who looks at a run, and what may be asked of it from here."""

    OPERATOR = "operator"
    LEAD = "lead"
    """May answer what is asked about faults, and nothing else."""
    WATCHER = "watcher"
    """May look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why no run is open, in the four parts of a message."""

    what: str
    where: str = ""
    safe: str = ""
    todo: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """One moment; equal sights draw equal screens."""

    view: RunView = field(default_factory=RunView)
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    zone: tzinfo | None = None
    """Times are shown in it; None is this machine's own."""
    opening: tuple[str, ...] = ()
    """What was done so far to open the run, the last still going on."""
    trouble: Trouble | None = None
    notice: str = ""
    """Why the last request does not stand, or what is being waited for; empty otherwise."""
    ledger_notice: str = ""
    """Since when the ledger can't be read; empty while it can."""
    is_following: bool = True
    badge: str = ""
    """Where the run is, when that is not what is shown."""
    health: LinkHealth | None = None
    heartbeats: tuple[AgentHeartbeat, ...] = ()
    heard_at: datetime | None = None
    """When heartbeats and health were read."""
    preview: UndoPreview | None = None
    """What an undo would do; None until it was counted."""
    held: HeldShown | None = None
    """A page of rows set aside; None until one was read."""
    replay_asked: ReplayAsked | None = None
    """What was known when a replay was asked for from here; None: none was."""
    viewer: Viewer = Viewer.OPERATOR

    @property
    def can_act(self) -> bool:
        """Whether anything but an answer may be asked of the run from here."""
        return self.viewer is Viewer.OPERATOR

    def may_answer(self, decision: Decision | None) -> bool:
        """Whether this question may be answered from here."""
        if decision is None or self.viewer is Viewer.WATCHER:
            return False
        return self.viewer is Viewer.OPERATOR or decision.kind is DecisionKind.FAULT
