"""The application's share in rows set aside: reads pages in threads, carries what is asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from console.linked_app import LinkedApp
from engine.model.errors import FordwayError
from engine.model.run import Counts
from screens import held_intents as intents
from screens import news
from screens.action_list import QUARANTINE
from screens.actions import action_of, allowed
from screens.held_link import HeldPlace, ReplayAsked

if TYPE_CHECKING:
    from screens.held_row import HeldRowScreen
    from screens.run_link import RunLink
    from screens.view_model import RunView

__all__ = ["HeldApp"]

AGAIN_SECONDS = 2.0
"""A page that could not be read is asked for again after this long."""


class HeldApp(LinkedApp):
    """Rows set aside are shown as they are now, for as long as somebody looks at them."""

    held_place = HeldPlace()
    """The page that is wanted."""
    _held_reading: tuple[HeldPlace, int] | None = None
    """Page and news that are being read; None while nothing is."""
    _held_failed_at = 0.0
    """By the clock's own seconds: when a page could not be read last."""
    _row_dialog: HeldRowScreen | None = None

    # Reading

    def keep_held(self, view: RunView) -> None:
        """Reads the page that is wanted, where it is seen and not known as it is now."""
        if self.shown != QUARANTINE or self.link is None or self._held_reading is not None:
            return
        held, wanted = self.sight.held, (self.held_place, view.held_news)
        if held is not None and (held.place, held.news) == wanted:
            return
        if self._held_failed_at and self.clock.monotonic() - self._held_failed_at < AGAIN_SECONDS:
            return
        self._held_reading = wanted
        work = partial(self._read_held, self.link, self.held_place, view.held_news)
        self.run_worker(work, thread=True, exit_on_error=False, group="held")

    def _read_held(self, link: RunLink, place: HeldPlace, number: int) -> None:
        """One page, in a thread; an unreadable one is asked for again when something is new."""
        try:
            self.tell(news.HeldRead(link.held.read(place, news=number)))
        except FordwayError as error:
            self.tell(news.RequestReturned("held", error.sentence()))

    def on_held_read(self, event: news.HeldRead) -> None:
        """Shows the page, unless another one is wanted by now."""
        asked, self._held_reading = self._held_reading, None
        if asked is not None and asked[0] == self.held_place:
            self.held_place = event.shown.place
            self.sight = replace(self.sight, held=event.shown)

    def on_held_place_shown(self, event: intents.HeldPlaceShown) -> None:
        """Another page is wanted."""
        self.held_place = event.place

    def forget_held(self, what: str, sentence: str) -> None:
        """A page that could not be read is no longer being read; a replay that was refused is not awaited."""
        if what == "replay" and sentence:
            self.sight = replace(self.sight, replay_asked=None)
        if what == "held":
            self._held_reading = None
            self._held_failed_at = self.clock.monotonic()

    # One row

    def on_held_row_opened(self, event: intents.HeldRowOpened) -> None:
        """Reads the row, whole."""
        if self.link is not None:
            self.request("row", partial(self._read_row, self.link, event.number, edits=event.edits))

    def _read_row(self, link: RunLink, number: int, *, edits: bool = False) -> str:
        self.tell(news.HeldRowRead(link.held.detail(number), edits=edits))
        return ""

    def on_held_row_read(self, event: news.HeldRowRead) -> None:
        """Shows the row, in the dialog that shows it already where there is one."""
        from screens.held_row import HeldRowScreen
        from screens.run_screen import RunScreen

        dialog = self._row_dialog
        if dialog is not None and dialog.is_mounted:
            dialog.show_detail(event.detail)
            return
        if not isinstance(self.screen, RunScreen):
            return
        why = allowed(action_of("replay-rows"), self.sight.view)
        self._row_dialog = HeldRowScreen(event.detail, can_act=self.sight.can_act, why_no_replay=why)
        self.push_screen(self._row_dialog, self._forget_row)
        if event.edits:
            self._row_dialog.call_after_refresh(self._row_dialog.action_edit)

    def _forget_row(self, _: None) -> None:
        self._row_dialog = None

    # What is asked for

    def on_held_edited(self, event: intents.HeldEdited) -> None:
        """Gives the row the value, then shows it as it is."""
        if self.link is not None:
            self.request("edit", partial(self._edit, self.link, event))

    def _edit(self, link: RunLink, event: intents.HeldEdited) -> str:
        refused = link.held.edit(event.number, event.column, event.value)
        return refused or self._read_row(link, event.number)

    def on_held_replayed(self, event: intents.HeldReplayed) -> None:
        """Has the rows written after all; what comes of it shows in the list."""
        if self.link is not None:
            held = self.sight.held
            before = held.replay.handoff_id if held is not None and held.replay is not None else ""
            counts = held.counts if held is not None else Counts()
            asked = ReplayAsked(counts=counts, handoff_id=before, at=self.clock.now())
            self.sight = replace(self.sight, replay_asked=asked)
            self.request("replay", partial(self.link.held.replay, event.choice))

    def on_held_waste_asked(self, event: intents.HeldWasteAsked) -> None:
        """Counts what giving the rows up would mean."""
        if self.link is not None:
            self.request("waste", partial(self._count_waste, self.link, event))

    def _count_waste(self, link: RunLink, event: intents.HeldWasteAsked) -> str:
        self.tell(news.WasteCounted(link.held.waste(event.choice)))
        return ""

    def on_waste_counted(self, event: news.WasteCounted) -> None:
        """Asks for the target's name."""
        from screens.held_dialogs import DiscardScreen

        self.push_screen(DiscardScreen(event.waste))

    def on_held_discarded(self, event: intents.HeldDiscarded) -> None:
        """Gives the rows up; the ledger compares the name once more."""
        if self.link is not None:
            self.request("discard", partial(self.link.held.discard, event.choice, typed=event.typed))

    def on_held_exported(self, event: intents.HeldExported) -> None:
        """Writes the file, and says which."""
        if self.link is not None:
            self.request("export", partial(self._export, self.link, event))

    def _export(self, link: RunLink, event: intents.HeldExported) -> str:
        written, refused = link.held.export(event.of, event.path)
        if written:
            self.tell(news.HeldTold(f"{written}."))
        return refused

    def on_held_told(self, event: news.HeldTold) -> None:
        """Says that it is done."""
        self.notify(event.sentence, markup=False)

    def on_rule_revoke_asked(self, event: intents.RuleRevokeAsked) -> None:
        """The answer stands no longer."""
        if self.link is not None:
            self.request("revoke", partial(self.link.held.revoke_rule, event.rule_id))
