"""Move: rows cross in checkpointed batches, and every one is accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.model.run import Pass, RunState, Step
from screens.escalation import escalation_lines
from screens.run_screen import LEAST_WIDTH, RunScreen
from screens.widgets.pass_body import PassBody
from screens.widgets.words import Part, Words

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from screens.sight import Sight
    from screens.view_model import RunView

__all__ = ["MoveScreen"]


class MoveScreen(RunScreen):
    """Speed, conservation, tables, batches, what is built, and the feed."""

    CSS_PATH = "move.tcss"
    AUTO_FOCUS = "ChunkTable"
    STEP = Step.MOVE
    ABOUT: ClassVar[str] = (
        "Rows cross in batches; a batch is in the target with its checkpoint, or not at all. "
        "The line read = written + quarantined + filtered + merged must hold at every moment. "
        "p pauses at the end of the open batch, r goes on from the checkpoint, u shows what an undo would "
        "remove. The time left is a range over copying, indexes and checks together. "
        "Tab goes from list to list."
    )
    KEYS = (
        "pause-run",
        "resume-run",
        "undo-run",
        "previous-step",
        "next-step",
        "quarantine",
        "coordination",
        "help",
        "commands",
        "quit",
    )

    def compose_body(self) -> ComposeResult:
        """One headline above the pass."""
        self.words = Words(id="guidance")
        self.walk = PassBody(Pass.MOVE)
        yield self.words
        yield self.walk

    def tells_question(self, sight: Sight) -> bool:
        """The escalation of a fault of this step says what is asked."""
        return bool(escalation_lines(sight, Step.MOVE, LEAST_WIDTH))

    def draw(self, sight: Sight) -> None:
        """Shows the move of this moment."""
        self.words.show(*_headline(sight.view))
        self.walk.show_sight(sight)

    def command(self, sight: Sight) -> str:
        """What the next key would do, from another terminal."""
        run = sight.view.run_id[:8]
        if sight.view.state is RunState.PAUSED:
            return f"resume {run}"
        return f"pause {run}" if sight.view.state is RunState.RUNNING else f"status {run}"


def _headline(view: RunView) -> list[Part]:
    if not view.move.tables:
        return [("Nothing is moved yet; moving starts when you say so", "strong")]
    lines = view.words("progress")
    if lines:
        return [(lines[0], "strong")]
    if view.state is RunState.RUNNING and view.step is Step.MOVE:
        return [("Moving rows in batches; each is committed with its checkpoint", "strong")]
    return [("What was moved", "strong")]
