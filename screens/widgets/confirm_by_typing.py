"""A destructive step: the safe answer has the focus, the other wants a name typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from screens.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

__all__ = ["ConfirmByTyping", "SafeAnswer"]


class SafeAnswer(Words, can_focus=True):
    """The answer that changes nothing; enter takes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "Keep everything", show=False),
        Binding("down", "app.focus_next", "Type the name", show=False),
    ]

    class Taken(Message):
        """Everything stays as it is."""

    def action_take(self) -> None:
        """Everything stays as it is."""
        self.post_message(self.Taken())

    def on_focus(self) -> None:
        """Shows the mark."""
        self.show(
            ("▶ ", "key"), ("Keep everything as it is", "strong"), (" · safest", "ok"), ("   enter", "quiet")
        )

    def on_blur(self) -> None:
        """Takes the mark away."""
        self.show(("  Keep everything as it is", "plain"), (" · safest", "ok"), ("   esc", "quiet"))


class ConfirmByTyping(Vertical):
    """Asks for a name, letter by letter, before anything is removed."""

    DEFAULT_CSS = """
    ConfirmByTyping { height: auto; }
    ConfirmByTyping Input { height: 1; border: none; padding: 0 1; width: 50; margin-left: 2; }
    ConfirmByTyping Input { background: $marked; }
    ConfirmByTyping Input:focus { border: none; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "app.focus_previous", "Back", show=False),
        Binding("escape", "keep", "Keep everything", show=False),
    ]

    class Confirmed(Message):
        """The name was typed as it is."""

        def __init__(self, typed: str) -> None:
            """Holds what was typed."""
            super().__init__()
            self.typed = typed

    def __init__(self, *, done: str = "the name is right; enter takes the run back") -> None:
        """Waits for ``ask``; ``done`` is said once the name stands there."""
        super().__init__()
        self.done_words = done
        self.name_wanted = ""
        self.safe = SafeAnswer()
        self.question = Words()
        self.typed = Input(placeholder="the name, letter by letter")
        self.typed.cursor_blink = False
        self.answer = Words()

    def compose(self) -> ComposeResult:
        """Safe answer first, then the question."""
        yield self.safe
        yield self.question
        yield self.typed
        yield self.answer

    def ask(self, name: str, what: str) -> None:
        """Asks for ``name``; ``what`` says what happens then."""
        if name != self.name_wanted:
            self.name_wanted = name
            self.question.show(f"  {what} type ", (name, "strong"), " and press enter (↓ goes there):")

    def action_keep(self) -> None:
        """Everything stays as it is."""
        self.safe.action_take()

    @on(Input.Changed)
    def _say_how_far(self, event: Input.Changed) -> None:
        event.stop()
        if not event.value:
            self.answer.show()
        elif event.value == self.name_wanted:
            self.answer.show((f"  ✓ {self.done_words}", "warn"))
        else:
            self.answer.show(("  not the name yet; nothing happens", "quiet"))

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value == self.name_wanted:
            self.post_message(self.Confirmed(event.value))
        else:
            self.answer.show(("  ✗ that is not the name; nothing was changed", "bad"))
