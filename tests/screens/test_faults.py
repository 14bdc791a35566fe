"""The dialog of a fault: what it shows at two sizes, and what each of its keys sends."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from engine.model.events import DecisionAnswered, DecisionExpired, DecisionHandedOn, LevelRaised
from engine.model.run import RunState
from screens.decide import DecideScreen
from screens.notices import notice_of
from screens.run_screen import RunScreen
from tests.screens.scripted_faults import FAULTS, asked
from tests.screens.scripted_journal import START
from tests.screens.show import console_asked, link_of, settle, steps, until

if TYPE_CHECKING:
    from collections.abc import Callable

    from screens.widgets.line_table import LineTable
    from tests.screens.show import FordwayApp

TO_PARENTS = ("up",) * 6
STATES = {
    "recommended-marked": ("missing-parents", TO_PARENTS),
    "for-every-such": ("missing-parents", (*TO_PARENTS, "space")),
    "rows": ("text-too-long", ("v", "down")),
    "details": ("missing-parents", ("d",)),
    "value-asked": ("text-too-long", ("f",)),
}
RESERVED = {"v", "d", "space", "enter", "escape", "up", "down"}


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("fault", FAULTS)
def test_fault_at_each_size_looks_as_approved(
    fault: str, size: tuple[int, int], snap_compare: Callable[..., bool]
) -> None:
    """What happened, what is safe and every answer are seen at once."""
    assert snap_compare(console_asked(fault), terminal_size=size, run_before=steps())


@pytest.mark.parametrize("state", STATES)
def test_state_of_the_dialog_looks_as_approved(state: str, snap_compare: Callable[..., bool]) -> None:
    """A marked answer, its rows, its details and its value are drawn as they were approved."""
    fault, keys = STATES[state]

    assert snap_compare(console_asked(fault), terminal_size=(80, 24), run_before=steps(*keys))


def driven(fault: str, *keys: str, look: Callable[[FordwayApp], object] = lambda app: None) -> FordwayApp:
    """The app after the keys, and after ``look`` has looked at it while it was shown."""
    app = console_asked(fault)

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press(*keys)
            await settle(pilot)
            look(app)

    asyncio.run(run())
    return app


def sent(fault: str, *keys: str) -> list[object]:
    return link_of(driven(fault, *keys)).asked


def dialog_of(app: FordwayApp) -> DecideScreen:
    assert isinstance(app.screen, DecideScreen)
    return app.screen


def said(app: FordwayApp) -> str:
    """Everything the console told in passing."""
    return "\n".join(notification.message for notification in app._notifications)


@pytest.mark.parametrize(
    ("fault", "keys", "answer"),
    [
        ("missing-parents", ("enter",), ("d-R111", "pause")),
        ("missing-parents", ("m",), ("d-R111", "parents")),
        ("missing-parents", ("down", "enter"), ("d-R111", "checkpoint")),
        ("missing-parents", ("h",), ("d-R111", "lead")),
        ("disk-full", ("x",), ("d-R307", "stop")),
        ("deadlock", ("s",), ("d-R304", "smaller")),
    ],
)
def test_answer_by_its_key_is_sent(fault: str, keys: tuple[str, ...], answer: tuple[str, str]) -> None:
    """One letter an answer takes it at once, enter the marked one."""
    assert [answer] == sent(fault, *keys)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ((*TO_PARENTS, "space", "enter"), ("d-R111", "parents", "every")),
        ((*TO_PARENTS, "space", "q"), ("d-R111", "quarantine", "every")),
        ((*TO_PARENTS, "space", "space", "m"), ("d-R111", "parents")),
        ((*TO_PARENTS, "space", "p"), ("d-R111", "pause")),
    ],
)
def test_answer_for_every_such_fault_is_sent_where_it_can_be(
    keys: tuple[str, ...], answer: tuple[str, ...]
) -> None:
    """Space turns it on and off; an answer that can't be repeated is sent for this fault alone."""
    assert [answer] == sent("missing-parents", *keys)


def test_space_says_what_every_such_means() -> None:
    """The operator reads what the answer will hold for before it is given."""
    told: list[str] = []
    driven("missing-parents", *TO_PARENTS, "space", look=lambda app: told.append(dialog_of(app).detail.text))

    assert "Every link whose case is missing in case_file_relationships" in told[0]


def test_space_on_an_answer_that_cannot_be_repeated_says_why() -> None:
    """Pausing is said for one fault, and nothing is turned on behind it."""
    app = driven("missing-parents", "space", "m")

    assert "Pause here can only be said for this fault" in said(app)
    assert [("d-R111", "parents")] == link_of(app).asked


def test_answer_that_is_not_available_says_why_and_sends_nothing() -> None:
    """It stays in the list with its reason."""
    app = driven("missing-parents", "n")

    assert "case_id is part of the key and can't be empty" in said(app)
    assert [] == link_of(app).asked


@pytest.mark.parametrize(
    ("keys", "answers"),
    [
        (("f", "enter"), [("d-R103", "default", "(name too long)")]),
        (("f", "ctrl+u", *"n/a", "enter"), [("d-R103", "default", "n/a")]),
        (("f", "ctrl+u", "enter"), []),
        (("f", "escape", "p"), [("d-R103", "pause")]),
        (("f", "q", "escape"), []),
    ],
)
def test_answer_that_wants_a_value_is_sent_with_it(keys: tuple[str, ...], answers: list[object]) -> None:
    """The line is filled in beforehand, letters go into it, nothing is sent without a value."""
    assert answers == sent("text-too-long", *keys)


