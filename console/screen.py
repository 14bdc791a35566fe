"""Commands that show the console; the only importers of Textual on the command line's side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from console.app import FordwayApp
from console.settings import Settings
from engine.model.clock import SystemClock
from engine.model.run import ExitCode, RunRecord, RunState, exit_code_of
from screens.run_link import RunLink

__all__ = ["show_demo", "show_playbook", "show_run"]

SIGNAL_CODES = (129, 130, 143)
"""Hung up, interrupted, terminated: the console left like a detach."""

Tell = Callable[[str], None]
Opening = Callable[[Tell], RunLink]


@runtime_checkable
class KeepsRecord(Protocol):
    """A link that remembers the run's row when it is let go."""

    last_record: RunRecord | None


def show_demo(name: str, *, settings: Settings, kind: str) -> int:
    """The console on a fresh demo run; the exit code when it is left."""

    def opening(tell: Tell) -> RunLink:
        from console.demo import open_demo

        return open_demo(name, settings=settings, kind=kind)(tell)

    return _show(opening, settings)


def show_playbook(playbook: object, *, settings: Settings, target: str) -> int:
    """The console on a new run of a playbook."""

    def opening(tell: Tell) -> RunLink:
        from console.open_run import open_playbook

        return open_playbook(playbook, settings=settings, target=target, tell=tell)  # type: ignore[arg-type]  # a Playbook

    return _show(opening, settings)


def show_run(run: str, *, settings: Settings, source_urls: dict[str, str]) -> int:
    """The console on a run that is there already."""

    def opening(tell: Tell) -> RunLink:
        from console.open_run import attach_run

        return attach_run(run, settings=settings, source_urls=source_urls, tell=tell)

    return _show(opening, settings)


def _show(opening: Opening, settings: Settings) -> int:
    """Runs the console; the exit code comes from the ledger, never from the screen."""
    app = FordwayApp(opening=opening, clock=SystemClock(), theme=settings.theme)
    app.run()
    if app.return_code in SIGNAL_CODES:
        return app.return_code
    link: object = app.link
    record = link.last_record if isinstance(link, KeepsRecord) else None
    if record is None:
        return ExitCode.CANNOT_CONNECT if app.sight.trouble is not None else ExitCode.COMPLETE
    if record.state in (RunState.NEW, RunState.RUNNING, RunState.UNDOING):
        return ExitCode.COMPLETE
    return exit_code_of(record.state, quarantined=record.rows_quarantined, is_failed=record.is_failed)
