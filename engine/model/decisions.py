"""Questions only a person may answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.faults import ChunkAddress, Effect

__all__ = ["Decision", "DecisionKind", "Option"]


class DecisionKind(StrEnum):
    """What is being asked."""

    APPROVE_PLAN = "approve-plan"
    START_MOVE = "start-move"
    """After a rehearsal: move for real?"""
    FAULT = "fault"
    """Something failed; how to go on?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One possible answer."""

    name: str
    """What ``fordway decide`` takes: ``approve``."""
    key: str
    """The key that chooses it on screen."""
    label: str
    consequence: str
    """What happens then, in words."""
    is_recommended: bool = False
    unavailable: str = ""
    """Why it can't be chosen now; empty when it can."""
    effect: Effect | None = None
    """What it would do, counted beforehand; None where nothing can be counted."""
    can_repeat: bool = False
    """It may be taken for every such fault of the run."""
    wants_value: str = ""
    """What is asked for with it, in words: ``the value to fill in``; empty: nothing."""
    value: str = ""
    """What is taken when nothing else is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One open question with its options, the safest first in focus."""

    decision_id: str
    kind: DecisionKind
    question: str
    situation: str
    """What happened and what is safe, in words."""
    options: tuple[Option, ...]
    safest: str
    """The option's name that has the focus."""
    plan_digest: str = ""
    """The plan the question was asked about; an answer to another plan is refused."""
    fault: str = ""
    """The catalogue's code of the fault: ``R201``; empty when nothing is wrong."""
    headline: str = ""
    """The fault in a few words, for a title."""
    facts: tuple[str, ...] = ()
    """What was found, one sentence each, most important first."""
    safe: str = ""
    """What is safe now."""
    why: str = ""
    """Why the recommended option is recommended."""
    at: ChunkAddress | None = None
    """The batch it is about; None when it is about none."""
    repeats_for: str = ""
    """What ``Option.can_repeat`` is about: ``every text too long in customers.name``."""
    deadline: datetime | None = None
    """Without an answer by then the run is paused, safely; None: it waits as long as it takes."""
    handed_to: str = ""
    """``lead``, once it was handed on."""

    def option(self, name: str) -> Option | None:
        """The option of that name, or None."""
        return next((option for option in self.options if option.name == name), None)
