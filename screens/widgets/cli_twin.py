"""The line above the keys: the command that does the same, and where the run is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from screens.widgets.words import Words

if TYPE_CHECKING:
    from screens.sight import Sight

__all__ = ["CliTwin"]


class CliTwin(Words):
    """``same as: fordway ...`` at the left, the badge at the right."""

    def show_sight(self, sight: Sight, command: str) -> None:
        """Draws the line; the badge matters more than the command."""
        badge = f" {sight.badge} " if sight.badge else ""
        room = max(self.size.width - cell_len(badge), 0)
        same = f"same as: fordway {command}"
        if cell_len(same) > room - 1:
            same = set_cell_size(same, max(room - 2, 0)) + "…"
        self.show((same, "quiet"), " " * max(room - cell_len(same), 0), (badge, "loud"))
