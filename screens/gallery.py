"""Which screen shows which step; a screen's module is read when it is first shown."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from screens.action_list import QUARANTINE

if TYPE_CHECKING:
    from screens.run_screen import RunScreen

__all__ = ["BESIDE_STEPS", "COORDINATION", "make_screen"]

COORDINATION = "coordination"
BESIDE_STEPS = frozenset({COORDINATION, QUARANTINE})
"""Screens that are no step's."""

_PLACES = {
    "connect": "ConnectScreen",
    "discover": "DiscoverScreen",
    "plan": "PlanScreen",
    "rehearse": "RehearseScreen",
    "move": "MoveScreen",
    "verify": "VerifyScreen",
    "finish": "FinishScreen",
    "undo": "UndoScreen",
    COORDINATION: "CoordinationScreen",
    QUARANTINE: "QuarantineScreen",
}


def make_screen(name: str) -> RunScreen:
    """A new screen of that name: a step's, or one of ``BESIDE_STEPS``.

    Raises:
        KeyError: there is none.
    """
    module = import_module(f"screens.{name}")
    return cast("RunScreen", getattr(module, _PLACES[name])())
