"""Numbers, times and states in words: one place, so that all screens say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.run import RunState, Strength
from screens.view_model import RailState

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from screens.sight import Sight
    from screens.view_model import RunView

__all__ = [
    "RAIL_MARKS",
    "STATE_WORDS",
    "STRENGTH_WORDS",
    "clock_time",
    "count",
    "duration",
    "plural",
    "short_seconds",
    "span",
    "state_token",
    "waiting_word",
]

STATE_WORDS = {
    RunState.NEW: "STARTING",
    RunState.RUNNING: "RUNNING",
    RunState.WAITING: "WAITING FOR YOU",
    RunState.PAUSED: "PAUSED",
    RunState.COMPLETE: "COMPLETE",
    RunState.STOPPED: "STOPPED",
    RunState.UNDOING: "UNDOING",
    RunState.UNDONE: "UNDONE",
}

_STATE_TOKENS = {
    RunState.NEW: "quiet",
    RunState.RUNNING: "busy",
    RunState.WAITING: "warn",
    RunState.PAUSED: "warn",
    RunState.COMPLETE: "ok",
    RunState.STOPPED: "warn",
    RunState.UNDOING: "busy",
    RunState.UNDONE: "ok",
}

RAIL_MARKS = {
    RailState.TODO: ("○", "to do", "quiet"),
    RailState.DOING: ("●", "now", "busy"),
    RailState.DONE: ("✓", "done", "ok"),
    RailState.FAILED: ("✗", "failed", "bad"),
    RailState.WAITING: ("!", "waiting", "warn"),
    RailState.SKIPPED: ("○", "skipped", "quiet"),
}
"""Glyph, word and colour token of each state."""

STRENGTH_WORDS = {
    Strength.PROVEN: ("✓", "PROVEN", "ok"),
    Strength.SAMPLED: ("!", "SAMPLED", "warn"),
    Strength.COUNT_ONLY: ("!", "COUNT-ONLY", "warn"),
    Strength.NOT_COMPARED: ("✗", "NOT COMPARED", "bad"),
    Strength.DIFFERENT: ("✗", "DIFFERENT", "bad"),
}


def waiting_word(view: RunView, sight: Sight) -> str:
    """What a run that waits says to who looks at it: whether it is for them."""
    decision = view.decision
    if decision is not None and not sight.may_answer(decision):
        return "waiting for the operator"
    if decision is not None and not sight.can_act and not decision.handed_to:
        return "waiting for an answer"
    return "waiting for you"


def state_token(state: RunState) -> str:
    """The colour token of a run's state."""
    return _STATE_TOKENS[state]


def count(number: int) -> str:
    """The number with thousands separators: ``1,569``."""
    return f"{number:,}"


def plural(number: int, noun: str) -> str:
    """``1 batch``, ``4 batches``."""
    if number == 1:
        return f"1 {noun}"
    ending = "es" if noun.endswith(("ch", "sh", "x", "s")) else "s"
    return f"{number:,} {noun}{ending}"


def duration(seconds: float) -> str:
    """``20 ms``, ``0.8 s``, ``14 s``, ``2 min 14 s``, ``3 h 05 min``."""
    if seconds < 0.0995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def short_seconds(seconds: float) -> str:
    """At most six cells: ``0.8 s``, ``2m14s``, ``3h05m``."""
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{round(seconds)} s"
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}m{whole % 60:02d}s"
    return f"{whole // 3600}h{whole % 3600 // 60:02d}m"


def span(low: float, high: float) -> str:
    """A range as people say it: ``2-3 minutes``, ``under a second``, ``8-20 s``."""
    if high < 1:
        return "under a second"
    if high < 120:
        low_whole, high_whole = int(low), max(round(high), int(low) + 1)
        return f"{low_whole}-{high_whole} s"
    if high < 7200:
        low_minutes, high_minutes = int(low // 60), -int(-high // 60)
        return f"{low_minutes}-{high_minutes} min" if low_minutes != high_minutes else f"{high_minutes} min"
    return f"{low / 3600:.1f}-{high / 3600:.1f} h"


def clock_time(at: datetime, zone: tzinfo | None) -> str:
    """``12:03:11`` in ``zone``; None is this machine's own."""
    return at.astimezone(zone).strftime("%H:%M:%S")
