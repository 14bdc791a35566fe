"""Counts what fault tests killed, and says so at the end of a soak."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable

import pytest


@pytest.fixture
def note_kills(record_property: Callable[[str, object], None]) -> Callable[[dict[str, int]], None]:
    """Remembers how many of whom a test killed."""

    def note(kills: dict[str, int]) -> None:
        for victim, count in kills.items():
            record_property(f"killed {victim}", count)

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many kills the session's tests were put to, with ``make soak`` only."""
    if "FORDWAY_TEST_SOAK" not in os.environ:
        return
    killed: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", "") == "call":
                killed.update({name: int(str(count)) for name, count in report.user_properties})
    terminalreporter.write_line(", ".join(f"{name}: {count}" for name, count in sorted(killed.items())))
