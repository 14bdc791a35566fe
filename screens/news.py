"""What worker threads tell the app: messages going in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from datetime import datetime

    from engine.model.undo import UndoPreview
    from screens.held_link import HeldDetail, HeldShown, HeldWaste
    from screens.intents import OptionChosen
    from screens.run_link import AgentHeartbeat, LinkHealth, RunLink
    from screens.sight import Trouble
    from screens.view_model import RunView

__all__ = [
    "HeldRead",
    "HeldRowRead",
    "HeldTold",
    "LedgerBack",
    "LedgerLost",
    "LinkOpened",
    "OpeningFailed",
    "OpeningProgress",
    "PreviewCounted",
    "PulseTaken",
    "RequestReturned",
    "UndoAnswerCounted",
    "ViewAdvanced",
    "WasteCounted",
]


class OpeningProgress(Message):
    """One more thing is being done to open the run."""

    def __init__(self, line: str) -> None:
        """Holds the line: ``starting PostgreSQL``."""
        super().__init__()
        self.line = line


class LinkOpened(Message):
    """There is a run to follow."""

    def __init__(self, link: RunLink) -> None:
        """Holds the link."""
        super().__init__()
        self.link = link


class OpeningFailed(Message):
    """No run could be opened."""

    def __init__(self, trouble: Trouble) -> None:
        """Holds what happened and what to do."""
        super().__init__()
        self.trouble = trouble


class ViewAdvanced(Message):
    """The journal went on; a newer view makes an older one worthless."""

    def __init__(self, view: RunView) -> None:
        """Holds the folded view."""
        super().__init__()
        self.view = view

    def can_replace(self, message: Message) -> bool:
        """A newer view stands for every older one."""
        return isinstance(message, ViewAdvanced)


class PulseTaken(Message):
    """Heartbeats and health were read."""

    def __init__(self, heartbeats: tuple[AgentHeartbeat, ...], health: LinkHealth) -> None:
        """Holds both."""
        super().__init__()
        self.heartbeats = heartbeats
        self.health = health


class LedgerLost(Message):
    """The ledger can't be read now."""

    def __init__(self, since: datetime, sentence: str) -> None:
        """Holds since when, and why."""
        super().__init__()
        self.since = since
        self.sentence = sentence


class LedgerBack(Message):
    """The ledger can be read again."""


class RequestReturned(Message):
    """A request came back: it stands, or it does not."""

    def __init__(self, what: str, sentence: str) -> None:
        """Holds what was asked for; ``sentence`` is empty when it stands."""
        super().__init__()
        self.what = what
        self.sentence = sentence


class UndoAnswerCounted(Message):
    """What the answer to undo the run would remove was counted."""

    def __init__(self, preview: UndoPreview, answer: OptionChosen) -> None:
        """Holds the preview, and the answer that waits for the target's name."""
        super().__init__()
        self.preview = preview
        self.answer = answer


class HeldRead(Message):
    """A page of rows set aside was read."""

    def __init__(self, shown: HeldShown) -> None:
        """Holds the page."""
        super().__init__()
        self.shown = shown


class HeldRowRead(Message):
    """One row set aside was read, whole."""

    def __init__(self, detail: HeldDetail, *, edits: bool) -> None:
        """Holds the row; ``edits`` goes on to give its offending value another one."""
        super().__init__()
        self.detail = detail
        self.edits = edits


class WasteCounted(Message):
    """What giving rows up would mean was counted."""

    def __init__(self, waste: HeldWaste) -> None:
        """Holds what was counted."""
        super().__init__()
        self.waste = waste


class HeldTold(Message):
    """Something that was asked for is done, and leaves no trace in the journal."""

    def __init__(self, sentence: str) -> None:
        """Holds what was done."""
        super().__init__()
        self.sentence = sentence


class PreviewCounted(Message):
    """What an undo would do was counted."""

    def __init__(self, preview: UndoPreview) -> None:
        """Holds the preview."""
        super().__init__()
        self.preview = preview
