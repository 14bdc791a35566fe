"""A question of the console's own, over the screen: one key per answer, the safe one marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from screens.widgets.option_rows import OptionRows
from screens.widgets.words import Words

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from engine.model.decisions import Decision

__all__ = ["AskScreen"]


class AskScreen(ModalScreen[str]):
    """Gives back the chosen option's name; empty when the question stays open."""

    CSS_PATH = "ask.tcss"
    AUTO_FOCUS = "OptionRows"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave_open", "Leave it open", show=False)]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-tall")]  # noqa: RUF012 - Textual's type
    TITLE_WORDS: ClassVar[str] = "YOUR DECISION"
    ESCAPE_WORDS: ClassVar[str] = "leaves it open; the run waits and stays safe"

    def __init__(self, decision: Decision) -> None:
        """Asks this question, with the mark on the safest option."""
        super().__init__()
        self.decision = decision
        self.options = OptionRows(decision, is_safest_first=True)

    def compose(self) -> ComposeResult:
        """Question, situation, options, and the way out."""
        with Vertical(id="dialog"):
            yield Words(
                (f" {self.TITLE_WORDS} ", "loud"), "  ", (self.decision.question, "strong"), id="asked"
            )
            with VerticalScroll(id="situation", can_focus=False):
                yield Words(self.decision.situation)
            with VerticalScroll(id="options", can_focus=False):
                yield self.options
            yield Words(
                ("↑↓", "key"),
                " choose   ",
                ("enter", "key"),
                " take   ",
                ("esc", "key"),
                f" {self.ESCAPE_WORDS}",
                id="way-out",
            )

    def on_key(self, event: events.Key) -> None:
        """An option's own key takes it."""
        if self.options.take_key(event):
            event.stop()
            event.prevent_default()

    def on_option_rows_chosen(self, event: OptionRows.Chosen) -> None:
        """Gives the answer back."""
        event.stop()
        self.dismiss(event.option.name)

    def action_leave_open(self) -> None:
        """Gives nothing back."""
        self.dismiss("")
