"""The whole guided path through the real console, a real runner, real PostgreSQL and Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from console.app import FordwayApp
from console.attach import LedgerLink
from console.demo import open_demo
from console.settings import load_settings
from engine.model.clock import SystemClock
from engine.model.run import RunState

SECONDS = 60.0


def console_for(target_url: str, redis_url: str, data_dir: Path) -> FordwayApp:
    settings = load_settings(target_url=target_url, redis_url=redis_url, data_dir=data_dir)
    return FordwayApp(opening=open_demo("brackets", settings=settings, kind="sqlite"), clock=SystemClock())


async def until(pilot: Pilot[None], claim: Callable[[], bool], what: str) -> None:
    """Waits for messages of the app, not for a time."""
    deadline = time.monotonic() + SECONDS
    while not claim():
        assert time.monotonic() < deadline, f"never came: {what}"
        await pilot.pause(0.05)


async def answered(pilot: Pilot[None], app: FordwayApp, kind: str) -> None:
    """Presses enter once the question has stood long enough to be meant."""
    await until(
        pilot,
        lambda: app.sight.view.decision is not None and app.sight.view.decision.kind == kind,
        f"the question {kind}",
    )
    deadline = time.monotonic() + SECONDS
    while app.sight.view.decision is not None and app.sight.view.decision.kind == kind:
        assert time.monotonic() < deadline, f"{kind} was never answered"
        await pilot.press("enter")
        await pilot.pause(0.1)


def rows_of(url: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        query = "select legacy_id, name, type, project_id, metadata::text from brackets order by legacy_id"
        return connection.execute(query).fetchall()


@pytest.mark.faults
def test_guided_path_by_keys_moves_and_takes_back_1569_brackets(
    target_url: str, redis_url: str, data_dir: Path
) -> None:
    """Enter through every question moves 1,569 brackets, proven; u and the typed name take them back."""
    app = console_for(target_url, redis_url, data_dir)
    seen: dict[str, object] = {}

    async def drive() -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await answered(pilot, app, "approve-plan")
            await answered(pilot, app, "start-move")
            await until(pilot, lambda: app.sight.view.state is RunState.COMPLETE, "complete")
            seen["moved"] = await asyncio.to_thread(rows_of, target_url)
            await until(pilot, lambda: app.shown == "finish", "the Finish screen")
            await pilot.press("u")
            await until(pilot, lambda: app.sight.preview is not None, "the undo's preview")
            while not isinstance(app.focused, Input):
                await pilot.press("down")
                await pilot.pause(0.05)
            database = app.sight.preview.target_name if app.sight.preview else ""
            await pilot.press(*("underscore" if letter == "_" else letter for letter in database), "enter")
            await until(pilot, lambda: app.sight.view.state is RunState.UNDONE, "undone")
            seen["left"] = await asyncio.to_thread(rows_of, target_url)
            await pilot.press("q")
            await pilot.pause()

    asyncio.run(drive())

    assert (1569, 0) == (len(seen["moved"]), len(seen["left"]))  # type: ignore[arg-type]  # lists, stored as objects
    assert isinstance(app.link, LedgerLink)
    assert app.link.last_record is not None
    assert RunState.UNDONE is app.link.last_record.state
