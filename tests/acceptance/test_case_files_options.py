"""Batch 15 of case-files lacks seven cases: each way out leads to its documented end, whoever says it and where."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from console.app import FordwayApp
from console.attach import LedgerLink
from console.open_run import attach_run
from console.settings import load_settings
from engine.model.clock import SystemClock
from screens.decide import DecideScreen
from screens.undo_answer import UndoAnswerScreen
from tests.fix_filled import Filled
from tests.fix_runs import CommandLine, command_line, query, value


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where an option leads."""

    state: str
    links: tuple[int, ...]
    """Links in the target; where two workers may have moved a batch more, either number."""
    cases: int = 1_184
    aside: int = 0
    asked: int = 1
    """How often it was asked about."""


_BEFORE = (7_000, 7_500, 8_000, 8_500)
"""Batch 15 waits; batches behind it may have been on their way."""
ENDS = {
    "parents": End(state="complete", links=(15_420,), cases=1_191),
    "quarantine": End(state="complete", links=(15_397,), aside=23),
    "retry": End(state="waiting", links=_BEFORE, asked=2),
    "smaller": End(state="waiting", links=(*_BEFORE, 8_250, 8_750), asked=2),
    "pause": End(state="paused", links=_BEFORE),
    "stop": End(state="stopped", links=_BEFORE),
    "lead": End(state="waiting", links=_BEFORE),
    "undo": End(state="undone", links=(0,), cases=0),
}
"""By option; the others can't be taken, and say why."""
_STATE = "select state || coalesce((select ' ' || count(*) from fordway.decision where kind = 'fault'), '') from fordway.run"


@pytest.fixture
def url(at_question: Filled) -> Iterator[str]:
    """A database of the test's own in which the run waits."""
    with at_question.copied() as copied:
        yield copied


@pytest.fixture
def line(url: str, redis_url: str, tmp_path: Path) -> Iterator[CommandLine]:
    """The command line against that database."""
    with command_line(url, redis_url, tmp_path / "cli") as line:
        yield line


def _assert_ends(url: str, option: str, eventually: Callable[..., None]) -> None:
    end = ENDS[option]
    eventually(lambda: value(url, _STATE) == f"{end.state} {end.asked}", seconds=60)
    there = bool(value(url, "select to_regclass('case_file_relationships') is not null"))
    links = value(url, "select count(*) from case_file_relationships") if there else 0
    found = replace(
        end,
        links=(links,),
        cases=value(url, "select count(*) from cases") if there else 0,
        aside=value(url, "select count(*) from fordway.quarantine where pass = 'move' and state = 'open'"),
    )
    assert links in end.links
    assert replace(end, links=(links,)) == found
    assert [(option == "lead" or None, None if option == "lead" else option)] == query(
        url,
        "select handed_to = 'lead', answer from fordway.decision where kind = 'fault' order by asked_at limit 1",
    )


def _said(url: str, option: str) -> str:
    """The option as a script says it; an undo wants the target's name."""
    return f"undo={value(url, 'select current_database()')}" if option == "undo" else option


@pytest.mark.parametrize("option", ENDS)
def test_option_said_by_a_script_leads_to_its_end(
    option: str, url: str, line: CommandLine, eventually: Callable[..., None]
) -> None:
    """`fordway decide`, and nobody looks on."""
    said = line.run("decide", "latest", "open", _said(url, option))
    assert 0 == said.code, said.err

    _assert_ends(url, option, eventually)


def _said_in(app: FordwayApp) -> str:
    return "\n".join(note.message for note in app._notifications)


@contextmanager
def _console(at_question: Filled, url: str, redis_url: str, data_dir: Path) -> Iterator[FordwayApp]:
    settings = load_settings(target_url=url, redis_url=redis_url, data_dir=data_dir)

    def opening(tell: Callable[[str], None]) -> LedgerLink:
        return attach_run("latest", settings=settings, source_urls={}, tell=tell)

    yield FordwayApp(opening=opening, clock=SystemClock())


async def _until(pilot: Pilot[None], claim: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + 60
    while not claim():
        assert time.monotonic() < deadline, f"never came: {what}"
        await pilot.pause(0.05)


@pytest.mark.parametrize("option", ENDS)
def test_option_chosen_by_its_key_in_the_console_leads_to_its_end(
    option: str,
    url: str,
    at_question: Filled,
    redis_url: str,
    data_dir: Path,
    eventually: Callable[..., None],
) -> None:
    """The dialog stands there as soon as the run is shown; one key decides."""

    async def drive(app: FordwayApp) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await _until(pilot, lambda: app.sight.view.decision is not None, "the question")
            decision = app.sight.view.decision
            assert decision is not None
            chosen = decision.option(option)
            assert chosen is not None
            await pilot.pause(1.0)  # a key pressed earlier is taken for one that was meant for something else
            await pilot.press(chosen.key)
            if option == "undo":
                await _until(pilot, lambda: isinstance(app.screen, UndoAnswerScreen), "what would go")
                await pilot.press("down", *str(value(url, "select current_database()")))
                await pilot.press("enter")
            answered = "select 1 from fordway.decision where answer is not null or handed_to is not null"
            await _until(pilot, lambda: query(url, answered), "the answer")

    with _console(at_question, url, redis_url, data_dir) as app:
        asyncio.run(drive(app))

    _assert_ends(url, option, eventually)


@pytest.mark.parametrize("option", ["parents", "quarantine", "stop"])
def test_option_said_in_a_second_terminal_is_seen_in_the_first_and_leads_to_its_end(
    option: str,
    url: str,
    at_question: Filled,
    line: CommandLine,
    redis_url: str,
    data_dir: Path,
    eventually: Callable[..., None],
) -> None:
    """The console's dialog closes and says whose answer it was."""

    async def drive(app: FordwayApp) -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            await _until(pilot, lambda: app.sight.view.decision is not None, "the question")
            done = await asyncio.to_thread(line.run, "decide", "latest", "open", _said(url, option))
            assert 0 == done.code, done.err
            await _until(pilot, lambda: app.sight.view.decision is None, "the other's answer")
            await _until(pilot, lambda: " chose: " in _said_in(app), "whose it was")
            assert not isinstance(app.screen, DecideScreen)

    with _console(at_question, url, redis_url, data_dir) as app:
        asyncio.run(drive(app))

    _assert_ends(url, option, eventually)
