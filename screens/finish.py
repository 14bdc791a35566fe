"""Finish: what became of every row, predicted beside actual, and what can still be done."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll

from engine.model.run import RunState, Step
from screens.run_screen import RunScreen
from screens.widgets.flow import labelled
from screens.widgets.line_table import Column, LineTable, Row
from screens.widgets.words import Part, Words
from screens.wording import STRENGTH_WORDS, count, duration

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from engine.model.run import TableOutcome
    from screens.sight import Sight
    from screens.view_model import RunView

__all__ = ["FinishScreen"]

_GATES = {"open": ("○ open", "quiet"), "passed": ("✓ passed", "ok"), "failed": ("✗ failed", "bad")}
PHASES = ("discover", "plan", "rehearse", "move", "index", "verify")
"""The order phases are printed in."""


class FinishScreen(RunScreen):
    """Outcome, gates, seconds, report, next."""

    CSS_PATH = "finish.tcss"
    AUTO_FOCUS = "VerticalScroll"
    STEP = Step.FINISH
    ABOUT: ClassVar[str] = (
        "What became of every row, with the rehearsal's prediction beside it; the gates; where the time "
        "went; where the report lies. The undo is still available from here."
    )
    KEYS = (
        "undo-run",
        "previous-step",
        "next-step",
        "quarantine",
        "coordination",
        "help",
        "commands",
        "quit",
    )

    def compose_body(self) -> ComposeResult:
        """Words, outcome, the rest as text."""
        self.words = Words(id="guidance")
        self.outcome = LineTable(_COLUMNS, empty="the run has not ended yet", id="outcome")
        self.rest = Words()
        yield self.words
        yield self.outcome
        with VerticalScroll(id="rest"):
            yield self.rest

    def draw(self, sight: Sight) -> None:
        """Shows the end, as far as it is reached."""
        view = sight.view
        self.words.show(*_headline(view))
        predicted = {table.table: table for table in view.rehearsed.tables} if view.rehearsed else {}
        tables = view.outcome.tables if view.outcome else ()
        self.outcome.show(tuple(_row(table, predicted.get(table.table)) for table in tables))
        self.rest.show(*_rest(view, max(self.size.width - 4, 60)))

    def command(self, sight: Sight) -> str:
        """The report, again."""
        return f"report {sight.view.run_id[:8]}"


_COLUMNS = (
    Column(title="Table", most=36),
    Column(title="Predicted", width=10, align="right"),
    Column(title="Written", width=10, align="right"),
    Column(title="Quarantined", width=11, align="right"),
    Column(title="Filtered", width=8, align="right", from_width=90),
    Column(title="Merged", width=8, align="right", from_width=90),
    Column(title="Strength", width=14),
)


def _row(table: TableOutcome, predicted: TableOutcome | None) -> Row:
    rows = table.counts
    glyph, word, token = STRENGTH_WORDS[table.strength]
    is_as_predicted = predicted is None or predicted.counts.written == rows.written
    return (
        (table.table, "strong"),
        ("-" if predicted is None else count(predicted.counts.written), "quiet"),
        (count(rows.written), "plain" if is_as_predicted else "warn"),
        (count(rows.quarantined), "warn" if rows.quarantined else "quiet"),
        (count(rows.filtered), "quiet"), (count(rows.merged), "quiet"), (f"{glyph} {word}", token),
    )  # fmt: skip


def _headline(view: RunView) -> list[Part]:
    lines = view.words("finish")
    if view.outcome is None:
        return [("The run has not ended yet", "strong")]
    token = "ok" if view.outcome.state is RunState.COMPLETE else "warn"
    head = lines[0] if lines else f"The run is {view.outcome.state}"
    return [(head, token), *(f"\n{line}" for line in lines[1:])]


def _rest(view: RunView, width: int) -> list[Part]:
    line = partial(labelled, width=width, cells=10)
    parts: list[Part] = []
    wide = max((len(gate.gate) for gate in view.gates), default=0)
    for place, gate in enumerate(view.gates):
        word, token = _GATES[gate.state]
        label = "" if place else "gates"
        parts += line(label, (f"{word:<9} ", token), f"{gate.gate.ljust(wide)}  ", (gate.reason, "quiet"))
    outcome = view.outcome
    if outcome is None:
        return parts
    known = [*PHASES, *(name for name in outcome.phases if name not in PHASES)]
    spent = [f"{name} {duration(outcome.phases[name])}" for name in known if name in outcome.phases]
    parts += [
        "\n",
        *line("time", (duration(outcome.seconds), "strong"), (f" in all: {', '.join(spent)}", "quiet")),
    ]
    if outcome.report:
        parts += line("report", outcome.report)
    if view.state is not RunState.UNDONE:
        parts += line("next", "Undo is still available: ", ("u", "key"), " shows what it would remove.")
    return parts
