"""Opens the console on a script and brings it to a standstill, for shots and for tests."""

from __future__ import annotations

import asyncio
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from console.app import FordwayApp
from screens.sight import Viewer
from tests.screens.scripted_escalation import ESCALATIONS
from tests.screens.scripted_faults import WAITED, asked
from tests.screens.scripted_held import ScriptedHeld, rows, settled
from tests.screens.scripted_journal import STAGES, Script, ScriptedLink, StillClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from textual.pilot import Pilot

DEADLINE_SECONDS = 20.0
STILL_DRAWINGS = 3
"""Equal drawings in a row after which nothing moves any more."""


def console_on(stage: str, *, theme: str = "fordway-dark", viewer: Viewer = Viewer.OPERATOR) -> FordwayApp:
    """The console attached to a run at that stage, its clock standing at the last event."""
    script = STAGES[stage]()
    return FordwayApp(
        clock=StillClock(script.at), link=ScriptedLink(script), theme=theme, zone=UTC, viewer=viewer
    )


def console_troubled(stage: str, *, after: float = 1.4, viewer: Viewer = Viewer.OPERATOR) -> FordwayApp:
    """The console attached to a run with a fault on its way up, so many seconds after its last event."""
    script = ESCALATIONS[stage]()
    clock = StillClock(script.at + timedelta(seconds=after))
    return FordwayApp(clock=clock, link=ScriptedLink(script), zone=UTC, viewer=viewer)


def console_held(script: Script | None = None, *, viewer: Viewer = Viewer.OPERATOR) -> FordwayApp:
    """The console attached to a complete run with 256 rows set aside."""
    script = script or settled()
    link = ScriptedLink(script)
    link.held = ScriptedHeld(link.asked, rows())
    return FordwayApp(clock=StillClock(script.at), link=link, zone=UTC, viewer=viewer)


def console_asked(fault: str, *, viewer: Viewer = Viewer.OPERATOR) -> FordwayApp:
    """The console attached to a run that has waited 42 seconds with that fault."""
    script = asked(fault)
    return FordwayApp(
        clock=StillClock(script.at + WAITED), link=ScriptedLink(script), zone=UTC, viewer=viewer
    )


def link_of(app: FordwayApp) -> ScriptedLink:
    assert isinstance(app.link, ScriptedLink)
    return app.link


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Waits until it holds; the deadline is for broken tests, not for slow machines."""
    async with asyncio.timeout(DEADLINE_SECONDS):
        while not holds():
            await pilot.pause(0.01)


async def settle(pilot: Pilot[None]) -> None:
    """Every entry is folded, drawn, and laid out; nothing moves any more."""
    app = pilot.app
    assert isinstance(app, FordwayApp)
    if app.link is not None:
        last = len(link_of(app).entries)
        await until(pilot, lambda: app.sight.view.number == last and app.sight.health is not None)
    drawn: list[str] = []
    async with asyncio.timeout(DEADLINE_SECONDS):
        while len(drawn) < STILL_DRAWINGS or len(set(drawn[-STILL_DRAWINGS:])) > 1:
            app.draw_again()
            app.flush()
            await pilot.pause()
            drawn.append("\n".join(strip.text for strip in app.screen._compositor.render_strips()))


def steps(*keys: str) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Settles, presses the keys one by one, and settles again; ``type:name`` is typed letter by letter."""

    async def run(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(*(key.removeprefix("type:") if key.startswith("type:") else (key,)))
            await settle(pilot)

    return run


async def picture(app: FordwayApp, size: tuple[int, int], keys: Iterable[str] = ()) -> str:
    """The SVG of the console at that size after those keys."""
    async with app.run_test(size=size) as pilot:
        await steps(*keys)(pilot)
        return app.export_screenshot(title="Fordway", simplify=True)
