"""Rows set aside: why, one by one, and what shall become of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on

from engine.model.held import HeldFilter
from screens import held_intents as intents
from screens.action_list import QUARANTINE
from screens.held_dialogs import ExportScreen, WhichRows
from screens.held_link import HeldEntry, HeldPlace, HeldShown
from screens.held_words import (
    ENTRY_COLUMNS,
    GROUP_COLUMNS,
    RULE_COLUMNS,
    choices_of,
    entry_row,
    group_rows,
    headline,
    news_parts,
    page_words,
    revoke_question,
    rule_row,
    which_rows,
)
from screens.run_screen import RunScreen, key_bindings
from screens.view_model import PassView
from screens.widgets.conservation_line import ConservationLine
from screens.widgets.line_table import LineTable
from screens.widgets.words import Words

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from engine.model.held import HeldChoice
    from screens.held_link import HeldRule
    from screens.sight import Sight

__all__ = ["QuarantineScreen"]


class QuarantineScreen(RunScreen):
    """Groups by reason, the rows of the marked one, and standing answers."""

    CSS_PATH = "quarantine.tcss"
    AUTO_FOCUS = "#entries"
    NAME = QUARANTINE
    BINDINGS: ClassVar[list[BindingType]] = key_bindings(QUARANTINE)
    ABOUT: ClassVar[str] = (
        "Rows that could not be written are kept whole, each with its reason. The upper list says how many "
        "and why; the line marked there is what the lower list shows. Enter opens a row: every value, the "
        "one in its way, and the rows that wait for it. A row is given other values with e, written after "
        "all with w, given up with g; o takes the rows shown out as a file. The line read = written + "
        "quarantined + filtered + merged holds before and after. Answers that stand for every such error "
        "are listed below; v revokes the marked one."
    )
    KEYS = (
        "go-on", "edit-row", "replay-rows", "discard-rows", "export-rows", "quarantine", "help", "commands",
        "quit",
    )  # fmt: skip

    def compose_body(self) -> ComposeResult:
        """How many, whether all is accounted for, why, which, and by what answers."""
        self.words = Words(id="guidance")
        self.conservation = ConservationLine(id="conservation")
        self.news = Words(id="news")
        self.groups = LineTable(GROUP_COLUMNS, empty="nothing was set aside", id="groups")
        self.entries = LineTable(ENTRY_COLUMNS, empty="no such row", id="entries")
        self.standing = LineTable(RULE_COLUMNS, empty="no answer stands for every such error", id="rules")
        self.place = HeldPlace()
        self.goes_to_end = False
        yield self.words
        yield self.conservation
        yield self.news
        yield self.groups
        yield self.entries
        yield self.standing

    def draw(self, sight: Sight) -> None:
        """Shows the page that was read last."""
        shown = sight.held
        self.words.show(*headline(shown))
        news = news_parts(shown, sight.replay_asked, sight.now)
        self.news.show(*news)
        self.news.display = bool(news)
        self.keys.labels = {"go-on": "open", "quarantine": "back"}
        if shown is None:
            return
        self.conservation.show_pass(PassView(counts=shown.counts))
        self._draw_groups(shown)
        self.standing.show(tuple(map(rule_row, shown.rules)))
        self.standing.display = bool(shown.rules)
        if shown.place == self.place:
            self.entries.show(tuple(map(entry_row, shown.entries)))
            if self.goes_to_end and shown.entries:
                self.goes_to_end = False
                self.entries.mark(len(shown.entries) - 1)
        self.twin.show_sight(sight, self.command(sight))

    def _draw_groups(self, shown: HeldShown) -> None:
        """Every group, that which is shown below with a mark of its own."""
        rows = group_rows(shown.groups, self.place.of)
        self.groups.show(rows)

    def command(self, sight: Sight) -> str:
        """The rows one by one, and where the mark stands."""
        run, of = sight.view.run_id[:8] or "latest", self.place.of
        words = f"quarantine list {run}" + (f" --table {of.table} --state {of.state}" if of.table else "")
        where = page_words(sight.held, self.entries.place) if sight.held is not None else ""
        return f"{words}   {where}"

    # What is marked

    @property
    def shown(self) -> HeldShown | None:
        """The page that was read last, if it is the one that was asked for."""
        held = self.sight.held
        return held if held is not None and held.place == self.place else None

    @property
    def marked(self) -> HeldEntry | None:
        """The row the mark stands on."""
        entries = self.shown.entries if self.shown is not None else ()
        return entries[self.entries.place] if self.entries.place < len(entries) else None

    @property
    def marked_rule(self) -> HeldRule | None:
        """The standing answer the mark stands on."""
        rules = self.sight.held.rules if self.sight.held is not None else ()
        return rules[self.standing.place] if self.standing.place < len(rules) else None

    @on(LineTable.Marked, "#groups")
    def _filter(self, event: LineTable.Marked) -> None:
        """Shows the rows of the marked group."""
        event.stop()
        held = self.sight.held
        if held is not None:
            group = held.groups[event.place - 1] if event.place else None
            self._go(HeldPlace(of=HeldFilter.of(group) if group is not None else HeldFilter()))

    @on(LineTable.Marked, "#entries")
    def _say_where(self, event: LineTable.Marked) -> None:
        event.stop()
        self.twin.show_sight(self.sight, self.command(self.sight))

    @on(LineTable.Beyond, "#entries")
    def _turn_page(self, event: LineTable.Beyond) -> None:
        """Shows the page behind the last row, or before the first."""
        event.stop()
        shown = self.shown
        if shown is None:
            return
        if event.by > 0 and not shown.is_last:
            self._go(shown.place.next_page(shown.entries[-1].row.quarantine_id))
        elif event.by < 0 and shown.place.after:
            self.goes_to_end = True
            self._go(shown.place.page_before())

    def _go(self, place: HeldPlace) -> None:
        self.place = place
        self.entries.place = 0
        self.post_message(intents.HeldPlaceShown(place))

    # What is done

    def action_act(self, name: str) -> None:
        """Enter opens the marked row here, goes from a group to its rows, or asks about the marked answer."""
        if name != "go-on":
            super().action_act(name)
        elif self.standing.has_focus:
            super().action_act("revoke-rule")
        elif self.groups.has_focus:
            self.entries.focus()
        else:
            self.do("open-row")

    def do(self, name: str) -> None:
        """What concerns the rows."""
        entry, shown = self.marked, self.shown
        match name:
            case "open-row" | "edit-row":
                if entry is not None:
                    edits = name == "edit-row"
                    self.post_message(intents.HeldRowOpened(entry.row.quarantine_id, edits=edits))
            case "replay-rows" if shown is not None:
                self._which("Which rows are written?", "is written", intents.HeldReplayed)
            case "discard-rows" if shown is not None:
                self._which("Which rows are given up?", "is given up", intents.HeldWasteAsked)
            case "export-rows" if shown is not None:
                of = shown.place.of
                suggested = f"~/quarantine-{self.sight.view.run_id[:8]}.csv"

                def write(path: str | None) -> None:
                    if path:
                        self.post_message(intents.HeldExported(of, path))

                self.app.push_screen(ExportScreen(shown.total, suggested), write)
            case "revoke-rule":
                self._revoke()
            case _:
                pass

    def _which(
        self,
        question: str,
        does: str,
        make: type[intents.HeldReplayed] | type[intents.HeldWasteAsked],
    ) -> None:
        shown, entry = self.shown, self.marked
        if shown is None or not shown.rows_in("open"):
            self.notify("No row is open any more.", title="Not now", markup=False)
            return
        choices: dict[str, HeldChoice] = choices_of(shown, entry)

        def take(name: str | None) -> None:
            if name is not None and name in choices:
                self.post_message(make(choices[name]))

        self.app.push_screen(WhichRows(which_rows(shown, entry, question=question, does=does)), take)

    def _revoke(self) -> None:
        rule = self.marked_rule
        if rule is None:
            self.notify("No answer stands for every such error.", title="Not now", markup=False)
            return

        def take(name: str | None) -> None:
            if name == "revoke":
                self.post_message(intents.RuleRevokeAsked(rule.rule_id))

        self.app.push_screen(WhichRows(revoke_question(rule)), take)
