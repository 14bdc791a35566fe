"""Text in meaning-colours: database strings in it are text, never markup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from screens.widgets.line_table import clean

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Part", "Words", "content_of"]

Part = str | tuple[str, str]
"""Text, or text and colour token (``ok``, ``warn``, ``bad``, ``busy``, ``quiet``, ``strong``)."""

_STYLES = {
    "strong": "$plain bold",
    "head": "$quiet bold",
    "plain": "$plain",
    "faint": "$quiet strike",
    "loud": "$ground on $warn bold",
    "loud-ok": "$ground on $ok bold",
    "loud-bad": "$ground on $bad bold",
    "loud-busy": "$ground on $busy bold",
    "key": "$busy bold",
    "key underline": "$busy bold underline",
}


def _safe(text: str) -> str:
    return "\n".join(clean(line) for line in text.split("\n"))


def content_of(parts: Sequence[Part]) -> Content:
    """The parts as one piece of content."""
    return Content.assemble(
        *(
            Content(_safe(part))
            if isinstance(part, str)
            else Content.styled(_safe(part[0]), _STYLES.get(part[1], f"${part[1]}"))
            for part in parts
        )
    )


class Words(Static):
    """A text that is drawn anew only when it changed."""

    DEFAULT_CSS = "Words { height: auto; }"

    def __init__(self, *parts: Part, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        """Shows the parts, one after another."""
        super().__init__(content_of(parts), id=id, classes=classes, markup=False)
        self.parts: tuple[Part, ...] = parts

    def show(self, *parts: Part) -> None:
        """Shows these parts instead; the layout follows only when the number of lines may change."""
        if parts == self.parts:
            return
        self.parts = parts
        self.update(content_of(parts))

    @property
    def text(self) -> str:
        """What is shown, without colours."""
        return "".join(part if isinstance(part, str) else part[0] for part in self.parts)
