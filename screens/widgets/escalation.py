"""Two lines on the healing of a fault; there are none while nothing is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.escalation import escalation_lines
from screens.widgets.words import Part, Words

if TYPE_CHECKING:
    from engine.model.run import Step
    from screens.sight import Sight

__all__ = ["Escalation"]


class Escalation(Words):
    """Level, what is done now, who does it, and how long it takes."""

    DEFAULT_CSS = "Escalation { height: auto; display: none; text-wrap: nowrap; }"

    def show_sight(self, sight: Sight, step: Step) -> None:
        """Draws this moment of that step's escalation."""
        lines = escalation_lines(sight, step, self.size.width or self.screen.size.width - 2)
        parts: list[Part] = []
        for place, line in enumerate(lines):
            parts += ["\n"] if place else []
            parts += line
        self.show(*parts)
        self.display = bool(lines)
