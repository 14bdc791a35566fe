"""Keys reach the run as the intents they stand for, and nothing else does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from engine.model.errors import CannotConnect, ConnectionCut
from engine.model.events import DecisionAnswered
from engine.model.run import RunState
from screens.gallery import COORDINATION
from screens.notices import notice_of
from screens.run_screen import RunScreen
from screens.sight import Viewer
from tests.screens.scripted_journal import (
    STAGES,
    START,
    ScriptedLink,
    StillClock,
    connected,
    faulted,
    moving,
    paused,
)
from tests.screens.show import FordwayApp, console_on, link_of, settle, steps, until

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot


def driven(app: FordwayApp, *keys: str) -> FordwayApp:
    """The app after the keys, left or not."""

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            for key in keys:
                await pilot.press(key)
                await pilot.pause()
                if app.exit_reason:
                    return
                await settle(pilot)

    asyncio.run(run())
    return app


def played(app: FordwayApp, act: Callable[[Pilot[None]], Awaitable[None]]) -> FordwayApp:
    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await act(pilot)

    asyncio.run(run())
    return app


def asked_after(stage: str, *keys: str) -> list[object]:
    return link_of(driven(console_on(stage), *keys)).asked


def test_approval_by_enter_sends_the_recommended_option() -> None:
    """On Plan, enter takes the recommended answer."""
    assert [("d1", "approve")] == asked_after("planned", "enter")


def test_approval_by_its_key_sends_that_option() -> None:
    """An option's own key takes it at once."""
    assert [("d1", "decline")] == asked_after("planned", "n")


def test_leaving_never_sets_rows_aside() -> None:
    """The key that leaves everywhere leaves here too, and the answer has one of its own."""
    assert ["park"] == asked_after("asking", "q")
    assert [("d1", "approve-aside")] == asked_after("asking", "a")


def test_start_of_the_move_by_its_key_sends_that_option() -> None:
    """The question after the rehearsal is answered on Rehearse."""
    assert [("d2", "rehearse")] == asked_after("rehearsed", "r")


def test_fault_dialog_by_enter_takes_the_safest_option() -> None:
    """A fault's dialog has its focus on the safest option."""
    assert [("d3", "pause")] == asked_after("faulted", "enter")


def test_fault_dialog_by_key_takes_that_option() -> None:
    """Each option of a fault has its key."""
    assert [("d3", "quarantine")] == asked_after("faulted", "s")


def test_fault_dialog_unavailable_option_sends_nothing() -> None:
    """An option that can't be taken says why instead."""
    assert [] == asked_after("faulted", "m")


def test_fault_dialog_left_open_can_be_opened_again() -> None:
    """Escape leaves the question open, d brings it back."""
    assert [("d3", "retry")] == asked_after("faulted", "escape", "d", "t")


@pytest.mark.parametrize(
    ("stage", "key", "request_sent"),
    [("moving", "p", ["pause"]), ("paused", "r", ["resume"]), ("finished", "p", []), ("moving", "r", [])],
)
def test_run_key_in_a_state_sends_its_request_or_nothing(
    stage: str, key: str, request_sent: list[object]
) -> None:
    """Pause and resume reach the run only in the states in which they are allowed."""
    assert request_sent == asked_after(stage, key)


def test_stop_by_enter_keeps_the_run() -> None:
    """The safe answer to stopping has the focus."""
    assert [] == asked_after("moving", "x", "enter")


def test_stop_by_its_key_sends_the_request() -> None:
    """Stopping needs its key twice."""
    assert ["stop"] == asked_after("moving", "x", "x")


def test_undo_by_enter_keeps_everything() -> None:
    """The safe answer to an undo has the focus."""
    assert ["preview"] == asked_after("finished", "u", "enter")


def test_undo_with_a_wrong_name_sends_nothing() -> None:
    """A name that is nearly right is not the name."""
    assert ["preview"] == asked_after("finished", "u", "down", *"fordway_dem", "enter")


def test_undo_with_the_name_sends_what_was_typed() -> None:
    """Only the target's name, letter by letter, starts an undo."""
    assert ["preview", ("undo", "fordway_demo")] == asked_after(
        "finished", "u", "down", *"fordway_demo", "enter"
    )