@pytest.mark.parametrize(
    ("keys", "answers"),
    [
        (("v", "q"), []),
        (("d", "q"), []),
        (("v", "escape", "q"), [("d-R103", "quarantine")]),
        (("d", "d", "enter"), [("d-R103", "pause")]),
    ],
)
def test_keys_of_answers_work_where_answers_are_seen(keys: tuple[str, ...], answers: list[object]) -> None:
    """Over rows and details they do nothing; the way back is the same key, or escape."""
    assert answers == sent("text-too-long", *keys)


def test_details_hold_what_the_database_said() -> None:
    """The evidence is all there: the database's own words, the state, and where the parents are."""
    told: list[str] = []
    driven("missing-parents", "d", look=lambda app: told.append(dialog_of(app).evidence.text))

    assert all(
        part in told[0] for part in ("SQLSTATE 23503", "foreign key", "in archive, table dispatch_case")
    )


def test_rows_of_a_fault_without_any_say_so() -> None:
    """A full disk has no offending rows, and v says that instead of showing none."""
    tables: list[LineTable] = []
    driven("disk-full", "v", look=lambda app: tables.append(dialog_of(app).rows))

    assert (0, "no rows were looked through for this question") == (len(tables[0].rows), tables[0].empty)


@pytest.mark.parametrize("fault", FAULTS)
def test_keys_of_scripted_answers_are_one_letter_and_the_dialog_keeps_its_own(fault: str) -> None:
    """No answer hides behind another, or behind a key of the dialog."""
    keys = [option.key for option in FAULTS[fault].decision.options]

    assert len(keys) == len(set(keys) - RESERVED)


@pytest.mark.parametrize("size", [(20, 5), (60, 15), (79, 23), (200, 60)])
def test_dialog_at_any_size_is_survived(size: tuple[int, int]) -> None:
    """However small the window, the keys work and the way out is there."""
    app = console_asked("text-too-long")

    async def run() -> None:
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await pilot.press("down", "v", "down", "v", "d", "d", "space", "f", "escape", "escape")
            await settle(pilot)

    asyncio.run(run())
    assert [] == link_of(app).asked


def pushed(fault: str, event: object, state: RunState, *keys: str) -> FordwayApp:
    """The console after the keys, and after the journal went on by itself."""
    app = console_asked(fault)

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press(*keys)
            link_of(app).push(asked(fault).add(event).state(state))  # type: ignore[arg-type] # one of the events
            await settle(pilot)
            await until(pilot, lambda: isinstance(app.screen, RunScreen))

    asyncio.run(run())
    return app


@pytest.mark.parametrize("keys", [(), ("v",), ("d",)])
def test_question_answered_by_someone_else_closes_whatever_it_shows(keys: tuple[str, ...]) -> None:
    """The first answer wins, and the dialog says whose it was."""
    answered = DecisionAnswered(decision_id="d-R111", option="parents", by="lead")

    app = pushed("missing-parents", answered, RunState.RUNNING, *keys)

    assert "lead chose: Move the 7 missing cases first." in said(app)


def test_answer_of_someone_else_is_told_though_the_run_is_in_trouble_again_by_then() -> None:
    """Answer and next trouble may arrive in one look at the journal."""
    app = console_asked("missing-parents")

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            answered = DecisionAnswered(decision_id="d-R111", option="retry", by="lead")
            raised = LevelRaised(level=2, fault="R301", text="the agents look again")
            link_of(app).push(asked("missing-parents").add(answered).state(RunState.RUNNING).add(raised))
            await settle(pilot)

    asyncio.run(run())
    assert "lead chose: Try the batch again." in said(app)


def test_question_that_nobody_answered_in_time_says_so() -> None:
    """The run is paused safely; the console does not claim an answer."""
    expired = DecisionExpired(decision_id="d-R111", deadline=START)

    assert "Nobody answered in time" in said(pushed("missing-parents", expired, RunState.PAUSED))


def test_question_handed_to_the_lead_says_so_and_stays_open() -> None:
    """Whoever looks at the run reads who was asked; the answers are still one key away."""
    handed = DecisionHandedOn(decision_id="d-R111", to="lead", by="ana")

    app = pushed("missing-parents", handed, RunState.WAITING, "h")

    assert [("d-R111", "lead")] == link_of(app).asked
    told = "".join(part if isinstance(part, str) else part[0] for part in notice_of(app.sight))
    assert "The lead was asked; whoever answers first decides." in told


def test_question_handed_on_cannot_be_handed_on_again() -> None:
    """Opened once more, it shows the answer to hand it on as taken."""
    app = console_asked("missing-parents")

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            handed = DecisionHandedOn(decision_id="d-R111", to="lead", by="ana")
            link_of(app).push(asked("missing-parents").add(handed))
            await settle(pilot)
            await pilot.press("h")
            await settle(pilot)

    asyncio.run(run())
    assert "Hand it to the lead: the lead was asked already" in said(app)
    assert [] == link_of(app).asked


def test_answer_pressed_twice_is_sent_once() -> None:
    """The second press comes before the ledger has the first."""
    app = console_asked("missing-parents")

    async def run() -> None:
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            await pilot.press("m", "m", "m")
            await settle(pilot)

    asyncio.run(run())
    assert [("d-R111", "parents")] == link_of(app).asked
