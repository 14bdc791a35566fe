"""Rows set aside: what is shown of them, and what each key asks for."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from engine.model.held import HeldChoice, HeldFilter
from screens.held_row import HeldRowScreen
from screens.quarantine import QuarantineScreen
from screens.sight import Viewer
from tests.screens.scripted_held import LINKS, LONG, TARGET, ScriptedHeld, paused_with_rows, settled
from tests.screens.scripted_journal import moving
from tests.screens.show import FordwayApp, console_held, console_on, link_of, settle, steps

if TYPE_CHECKING:
    from collections.abc import Callable

CUSTOMERS = ("shift+tab", "down", "down", "tab")
"""From the list of all rows to that of customers' names."""
OF_CUSTOMERS = HeldFilter(
    state="open", table="customers", place="name", kind="too-long", reason=f"{len(LONG)} characters, 80 fit"
)
STATES = {
    "row-opened": (*CUSTOMERS, "enter"),
    "value-asked": (*CUSTOMERS, "e"),
    "which-rows": (*CUSTOMERS, "w"),
    "name-typed": ("g", "a", "down", "type:fordway_dem"),
}


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_rows_set_aside_look_as_approved(size: tuple[int, int], snap_compare: Callable[..., bool]) -> None:
    """How many and why, the rows one by one, and the answers that stand."""
    assert snap_compare(console_held(), terminal_size=size, run_before=steps("s"))


@pytest.mark.parametrize("state", STATES)
def test_state_of_a_row_looks_as_approved(state: str, snap_compare: Callable[..., bool]) -> None:
    """A row whole, another value for it, which rows are meant, and the name that is typed."""
    assert snap_compare(console_held(), terminal_size=(80, 24), run_before=steps("s", *STATES[state]))


def driven(
    *keys: str, app: FordwayApp | None = None, look: Callable[[FordwayApp], object] = lambda app: None
) -> FordwayApp:
    """The console after the keys, each drawn; ``look`` sees it while it is shown."""
    app = app or console_held()

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await steps("s", *keys)(pilot)
            look(app)

    asyncio.run(run())
    return app


def sent(*keys: str, app: FordwayApp | None = None) -> list[object]:
    return link_of(driven(*keys, app=app)).asked


def held_of(app: FordwayApp) -> ScriptedHeld:
    return link_of(app).held


def screen_of(app: FordwayApp) -> QuarantineScreen:
    top = app.top_screen()
    assert isinstance(top, QuarantineScreen)
    return top


def said(app: FordwayApp) -> str:
    return "\n".join(notification.message for notification in app._notifications)


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (("w", "r"), [("replay", HeldChoice(numbers=(1,)))]),
        (("w", "enter"), []),
        (("w", "escape"), []),
        (("w", "a"), [("replay", HeldChoice(of=HeldFilter(state="open")))]),
        ((*CUSTOMERS, "w", "g"), [("replay", HeldChoice(of=OF_CUSTOMERS))]),
        ((*CUSTOMERS, "w", "c"), [("replay", HeldChoice(numbers=(LINKS + 1,), with_children=True))]),
        ((*CUSTOMERS, "down", "w", "c"), []),
        (("enter", "w"), [("replay", HeldChoice(numbers=(1,)))]),
    ],
)
def test_replay_is_asked_for_the_rows_that_were_meant(keys: tuple[str, ...], asked: list[object]) -> None:
    """This row, those that wait for it, the group, or all; leaving them is the safe answer."""
    assert asked == sent(*keys)


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        ((*CUSTOMERS, "e", "ctrl+u", "type:Dr. X", "enter"), [("edit", LINKS + 1, "name", "Dr. X")]),
        ((*CUSTOMERS, "e", "escape"), []),
        ((*CUSTOMERS, "enter", "n"), [("edit", LINKS + 1, "name", None)]),
        ((*CUSTOMERS, "enter", "down", "e", "type:x@y", "enter"), [("edit", LINKS + 1, "email", "x@y")]),
    ],
)
def test_value_of_a_row_is_given_by_its_column(keys: tuple[str, ...], asked: list[object]) -> None:
    """The offending value is asked for first; another one can be marked."""
    assert asked == sent(*keys)


