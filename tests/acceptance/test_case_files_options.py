"""Batch 15 of case-files lacks seven cases: each way out leads to its documented end, whoever says it and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.fix_case_files import AtQuestion
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
def url(at_question: AtQuestion) -> Iterator[str]:
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


@pytest.mark.parametrize("option", ENDS)
def test_option_said_by_a_script_leads_to_its_end(
    option: str, url: str, line: CommandLine, eventually: Callable[..., None]
) -> None:
    """`fordway decide`, and nobody looks on."""
    typed = ["--confirm", value(url, "select current_database()")] if option == "undo" else []
    said = line.run("decide", "latest", "open", option, *typed)
    assert 0 == said.code, said.err

    _assert_ends(url, option, eventually)
