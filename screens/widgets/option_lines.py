"""A fault's options, one line each: key, label, what it does in numbers, and its mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.message import Message

from screens.fault_words import EFFECT_WORDS, first_sentence
from screens.widgets.option_rows import OptionRows
from screens.widgets.words import Part

if TYPE_CHECKING:
    from engine.model.decisions import Option

__all__ = ["OptionLines"]

GAP = 2
LEAST_LABEL = 20
LEAST_WIDTH = 60
"""Before the first layout, which is drawn over at once."""
MARKS = {"recommended": ("★ recommended", "busy"), "safest": ("safest", "ok"), "both": ("★ safest", "ok")}
"""The star is what the detail below calls recommended."""


class OptionLines(OptionRows):
    """Options that stay one line each, however much there is to say of them."""

    class Marked(Message):
        """An option is marked, or was drawn anew."""

        def __init__(self, option: Option) -> None:
            """Holds the option."""
            super().__init__()
            self.option = option

    @property
    def marked(self) -> Option | None:
        """The marked option; None before there is a question."""
        return self.decision.options[self.place] if self.decision is not None else None

    def _draw(self) -> None:
        super()._draw()
        if self.marked is not None:
            self.post_message(self.Marked(self.marked))

    def _option(self, option: Option, *, is_marked: bool) -> list[Part]:
        tag, tag_token = self._tag(option)
        label = _cut(option.label, self._label_cells())
        key_token, label_token = ("quiet", "faint") if option.unavailable else ("key", "strong")
        room = self._effect_cells(option)
        told, token = self._told(option, room)
        parts: list[Part] = [
            ("▶ " if is_marked else "  ", "key"),
            (option.key.ljust(self._key_cells()), key_token),
            (label, label_token),
            " " * (self._label_cells() - cell_len(label) + GAP),
            (told, token),
        ]
        if tag:
            parts += [" " * (room - cell_len(told) + GAP), (tag, tag_token)]
        return [*parts, "\n"]

    def _tag(self, option: Option) -> tuple[str, str]:
        is_safest = self.decision is not None and option.name == self.decision.safest
        if option.is_recommended:
            return MARKS["both" if is_safest else "recommended"]
        return MARKS["safest"] if is_safest else ("", "")

    def _told(self, option: Option, room: int) -> tuple[str, str]:
        if option.unavailable:
            return _cut(f"not now: {option.unavailable}", room), "warn"
        if option.effect is None:
            words = first_sentence(option.consequence)
            return (words if cell_len(words) <= room else ""), "quiet"
        return _cut(EFFECT_WORDS[self._way()](option.effect), room), "quiet"

    def _way(self) -> int:
        """The most telling way to say effects that fits in every line, so that all lines say them alike."""
        options = [
            option for option in self._options() if option.effect is not None and not option.unavailable
        ]
        for way, words in enumerate(EFFECT_WORDS):
            if all(
                cell_len(words(o.effect)) <= self._effect_cells(o) for o in options if o.effect is not None
            ):
                return way
        return len(EFFECT_WORDS) - 1

    def _options(self) -> tuple[Option, ...]:
        return self.decision.options if self.decision is not None else ()

    def _key_cells(self) -> int:
        return max([cell_len(option.key) for option in self._options()], default=1) + 1

    def _label_cells(self) -> int:
        longest = max([cell_len(option.label) for option in self._options()], default=0)
        return max(min(longest, (self.size.width or LEAST_WIDTH) // 2 - self._key_cells()), LEAST_LABEL)

    def _effect_cells(self, option: Option) -> int:
        tag = self._tag(option)[0]
        taken = GAP + self._key_cells() + self._label_cells() + GAP + (cell_len(tag) + GAP if tag else 0)
        return max((self.size.width or LEAST_WIDTH) - taken, 0)


def _cut(text: str, cells: int) -> str:
    return text if cell_len(text) <= cells else set_cell_size(text, max(cells - 1, 0)) + "…"
