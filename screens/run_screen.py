"""The frame every screen of a run has: heading, rail, notice, body, command, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import Screen

from engine.model.run import STEP_ORDER, Step
from screens import intents
from screens.actions import ACTIONS, Action, allowed, not_from_here
from screens.notices import notice_of
from screens.sight import Sight
from screens.widgets.cli_twin import CliTwin
from screens.widgets.heading import Heading
from screens.widgets.key_bar import KeyBar
from screens.widgets.option_rows import OptionRows
from screens.widgets.rail import Rail
from screens.widgets.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.message import Message

__all__ = ["LEAST_HEIGHT", "LEAST_WIDTH", "RunScreen", "intent_of", "key_bindings"]

LEAST_WIDTH = 80
LEAST_HEIGHT = 24
"""Cells below which nothing is drawn but a sentence: half a table would be misread."""


def _bindings(action: Action) -> Binding:
    keys = ",".join((action.key, *action.more_keys))
    return Binding(keys, f"act('{action.name}')", action.help, show=False, id=action.name)


def key_bindings(only_on: str = "") -> list[BindingType]:
    """Actions of all screens, or those of one alone, as Textual's bindings; but for the palette's own key."""
    return [
        _bindings(action) for action in ACTIONS if action.name != "commands" and action.only_on == only_on
    ]


_INTENTS: dict[str, Callable[[], Message]] = {
    "decide": intents.DecisionOpened,
    "pause-run": intents.PauseRequested,
    "resume-run": intents.ResumeRequested,
    "stop-run": intents.StopRequested,
    "undo-run": intents.UndoPreviewRequested,
    "follow-run": intents.FollowRequested,
    "coordination": intents.CoordinationToggled,
    "quarantine": intents.QuarantineToggled,
    "help": intents.HelpRequested,
    "next-theme": intents.ThemeRequested,
    "quit": intents.QuitRequested,
    "go-on": intents.GoOnRequested,
}


def intent_of(name: str) -> Message | None:
    """The message an action sends up; None for those a screen does itself."""
    if name.startswith("go-") and name != "go-on":
        return intents.StepShown(Step(name.removeprefix("go-")))
    make = _INTENTS.get(name)
    return make() if make is not None else None


class RunScreen(Screen[None]):
    """One step of a run. Subclasses fill the body and draw it from a ``Sight``."""

    STEP: ClassVar[Step | None] = None
    NAME: ClassVar[str] = ""
    """Of screens that are no step's: what actions that are only there call it."""
    ABOUT: ClassVar[str] = ""
    """What this screen is for, in a few sentences, for the help."""
    KEYS: ClassVar[tuple[str, ...]] = (
        "previous-step",
        "next-step",
        "coordination",
        "help",
        "commands",
        "quit",
    )
    BINDINGS: ClassVar[list[BindingType]] = key_bindings()
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (LEAST_WIDTH, "-narrow"), (110, "-wide"), (150, "-very-wide")]  # noqa: RUF012 - Textual's type
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (LEAST_HEIGHT, "-low"), (32, "-tall")]  # noqa: RUF012 - Textual's type

    def __init__(self) -> None:
        """Draws nothing until it is mounted and was shown a sight."""
        super().__init__()
        self.sight = Sight()
        self.heading = Heading(id="heading")
        self.rail = Rail(id="rail")
        self.notice = Words(id="notice")
        self.twin = CliTwin(id="twin")
        self.keys = KeyBar(self.KEYS)
        self.too_small = Words(id="too-small")

    def compose(self) -> ComposeResult:
        """The frame around the body."""
        with Vertical(id="frame"):
            yield self.heading
            yield self.rail
            yield self.notice
            with Vertical(id="body"):
                yield from self.compose_body()
            yield self.twin
            yield self.keys
        yield self.too_small

    def compose_body(self) -> ComposeResult:
        """The widgets between notice and command."""
        yield from ()

    def draw(self, sight: Sight) -> None:
        """Shows the moment in the body."""

    def command(self, sight: Sight) -> str:
        """The command line that does the same, without the program's name."""
        return f"status {sight.view.run_id[:8] or 'latest'}"

    def tells_question(self, sight: Sight) -> bool:  # noqa: ARG002 - screens that do look at it
        """Whether the body tells of a fault's open question, so that the notice need not."""
        return False

    def option_rows(self) -> OptionRows | None:
        """Where this screen asks its question; None when it asks none."""
        return None

    def on_mount(self) -> None:
        """Draws what was shown so far, once widths are known."""
        self.call_after_refresh(self.draw_all)

    def on_resize(self, event: events.Resize) -> None:
        """Draws anew for the new size, or says that it is too small."""
        self.too_small.show(
            ("Fordway needs a larger window.", "strong"),
            f"\nThis one is {event.size.width} by {event.size.height}; ",
            f"{LEAST_WIDTH} by {LEAST_HEIGHT} is enough.",
            "\nThe run goes on; nothing is lost. q leaves.",
        )
        self.call_after_refresh(self.draw_all)

    def show(self, sight: Sight) -> None:
        """Draws this moment."""
        self.sight = sight
        self.draw_all()

    def draw_all(self) -> None:
        """Draws frame and body, if there are any yet."""
        if not self.is_mounted or (not self.is_current and self.size.width == 0):
            return
        sight = self.sight
        self.heading.show_sight(sight)
        self.rail.show_sight(sight, self.STEP)
        notice = notice_of(sight, with_question=not self.tells_question(sight))
        self.notice.show(*notice)
        self.notice.display = bool(notice)
        self.twin.show_sight(sight, self.command(sight))
        self.draw(sight)
        self.keys.show_sight(sight)

    def action_act(self, name: str) -> None:
        """Does what a key stands for, or says why it can't be done now."""
        action = next(action for action in ACTIONS if action.name == name)
        reason = self._why_not(action)
        if reason:
            self.notify(
                f"{action.help} Not now: {reason}.", title=name.replace("-", " ").capitalize(), markup=False
            )
            return
        if name == "go-on" and self._take_marked():
            return
        if name in ("previous-step", "next-step"):
            self._step_by(1 if name == "next-step" else -1)
            return
        intent = intent_of(name)
        if intent is not None:
            self.post_message(intent)
        else:
            self.do(name)

    def do(self, name: str) -> None:
        """Does an action that concerns only this screen."""

    def _why_not(self, action: Action) -> str:
        if action.name == "resume-run" and self.sight.trouble is not None:
            return ""
        refused = not_from_here(action, self.sight)
        if refused:
            return refused
        return allowed(action, self.sight.view)

    def _take_marked(self) -> bool:
        rows = self.option_rows()
        if rows is None or rows.decision is None or not rows.display:
            return False
        rows.action_take()
        return True

    def _step_by(self, by: int) -> None:
        here = STEP_ORDER.index(self.STEP) if self.STEP in STEP_ORDER else STEP_ORDER.index(Step.MOVE)
        there = here + by
        if 0 <= there < len(STEP_ORDER):
            self.post_message(intents.StepShown(STEP_ORDER[there]))

    def on_key(self, event: events.Key) -> None:
        """An option's own key takes it; everything else is the registry's."""
        rows = self.option_rows()
        if rows is not None and rows.display and rows.take_key(event):
            event.stop()
            event.prevent_default()

    def on_option_rows_chosen(self, event: OptionRows.Chosen) -> None:
        """Sends the answer up."""
        event.stop()
        self.post_message(intents.OptionChosen(event.decision.decision_id, event.option.name))
