"""The shipped playbook case-files at its question: made once, copied for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.playbooks import case_files_sample
from engine.playbooks.load import load_playbook
from tests.fix_faults import Met
from tests.fix_filled import Filled, Filling
from tests.fix_runs import Bench

__all__ = ["at_question"]


@pytest.fixture(scope="session")
def at_question(filling: Filling, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """Both legacy files, and a run that came as far as the 23 links whose cases are not there."""
    folder: Path = tmp_path_factory.mktemp("case_files")
    sources = {"legacy": str(folder / "legacy.db"), "archive": str(folder / "archive.db")}
    case_files_sample.make_sqlite(Path(sources["legacy"]))
    case_files_sample.make_archive_sqlite(Path(sources["archive"]))

    def go_to_the_question(bench: Bench) -> Met:
        playbook = load_playbook("case-files", environment={}).model_copy(update={"sources": sources})
        met = Met(bench=bench, run_id=bench.new_run(playbook), sources=sources)
        met.go_on()
        assert ("waiting", "R111") == (met.state, met.decision.fault)
        return met

    with filling(go_to_the_question) as found:
        yield found
