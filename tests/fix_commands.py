"""The command line in this process: its words, its JSON and its exit code, against the test's own servers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from console.cli import run_command_line
from tests.fix_runs import Finished

__all__ = ["Command", "command"]

Command = Callable[..., Finished]
"""Called with a command's arguments."""


@pytest.fixture
def command(
    target_url: str,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """A command that was run to its end."""
    monkeypatch.setenv("FORDWAY_TARGET_URL", target_url)
    monkeypatch.setenv("FORDWAY_REDIS_URL", redis_url)
    monkeypatch.setenv("FORDWAY_DATA_DIR", str(tmp_path / "data"))

    def call(*arguments: object) -> Finished:
        words = [str(argument) for argument in arguments]
        monkeypatch.setattr(sys, "argv", ["fordway", *words])
        capsys.readouterr()
        code = run_command_line(words)
        said = capsys.readouterr()
        return Finished(code=code, out=said.out, err=said.err)

    return call
