"""The lead's console: what it shows first, what it may answer, and that it asks nothing else of a run."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from engine.model.events import DecisionAnswered, DecisionHandedOn
from engine.model.run import RunState
from screens.decide import DecideScreen
from screens.gallery import COORDINATION
from screens.sight import Viewer
from tests.screens.scripted_faults import asked
from tests.screens.show import (
    FordwayApp,
    console_asked,
    console_on,
    console_troubled,
    link_of,
    settle,
    steps,
    until,
)

if TYPE_CHECKING:
    from collections.abc import Callable

HANDED = DecisionHandedOn(decision_id="d-R111", to="lead", by="ana")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_lead_first_sees_what_needs_a_person(
    size: tuple[int, int], snap_compare: Callable[..., bool]
) -> None:
    """The agents, above them the question that waits, and whose console this is."""
    app = console_asked("missing-parents", viewer=Viewer.LEAD)

    assert snap_compare(app, terminal_size=size, run_before=steps())


def test_question_handed_to_the_lead_looks_as_approved(snap_compare: Callable[..., bool]) -> None:
    """The same question with the same answers, but nobody to hand it on to."""
    app = console_troubled("deciding", after=21.7, viewer=Viewer.LEAD)

    assert snap_compare(app, terminal_size=(80, 24), run_before=steps("down", "down", "down"))


def driven(
    app: FordwayApp, *keys: str, look: Callable[[FordwayApp], object] = lambda app: None
) -> FordwayApp:
    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await steps(*keys)(pilot)
            look(app)

    asyncio.run(run())
    return app


def said(app: FordwayApp) -> str:
    return "\n".join(notification.message for notification in app._notifications)


def lead_on(stage: str) -> FordwayApp:
    return console_on(stage, viewer=Viewer.LEAD)


@pytest.mark.parametrize("stage", ["moving", "faulted", "finished", "connected"])
def test_lead_opens_on_the_agents(stage: str) -> None:
    """Whatever the run does, who works on what comes first."""
    assert COORDINATION == driven(lead_on(stage)).shown


def test_lead_is_asked_when_the_question_is_handed_on() -> None:
    """Until then the operator answers, and the question stands on the panel."""
    app = console_asked("missing-parents", viewer=Viewer.LEAD)
    shown: list[bool] = []

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            shown.append(isinstance(app.screen, DecideScreen))
            link_of(app).push(asked("missing-parents").add(HANDED))
            await settle(pilot)
            shown.append(isinstance(app.screen, DecideScreen))

    asyncio.run(run())
    assert [False, True] == shown


def test_lead_may_answer_without_being_asked() -> None:
    """The first valid answer wins, whoever gives it."""
    app = driven(console_asked("missing-parents", viewer=Viewer.LEAD), "d", "m")

    assert [("d-R111", "parents")] == link_of(app).asked


def test_lead_has_nobody_to_hand_the_question_to() -> None:
    """The answer that hands it on says why it can't be taken."""
    app = driven(console_asked("missing-parents", viewer=Viewer.LEAD), "d", "h")

    assert [] == link_of(app).asked
    assert "you are the lead" in said(app)


@pytest.mark.parametrize(
    ("stage", "keys"),
    [
        ("moving", ("5", "p")),
        ("paused", ("r",)),
        ("moving", ("x",)),
        ("finished", ("u",)),
        ("planned", ("3", "enter")),
        ("planned", ("3", "y")),
        ("rehearsed", ("4", "enter")),
        ("planned", ("d",)),
    ],
)
def test_lead_has_no_power_over_the_runs_life(stage: str, keys: tuple[str, ...]) -> None:
    """No pause, no resume, no stop, no undo, no approval."""
    assert [] == link_of(driven(lead_on(stage), *keys)).asked


@pytest.mark.parametrize("stage", ["moving", "planned", "faulted", "undoing"])
def test_lead_leaves_at_once_and_asks_nothing(stage: str) -> None:
    """The run is not the lead's to park or to pause."""
    app = lead_on(stage)

    async def leave() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("q")
            await until(pilot, lambda: bool(app.exit_reason))

    asyncio.run(leave())
    assert ("left", []) == (app.exit_reason, link_of(app).asked)


@pytest.mark.parametrize(
    ("make", "viewer", "words"),
    [
        (lambda viewer: console_asked("missing-parents", viewer=viewer), Viewer.OPERATOR, "WAITING FOR YOU"),
        (
            lambda viewer: console_asked("missing-parents", viewer=viewer),
            Viewer.LEAD,
            "WAITING FOR AN ANSWER",
        ),
        (lambda viewer: console_troubled("deciding", viewer=viewer), Viewer.LEAD, "WAITING FOR YOU"),
        (lambda viewer: console_on("planned", viewer=viewer), Viewer.LEAD, "WAITING FOR THE OPERATOR"),
    ],
)
def test_waiting_run_says_for_whom(make: Callable[[Viewer], FordwayApp], viewer: Viewer, words: str) -> None:
    """Loud for who is meant, and true for who is not."""
    told: list[str] = []

    def look(app: FordwayApp) -> None:
        top = app.top_screen()
        assert top is not None
        told.append(top.heading.text)

    driven(make(viewer), look=look)

    assert words in told[0]
    assert (" · LEAD · " in told[0]) is (viewer is Viewer.LEAD)


@pytest.mark.parametrize("keys", [(), ("escape",)])
def test_operator_is_told_what_the_lead_chose(keys: tuple[str, ...]) -> None:
    """Whether the question is looked at or was left open, who answered and what is said."""
    app = console_asked("missing-parents")

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await steps(*keys)(pilot)
            answered = DecisionAnswered(
                decision_id="d-R111", option="parents", by="kim", from_where="watch on db-2"
            )
            link_of(app).push(asked("missing-parents").add(answered).state(RunState.RUNNING))
            await settle(pilot)

    asyncio.run(run())
    assert "kim chose: Move the 7 missing cases first (from watch on db-2)." == said(app)


def test_own_answer_is_not_told_again() -> None:
    """Who pressed the key knows."""
    app = console_asked("missing-parents")

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await steps("m")(pilot)
            answered = DecisionAnswered(decision_id="d-R111", option="parents", by="ana")
            link_of(app).push(asked("missing-parents").add(answered).state(RunState.RUNNING))
            await settle(pilot)

    asyncio.run(run())
    assert "" == said(app)


@pytest.mark.parametrize("viewer", [Viewer.OPERATOR, Viewer.LEAD])
@pytest.mark.parametrize(
    ("keys", "requests"),
    [
        (("u", "enter"), ["preview"]),
        (("u", "escape"), ["preview"]),
        (("u", "down", "type:something", "enter"), ["preview"]),
        (
            ("u", "down", "type:fordway_demo", "enter"),
            ["preview", ("d-R111", "undo", "fordway_demo")],
        ),
    ],
)
def test_undo_as_an_answer_asks_for_the_targets_name(
    viewer: Viewer, keys: tuple[str, ...], requests: list[object]
) -> None:
    """One key takes back nothing: what would go is counted, and keeping everything has the focus."""
    app = driven(
        console_asked("missing-parents", viewer=viewer), *(("d",) if viewer is Viewer.LEAD else ()), *keys
    )

    assert requests == link_of(app).asked
