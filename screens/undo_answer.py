"""Undo as the answer to a fault: counted, and only after the target's name was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen

from engine.guidance.words import count_of
from screens.widgets.confirm_by_typing import ConfirmByTyping, SafeAnswer
from screens.widgets.words import Part, Words

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from engine.model.undo import UndoPreview

__all__ = ["UndoAnswerScreen"]

MOST_TABLES = 6
"""Lines on tables; the sum stands above."""


class UndoAnswerScreen(ModalScreen[str]):
    """Gives back what was typed; empty when the question stays open."""

    CSS_PATH = "held_row.tcss"
    AUTO_FOCUS = "SafeAnswer"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss('')", "Leave it open", show=False)]

    def __init__(self, preview: UndoPreview) -> None:
        """Says what this answer would remove."""
        super().__init__()
        self.preview = preview
        self.confirm = ConfirmByTyping()

    def compose(self) -> ComposeResult:
        """What would go, table by table, and the name to type."""
        tables = self.preview.tables
        rows = sum(table.removable for table in tables)
        kept = sum(table.kept for table in tables)
        parts: list[Part] = [(f"This answer takes back {count_of(rows, 'rows')} this run wrote.", "strong")]
        if kept:
            parts.append(f" {count_of(kept, 'rows')} were changed by someone since and stay.")
        for table in tables[:MOST_TABLES]:
            goes = "; the table goes" if table.drops_table else ""
            parts += ["\n", (f"  {table.table}: {count_of(table.removable, 'rows')}{goes}", "quiet")]
        if len(tables) > MOST_TABLES:
            parts += ["\n", (f"  and {count_of(len(tables) - MOST_TABLES, 'more tables')}", "quiet")]
        with Vertical(id="dialog"):
            yield Words((" UNDO THE RUN? ", "loud-bad"))
            yield Words(*parts)
            yield self.confirm

    def on_mount(self) -> None:
        """Asks for the name."""
        self.confirm.ask(self.preview.target_name, "To take the run back,")

    def on_confirm_by_typing_confirmed(self, event: ConfirmByTyping.Confirmed) -> None:
        """Gives the typed name back."""
        event.stop()
        self.dismiss(event.typed)

    def on_safe_answer_taken(self, event: SafeAnswer.Taken) -> None:
        """Leaves the question open."""
        event.stop()
        self.dismiss("")
