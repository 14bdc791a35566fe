"""What an operator asks for: messages that go up from the screens to the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from engine.model.run import Step

__all__ = [
    "CoordinationToggled",
    "DecisionOpened",
    "FollowRequested",
    "GoOnRequested",
    "HelpRequested",
    "LeaveChosen",
    "OptionChosen",
    "PauseRequested",
    "QuarantineToggled",
    "QuitRequested",
    "ResumeRequested",
    "StepShown",
    "StopRequested",
    "ThemeRequested",
    "UndoConfirmed",
    "UndoPreviewRequested",
]


class OptionChosen(Message):
    """A decision is answered."""

    def __init__(self, decision_id: str, option: str, *, for_every: bool = False, value: str = "") -> None:
        """Holds which question, which of its options, and what was said with it.

        Args:
            decision_id: the question.
            option: the answer's name.
            for_every: it shall hold for every such fault of the run.
            value: what was given with it; empty: what the option itself proposes.
        """
        super().__init__()
        self.decision_id = decision_id
        self.option = option
        self.for_every = for_every
        self.value = value


class UndoConfirmed(Message):
    """The target's name was typed."""

    def __init__(self, typed: str) -> None:
        """Holds what was typed, letter by letter."""
        super().__init__()
        self.typed = typed


class StepShown(Message):
    """Another step is to be shown."""

    def __init__(self, step: Step) -> None:
        """Holds the step."""
        super().__init__()
        self.step = step


class LeaveChosen(Message):
    """The quit guard was answered: ``detach`` or ``pause``."""

    def __init__(self, way: str) -> None:
        """Holds the way to leave."""
        super().__init__()
        self.way = way


class PauseRequested(Message):
    """Pause at the end of the open batch."""


class ResumeRequested(Message):
    """Go on from the last checkpoint, or open the run again."""


class StopRequested(Message):
    """End the run; what is committed stays."""


class UndoPreviewRequested(Message):
    """Count what an undo would remove, and show it."""


class QuitRequested(Message):
    """Leave, or ask how."""


class FollowRequested(Message):
    """Show where the run is, and follow it."""


class GoOnRequested(Message):
    """Nothing is asked here: go to the next screen."""


class DecisionOpened(Message):
    """Show the open question."""


class CoordinationToggled(Message):
    """Show the agents, or go back from them."""


class QuarantineToggled(Message):
    """Show the rows set aside, or go back from them."""


class HelpRequested(Message):
    """Explain the shown screen."""


class ThemeRequested(Message):
    """Change to the next theme."""
