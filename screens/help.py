"""Help: what the shown screen is for, then every key with one sentence."""

from __future__ import annotations

from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from screens.actions import actions_on, allowed, key_name
from screens.widgets.words import Part, Words

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from screens.view_model import RunView

__all__ = ["HelpScreen"]

KEY_CELLS = 12
"""Room for the keys of an action."""


class HelpScreen(ModalScreen[None]):
    """Reads from the registry, so it can't tell of a key that is not there."""

    CSS_PATH = "help.tcss"
    AUTO_FOCUS = "VerticalScroll"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,f1,q,enter", "dismiss", "Close", show=False)
    ]

    def __init__(self, name: str, about: str, view: RunView, *, only_on: str = "") -> None:
        """Explains the screen of that name, and which keys work at this moment.

        Args:
            name: as people read it.
            about: what it is for.
            view: this moment.
            only_on: what actions that are on this screen alone call it.
        """
        super().__init__()
        self.screen_name = only_on
        self.name_shown = name
        self.about = about
        self.view = view
        self.text = Words()

    def compose(self) -> ComposeResult:
        """Text that scrolls, and the way out."""
        with Vertical(id="dialog"):
            yield Words((f"{self.name_shown}", "strong"), ("   help", "quiet"), id="asked")
            with VerticalScroll(id="help-text"):
                yield self.text
            yield Words(("↑↓", "key"), " scroll   ", ("esc", "key"), " closes", id="way-out")

    def on_mount(self) -> None:
        """Breaks the lines once the width is known."""
        self.call_after_refresh(self._draw)

    def on_resize(self) -> None:
        """Breaks the lines anew."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        width = max((self.text.size.width or 70) - 1, 40)
        parts: list[Part] = [line + "\n" for line in wrap(self.about, width)]
        for group, actions in groupby(actions_on(self.screen_name), key=lambda action: action.group):
            parts += ["\n", (f"{group.capitalize()}\n", "head")]
            for action in actions:
                keys = " ".join(key_name(key) for key in (action.key, *action.more_keys))
                reason = allowed(action, self.view)
                words = f"{action.help} Not now: {reason}." if reason else action.help
                lines = wrap(words, width - KEY_CELLS)
                parts += [
                    (keys.ljust(KEY_CELLS), "quiet" if reason else "key"),
                    (f"{lines[0]}\n", "quiet" if reason else "plain"),
                ]
                parts += [
                    (" " * KEY_CELLS + line + "\n", "quiet" if reason else "plain") for line in lines[1:]
                ]
        parts += ["\n", ("In lists: ↑ ↓ page up, page down, home, end. Tab goes to the next list.", "quiet")]
        self.text.show(*parts)
