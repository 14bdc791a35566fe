"""What an operator asks for about rows set aside: messages that go up from the screens to the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from engine.model.held import HeldChoice, HeldFilter
    from screens.held_link import HeldPlace

__all__ = [
    "HeldDiscarded",
    "HeldEdited",
    "HeldExported",
    "HeldPlaceShown",
    "HeldReplayed",
    "HeldRowOpened",
    "HeldWasteAsked",
    "RuleRevokeAsked",
]


class HeldPlaceShown(Message):
    """Other rows are to be shown."""

    def __init__(self, place: HeldPlace) -> None:
        """Holds which."""
        super().__init__()
        self.place = place


class HeldRowOpened(Message):
    """A row is to be shown whole."""

    def __init__(self, number: int, *, edits: bool = False) -> None:
        """Holds its number; ``edits`` goes on to give the offending value another one."""
        super().__init__()
        self.number = number
        self.edits = edits


class HeldEdited(Message):
    """A value of a row shall be another one when it is replayed."""

    def __init__(self, number: int, column: str, value: str | None) -> None:
        """Holds the row, the target's column, and the value; None is NULL."""
        super().__init__()
        self.number = number
        self.column = column
        self.value = value


class HeldReplayed(Message):
    """Rows are to be written after all."""

    def __init__(self, choice: HeldChoice) -> None:
        """Holds which."""
        super().__init__()
        self.choice = choice


class HeldWasteAsked(Message):
    """What giving rows up would mean is to be counted."""

    def __init__(self, choice: HeldChoice) -> None:
        """Holds which."""
        super().__init__()
        self.choice = choice


class HeldDiscarded(Message):
    """Rows are given up, and the target's name was typed."""

    def __init__(self, choice: HeldChoice, typed: str) -> None:
        """Holds which, and what was typed, letter by letter."""
        super().__init__()
        self.choice = choice
        self.typed = typed


class HeldExported(Message):
    """Rows are to be written into a file."""

    def __init__(self, of: HeldFilter, path: str) -> None:
        """Holds which, and where."""
        super().__init__()
        self.of = of
        self.path = path


class RuleRevokeAsked(Message):
    """A standing answer is to hold no longer."""

    def __init__(self, rule_id: int) -> None:
        """Holds which."""
        super().__init__()
        self.rule_id = rule_id
