"""Batch 15 of case-files lacks seven cases: each way out leads to its documented end, whoever says it and where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fix_case_files import AtQuestion
from tests.fix_runs import CommandLine, command_line, query, value


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """Where an option leads."""

    state: str
    code: int
    """Exit code of the command that carries it out."""
    links: int
    """Links in the target."""
    cases: int = 1_184
    aside: int = 0
    asks: bool = False
    """The question stands again, or still."""


ENDS = {
    "parents": End(state="complete", code=0, links=15_420, cases=1_191),
    "quarantine": End(state="complete", code=6, links=15_397, aside=23),
    "retry": End(state="waiting", code=4, links=8_000, asks=True),
    "smaller": End(state="waiting", code=4, links=8_250, asks=True),
    "pause": End(state="paused", code=4, links=8_000),
    "stop": End(state="stopped", code=0, links=8_000),
    "lead": End(state="waiting", code=4, links=8_000, asks=True),
    "undo": End(state="undone", code=5, links=0, cases=0),
}
"""By option; the others can't be taken, and say why."""


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


def _end_of(url: str, code: int) -> End:
    exists = "select to_regclass('case_file_relationships') is not null"
    there = bool(value(url, exists))
    return End(
        state=value(url, "select state from fordway.run"),
        code=code,
        links=value(url, "select count(*) from case_file_relationships") if there else 0,
        cases=value(url, "select count(*) from cases") if there else 0,
        aside=value(url, "select count(*) from fordway.quarantine where pass = 'move' and state = 'open'"),
        asks=bool(query(url, "select 1 from fordway.decision where state = 'open'")),
    )


@pytest.mark.parametrize("option", ENDS)
def test_option_said_by_a_script_leads_to_its_end(option: str, url: str, line: CommandLine) -> None:
    """`fordway decide`, then `fordway resume`; exit codes say where it ended."""
    said = line.run("decide", "latest", "open", option)
    assert 0 == said.code, said.err

    done = line.run("resume", "latest", "--json")

    assert ENDS[option] == _end_of(url, done.code), done.err
