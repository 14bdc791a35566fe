"""Shows one run: which screen, what is drawn on it, and when."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import App

from engine.model.run import STEP_ORDER, RunState, Step
from screens import intents, news
from screens.action_list import QUARANTINE
from screens.commands import RegistryCommands
from screens.following import INLINE, badge_of, place_of
from screens.gallery import BESIDE_STEPS, COORDINATION, make_screen
from screens.run_screen import RunScreen
from screens.sight import Sight
from screens.widgets.line_table import clean
from screens.wording import clock_time, waiting_word

if TYPE_CHECKING:
    from engine.model.ports import Clock
    from screens.view_model import RunView

__all__ = ["RunApp"]

FLUSH_SECONDS = 0.25
"""Four drawings a second: 10 cost twice the processor and show an operator nothing more."""


class RunApp(App[None]):
    """Holds the sight of the moment, and draws it on the shown screen four times a second."""

    COMMANDS = {RegistryCommands}  # noqa: RUF012 - Textual's type

    def __init__(self, sight: Sight, clock: Clock, *, lingers: bool) -> None:
        """Starts on Connect.

        Args:
            sight: what is known already.
            clock: tells the time that ages and estimates are reckoned by.
            lingers: stay on the findings when the plan is ready, until the operator goes on.
        """
        super().__init__()
        self.sight = sight
        self.clock = clock
        self.terminal_title = ""
        self.shown = Step.CONNECT.value
        self.came_from = ""
        """The step the agents or the rows set aside were opened from; empty: none was."""
        self.shown_at = clock.monotonic()
        self.lingers = lingers
        self._drawn: Sight | None = None

    def on_mount(self) -> None:
        """Shows Connect at once, and draws from now on."""
        self._screen_of(Step.CONNECT.value)
        self.push_screen(Step.CONNECT.value)
        self.set_interval(FLUSH_SECONDS, self.flush)

    # What the following thread tells

    def on_view_advanced(self, event: news.ViewAdvanced) -> None:
        """Takes the newer view; the next flush draws it."""
        was = self.sight.view.state
        notice = self.sight.notice if event.view.state is was else ""
        self.sight = replace(self.sight, view=event.view, notice=notice)
        if event.view.state is RunState.WAITING and was is not RunState.WAITING:
            self.bell()

    def on_pulse_taken(self, event: news.PulseTaken) -> None:
        """Takes heartbeats and health."""
        now = self.clock.now()
        self.sight = replace(self.sight, heartbeats=event.heartbeats, health=event.health, heard_at=now)

    def on_ledger_lost(self, event: news.LedgerLost) -> None:
        """Says so until it is back."""
        since = clock_time(event.since, self.sight.zone)
        said = f"Ledger unreachable since {since}, the run goes on; trying again. {event.sentence}"
        self.sight = replace(self.sight, ledger_notice=said)

    def on_ledger_back(self) -> None:
        """Takes the notice away."""
        self.sight = replace(self.sight, ledger_notice="")

    def on_preview_counted(self, event: news.PreviewCounted) -> None:
        """Shows what an undo would do."""
        self.sight = replace(self.sight, preview=event.preview)

    # Drawing

    def flush(self) -> None:
        """Draws what changed since the last time, on the screen that is shown."""
        if not self.is_running or self._exit or not self.screen_stack:
            return
        view = self.sight.view
        self._go_along(view)
        self.before_drawing(view)
        self.sight = replace(
            self.sight,
            now=self.clock.now(),
            badge=badge_of(view, self.shown_step, is_ours=self.sight.can_act),
        )
        if not self._has_news():
            return
        self._drawn = self.sight
        waits = waiting_word(view, self.sight) if view.state is RunState.WAITING else ""
        self._title(waits or (view.state.value if view.number else ""))
        shown = self.top_screen()
        if shown is not None:
            shown.show(self.sight)

    def before_drawing(self, view: RunView) -> None:
        """What must happen first: a question is asked, a leaving is completed."""

    def _has_news(self) -> bool:
        drawn = self._drawn
        if drawn is None or drawn.now.replace(microsecond=0) != self.sight.now.replace(microsecond=0):
            return True
        return replace(self.sight, now=drawn.now) != drawn

    @property
    def shown_step(self) -> Step | None:
        """The step on the screen; None while the agents or rows set aside are."""
        return None if self.shown in BESIDE_STEPS else Step(self.shown)

    def top_screen(self) -> RunScreen | None:
        """The run's screen that is shown, be it under a dialog."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, RunScreen)), None)

    def _title(self, words: str) -> None:
        title = f"Fordway - {words}" if words else "Fordway"
        if title == self.terminal_title:
            return
        self.terminal_title = title
        if self._driver is not None and not self.is_headless:
            self._driver.write(f"\x1b]2;{clean(title)}\x07")

    def _go_along(self, view: RunView) -> None:
        """Shows the run's step while the operator follows it; lingers on the findings."""
        if not self.sight.is_following or not view.number or not isinstance(self.screen, RunScreen):
            return
        place = place_of(view)
        if self.lingers and place is Step.PLAN and view.discovered:
            place = Step.DISCOVER
        if place.value != self.shown:
            self.show_place(place.value)

    def show_place(self, name: str) -> None:
        """Switches to a step's screen, or to the agents; a dialog above stays alone."""
        if name == self.shown or not isinstance(self.screen, RunScreen):
            return
        self.came_from = self.shown if self.shown not in BESIDE_STEPS else self.came_from
        self.shown = name
        self.shown_at = self.clock.monotonic()
        screen = self._screen_of(name)
        screen.sight = replace(
            self.sight, badge=badge_of(self.sight.view, self.shown_step, is_ours=self.sight.can_act)
        )
        self._drawn = None
        self.switch_screen(name)

    def _screen_of(self, name: str) -> RunScreen:
        if not self.is_screen_installed(name):
            self.install_screen(make_screen(name), name)
        screen = self.get_screen(name)
        if not isinstance(screen, RunScreen):
            raise TypeError(name)
        return screen

    def draw_again(self) -> None:
        """The next flush draws, whether anything changed or not."""
        self._drawn = None

    # Going about

    def on_step_shown(self, event: intents.StepShown) -> None:
        """Shows that step; the run's own step is followed again."""
        self.sight = replace(self.sight, is_following=event.step is place_of(self.sight.view))
        if event.step is Step.PLAN:
            self.lingers = False
        self.show_place(event.step.value)

    def on_follow_requested(self) -> None:
        """Goes where the run is."""
        self.lingers = False
        self.sight = replace(self.sight, is_following=True)
        self.show_place(place_of(self.sight.view).value)

    def on_go_on_requested(self) -> None:
        """The open question, the next step, or where the run is."""
        view = self.sight.view
        step, place = self.shown_step, place_of(view)
        if view.decision is not None and view.decision.kind not in INLINE:
            self.on_decision_opened()
        elif step in STEP_ORDER and place in STEP_ORDER and STEP_ORDER.index(step) < STEP_ORDER.index(place):
            self.on_step_shown(intents.StepShown(STEP_ORDER[STEP_ORDER.index(step) + 1]))
        else:
            self.on_follow_requested()

    def on_coordination_toggled(self) -> None:
        """Shows the agents, or goes back."""
        self._toggle(COORDINATION)

    def on_quarantine_toggled(self) -> None:
        """Shows the rows set aside, or goes back."""
        self._toggle(QUARANTINE)

    def _toggle(self, name: str) -> None:
        """Shows it, or goes back to the step it was opened from."""
        if self.shown == name:
            self.show_place(self.came_from or place_of(self.sight.view).value)
            return
        self.sight = replace(self.sight, is_following=False)
        self.show_place(name)

    def on_decision_opened(self) -> None:
        """Goes to the question, wherever it is asked."""

    def on_help_requested(self) -> None:
        """Explains the shown screen."""
        from screens.help import HelpScreen

        shown = self.top_screen()
        if shown is not None:
            self.push_screen(
                HelpScreen(self.shown.capitalize(), shown.ABOUT, self.sight.view, only_on=shown.NAME)
            )