def test_edited_value_shows_in_the_row_at_once() -> None:
    """What it will be stands beside what it is."""
    told: list[object] = []

    def look(app: FordwayApp) -> None:
        assert isinstance(app.screen, HeldRowScreen)
        told.append(app.screen.cells.rows[1][3])

    driven(*CUSTOMERS, "e", "ctrl+u", "type:Dr. X", "enter", look=look)

    assert [("Dr. X", "busy")] == told


def test_value_that_is_not_moved_cannot_be_another() -> None:
    """It is kept with the row, and is in nobody's way."""
    app = driven(*CUSTOMERS, "enter", "end", "e")

    assert [] == link_of(app).asked
    assert "Legacy_note is not moved" in said(app)


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (("g", "a", "enter"), []),
        (("g", "a", "down", "type:something", "enter"), []),
        (
            ("g", "r", "down", f"type:{TARGET}", "enter"),
            [("discard", HeldChoice(numbers=(1,)), TARGET)],
        ),
        (
            ("g", "a", "down", f"type:{TARGET}", "enter"),
            [("discard", HeldChoice(of=HeldFilter(state="open")), TARGET)],
        ),
    ],
)
def test_rows_are_given_up_by_the_targets_name_alone(keys: tuple[str, ...], asked: list[object]) -> None:
    """Counted first; keeping them has the focus, and a name that is nearly right is not the name."""
    assert asked == [request for request in sent(*keys) if request[0] != "waste"]  # type: ignore[index] # all are tuples


def test_rows_shown_are_exported_where_one_says() -> None:
    """The filter goes with it; the file's name is proposed, and what was written is said."""
    app = driven(*CUSTOMERS, "o", "ctrl+u", "type:/tmp/x.csv", "enter")

    assert [("export", OF_CUSTOMERS, "/tmp/x.csv")] == link_of(app).asked
    assert "Wrote 256 rows to /tmp/x.csv." in said(app)


def test_export_left_by_escape_writes_nothing() -> None:
    """No file without a word."""
    assert [] == sent("o", "escape")


def test_refused_request_about_rows_says_why_on_the_screen() -> None:
    """A refusal stands above the rows."""
    app = console_held()
    held_of(app).refusal = "A runner works on run 7f3a9c21."
    driven("w", "r", app=app)

    assert "A runner works on run 7f3a9c21." == app.sight.notice


@pytest.mark.parametrize(
    ("keys", "asked"),
    [
        (("tab", "v", "v"), [("revoke", 1)]),
        (("tab", "down", "enter", "v"), [("revoke", 2)]),
        (("tab", "v", "enter"), []),
    ],
)
def test_standing_answer_is_revoked_by_its_key_and_once_more(
    keys: tuple[str, ...], asked: list[object]
) -> None:
    """Keeping it is the safe answer."""
    assert asked == sent(*keys)


def test_thousands_of_rows_are_read_a_page_at_a_time() -> None:
    """Behind the last row of a page comes the next one, before the first the one before."""
    told: list[str] = []
    app = driven("end", "down", "down", "up", "up", look=lambda app: told.append(screen_of(app).twin.text))

    assert [(), (100,), ()] == [place.after for place in held_of(app).reads]
    assert "row 100 of 256" in told[0]


def test_group_shows_its_rows_from_the_first() -> None:
    """The list below is what the marked line says, wherever one stood before."""
    told: list[str] = []

    def look(app: FordwayApp) -> None:
        told.append(screen_of(app).command(app.sight))

    app = driven("end", "down", *CUSTOMERS, look=look)

    assert OF_CUSTOMERS == held_of(app).reads[-1].of
    assert "--table customers --state open   row 1 of 4" in told[0]


