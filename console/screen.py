"""Commands that show the console. The first picture waits for Textual and nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

from console.app import FordwayApp
from engine.model.clock import SystemClock
from engine.model.run import ExitCode, RunRecord, RunState, exit_code_of
from screens.run_link import RunLink
from screens.sight import Viewer

__all__ = ["show_demo", "show_playbook", "show_run", "show_watch"]

SIGNAL_CODES = (129, 130, 143)
"""Hung up, interrupted, terminated: the console left like a detach."""

Tell = Callable[[str], None]
Opening = Callable[[Tell], RunLink]


@runtime_checkable
class KeepsRecord(Protocol):
    """A link that remembers the run's row when it is let go."""

    last_record: RunRecord | None


def show_demo(name: str, *, kind: str, workers: int | None) -> int:
    """The console on a fresh demo run; the exit code when it is left."""

    def opening(tell: Tell) -> RunLink:
        from console.demo import open_demo
        from console.settings import load_settings

        return open_demo(name, settings=load_settings(workers=workers), kind=kind)(tell)

    return _show(opening)


def show_playbook(
    playbook: str, *, target: str, redis: str, source: Sequence[str] | None, workers: int | None
) -> int:
    """The console on a new run of a playbook; a fault in the playbook ends it before it begins."""
    from console.flags import settings_from, sources_given
    from console.open_run import open_playbook
    from console.wiring import with_sources
    from engine.playbooks.load import load_playbook

    settings = settings_from(target=target, redis=redis, workers=workers)
    loaded = with_sources(load_playbook(playbook), sources_given(source))
    return _show(
        lambda tell: open_playbook(loaded, settings=settings, target=target or loaded.target, tell=tell)
    )


def show_run(run: str, *, target: str, redis: str, source: Sequence[str] | None) -> int:
    """The console on a run that is there already."""

    def opening(tell: Tell) -> RunLink:
        from console.flags import settings_from, sources_given
        from console.open_run import attach_run

        settings = settings_from(target=target, redis=redis)
        return attach_run(run, settings=settings, source_urls=sources_given(source), tell=tell)

    return _show(opening)


def show_watch(run: str, *, target: str, redis: str, source: Sequence[str] | None) -> int:
    """The lead's view of a run: the agents first, and no power but over questions about faults."""

    def opening(tell: Tell) -> RunLink:
        from console.flags import settings_from, sources_given
        from console.open_run import watch_run

        settings = settings_from(target=target, redis=redis)
        return watch_run(run, settings=settings, source_urls=sources_given(source), tell=tell)

    return _show(opening, viewer=Viewer.LEAD)


def _theme() -> str:
    """The theme's name, without importing the settings' machinery when there is no file to read."""
    from console.places import config_file

    if not config_file().exists():
        return os.environ.get("FORDWAY_THEME") or "fordway-dark"
    from console.settings import load_settings

    return load_settings().theme


def _show(opening: Opening, *, viewer: Viewer = Viewer.OPERATOR) -> int:
    """Runs the console; the exit code comes from the ledger, never from the screen."""
    app = FordwayApp(opening=opening, clock=SystemClock(), theme=_theme(), viewer=viewer)
    app.run()
    if app.return_code in SIGNAL_CODES:
        return app.return_code
    link: object = app.link
    record = link.last_record if isinstance(link, KeepsRecord) else None
    if record is None:
        return ExitCode.CANNOT_CONNECT if app.sight.trouble is not None else ExitCode.COMPLETE
    if record.state in (RunState.NEW, RunState.RUNNING, RunState.UNDOING):
        return ExitCode.COMPLETE
    return exit_code_of(
        record.state, step=record.step, quarantined=record.rows_quarantined, is_failed=record.is_failed
    )
