"""The seven steps, always in sight: number, name, and below them a glyph with a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.run import RunState, Step
from screens.view_model import RailState, RailStep
from screens.widgets.words import Part, Words
from screens.wording import RAIL_MARKS, short_seconds

if TYPE_CHECKING:
    from screens.sight import Sight
    from screens.view_model import RunView

__all__ = ["Rail", "mark_of"]

LEAST_CELLS = 7
"""A step's width when its name is shorter: the longest word below still has a gap after it."""


def mark_of(mark: RailStep, view: RunView) -> tuple[str, str, str]:
    """Glyph, word and colour token of a step."""
    glyph, word, token = RAIL_MARKS[mark.state]
    if mark.state is RailState.DONE and mark.seconds is not None:
        return glyph, short_seconds(mark.seconds), token
    if mark.state is RailState.WAITING and view.state is RunState.PAUSED:
        return glyph, "paused", token
    return glyph, word, token


class Rail(Words):
    """Connect › Discover › Plan › Rehearse › Move › Verify › Finish."""

    def show_sight(self, sight: Sight, shown: Step | None) -> None:
        """Draws the rail; ``shown`` is the step on the screen, None when it is no step's."""
        view = sight.view
        wide = self.size.width >= 100
        gap = 5 if wide else 3
        names: list[Part] = []
        words: list[Part] = []
        for number, mark in enumerate(view.rail, start=1):
            name = f"{number} {mark.step.capitalize()}"
            cells = max(len(name), LEAST_CELLS)
            glyph, word, token = mark_of(mark, view)
            is_here = mark.step is shown
            names.append((name, "key underline" if is_here else _name_token(mark)))
            is_last = number == len(view.rail)
            names.append((" " * (cells - len(name)) + ("" if is_last else " › ".center(gap)), "quiet"))
            words.append((f"{glyph} {word}".ljust(cells + gap), token))
        self.show(*names, "\n", *words)


def _name_token(mark: RailStep) -> str:
    return "quiet" if mark.state in (RailState.TODO, RailState.SKIPPED) else "plain"
