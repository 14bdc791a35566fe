"""Leaving while rows move: stay, detach, or pause first."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.model.decisions import Decision, DecisionKind, Option
from engine.model.run import RunState, Step
from screens.ask import AskScreen

if TYPE_CHECKING:
    from screens.view_model import RunView

__all__ = ["DETACH", "PAUSE", "STAY", "STOP", "QuitGuard", "StopGuard", "must_ask"]

STAY, DETACH, PAUSE, STOP = "stay", "detach", "pause", "stop"


def must_ask(view: RunView) -> bool:
    """Whether rows are moving, so that leaving is a question."""
    if view.state is RunState.UNDOING:
        return True
    return view.state is RunState.RUNNING and view.step in (
        Step.REHEARSE,
        Step.MOVE,
        Step.VERIFY,
        Step.FINISH,
    )


class QuitGuard(AskScreen):
    """Staying has the focus; leaving never stops a run by accident."""

    CSS_PATH = "ask.tcss"
    TITLE_WORDS: ClassVar[str] = "LEAVE?"
    ESCAPE_WORDS: ClassVar[str] = "stays"

    def __init__(self, view: RunView) -> None:
        """Asks with this run's own words."""
        run = view.run_id[:8]
        what = "The undo" if view.state is RunState.UNDOING else "The run"
        options = (
            Option(name=STAY, key="s", label="Stay", consequence="Nothing changes."),
            Option(
                name=DETACH,
                key="d",
                label="Detach",
                is_recommended=True,
                consequence=f"{what} goes on without this window. fordway attach {run} comes back to it.",
            ),
            Option(
                name=PAUSE,
                key="p",
                label="Pause, then leave",
                consequence=f"The open batch ends, then it pauses. fordway resume {run} goes on.",
                unavailable="an undo is better finished" if view.state is RunState.UNDOING else "",
            ),
        )
        super().__init__(
            Decision(
                decision_id="quit",
                kind=DecisionKind.FAULT,
                question=f"{what} is still at work",
                situation="The work is done by a runner of its own; this window only watches it.",
                options=options,
                safest=STAY,
            )
        )


class StopGuard(AskScreen):
    """Ending a run for good is asked once more."""

    CSS_PATH = "ask.tcss"
    TITLE_WORDS: ClassVar[str] = "STOP?"
    ESCAPE_WORDS: ClassVar[str] = "keeps the run"

    def __init__(self, view: RunView) -> None:
        """Asks with this run's own words."""
        written = (
            f"{view.move.counts.written:,} rows are committed and stay"
            if view.move.chunks
            else "Nothing was moved yet"
        )
        options = (
            Option(name=STAY, key="k", label="Keep the run", consequence="Nothing changes."),
            Option(
                name=STOP,
                key="x",
                label="Stop it for good",
                consequence="The open batch ends, then the run ends. It can't be resumed; it can be undone.",
            ),
        )
        super().__init__(
            Decision(
                decision_id="stop",
                kind=DecisionKind.FAULT,
                question="End this run?",
                situation=f"{written}. To go on later, pause instead.",
                options=options,
                safest=STAY,
            )
        )
