"""Questions about rows set aside: which are meant, where they are written to, and giving them up."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from engine.guidance.words import count_of
from screens import held_intents as intents
from screens.ask import AskScreen
from screens.widgets.confirm_by_typing import ConfirmByTyping, SafeAnswer
from screens.widgets.words import Part, Words

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from screens.held_link import HeldWaste

__all__ = ["DiscardScreen", "ExportScreen", "WhichRows"]


class WhichRows(AskScreen):
    """Which rows are meant; gives back the answer's name, empty for none."""

    CSS_PATH = "ask.tcss"
    TITLE_WORDS: ClassVar[str] = "ROWS SET ASIDE"
    ESCAPE_WORDS: ClassVar[str] = "leaves everything as it is"


class ExportScreen(ModalScreen[str]):
    """Where the rows are written; gives back the path, empty for nowhere."""

    CSS_PATH = "held_row.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss('')", "Leave it", show=False)]

    def __init__(self, rows: int, suggested: str) -> None:
        """Asks where so many rows shall go."""
        super().__init__()
        self.rows = rows
        self.path = Input(value=suggested)
        self.path.cursor_blink = False

    def compose(self) -> ComposeResult:
        """What is written, where, and the way out."""
        with Vertical(id="dialog"):
            yield Words((" EXPORT ", "loud"), "  ", (f"{count_of(self.rows, 'rows')} as CSV", "strong"))
            yield Words("Each row whole, with its key, its reason and its state. A file that is there stays.")
            yield self.path
            yield Words(("enter", "key"), " writes the file   ", ("esc", "key"), " leaves it", id="way-out")

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip())


class DiscardScreen(ModalScreen[None]):
    """Giving rows up: counted, and only after the target's name was typed."""

    CSS_PATH = "held_row.tcss"
    AUTO_FOCUS = "SafeAnswer"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss", "Keep them", show=False)]

    def __init__(self, waste: HeldWaste) -> None:
        """Says what giving these up would mean."""
        super().__init__()
        self.waste = waste
        self.confirm = ConfirmByTyping(done="the name is right; enter gives the rows up")

    def compose(self) -> ComposeResult:
        """What would be given up, who waits for it, and the name to type."""
        waste = self.waste
        parts: list[Part] = [
            (f"{count_of(waste.rows, 'rows')} would be given up.", "strong"),
            " They stay in the ledger, whole, and are not written.",
        ]
        if waste.waiting:
            wait = "waits" if waste.waiting == 1 else "wait"
            words = f"{count_of(waste.waiting, 'rows')} {wait} for them and will not find them."
            parts += ["\n", ("! ", "warn"), (words, "warn")]
        with Vertical(id="dialog"):
            yield Words((" GIVE UP? ", "loud"))
            yield Words(*parts)
            yield self.confirm

    def on_mount(self) -> None:
        """Asks for the name."""
        self.confirm.ask(self.waste.target_name, "To give them up,")

    def on_confirm_by_typing_confirmed(self, event: ConfirmByTyping.Confirmed) -> None:
        """Sends the typed name up."""
        event.stop()
        self.post_message(intents.HeldDiscarded(self.waste.choice, event.typed))
        self.dismiss()

    def on_safe_answer_taken(self, event: SafeAnswer.Taken) -> None:
        """Keeps them."""
        event.stop()
        self.dismiss()