def test_refused_request_says_why_on_the_screen() -> None:
    """A refusal stands above the screen."""
    app = console_on("paused")
    link_of(app).refusal = "Another runner owns the run; it paused on db-2."
    driven(app, "r")

    assert "Another runner owns the run" in app.sight.notice


@pytest.mark.parametrize(
    ("stage", "keys", "reason"),
    [
        ("moving", ("q", "d"), "detached"),
        ("moving", ("ctrl+q", "d"), "detached"),
        ("moving", ("ctrl+c", "s"), ""),
        ("moving", ("q", "enter"), ""),
        ("undoing", ("q", "d"), "detached"),
        ("paused", ("q",), "left"),
        ("finished", ("ctrl+q",), "left"),
        ("planned", ("q",), "parked"),
    ],
)
def test_leaving_in_a_state_gives_its_reason(stage: str, keys: tuple[str, ...], reason: str) -> None:
    """Leaving asks while rows move, and only then."""
    app = console_on(stage)

    async def leave(pilot: Pilot[None]) -> None:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        if reason:
            await until(pilot, lambda: bool(app.exit_reason))

    played(app, leave)
    assert reason == app.exit_reason


def test_leaving_a_waiting_run_parks_its_runner() -> None:
    """An idle runner is let go."""
    app = console_on("planned")

    async def leave(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press("q")
        await until(pilot, lambda: bool(app.exit_reason))

    played(app, leave)
    assert ["park"] == link_of(app).asked


def test_pause_then_leave_closes_when_the_run_is_paused() -> None:
    """The console waits for the batch's end before it closes."""
    app = console_on("moving")

    async def leave(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await pilot.press("q")
        await pilot.pause()
        await pilot.press("p")
        await settle(pilot)
        link_of(app).push(paused())
        await until(pilot, lambda: bool(app.exit_reason))

    played(app, leave)
    assert ("paused", ["pause"]) == (app.exit_reason, link_of(app).asked)


def test_following_goes_with_the_run_from_step_to_step() -> None:
    """An attached console shows the step the run is at."""
    assert ["connect", "plan", "rehearse", "move", "move", "verify", "finish", "undo"] == [
        driven(console_on(stage)).shown
        for stage in (
            "connected",
            "planned",
            "rehearsed",
            "moving",
            "paused",
            "verified",
            "finished",
            "undone",
        )
    ]


def test_looking_elsewhere_is_left_alone_and_badged() -> None:
    """Whoever looks at another step stays there, and is told where the run is."""
    app = console_on("moving")

    async def look(pilot: Pilot[None]) -> None:
        await steps("2")(pilot)
        link_of(app).push(STAGES["verified"]())
        await settle(pilot)

    played(app, look)
    assert ("discover", "run is at Verify  f follows") == (app.shown, app.sight.badge)


def test_follow_key_goes_where_the_run_is() -> None:
    """f ends looking elsewhere."""
    assert "move" == driven(console_on("moving"), "2", "f").shown


def test_arrows_walk_the_steps() -> None:
    """Left and right walk the rail."""
    assert ("rehearse", "verify") == (
        driven(console_on("moving"), "left").shown,
        driven(console_on("moving"), "]").shown,
    )


def test_agents_key_goes_there_and_back() -> None:
    """c shows the agents, c again goes back."""
    assert (COORDINATION, "move") == (
        driven(console_on("moving"), "f6").shown,
        driven(console_on("moving"), "c", "c").shown,
    )


def test_new_run_stays_on_the_findings_until_enter_shows_the_plan() -> None:
    """The plan is one key away, and never sprung on anyone."""
    script = STAGES["planned"]()
    app = FordwayApp(clock=StillClock(script.at), opening=lambda _: ScriptedLink(script))
    shown: list[str] = []

    async def go_on(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.link is not None)
        await settle(pilot)
        shown.append(app.shown)
        await steps("enter")(pilot)
        shown.append(app.shown)

    played(app, go_on)
    assert ["discover", "plan"] == shown


def test_waiting_run_says_so_in_the_terminal_title() -> None:
    """Waiting is loud outside the window, too."""
    assert "Fordway - waiting for you" == driven(console_on("planned")).terminal_title


def test_opening_that_fails_shows_the_sentence_and_retries() -> None:
    """A run that can't be opened says why; r tries again."""
    tries: list[int] = []
    link = ScriptedLink(connected())

    def opening(tell: Callable[[str], None]) -> ScriptedLink:
        tell("starting PostgreSQL")
        tries.append(1)
        if len(tries) == 1:
            raise CannotConnect(
                "The target does not answer",
                where="db-1:5432",
                safe="Nothing was moved",
                todo="Start it, then press r",
            )
        return link

    app = FordwayApp(clock=StillClock(START), opening=opening)
    seen: list[str] = []

    async def retry(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.sight.trouble is not None)
        await settle(pilot)
        shown = app.top_screen()
        assert shown is not None
        seen.append(shown.query_one("#connect Words").text)  # type: ignore[attr-defined] # Words has its text
        await pilot.press("r")
        await until(pilot, lambda: app.sight.view.number > 0)

    played(app, retry)
    assert "db-1:5432" in seen[0]
    assert "Start it, then press r" in seen[0]
    assert 2 == len(tries)


def test_ledger_that_goes_away_shows_a_notice_until_it_is_back() -> None:
    """A lost ledger is said and outlived."""
    app = console_on("moving")
    seen: list[str] = []

    async def lose(pilot: Pilot[None]) -> None:
        await settle(pilot)
        link_of(app).fault = ConnectionCut("The target closed the connection")
        await until(pilot, lambda: bool(app.sight.ledger_notice))
        seen.append("".join(part if isinstance(part, str) else part[0] for part in notice_of(app.sight)))
        link_of(app).fault = None
        await until(pilot, lambda: not app.sight.ledger_notice)

    played(app, lose)
    assert "Ledger unreachable since 03:02:17, the run goes on; trying again" in seen[0]


def test_console_that_closes_lets_go_of_the_link() -> None:
    """The link is closed by the thread that used it."""
    app = driven(console_on("paused"), "q")

    assert link_of(app).is_closed


@pytest.mark.parametrize("size", [(20, 5), (79, 24), (80, 23), (80, 24), (200, 60)])
def test_any_size_is_survived(size: tuple[int, int]) -> None:
    """No window is too small or too large to be opened in."""
    app = console_on("moving")

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await steps("c", "c", "1", "2", "3", "4", "5", "6", "7", "question_mark", "escape")(pilot)

    asyncio.run(run())
    assert app.return_code in (None, 0)


def test_question_answered_by_someone_else_goes_away() -> None:
    """The first answer wins; the dialog does not stay to be answered twice."""
    app = console_on("faulted")

    async def lead_answers(pilot: Pilot[None]) -> None:
        await settle(pilot)
        answered = DecisionAnswered(decision_id="d3", option="retry", by="lead")
        link_of(app).push(faulted().add(answered).state(RunState.RUNNING))
        await settle(pilot)
        await until(pilot, lambda: isinstance(app.screen, RunScreen))

    played(app, lead_answers)
    assert ("lead chose: Try the batch again", []) == (app.sight.view.answered, link_of(app).asked)


def test_key_pressed_before_the_question_could_be_read_answers_nothing() -> None:
    """A key meant for what stood there before is not taken for an answer."""
    app = console_on("faulted")
    app.clock.monotonic = lambda: 5.0  # type: ignore[method-assign] # the same moment, always

    assert [] == link_of(driven(app, "s")).asked


def test_watcher_pressing_pause_sends_nothing() -> None:
    """Who may only watch changes nothing."""
    assert [] == link_of(driven(console_on("moving", viewer=Viewer.WATCHER), "p", "x", "u")).asked


def test_palette_runs_the_action_that_was_searched_for() -> None:
    """Every action can be found by its name."""
    assert "rehearse" == driven(console_on("moving"), "ctrl+p", *"previous", "enter").shown


def test_markup_in_data_is_shown_as_it_is() -> None:
    """What a database holds is text, whatever it looks like."""
    script = moving()
    script.say("progress", "table [bold red]x[/] \x1b[31m and [/nothing]")
    app = FordwayApp(clock=StillClock(script.at), link=ScriptedLink(script))
    driven(app)

    assert "table [bold red]x[/] \x1b[31m and [/nothing]" == app.sight.view.words("progress")[0]
