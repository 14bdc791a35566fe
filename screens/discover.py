"""Discover: what is there, and what was noticed about it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Container, Vertical

from engine.model.run import Step
from screens.run_screen import RunScreen
from screens.widgets.finding_list import FindingList, detail_of, worst_first
from screens.widgets.line_table import Column, LineTable, Row
from screens.widgets.words import Part, Words
from screens.wording import count, plural

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from engine.model.events import TableDiscovered
    from screens.sight import Sight

__all__ = ["DiscoverScreen"]


class DiscoverScreen(RunScreen):
    """Tables with their rows and class, findings with evidence and remedy."""

    CSS_PATH = "discover.tcss"
    AUTO_FOCUS = "FindingList"
    STEP = Step.DISCOVER
    ABOUT: ClassVar[str] = (
        "Every source table, counted and classed, and what was noticed about its values and its schema. "
        "Up and down walk the findings; the marked one is spelled out below. "
        "A blocker must be mended before the plan can be approved; what asks is settled by your answer "
        "there. Enter shows the plan."
    )
    KEYS = ("go-on", "previous-step", "next-step", "coordination", "help", "commands", "quit")

    def compose_body(self) -> ComposeResult:
        """Words first, then tables, then findings."""
        self.words = Words(id="guidance")
        self.tables_title = Words(classes="title")
        self.tables = LineTable(_COLUMNS, empty="reading the sources", id="tables")
        self.findings_title = Words(classes="title")
        self.findings = FindingList()
        self.detail = Words(id="detail")
        yield self.words
        with Container(id="found"):
            with Vertical(id="found-tables"):
                yield self.tables_title
                yield self.tables
            with Vertical(id="found-findings"):
                yield self.findings_title
                yield self.findings
                yield self.detail

    def draw(self, sight: Sight) -> None:
        """Shows what is known so far."""
        view = sight.view
        self.words.show(*_guidance(sight, self.size.height))
        rows = sum(table.rows for table in view.discovered)
        self.tables_title.show(
            ("Tables ", "head"), (f"{plural(len(view.discovered), 'table')}, {plural(rows, 'row')}", "quiet")
        )
        self.tables.show(tuple(_row(table) for table in view.discovered))
        self.findings_title.show(("Findings ", "head"), (_tally(sight), "quiet"))
        self.findings.show_findings(view.findings)
        self.detail.show(*detail_of(self.findings.marked))
        self.keys.labels = {"go-on": "the plan"}

    def on_line_table_marked(self, event: LineTable.Marked) -> None:
        """Spells out the finding the mark went to."""
        event.stop()
        self.detail.show(*detail_of(self.findings.marked))

    def command(self, sight: Sight) -> str:
        """Inspect lists the same."""
        return f"inspect {sight.view.sources[0]}" if sight.view.sources else "inspect"


_TALL = 32
"""Below so many lines the findings need the room: what was found, and what to look at, is said there."""
_COLUMNS = (
    Column(title="Table", most=36),
    Column(title="Rows", width=11, align="right"),
    Column(title="Class", width=13),
    Column(title="Complexity", width=10),
    Column(title="Columns", width=7, align="right", from_width=90),
    Column(title="Note"),
)


def _row(table: TableDiscovered) -> Row:
    return (
        (table.table, "strong"), (count(table.rows), "plain"), (str(table.table_class), "plain"),
        (table.complexity, "plain"), (count(table.columns), "quiet"), (table.note, "quiet"),
    )  # fmt: skip


def _guidance(sight: Sight, height: int) -> list[Part]:
    lines = sight.view.words("discovery")
    if not lines:
        return [("Reading what is there; nothing is changed", "strong")]
    if height < _TALL:
        lines = (lines[0], *lines[1:][-1:])
    parts: list[Part] = [(lines[0], "strong")]
    for line in lines[1:]:
        parts += ["\n", line]
    return parts


def _tally(sight: Sight) -> str:
    found = worst_first(sight.view.findings)
    numbers = Counter(finding.word for finding in found)
    said = [plural(numbers[word], word) for word in ("blocker", "warning", "note") if numbers[word]]
    if asking := numbers["asks"]:
        said.insert(int("blocker" in numbers), f"{count(asking)} that {'asks' if asking == 1 else 'ask'}")
    return ", ".join(said) if said else "none"
