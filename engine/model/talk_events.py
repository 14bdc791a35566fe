"""What agents did, said and handed on, and which gates hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.model.roles import Role

__all__ = [
    "AgentChanged",
    "GateChanged",
    "GuidanceSpoken",
    "HandoffRecorded",
    "HandoffState",
    "MessageSent",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateChanged:
    """A named check holds, or does not."""

    gate: str
    state: Literal["open", "passed", "failed"]
    reason: str
    kind: Literal["gate_changed"] = "gate_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentChanged:
    """An agent took up or laid down a task."""

    role: Role
    state: Literal["idle", "busy", "asking", "blocked", "stopped"]
    task: str = ""
    blockers: tuple[str, ...] = ()
    next_milestone: str = ""
    kind: Literal["agent_changed"] = "agent_changed"


HandoffState = Literal["offered", "accepted", "completed", "rejected", "failed", "expired"]
"""Where a handoff stands; only its receiver can complete it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoffRecorded:
    """Work changed hands, or the receiver finished it."""

    handoff_id: str
    from_agent: Role
    to_agent: Role
    task: str
    state: HandoffState
    seconds: float | None = None
    """From offer to close; None while it is open."""
    error: str = ""
    kind: Literal["handoff_recorded"] = "handoff_recorded"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent:
    """One agent wrote to another."""

    message_id: str
    from_agent: Role
    to_agent: Role
    message_type: str
    priority: str
    text: str
    """The message in words."""
    kind: Literal["message_sent"] = "message_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidanceSpoken:
    """The user-guidance agent said something to the operator."""

    about: str
    """``discovery``, ``plan``, ``rehearsal``, ``progress``, ``verify``, ``finish``, ``fault``, ``undo``."""
    lines: tuple[str, ...]
    """Plain words, one sentence or short paragraph each; the first is the headline."""
    kind: Literal["guidance_spoken"] = "guidance_spoken"
