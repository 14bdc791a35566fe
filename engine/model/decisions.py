"""Questions only a person may answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

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

    def option(self, name: str) -> Option | None:
        """The option of that name, or None."""
        return next((option for option in self.options if option.name == name), None)
