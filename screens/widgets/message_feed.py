"""What was said, newest last: agents' messages and the run's own news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.view_model import FeedLine, Mood
from screens.widgets.line_table import Column, LineTable, Row
from screens.wording import clock_time

if TYPE_CHECKING:
    from datetime import tzinfo

    from screens.sight import Sight

__all__ = ["MessageFeed"]

_TOKENS = {Mood.PLAIN: "plain", Mood.GOOD: "ok", Mood.CARE: "warn", Mood.BAD: "bad"}
_GLYPHS = {Mood.PLAIN: " ", Mood.GOOD: "✓", Mood.CARE: "!", Mood.BAD: "✗"}


class MessageFeed(LineTable):
    """Time, who, what."""

    def __init__(self) -> None:
        """Starts empty."""
        columns = (
            Column(title="Time", width=8),
            Column(title="From", width=19, from_width=64),
            Column(title="Message"),
        )
        super().__init__(columns, empty="no messages yet", follows=True)

    def show_sight(self, sight: Sight) -> None:
        """Shows the feed of this moment."""
        self.show(tuple(_row(line, sight.zone) for line in sight.view.feed))


def _row(line: FeedLine, zone: tzinfo | None) -> Row:
    token = _TOKENS[line.mood]
    return (
        (clock_time(line.at, zone), "quiet"),
        (line.who, "quiet"),
        (f"{_GLYPHS[line.mood]} {line.text}", token),
    )
