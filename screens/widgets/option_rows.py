"""The options of a question: one key each, its consequence below, unavailable ones with why."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import ScrollableContainer
from textual.message import Message

from screens.widgets.words import Part, Words

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType

    from engine.model.decisions import Decision, Option

__all__ = ["OptionRows"]

LEAST_INDENT = 5
"""Cells before a consequence: mark, key, and the gap after it; more where a key has a longer name."""
LEAST_CELLS = 30
"""A consequence is never broken narrower than this, also before the first layout."""


class OptionRows(Words, can_focus=True):
    """Up and down move the mark, enter takes the marked option, its key takes it at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "mark(-1)", "Up", show=False),
        Binding("down", "mark(1)", "Down", show=False),
        Binding("enter", "take", "Choose", show=False),
    ]

    class Chosen(Message):
        """An available option was taken."""

        def __init__(self, decision: Decision, option: Option) -> None:
            """Holds the question and the answer."""
            super().__init__()
            self.decision = decision
            self.option = option

    def __init__(self, decision: Decision | None = None, *, is_safest_first: bool = True) -> None:
        """Marks the safest option first, or else the recommended one."""
        super().__init__()
        self.is_safest_first = is_safest_first
        self.decision: Decision | None = None
        self.place = 0
        if decision is not None:
            self.show_decision(decision)

    def show_decision(self, decision: Decision | None) -> None:
        """Shows the question's options; a question already shown keeps its mark."""
        if decision == self.decision:
            return
        is_new = (
            decision is None or self.decision is None or decision.decision_id != self.decision.decision_id
        )
        self.decision = decision
        if decision is not None and is_new:
            self.place = self._first(decision)
        self._draw()

    def _first(self, decision: Decision) -> int:
        names = [option.name for option in decision.options]
        recommended = next((o.name for o in decision.options if o.is_recommended and not o.unavailable), None)
        wanted = decision.safest if self.is_safest_first or recommended is None else recommended
        return names.index(wanted) if wanted in names else 0

    def _draw(self) -> None:
        if self.decision is None:
            self.show()
            return
        parts: list[Part] = []
        lines = [
            self._option(option, is_marked=place == self.place)
            for place, option in enumerate(self.decision.options)
        ]
        for option_lines in lines:
            parts += option_lines
        self.show(*parts[:-1])
        heights = [
            sum(part.count("\n") for part in option_lines if isinstance(part, str)) for option_lines in lines
        ]
        self.call_after_refresh(self._keep_in_sight, sum(heights[: self.place]), heights[self.place])

    def _keep_in_sight(self, line: int, height: int) -> None:
        """Scrolls the dialog so that the whole marked option is seen."""
        if isinstance(self.parent, ScrollableContainer) and self.parent.size.height:
            top = self.parent.scroll_offset.y
            if line < top or line + height > top + self.parent.size.height:
                self.parent.scroll_to(
                    y=line + height - self.parent.size.height if line > top else line, animate=False
                )

    def _indent(self) -> int:
        keys = [option.key for option in self.decision.options] if self.decision else []
        return max([LEAST_INDENT, *(len(key) + 3 for key in keys)])

    def _option(self, option: Option, *, is_marked: bool) -> list[Part]:
        tags = [("safest", "ok")] if self.decision and option.name == self.decision.safest else []
        tags += [("recommended", "busy")] if option.is_recommended else []
        indent = self._indent()
        key_token, label_token = ("quiet", "faint") if option.unavailable else ("key", "strong")
        parts: list[Part] = [
            ("▶ " if is_marked else "  ", "key"),
            (option.key.ljust(indent - 2), key_token),
            (option.label, label_token),
        ]
        for word, token in tags:
            parts += [(" · ", "quiet"), (word, token)]
        below = f"not now: {option.unavailable}" if option.unavailable else option.consequence
        token = "warn" if option.unavailable else "quiet"
        for line in wrap(below, max(self.size.width - indent, LEAST_CELLS)):
            parts += ["\n", (" " * indent + line, token)]
        parts.append("\n")
        return parts

    def on_resize(self) -> None:
        """Breaks the consequences at the new width."""
        self._draw()

    def action_mark(self, by: int) -> None:
        """Marks the option ``by`` places further down."""
        if self.decision is not None:
            self.place = max(0, min(self.place + by, len(self.decision.options) - 1))
            self._draw()

    def action_take(self) -> None:
        """Takes the marked option, or says why it can't be taken."""
        if self.decision is not None:
            self.take(self.decision.options[self.place])

    def take(self, option: Option) -> None:
        """Takes the option, or says why it can't be taken."""
        if self.decision is None:
            return
        if option.unavailable:
            self.notify(
                f"{option.label}: {option.unavailable}", title="Not now", severity="warning", markup=False
            )
            return
        self.post_message(self.Chosen(self.decision, option))

    def take_key(self, event: events.Key) -> bool:
        """Whether the key belongs to an option, which is then taken."""
        if self.decision is None:
            return False
        pressed = event.character or event.key
        option = next((o for o in self.decision.options if o.key in (pressed, event.key)), None)
        if option is None:
            return False
        self.place = self.decision.options.index(option)
        self._draw()
        self.take(option)
        return True
