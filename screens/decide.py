"""A fault's question over the screen: what happened, what is safe, and one key per answer.

Whoever reads it may have been woken by it. What matters stands still: the list has one line an answer,
the marked one is told in full below, and nothing of both scrolls away at 80 by 24.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import ContentSwitcher, Input

from screens import intents
from screens.fault_keys import keys_of_answers, keys_of_evidence, keys_of_value
from screens.fault_rows import diagnosis_of, evidence_parts, example_columns, example_rows, row_parts
from screens.fault_words import (
    detail_parts,
    safe_words,
    title_of,
    top_lines,
    waiting_words,
    with_lead_asked,
    without_repeat,
)
from screens.sight import Sight
from screens.widgets.line_table import LineTable
from screens.widgets.option_lines import OptionLines
from screens.widgets.words import Words, content_of

if TYPE_CHECKING:
    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from engine.model.decisions import Decision, Option

__all__ = ["DecideScreen"]

CHOICES, ROWS, EVIDENCE = "choices", "rows", "evidence"
"""What stands below headline and facts."""
FRAME_LINES = 3
"""Border above and below, and the line of keys."""
LOW_LINES = 32
"""Below this height there is little detail; above, all of it as a rule."""
TOP_LINES, DETAIL_LINES, TALL_DETAIL_LINES = 4, 4, 6
"""Headline and facts at the least, and detail: with two lines of what is safe, eleven answers and the
frame they are 24."""


class DecideScreen(ModalScreen[None]):
    """Posts ``OptionChosen``; the app closes it. Escape leaves the question open."""

    CSS_PATH = "decide.tcss"
    AUTO_FOCUS = "OptionLines"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Back, or leave it open", show=False),
        Binding("space", "toggle_every", "For every such fault", show=False),
        Binding("v", "show('rows')", "Example rows", show=False),
        Binding("d", "show('evidence')", "All details", show=False),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (LOW_LINES, "-tall")]  # noqa: RUF012 - Textual's type

    def __init__(self, decision: Decision, sight: Sight) -> None:
        """Asks this question, with the mark on the safest option."""
        super().__init__()
        self.decision = with_lead_asked(decision, sight.viewer)
        self.sight = sight
        self.is_every = False
        self.wants: Option | None = None
        """The option whose value is being typed."""
        self.detail_lines = DETAIL_LINES
        self.told = Words(id="told")
        self.safe = Words(id="safe")
        self.options = OptionLines(self.decision, is_safest_first=True)
        self.detail = Words(id="detail")
        self.wanted = Words()
        self.given = Input()
        self.given.cursor_blink = False
        self.rows = LineTable(example_columns(()), empty="no rows were looked through for this question")
        self.row = Words(id="row")
        self.evidence = Words()
        self.keys = Words(id="way-out")

    def compose(self) -> ComposeResult:
        """What happened, the answers or the evidence, and the keys."""
        with Vertical(id="dialog"):
            yield self.told
            yield self.safe
            with ContentSwitcher(initial=CHOICES, id="panels"):
                with Vertical(id=CHOICES):
                    with VerticalScroll(id="options", can_focus=False):
                        yield self.options
                    yield self.detail
                    with Horizontal(id="given"):
                        yield self.wanted
                        yield self.given
                with Vertical(id=ROWS):
                    yield self.rows
                    yield self.row
                with VerticalScroll(id=EVIDENCE):
                    yield self.evidence
            yield self.keys

    @property
    def panel(self) -> str:
        """Which panel is shown."""
        return str(self.query_one("#panels", ContentSwitcher).current)

    # Drawing

    def on_mount(self) -> None:
        """Draws once the size is known."""
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Draws anew for the new size."""
        self.call_after_refresh(self._draw)

    def show_sight(self, decision: Decision, sight: Sight) -> None:
        """Shows this moment of the same question: how long it waits, and whether it was handed on."""
        decision = with_lead_asked(decision, sight.viewer)
        is_same = decision == self.decision and sight.view.diagnosis == self.sight.view.diagnosis
        self.decision, self.sight = decision, sight
        if not self.is_mounted:
            return
        if is_same:
            self._draw_waiting()
        else:
            self.options.show_decision(decision)
            self._draw()

    def _draw(self) -> None:
        width, height = self.told.size.width, self.size.height
        if not width:
            return
        is_low, chooses = height < LOW_LINES, self.panel == CHOICES
        safe = safe_words(self.decision, width) if chooses else []
        detail = DETAIL_LINES if is_low else TALL_DETAIL_LINES
        room = height - FRAME_LINES - len(safe) - detail
        told = top_lines(
            self.decision, width, most=max(room - len(self.decision.options) - 2, TOP_LINES) if chooses else 1
        )
        self.told.show(*told)
        self.safe.show(*(("\n".join(safe), "ok"),) if safe else ())
        self.safe.display = bool(safe)
        top = sum(part.count("\n") for part in told if isinstance(part, str)) + 1 + len(safe)
        self._share(height - FRAME_LINES - top, detail)
        self.query_one("#dialog").border_title = Content(f" {title_of(self.decision)} ")
        self._draw_evidence(width)
        self._draw_waiting()
        self._draw_marked()

    def _share(self, room: int, detail: int) -> None:
        """Every answer gets its line first, then the detail, then gaps; the answers scroll if they must."""
        answers = min(len(self.decision.options), max(room - detail, 1))
        spare = max(room - detail - answers, 0)
        options = self.query_one("#options")
        options.styles.height = answers
        options.styles.margin = (min(spare, 1), 0, int(spare > 1), 0)
        self.detail_lines = detail - int(self.wants is not None)
        self.detail.styles.height = self.detail_lines
        for panel in (ROWS, EVIDENCE):
            self.query_one(f"#{panel}").styles.height = max(room, 1)

    def _draw_evidence(self, width: int) -> None:
        diagnosis = diagnosis_of(self.decision, self.sight.view.diagnosis)
        rows = example_rows(diagnosis) if diagnosis is not None else ()
        self.rows.columns = example_columns(rows)
        self.rows.show(rows)
        self.row.show(*row_parts(rows, self.rows.place, width))
        self.evidence.show(*evidence_parts(self.decision, diagnosis, width - 2))

    def _draw_waiting(self) -> None:
        view = self.sight.view
        words = waiting_words(self.decision, view.asked_at, now=self.sight.now, zone=self.sight.zone)
        self.query_one("#dialog").border_subtitle = content_of([" ", *words, " "])

    def _draw_marked(self) -> None:
        option = self.options.marked
        if option is not None:
            room = (self.told.size.width - 2, self.detail_lines)
            every = self.is_every and option.can_repeat
            self.detail.show(*detail_parts(self.decision, option, is_every=every, room=room))
        self._draw_keys()

    def on_option_lines_marked(self, event: OptionLines.Marked) -> None:
        """Tells the marked option in full."""
        event.stop()
        if self.is_mounted:
            self._draw_marked()

    def _draw_keys(self) -> None:
        width = self.told.size.width
        if self.panel != CHOICES:
            keys = keys_of_evidence("v" if self.panel == ROWS else "d")
        elif self.wants is not None:
            keys = keys_of_value()
        else:
            keys = keys_of_answers(self.decision, self.options.marked, is_every=self.is_every, width=width)
        self.keys.show(*keys)

    # Keys

    def on_key(self, event: events.Key) -> None:
        """An option's own key takes it, where the options are seen."""
        if self.panel == CHOICES and self.wants is None and self.options.take_key(event):
            event.stop()
            event.prevent_default()

    def on_option_rows_chosen(self, event: OptionLines.Chosen) -> None:
        """Sends the answer up, or asks for the value that goes with it."""
        event.stop()
        if event.option.wants_value:
            self._ask_value(event.option)
        else:
            self._answer(event.option, "")

    def _answer(self, option: Option, value: str) -> None:
        every = self.is_every and option.can_repeat
        self.post_message(
            intents.OptionChosen(self.decision.decision_id, option.name, for_every=every, value=value)
        )

    def _ask_value(self, option: Option) -> None:
        self.wants = option
        self.wanted.show((f"{option.wants_value[:1].upper()}{option.wants_value[1:]}: ", "strong"))
        self.given.value = option.value
        self.query_one("#given").display = True
        self.given.focus()
        self._draw()

    @on(Input.Submitted)
    def _take_value(self, event: Input.Submitted) -> None:
        event.stop()
        if self.wants is None:
            return
        if not event.value:
            self.notify(f"{self.wants.label} needs {self.wants.wants_value}.", title="Not yet", markup=False)
            return
        self._answer(self.wants, event.value)

    def _drop_value(self) -> None:
        self.wants = None
        self.query_one("#given").display = False
        self.options.focus()
        self._draw()

    def action_toggle_every(self) -> None:
        """The answer holds for every such fault, or for this one alone; or says why it can't."""
        marked = self.options.marked
        if self.panel != CHOICES or marked is None:
            return
        if marked.unavailable or not marked.can_repeat:
            self.notify(f"{without_repeat(marked)}.", title="Not for every one", markup=False)
            return
        self.is_every = not self.is_every
        self._draw_marked()

    def action_show(self, panel: str) -> None:
        """Shows example rows or everything that is known; the same key goes back."""
        if self.wants is not None:
            return
        shown = CHOICES if panel == self.panel else panel
        self.query_one("#panels", ContentSwitcher).current = shown
        focus = {CHOICES: self.options, ROWS: self.rows, EVIDENCE: self.query_one(f"#{EVIDENCE}")}
        focus[shown].focus()
        self._draw()

    def on_line_table_marked(self, event: LineTable.Marked) -> None:
        """Tells the marked row in full."""
        event.stop()
        self._draw_evidence(self.told.size.width)

    def action_back(self) -> None:
        """Goes back to the answers, or leaves the question open."""
        if self.wants is not None:
            self._drop_value()
        elif self.panel != CHOICES:
            self.action_show(self.panel)
        else:
            self.dismiss()
