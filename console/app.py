"""The console: opens a run, carries what the operator asks for, and guards leaving."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from console.question_app import QuestionApp
from console.themes import THEMES, theme_names
from engine.model.errors import FordwayError
from engine.model.run import RunState, Step
from screens import intents, news
from screens.hangup import ignore_hangup, notice_hangup
from screens.run_view import RunView
from screens.sight import Sight, Viewer

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import tzinfo

    from textual.binding import BindingType

    from console.linked_app import ExitReason
    from engine.model.ports import Clock
    from screens.run_link import RunLink

__all__ = ["FordwayApp"]

_UNATTENDED = (RunState.NEW, RunState.RUNNING, RunState.WAITING)
"""States in which a runner waits for a person, or soon will: it is let go with the console."""

PARK_SECONDS = 1.5
"""Leaving waits this long for the runner to be told; it parks by itself later."""


class FordwayApp(QuestionApp):
    """What the operator asks for reaches the run; questions reach the operator; leaving is guarded."""

    CSS_PATH = "console.tcss"
    TITLE = "Fordway"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q,ctrl+c", "leave", show=False, priority=True)]

    def __init__(
        self,
        *,
        clock: Clock,
        opening: Callable[[Callable[[str], None]], RunLink] | None = None,
        link: RunLink | None = None,
        theme: str = "fordway-dark",
        zone: tzinfo | None = None,
        viewer: Viewer = Viewer.OPERATOR,
    ) -> None:
        """Follows ``link``, or what ``opening`` gives once it is through.

        Args:
            clock: tells the time that ages and estimates are reckoned by.
            opening: runs in a thread; starts services and gives the link. It is handed where to
                tell its progress, and may raise ``FordwayError``.
            link: a run to attach to at once.
            theme: one of ``theme_names``.
            zone: times are shown in it; None is this machine's own.
            viewer: who looks, and so what may be asked of the run from here.
        """
        sight = Sight(
            view=RunView(run_id=link.run_id if link else ""), now=clock.now(), zone=zone, viewer=viewer
        )
        super().__init__(sight, clock, opening=opening, link=link)
        for known in THEMES:
            self.register_theme(known)
        self.theme = theme if theme in theme_names() else theme_names()[0]
        self._leaves_when_paused = False

    def on_mount(self) -> None:
        """Listens for the terminal going away."""
        notice_hangup(self._leave_by_signal)

    def on_unmount(self) -> None:
        """Listens no longer."""
        ignore_hangup()

    # Requests

    def on_request_returned(self, event: news.RequestReturned) -> None:
        """Says why a request does not stand; one that stands shows in the journal."""
        self.forget_answer(event.what)
        self.forget_held(event.what, event.sentence)
        if event.sentence:
            self._leaves_when_paused = False
            self.sight = replace(self.sight, notice=event.sentence)

    def on_pause_requested(self) -> None:
        """Asks for a pause at the batch's end."""
        self.ask_for("pause")

    def on_resume_requested(self) -> None:
        """Resumes the run, or opens it again."""
        if self.sight.trouble is not None:
            self.open_link()
        else:
            self.ask_for("resume")

    def on_stop_requested(self) -> None:
        """Asks once more, then ends the run."""
        from screens.quit_guard import STOP, StopGuard

        self.push_screen(
            StopGuard(self.sight.view), lambda choice: self.ask_for("stop") if choice == STOP else None
        )

    def on_undo_preview_requested(self) -> None:
        """Goes to Undo, and counts what it would remove."""
        self.sight = replace(self.sight, is_following=False, preview=None)
        self.show_place(Step.UNDO.value)
        if self.link is not None:
            self.request("preview", partial(self._count_preview, self.link))

    def _count_preview(self, link: RunLink) -> str:
        self.tell(news.PreviewCounted(link.preview_undo()))
        return ""

    def on_undo_confirmed(self, event: intents.UndoConfirmed) -> None:
        """Starts the undo; the ledger compares the name once more."""
        link = self.link
        if link is not None:
            self.sight = replace(self.sight, is_following=True)
            self.request("undo", lambda: link.confirm_undo(event.typed))

    def on_theme_requested(self) -> None:
        """Goes to the next of the four themes."""
        names = theme_names()
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]
        self.notify(f"Theme {self.theme}", markup=False)
        self.draw_again()

    def before_drawing(self, view: RunView) -> None:
        """Completes a leaving; keeps rows set aside and the open question as they are now."""
        if self._leaves_when_paused and not view.is_busy:
            self.leave("paused")
            return
        self.keep_held(view)
        self.keep_question(view)

    # Leaving

    def on_quit_requested(self) -> None:
        """Leaves at once when nothing moves; else the operator says how."""
        from screens.quit_guard import QuitGuard, must_ask

        view = self.sight.view
        if isinstance(self.screen, QuitGuard):
            return
        if not self.sight.can_act:
            self.leave("left")
        elif must_ask(view):
            self.push_screen(QuitGuard(view), self._leave_as)
        elif view.state in _UNATTENDED and self.link is not None:
            self.run_worker(self._park(self.link), exit_on_error=False, group="leaving", exclusive=True)
        else:
            self.leave("left")

    def _leave_as(self, way: str | None) -> None:
        from screens.quit_guard import DETACH, PAUSE

        if way == DETACH:
            self.leave("detached")
        elif way == PAUSE:
            self.ask_for("pause")
            self._leaves_when_paused = True
            self.sight = replace(self.sight, notice="The open batch ends, then this window closes.")

    async def _park(self, link: RunLink) -> None:
        with suppress(FordwayError, TimeoutError):
            await asyncio.wait_for(asyncio.to_thread(link.ask, "park"), PARK_SECONDS)
        self.leave("parked")

    def _leave_by_signal(self, code: int) -> None:
        self.leave("signal", return_code=code)

    def action_leave(self) -> None:
        """Leaves, or asks how."""
        self.on_quit_requested()

    def leave(self, reason: ExitReason, *, return_code: int = 0) -> None:
        """Closes the console; the run is the runner's."""
        if not self.exit_reason:
            self.exit_reason = reason
            self.exit(return_code=return_code)