def test_page_is_read_again_when_something_changed_and_only_then() -> None:
    """Whoever looks sees the rows as they are; nobody asks four times a second."""
    app = console_held()

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await steps("s", "down", "up")(pilot)
            before = len(held_of(app).reads)
            script = held_of(app).finish_replay(settled())
            link_of(app).push(script)
            await settle(pilot)
            assert (1, 2) == (before, len(held_of(app).reads))

    asyncio.run(run())


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (0, "✓ Replayed 4 rows. Written 17,244 -> 17,248, quarantined 256 -> 252."),
        (
            1,
            "! Replayed 3 rows; 1 row stays set aside. Written 17,244 -> 17,247, quarantined 256 -> 253."
            " 4  case_file_relationships 1005, 7004: no row of cases for legacy key 1005",
        ),
    ],
)
def test_replay_that_ended_says_what_came_of_it_before_and_after(left: int, words: str) -> None:
    """What is written now and what was, and why a row stays."""
    app = console_held()
    told: list[str] = []

    async def run() -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await steps("s", "w", "a")(pilot)
            link_of(app).push(held_of(app).finish_replay(settled(), left=left))
            await settle(pilot)
            told.append(screen_of(app).news.text)
            assert app.sight.view.move.balances

    asyncio.run(run())
    assert [words] == told


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1.0, "● The replay was asked for; its runner is being started"),
        (
            25.0,
            "! No runner has taken the replay up for 25 s; nothing was changed so far."
            " Its log is in the data folder, under logs.",
        ),
    ],
)
def test_replay_that_was_asked_for_is_awaited_in_words(seconds: float, words: str) -> None:
    """Until its runner is there, and when it does not come."""
    app = console_held()
    told: list[str] = []

    async def run() -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await steps("s", "w", "a")(pilot)
            app.clock.at += timedelta(seconds=seconds)  # type: ignore[attr-defined] # the still clock
            await settle(pilot)
            told.append(screen_of(app).news.text)

    asyncio.run(run())
    assert [words] == told


def test_replay_while_rows_move_is_refused_with_the_reason() -> None:
    """The run must rest; the rows can be looked at all the same."""
    app = console_held(moving())
    driven("w", app=app)

    assert [] == link_of(app).asked
    assert "rows are replayed while the run rests" in said(app)


def test_paused_run_can_replay_its_rows() -> None:
    """It rests, whatever is left of its move."""
    assert [("replay", HeldChoice(numbers=(1,)))] == sent("w", "r", app=console_held(paused_with_rows()))


@pytest.mark.parametrize("viewer", [Viewer.LEAD, Viewer.WATCHER])
@pytest.mark.parametrize("keys", [("w",), ("g",), ("e",), ("tab", "v"), ("enter", "e"), ("enter", "w")])
def test_rows_are_the_operators_business(viewer: Viewer, keys: tuple[str, ...]) -> None:
    """Lead and watcher see every row, and change none."""
    assert [] == sent(*keys, app=console_held(viewer=viewer))


def test_run_that_set_nothing_aside_says_so() -> None:
    """An empty list is no mystery."""
    told: list[str] = []

    def look(app: FordwayApp) -> None:
        told.append(screen_of(app).words.text)

    app = driven("w", "enter", app=console_on("finished"), look=look)

    assert ["No row of this run was set aside"] == told
    assert [] == link_of(app).asked


@pytest.mark.parametrize("step", ["5", "6", "7", "c"])
def test_rows_set_aside_are_one_key_away_and_back(step: str) -> None:
    """From the move, the proof, the end and the agents; the same key goes back to the step."""
    app = console_held()

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await steps(step, "s", "s")(pilot)

    asyncio.run(run())
    assert {"5": "move", "6": "verify", "7": "finish", "c": "finish"}[step] == app.shown


@pytest.mark.parametrize("size", [(20, 5), (60, 15), (79, 23), (200, 60)])
def test_rows_at_any_size_are_survived(size: tuple[int, int]) -> None:
    """However small the window, nothing is asked for by accident."""
    app = console_held()

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await steps("s", *CUSTOMERS, "enter", "e", "escape", "escape", "o", "escape", "g", "escape")(
                pilot
            )

    asyncio.run(run())
    assert [] == link_of(app).asked
