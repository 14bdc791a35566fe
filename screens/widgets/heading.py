"""The first line: which run this is, and its state, loud when it waits for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from engine.model.run import RunState
from screens.widgets.words import Part, Words
from screens.wording import STATE_WORDS, state_token, waiting_word

if TYPE_CHECKING:
    from screens.sight import Sight

__all__ = ["Heading", "state_words"]


def state_words(sight: Sight) -> str:
    """The run's state in capitals, with what matters about it."""
    view = sight.view
    if sight.trouble is not None:
        return "CANNOT OPEN"
    if view.state is RunState.WAITING:
        return waiting_word(view, sight).upper()
    if view.state is RunState.RUNNING and view.pause_asked_by:
        return "PAUSING AFTER THIS BATCH"
    if view.state is RunState.PAUSED and view.fault is not None:
        return "PAUSED AFTER A FAULT"
    return STATE_WORDS[view.state]


class Heading(Words):
    """Fordway · run · title · target, and the state at the right."""

    def show_sight(self, sight: Sight) -> None:
        """Draws the line for this moment."""
        view = sight.view
        word = f" {state_words(sight)} "
        role = "" if sight.can_act else sight.viewer.upper()
        parts = [part for part in ("Fordway", role, view.run_id[:8], view.title, view.target) if part]
        left = " · ".join(parts)
        room = max(self.size.width - cell_len(word) - 1, 0)
        if cell_len(left) > room:
            left = set_cell_size(left, max(room - 1, 0)) + "…"
        strong = len("Fordway") + (len(role) + 3 if role else 0)
        name, rest = left[:strong], left[strong:]
        line: list[Part] = [(name, "strong"), (rest, "quiet"), " " * max(room - cell_len(left), 0), " "]
        self.show(*line, (word, _token(sight)))


def _token(sight: Sight) -> str:
    if sight.trouble is not None or (sight.view.fault is not None and sight.view.state is RunState.PAUSED):
        return "loud-bad"
    if sight.view.state in (RunState.WAITING, RunState.PAUSED):
        return "loud"
    if sight.view.state in (RunState.COMPLETE, RunState.UNDONE):
        return "loud-ok"
    return state_token(sight.view.state)
