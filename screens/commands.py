"""The command palette: every action of the registry, those not allowed now with why."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Provider

from screens.actions import Action, actions_on, allowed, key_name
from screens.run_screen import RunScreen

if TYPE_CHECKING:
    from textual.command import Hits

__all__ = ["RegistryCommands"]


class RegistryCommands(Provider):
    """Reads the registry for the screen the palette was opened on."""

    async def discover(self) -> Hits:
        """Every action."""
        for action in self._actions():
            yield DiscoveryHit(self._name(action), partial(self._act, action.name), help=self._help(action))

    async def search(self, query: str) -> Hits:
        """Actions whose name or help matches."""
        matcher = self.matcher(query)
        for action in self._actions():
            name = self._name(action)
            score = max(matcher.match(name), matcher.match(action.help) * 0.5)
            if score > 0:
                yield Hit(
                    score, matcher.highlight(name), partial(self._act, action.name), help=self._help(action)
                )

    def _actions(self) -> list[Action]:
        return (
            [action for action in actions_on(self.screen.NAME) if action.name != "commands"]
            if isinstance(self.screen, RunScreen)
            else []
        )

    def _name(self, action: Action) -> str:
        return f"{action.name.replace('-', ' ').capitalize()}  ({key_name(action.key)})"

    def _help(self, action: Action) -> str:
        reason = allowed(action, self.screen.sight.view) if isinstance(self.screen, RunScreen) else ""
        return f"Not now: {reason}." if reason else action.help

    def _act(self, name: str) -> None:
        if isinstance(self.screen, RunScreen):
            self.screen.action_act(name)
