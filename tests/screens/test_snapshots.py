"""Every screen at three sizes, and the states an operator must not misread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.screens.show import console_on, steps

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = [(80, 24), (120, 36), (160, 50)]
SCREENS = {
    "connect": ("connected", ()),
    "discover": ("discovered", ()),
    "plan": ("planned", ()),
    "rows-aside": ("asking", ()),
    "rows-aside-found": ("asking", ("2",)),
    "technical-plan": ("planned", ("t",)),
    "rehearse": ("rehearsed", ()),
    "move": ("moving", ()),
    "verify": ("verified", ()),
    "finish": ("finished", ()),
    "undo": ("finished", ("u",)),
    "coordination": ("moving", ("c",)),
    "decide": ("faulted", ()),
    "quit-guard": ("moving", ("q",)),
    "help": ("moving", ("question_mark",)),
}
STATES = {
    "rehearsing": ("rehearsing", ()),
    "paused": ("paused", ()),
    "stopped-by-a-fault": ("stopped", ()),
    "does-not-balance": ("unbalanced", ()),
    "decision-left-open": ("faulted", ("escape",)),
    "elsewhere-with-badge": ("moving", ("2",)),
    "undo-typed": ("finished", ("u", "down", *"fordway_dem")),
    "undone": ("undone", ()),
    "stop-guard": ("moving", ("x",)),
}


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCREENS)
def test_screen_at_each_size_looks_as_approved(
    name: str, size: tuple[int, int], snap_compare: Callable[..., bool]
) -> None:
    """Each screen is drawn as it was approved, at each size."""
    stage, keys = SCREENS[name]

    assert snap_compare(console_on(stage), terminal_size=size, run_before=steps(*keys))


@pytest.mark.parametrize("name", STATES)
def test_state_that_matters_looks_as_approved(name: str, snap_compare: Callable[..., bool]) -> None:
    """States that call for a person are drawn as they were approved."""
    stage, keys = STATES[name]

    assert snap_compare(console_on(stage), terminal_size=(80, 24), run_before=steps(*keys))


@pytest.mark.parametrize("theme", ["fordway-light", "fordway-contrast", "fordway-cvd"])
def test_theme_on_move_looks_as_approved(theme: str, snap_compare: Callable[..., bool]) -> None:
    """Each theme is drawn as it was approved."""
    assert snap_compare(console_on("moving", theme=theme), terminal_size=(120, 36), run_before=steps())


def test_window_too_small_says_so(snap_compare: Callable[..., bool]) -> None:
    """Below 80 by 24 there is a sentence instead of half a table."""
    assert snap_compare(console_on("moving"), terminal_size=(60, 15), run_before=steps())
