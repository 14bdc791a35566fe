"""The last line: the keys of this screen, grouped; those not allowed now are grey."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from screens.actions import ACTIONS, Action, action_of, allowed, key_name, not_from_here
from screens.widgets.words import Part, Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from screens.sight import Sight

__all__ = ["KeyBar", "grouped"]


def grouped(names: tuple[str, ...]) -> list[list[Action]]:
    """The named actions in the registry's order, a list for each group."""
    groups: dict[str, list[Action]] = {}
    for action in ACTIONS:
        if action.name in names:
            groups.setdefault(action.group, []).append(action)
    return list(groups.values())


_EITHER = {"pause-run": "resume-run", "resume-run": "pause-run"}
"""Of two that are never allowed together, only one is shown where both are named."""


def _is_spare(name: str, names: tuple[str, ...], sight: Sight) -> bool:
    other = _EITHER.get(name)
    if other is None or other not in names:
        return False
    is_off, is_other_off = (bool(allowed(action_of(each), sight.view)) for each in (name, other))
    return is_off and (not is_other_off or name == "resume-run")


def _cells(parts: Iterable[Part]) -> int:
    return sum(cell_len(part if isinstance(part, str) else part[0]) for part in parts)


class KeyBar(Words):
    """Keys and labels in one line of at most the screen's width."""

    def __init__(self, names: tuple[str, ...]) -> None:
        """Shows the named actions."""
        super().__init__()
        self.names = names
        self.labels: dict[str, str] = {}
        """Labels this screen says better than the registry: ``go-on`` as ``the plan``."""

    def show_sight(self, sight: Sight) -> None:
        """Draws the line for this moment; without room the palette goes first: help has it all."""
        names = tuple(name for name in self.names if not _is_spare(name, self.names, sight))
        groups = self._groups(names, sight)
        if _cells(part for group in groups for part in group) > self.size.width:
            groups = self._groups(tuple(name for name in names if name != "commands"), sight)
        parts: list[Part] = []
        room = self.size.width
        for group in groups:
            room -= _cells(group)
            if room < 0:
                break
            parts += group
        self.show(*parts)

    def _groups(self, names: tuple[str, ...], sight: Sight) -> list[list[Part]]:
        """The line group by group, each but the first with what parts it from the one before."""
        found = [self._group(group, sight) for group in grouped(names)]
        return [[(" │ ", "quiet"), *group] if place else group for place, group in enumerate(found)]

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
