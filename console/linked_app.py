"""The application's link to its run: opened, followed, and asked in worker threads."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal

from screens import news
from screens.errands import carry_request, open_run
from screens.following import Follower
from screens.run_app import RunApp
from screens.run_view import RunView

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.message import Message

    from engine.model.ports import Clock
    from screens.run_link import ControlRequest, RunLink
    from screens.sight import Sight

__all__ = ["ExitReason", "LinkedApp"]

ExitReason = Literal["", "left", "detached", "paused", "parked", "signal"]


class LinkedApp(RunApp):
    """Everything that reaches the run goes through here."""

    def __init__(
        self,
        sight: Sight,
        clock: Clock,
        *,
        opening: Callable[[Callable[[str], None]], RunLink] | None,
        link: RunLink | None,
    ) -> None:
        """Follows ``link``, or what ``opening`` gives once it is through.

        Args:
            sight: what is known already.
            clock: tells the time that ages and estimates are reckoned by.
            opening: runs in a thread; starts services and gives the link. It is handed where to
                tell its progress, and may raise ``FordwayError``.
            link: a run to attach to at once.
        """
        super().__init__(sight, clock, lingers=link is None)
        self.link = link
        self.exit_reason: ExitReason = ""
        self._opening = opening
        self._follower: Follower | None = None

    # Opening and following

    def on_mount(self) -> None:
        """Opens or follows the run."""
        if self.link is not None:
            self._follow(self.link)
        else:
            self.open_link()

    def on_unmount(self) -> None:
        """Stops following; the run goes on."""
        if self._follower is not None:
            self._follower.stop()

    def open_link(self) -> None:
        """Opens the run in a thread, where there is something to open."""
        if self._opening is None:
            return
        self.sight = replace(self.sight, opening=(), trouble=None)
        work = partial(open_run, self._opening, self.tell)
        self.run_worker(work, thread=True, exit_on_error=False, group="opening")

    def tell(self, message: Message) -> bool:
        """Whether the message of a thread was taken; none is any more once the console is left."""
        return not self.exit_reason and self.post_message(message)

    def _follow(self, link: RunLink) -> None:
        self.link = link
        self._follower = Follower(link, self.post_message, self.clock)
        self.sight = replace(self.sight, view=RunView(run_id=link.run_id), trouble=None)
        self.run_worker(self._follower.follow, thread=True, exit_on_error=False, group="following")

    def on_opening_progress(self, event: news.OpeningProgress) -> None:
        """Shows what is being started."""
        self.sight = replace(self.sight, opening=(*self.sight.opening[-30:], event.line))

    def on_opening_failed(self, event: news.OpeningFailed) -> None:
        """Shows why there is no run."""
        self.sight = replace(self.sight, trouble=event.trouble)

    def on_link_opened(self, event: news.LinkOpened) -> None:
        """Follows the run."""
        self._follow(event.link)

    # Requests

    def request(self, what: str, call: Callable[[], str]) -> None:
        """Calls in a thread; ``on_request_returned`` hears the sentence it ends with."""
        self.sight = replace(self.sight, notice="")
        work = partial(carry_request, what, call, self.tell)
        self.run_worker(work, thread=True, exit_on_error=False, group="requests")

    def ask_for(self, request: ControlRequest) -> None:
        """Writes a request for the runner into the ledger."""
        if self.link is not None:
            self.request(request, partial(self.link.ask, request))
