"""What an action is: one thing an operator can do with one key."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.model.run import RunState

__all__ = ["ANY", "Action", "Group"]


class Group(StrEnum):
    """What an action is about; groups stand together in the footer and in the help."""

    RUN = "the run"
    HELD = "rows set aside"
    GO = "where to look"
    APP = "Fordway"


ANY = frozenset(RunState)
"""Allowed in every state of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that can be done with one key."""

    name: str
    key: str
    """The terminal's name of the key, as Textual spells it."""
    label: str
    """Two words at most, for the footer; empty joins the key with the next action's."""
    help: str
    """One sentence."""
    group: Group
    states: frozenset[RunState] = ANY
    """Run states in which it is allowed."""
    why_not: str = ""
    """The reason given in every other state."""
    is_destructive: bool = False
    """It asks by typing the target's name."""
    more_keys: tuple[str, ...] = ()
    only_on: str = ""
    """The one screen it is on; empty: on every screen of a run."""
