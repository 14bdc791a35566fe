"""The last line: the keys of this screen, grouped; those not allowed now are grey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from screens.actions import ACTIONS, Action, action_of, allowed, key_name, not_from_here
from screens.widgets.words import Part, Words

if TYPE_CHECKING:
    from screens.sight import Sight

__all__ = ["KeyBar", "grouped"]


def grouped(names: tuple[str, ...]) -> list[list[Action]]:
    """The named actions in the registry's order, a list for each group."""
    groups: dict[str, list[Action]] = {}
    for action in ACTIONS:
        if action.name in names:
            groups.setdefault(action.group, []).append(action)
    return list(groups.values())


class KeyBar(Words):
    """Keys and labels in one line of at most the screen's width."""

    def __init__(self, names: tuple[str, ...]) -> None:
        """Shows the named actions."""
        super().__init__()
        self.names = names
        self.labels: dict[str, str] = {}
        """Labels this screen says better than the registry: ``go-on`` as ``the plan``."""

    def show_sight(self, sight: Sight) -> None:
        """Draws the line for this moment."""
        parts: list[Part] = []
        room = self.size.width
        for number, group in enumerate(grouped(self.names)):
            line = self._group(group, sight)
            if number:
                line.insert(0, (" │ ", "quiet"))
            width = sum(cell_len(part if isinstance(part, str) else part[0]) for part in line)
            if width > room:
                break
            room -= width
            parts += line
        self.show(*parts)

    def _group(self, group: list[Action], sight: Sight) -> list[Part]:
        parts: list[Part] = []
        joined = ""
        for action in group:
            joined += key_name(action.key)
            label = self.labels.get(action.name, action.label)
            if not label:
                continue
            if parts:
                parts.append("  ")
            is_off = bool(not_from_here(action, sight) or allowed(action_of(action.name), sight.view))
            parts += [(joined, "quiet" if is_off else "key"), (f" {label}", "faint" if is_off else "plain")]
            joined = ""
        return parts
