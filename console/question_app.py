"""The application's share in questions: offered once, answered once, and told of when others answer."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from console.held_app import HeldApp
from screens import intents, news
from screens.following import INLINE
from screens.gallery import COORDINATION
from screens.run_link import UNDO
from screens.sight import Viewer

if TYPE_CHECKING:
    from engine.model.decisions import Decision
    from screens.decide import DecideScreen
    from screens.run_link import RunLink
    from screens.view_model import RunView

__all__ = ["QuestionApp"]

UNREAD_SECONDS = 0.4
"""A key that arrives sooner after a question appeared was meant for what was there before."""


class QuestionApp(HeldApp):
    """Questions reach whoever may answer them, and answers reach the run."""

    _offered = ""
    _dialog: DecideScreen | None = None
    _answered = ""
    """The question that was answered from here last, or is about to be."""
    _open = ""
    """The question about a fault that was open when it was drawn last."""
    _has_come = False
    """The lead was taken to the agents."""
    _answering = ""
    """The question whose answer is on its way; a second key answers nothing."""

    def on_decision_opened(self) -> None:
        """Goes to the question, wherever it is asked."""
        decision = self.sight.view.decision
        if decision is None:
            return
        if decision.kind in INLINE:
            self.on_step_shown(intents.StepShown(INLINE[decision.kind]))
        else:
            self._offer(decision)

    def on_option_chosen(self, event: intents.OptionChosen) -> None:
        """Answers the decision, unless the key came before the question could be read."""
        link = self.link
        if link is None or self._is_unread() or event.decision_id == self._answering:
            return
        if event.option == UNDO and not event.value:
            self._answering = event.decision_id
            self.request("undo answer", partial(self._count_undo_answer, link, event))
            return
        self.lingers = False
        if self._dialog is None:
            self.sight = replace(self.sight, is_following=True)
        else:
            self._dialog.dismiss()
        self._answering = self._answered = event.decision_id
        say = partial(link.answer, event.decision_id, event.option)
        self.request("answer", partial(say, for_every=event.for_every, value=event.value))

    def _count_undo_answer(self, link: RunLink, event: intents.OptionChosen) -> str:
        preview = link.preview_undo()
        if not preview.unavailable:
            self.tell(news.UndoAnswerCounted(preview, event))
        return preview.unavailable

    def on_undo_answer_counted(self, event: news.UndoAnswerCounted) -> None:
        """Asks for the target's name before the answer is given."""
        from screens.undo_answer import UndoAnswerScreen

        answer = event.answer

        def give(typed: str | None) -> None:
            if typed:
                self.post_message(intents.OptionChosen(answer.decision_id, answer.option, value=typed))

        self.push_screen(UndoAnswerScreen(event.preview), give)

    def _is_unread(self) -> bool:
        if self.clock.monotonic() - self.shown_at >= UNREAD_SECONDS:
            return False
        self.notify("The question has only just appeared; press again to answer it.", markup=False)
        return True

    def forget_answer(self, what: str) -> None:
        """An answer, or what must be counted before it, has come back."""
        if what in ("answer", "undo answer"):
            self._answering = ""

    def keep_question(self, view: RunView) -> None:
        """Offers a question once, takes an answered one away, and says whose answer it was."""
        self._come_as_lead()
        self._tell_of_answer(view)
        decision = view.decision
        if self._dialog is not None:
            self._keep_dialog(self._dialog, view)
        if decision is None or decision.kind in INLINE or decision.decision_id == self._offered:
            return
        # The lead is asked when the question is handed on; before that it stands on the panel.
        if self.sight.can_act or decision.handed_to:
            self._offer(decision)

    def _come_as_lead(self) -> None:
        """The agents' screen is the lead's first, with what needs a person on top."""
        if self.sight.viewer is Viewer.LEAD and self.link is not None and not self._has_come:
            self._has_come = True
            self.sight = replace(self.sight, is_following=False)
            self.show_place(COORDINATION)

    def _tell_of_answer(self, view: RunView) -> None:
        """Says who answered what, where a question is gone that was not answered from here."""
        decision = view.decision
        is_fault = decision is not None and decision.kind not in INLINE
        is_open = decision.decision_id if decision is not None and is_fault else ""
        gone, self._open = self._open, is_open
        settled, words = view.settled
        if gone and gone != is_open and gone != self._answered and gone == settled:
            self.notify(f"{words}.", markup=False)

    def _keep_dialog(self, dialog: DecideScreen, view: RunView) -> None:
        """Shows the moment on it while its question is open, then closes it and says why."""
        decision = view.decision
        if decision is not None and decision.decision_id == dialog.decision.decision_id:
            dialog.show_sight(decision, replace(self.sight, now=self.clock.now()))
        elif dialog.is_current:
            dialog.dismiss()

    def _offer(self, decision: Decision) -> None:
        from screens.decide import DecideScreen
        from screens.run_screen import RunScreen

        if not self.sight.may_answer(decision) or not isinstance(self.screen, RunScreen):
            return
        self._offered = decision.decision_id
        self._dialog = DecideScreen(decision, replace(self.sight, now=self.clock.now()))
        self.shown_at = self.clock.monotonic()
        self.push_screen(self._dialog, self._forget_dialog)

    def _forget_dialog(self, _: None) -> None:
        self._dialog = None
