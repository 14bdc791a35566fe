"""Rehearse: the whole move into a scratch schema, and what it predicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll

from engine.model.decisions import DecisionKind
from engine.model.run import Pass, Step
from screens.escalation import escalation_lines
from screens.run_screen import LEAST_WIDTH, RunScreen
from screens.view_model import RailState
from screens.widgets.line_table import Column, LineTable, Row
from screens.widgets.option_rows import OptionRows
from screens.widgets.pass_body import PassBody
from screens.widgets.words import Part, Words
from screens.wording import count, duration

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from engine.model.run import TableOutcome
    from screens.sight import Sight
    from screens.view_model import RunView

__all__ = ["RehearseScreen"]


class RehearseScreen(RunScreen):
    """Progress like Move, then the prediction and the question whether to move for real."""

    CSS_PATH = "rehearse.tcss"
    AUTO_FOCUS = "OptionRows"
    STEP = Step.REHEARSE
    ABOUT: ClassVar[str] = (
        "The same code moves every row into a scratch schema, which is dropped afterwards. "
        "What comes out is the prediction: rows written, quarantined, filtered and merged, table by table. "
        "The final report prints it beside what really happened."
    )
    KEYS = ("go-on", "pause-run", "resume-run", "previous-step", "next-step", "help", "commands", "quit")

    def compose_body(self) -> ComposeResult:
        """Words, progress, prediction, question."""
        self.words = Words(id="guidance")
        self.walk = PassBody(Pass.REHEARSE)
        self.predicted = LineTable(_COLUMNS, id="predicted")
        self.question = Words(id="question")
        self.options = OptionRows(is_safest_first=False)
        yield self.words
        yield self.predicted
        yield self.walk
        yield self.question
        with VerticalScroll(id="asking", can_focus=False):
            yield self.options

    def option_rows(self) -> OptionRows:
        """Starting the move is asked for here."""
        return self.options

    def tells_question(self, sight: Sight) -> bool:
        """The escalation of a fault of this step says what is asked."""
        return bool(escalation_lines(sight, Step.REHEARSE, LEAST_WIDTH))

    def draw(self, sight: Sight) -> None:
        """Progress while it runs, the prediction once it is done."""
        view = sight.view
        decision = view.decision
        is_asked = decision is not None and decision.kind is DecisionKind.START_MOVE and sight.can_act
        self.options.show_decision(decision if is_asked else None)
        self.options.display = is_asked
        self.query_one("#asking").display = self.question.display = is_asked
        self.question.show(*([(decision.question, "warn")] if is_asked and decision is not None else []))
        self.words.show(*_guidance(view))
        done = view.rehearsed
        self.predicted.display = done is not None
        if done is not None:
            self.predicted.show(tuple(_row(table) for table in done.tables))
        self.walk.show_sight(sight)
        self.keys.labels = {"go-on": "choose" if is_asked else "go on"}

    def command(self, sight: Sight) -> str:
        """A rehearsal alone."""
        return f"run {sight.view.playbook} --rehearse"


_COLUMNS = (
    Column(title="Predicted", most=40),
    Column(title="Planned", width=11, align="right"),
    Column(title="Written", width=11, align="right"),
    Column(title="Quarantined", width=11, align="right"),
    Column(title="Filtered", width=9, align="right"),
    Column(title="Merged", width=9, align="right"),
    Column(title="Time", width=9, align="right", from_width=90),
)


def _row(table: TableOutcome) -> Row:
    rows = table.counts
    return (
        (table.table, "strong"), (count(table.planned), "quiet"), (count(rows.written), "plain"),
        (count(rows.quarantined), "warn" if rows.quarantined else "quiet"), (count(rows.filtered), "quiet"),
        (count(rows.merged), "quiet"), (duration(table.seconds), "quiet"),
    )  # fmt: skip


def _guidance(view: RunView) -> list[Part]:
    lines = view.words("rehearsal")
    if view.rehearsed is not None:
        head = lines[0] if lines else "The rehearsal is done; the scratch schema is gone again"
        parts: list[Part] = [(head, "strong")]
        for line in lines[1:]:
            parts += ["\n", line]
        return [*parts, "\n", ("took ", "quiet"), duration(view.rehearsed.seconds)]
    if view.rail_step(Step.REHEARSE).state is RailState.SKIPPED:
        return [("This run was started without a rehearsal", "strong")]
    if not view.rehearsal.tables:
        return [
            ("The rehearsal comes after the plan is approved", "strong"),
            "\n",
            ("Every row goes into a scratch schema first; your tables are not touched.", "quiet"),
        ]
    return [("Rehearsing into a scratch schema; your tables are not touched", "strong")]
