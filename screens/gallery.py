"""Which screen shows which step; a screen's module is read when it is first shown."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from screens.run_screen import RunScreen

__all__ = ["COORDINATION", "make_screen"]

COORDINATION = "coordination"

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
}


def make_screen(name: str) -> RunScreen:
    """A new screen of that name: a step's, or ``coordination``.

    Raises:
        KeyError: there is none.
    """
    module = import_module(f"screens.{name}")
    return cast("RunScreen", getattr(module, _PLACES[name])())
