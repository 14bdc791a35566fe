"""Verify: how well each table was compared, and every check with both its numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from engine.guidance.words import count_of
from engine.model.run import Step, Strength
from screens.escalation import escalation_lines
from screens.run_screen import LEAST_WIDTH, RunScreen
from screens.widgets.escalation import Escalation
from screens.widgets.line_table import Cell, Column, LineTable, Row
from screens.widgets.words import Part, Words
from screens.wording import STRENGTH_WORDS

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from engine.model.events import CheckResult, TableVerified
    from screens.sight import Sight
    from screens.view_model import RunView

__all__ = ["VerifyScreen"]

_RESULTS: dict[str, Cell] = {
    "pass": ("✓ PASS", "ok"),
    "fail": ("✗ FAIL", "bad"),
    "not-run": ("! NOT RUN", "warn"),
}

_MEANING = {
    "proven": "every row was digested on both sides, and all are equal",
    "sampled": "some rows were compared, not all",
    "count-only": "only the number of rows was compared",
    "not-compared": "nothing was compared",
    "different": "a check below found something else than it expected",
}


class VerifyScreen(RunScreen):
    """Tables with their strength, their checks below them, differences below that."""

    CSS_PATH = "verify.tcss"
    AUTO_FOCUS = "LineTable"
    STEP = Step.VERIFY
    ABOUT: ClassVar[str] = (
        "PROVEN: every row digested on both sides and equal. SAMPLED: some rows compared. COUNT-ONLY: only "
        "the numbers of rows agree. NOT COMPARED: nothing is known. DIFFERENT: a check failed. A check that "
        "could not run is NOT RUN, never passed. Up and down walk the checks; differences of the marked one "
        "stand below."
    )
    KEYS = (
        "go-on",
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
        """Words, checks, details."""
        self.words = Words(id="guidance")
        self.escalation = Escalation()
        self.checks = LineTable(_COLUMNS, empty="no table has been compared yet", id="checks")
        self.detail = Words(id="detail")
        self.marks: tuple[tuple[TableVerified, CheckResult | None], ...] = ()
        self.aside: dict[str, int] = {}
        yield self.words
        yield self.escalation
        yield self.checks
        yield self.detail

    def tells_question(self, sight: Sight) -> bool:
        """The escalation of a fault of this step says what is asked."""
        return bool(escalation_lines(sight, Step.VERIFY, LEAST_WIDTH))

    def draw(self, sight: Sight) -> None:
        """Shows what was compared so far."""
        view = sight.view
        self.words.show(*_headline(view))
        self.escalation.show_sight(sight, Step.VERIFY)
        self.marks = tuple(
            line
            for table in view.verified
            for line in ((table, None), *((table, check) for check in table.checks))
        )
        self.aside = {table.table: table.counts.quarantined for table in view.move.tables}
        self.checks.show(tuple(_row(table, check) for table, check in self.marks))
        self._spell_out()

    def on_line_table_marked(self, event: LineTable.Marked) -> None:
        """Spells out the check the mark went to."""
        event.stop()
        self._spell_out()

    def _spell_out(self) -> None:
        if self.checks.place < len(self.marks):
            table, check = self.marks[self.checks.place]
            self.detail.show(*_detail(table, check, aside=self.aside.get(table.table, 0)))

    def command(self, sight: Sight) -> str:
        """What was proven, as a file."""
        return f"report {sight.view.run_id[:8]}"


_COLUMNS = (
    Column(title="Table and check", most=44),
    Column(title="Expected", width=15, align="right"),
    Column(title="Actual", width=15, align="right"),
    Column(title="Result", width=14),
)


def _row(table: TableVerified, check: CheckResult | None) -> Row:
    if check is None:
        glyph, word, token = STRENGTH_WORDS[table.strength]
        return ((table.table, "strong"), ("", "plain"), ("", "plain"), (f"{glyph} {word}", token))
    return (
        (f"  {check.name}", "plain"),
        (check.expected, "quiet"),
        (check.actual, "plain"),
        _RESULTS[check.status],
    )


def _detail(table: TableVerified, check: CheckResult | None, *, aside: int) -> tuple[Part, ...]:
    if check is None:
        glyph, word, token = STRENGTH_WORDS[table.strength]
        why = _MEANING[table.strength]
        if aside and table.strength is Strength.PROVEN:
            why = why.replace("every row", f"every row but the {count_of(aside, 'rows')} set aside")
        reasons = [c.detail for c in table.checks if c.status == "not-run" and c.detail]
        return ((f"{glyph} {word}", token), f"  {table.table}: {'; '.join([why, *reasons])}")
    word, token = _RESULTS[check.status]
    parts: list[Part] = [
        (word, token),
        f"  {table.table}, {check.name}: expected {check.expected}, found {check.actual}",
    ]
    if check.detail:
        parts += ["\n", check.detail]
    return tuple(parts)


def _headline(view: RunView) -> list[Part]:
    failed = sum(1 for table in view.verified for check in table.checks if check.status == "fail")
    lines = view.words("verify")
    if lines:
        return [(lines[0], "bad" if failed else "strong"), *(f"\n{line}" for line in lines[1:])]
    if not view.verified:
        return [("Both sides are compared after the rows are in", "strong")]
    done = len(view.verified)
    return [(f"{done} of {max(len(view.move.tables), done)} tables compared", "strong")]
