"""Rows on their way: the same body for the rehearsal and for the move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Container, Vertical

from engine.model.run import Pass, RunState, Step
from screens.widgets.chunk_table import ChunkTable, TableTable, table_rows
from screens.widgets.conservation_line import ConservationLine
from screens.widgets.escalation import Escalation
from screens.widgets.line_table import Column, LineTable, Row
from screens.widgets.message_feed import MessageFeed
from screens.widgets.rate_line import RateLine
from screens.wording import duration

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from engine.model.events import ObjectBuilt
    from screens.sight import Sight

__all__ = ["PassBody"]


class PassBody(Container):
    """Speed, conservation, tables, batches; beside or below them what is built and said."""

    def __init__(self, which: Pass) -> None:
        """Shows that walk over the rows."""
        super().__init__()
        self.which = which
        self.rate = RateLine(id="rate")
        self.conservation = ConservationLine(id="conservation")
        self.escalation = Escalation()
        self.tables = TableTable()
        self.chunks = ChunkTable()
        self.built = LineTable(_BUILT, empty="keys and indexes come after the rows", follows=True, id="built")
        self.feed = MessageFeed()

    def compose(self) -> ComposeResult:
        """Two lines of numbers above two columns, or one on narrow screens."""
        yield self.rate
        yield self.conservation
        yield self.escalation
        with Container(id="pass"):
            with Vertical(id="pass-rows"):
                yield self.tables
                yield self.chunks
            with Vertical(id="pass-news"):
                yield self.built
                yield self.feed

    def show_sight(self, sight: Sight) -> None:
        """Draws the pass of this moment."""
        walk = sight.view.pass_view(self.which)
        self.rate.show_sight(sight, self.which)
        self.conservation.show_pass(walk)
        self.escalation.show_sight(sight, Step.MOVE if self.which is Pass.MOVE else Step.REHEARSE)
        self.set_class(self.escalation.display, "-troubled")
        is_moving = sight.view.state is RunState.RUNNING
        self.tables.show(table_rows(walk, is_moving=is_moving))
        self.chunks.show_pass(walk)
        if self.which is Pass.MOVE:
            self.built.show(tuple(_row(built) for built in sight.view.built))
        self.built.display = self.which is Pass.MOVE and (
            bool(sight.view.built) or self.screen.size.height >= 32
        )
        self.feed.show_sight(sight)


_BUILT = (
    Column(title="Built after the rows", width=26),
    Column(title="Table"),
    Column(title="Time", width=8, align="right"),
)


def _row(built: ObjectBuilt) -> Row:
    return ((f"✓ {built.what}", "ok"), (built.table, "quiet"), (duration(built.seconds), "quiet"))
