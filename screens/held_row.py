"""One row set aside, whole: every value, which is in its way, who waits for it, and other values for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input

from engine.guidance.words import batch_name
from engine.model.held import HeldChoice
from screens import held_intents as intents
from screens.held_words import CELL_COLUMNS, cell_row, detail_parts
from screens.widgets.line_table import LineTable
from screens.widgets.words import Part, Words

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from engine.model.held import HeldCell
    from screens.held_link import HeldDetail

__all__ = ["HeldRowScreen"]


class HeldRowScreen(ModalScreen[None]):
    """Posts what is asked for; the app shows the row anew when it has changed."""

    CSS_PATH = "held_row.tcss"
    AUTO_FOCUS = "LineTable"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back", show=False),
        Binding("e,enter", "edit", "Another value", show=False),
        Binding("n", "set_null", "NULL", show=False),
        Binding("w", "replay", "Replay", show=False),
        Binding("g", "discard", "Give up", show=False),
    ]

    def __init__(self, detail: HeldDetail, *, can_act: bool, why_no_replay: str) -> None:
        """Shows this row.

        Args:
            detail: it.
            can_act: whether its values may be changed from here.
            why_no_replay: why it can't be replayed now; empty when it can.
        """
        super().__init__()
        self.detail = detail
        self.can_act = can_act
        self.why_no_replay = why_no_replay
        self.editing: HeldCell | None = None
        self.why = Words(id="why")
        self.cells = LineTable(CELL_COLUMNS, empty="the ledger has no value of it", id="cells")
        self.cell = Words(id="cell")
        self.wanted = Words()
        self.given = Input()
        self.given.cursor_blink = False
        self.way_out = Words(id="way-out")

    def compose(self) -> ComposeResult:
        """Why, every value, the marked one in full, and the keys."""
        with Vertical(id="dialog"):
            with VerticalScroll(id="about", can_focus=False):
                yield self.why
            yield self.cells
            yield self.cell
            with Horizontal(id="given"):
                yield self.wanted
                yield self.given
            yield self.way_out

    def on_mount(self) -> None:
        """Draws, and marks the value that is in the way."""
        self.show_detail(self.detail)
        guilty = next((place for place, cell in enumerate(self.detail.cells) if cell.is_offending), 0)
        self.cells.mark(guilty)

    def show_detail(self, detail: HeldDetail) -> None:
        """Shows the row as it is now."""
        self.detail = detail
        row = detail.row
        title = f" ROW {row.quarantine_id} · {row.target_table} · key {row.key_words} "
        self.query_one("#dialog").border_title = Content(f"{title}· batch {batch_name(row.chunk_number)} ")
        self.why.show(*detail_parts(detail))
        self.cells.show(tuple(map(cell_row, detail.cells)))
        self._draw_marked()

    @property
    def marked(self) -> HeldCell | None:
        """The value the mark stands on."""
        return self.detail.cells[self.cells.place] if self.cells.place < len(self.detail.cells) else None

    @property
    def can_edit(self) -> bool:
        """Whether the row is open and this console may change it."""
        return self.can_act and self.detail.row.state == "open"

    def _draw_marked(self) -> None:
        cell = self.marked
        if cell is None:
            self.cell.show()
        else:
            value = "NULL" if cell.value is None else cell.value
            parts: list[Part] = [(f"{cell.target or cell.source} ", "strong"), value]
            self.cell.show(*parts)
        self._draw_keys()

    def _draw_keys(self) -> None:
        if self.editing is not None:
            self.way_out.show(("enter", "key"), " takes the value   ", ("esc", "key"), " leaves it as it is")
            return
        keys: list[Part] = []
        if self.can_edit:
            keys += [("e", "key"), " another value   ", ("n", "key"), " NULL   "]
            keys += [
                ("w", "quiet" if self.why_no_replay else "key"),
                " replay   ",
                ("g", "key"),
                " give up   ",
            ]
        self.way_out.show(*keys, ("esc", "key"), " back")

    def on_line_table_marked(self, event: LineTable.Marked) -> None:
        """Shows the marked value in full."""
        event.stop()
        self._draw_marked()

    # Other values

    def action_edit(self) -> None:
        """Asks for another value of the marked column."""
        cell = self.marked
        if cell is None or self.editing is not None or not self._may_edit(cell):
            return
        self.editing = cell
        self.wanted.show((f"{cell.target} = ", "strong"))
        self.given.value = (cell.new if cell.is_edited else cell.value) or ""
        self.query_one("#given").display = True
        self.given.focus()
        self._draw_keys()

    def action_set_null(self) -> None:
        """The marked column becomes NULL."""
        cell = self.marked
        if cell is not None and self.editing is None and self._may_edit(cell):
            self._send(cell, None)

    def _may_edit(self, cell: HeldCell) -> bool:
        why = ""
        if not self.can_act:
            why = "this console only looks at rows"
        elif self.detail.row.state != "open":
            why = f"the row is {self.detail.row.state} already"
        elif not cell.target:
            why = f"{cell.source} is not moved, so it can't be in the way"
        if why:
            self.notify(f"{why[:1].upper()}{why[1:]}.", title="Not now", markup=False)
        return not why

    @on(Input.Submitted)
    def _take_value(self, event: Input.Submitted) -> None:
        event.stop()
        if self.editing is not None:
            self._send(self.editing, event.value)
            self._drop_value()

    def _send(self, cell: HeldCell, value: str | None) -> None:
        self.post_message(intents.HeldEdited(self.detail.row.quarantine_id, cell.target, value))

    def _drop_value(self) -> None:
        self.editing = None
        self.query_one("#given").display = False
        self.cells.focus()
        self._draw_keys()

    # What becomes of the row

    def action_replay(self) -> None:
        """Writes this row after all, with the values it has now."""
        if self.editing is not None or not self.can_edit:
            return
        if self.why_no_replay:
            self.notify(f"Not now: {self.why_no_replay}.", title="Replay", markup=False)
            return
        self.post_message(intents.HeldReplayed(HeldChoice(numbers=(self.detail.row.quarantine_id,))))
        self.dismiss()

    def action_discard(self) -> None:
        """Counts what giving the row up would mean, and asks."""
        if self.editing is None and self.can_edit:
            self.post_message(intents.HeldWasteAsked(HeldChoice(numbers=(self.detail.row.quarantine_id,))))
            self.dismiss()

    def action_back(self) -> None:
        """Leaves the value as it is, or goes back to the list."""
        if self.editing is not None:
            self._drop_value()
        else:
            self.dismiss()
