"""A label with text beside it that wraps under itself, not under the label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

if TYPE_CHECKING:
    from collections.abc import Iterator

    from screens.widgets.words import Part

__all__ = ["LABEL_CELLS", "labelled"]

LABEL_CELLS = 16
"""Room for a label; all labels of a list share it, so that the texts line up."""


def labelled(label: str, *parts: Part, width: int, indent: int = 0, cells: int = LABEL_CELLS) -> list[Part]:
    """Label and parts, broken at words so that no line is wider than ``width``; ends with a new line."""
    start = indent + cells
    lines: list[Part] = [(" " * indent + label.ljust(cells), "quiet")]
    at = start
    for word, token in _words(parts):
        size = cell_len(word)
        if at + cell_len(word.rstrip()) > width and at > start:
            lines.append("\n" + " " * start)
            at = start
        lines.append((word, token))
        at += size
    lines.append("\n")
    return lines


def _words(parts: tuple[Part, ...]) -> Iterator[tuple[str, str]]:
    """Each word with the blank after it, in its part's token."""
    for part in parts:
        text, token = (part, "plain") if isinstance(part, str) else part
        begin = 0
        for place, letter in enumerate(text):
            if letter == " ":
                yield text[begin : place + 1], token
                begin = place + 1
        if begin < len(text):
            yield text[begin:], token
