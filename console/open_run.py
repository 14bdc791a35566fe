"""What the console does in a thread before there is a run to show."""

from __future__ import annotations

from collections.abc import Callable

from console.answering import expire_question
from console.attach import LedgerLink
from console.samples import provide_samples
from console.settings import Settings
from console.watch_link import WatchLink
from console.wiring import create_run, find_run, open_services, operator_name, with_settings
from engine.model.errors import BadInput
from engine.model.run import RunState
from engine.model.run_settings import RunSettings
from engine.playbooks.spec import Playbook
from engine.stores.ledger import Ledger

__all__ = ["attach_run", "find_run_at_work", "open_playbook", "watch_run"]

Tell = Callable[[str], None]
_OVER = frozenset({RunState.COMPLETE, RunState.STOPPED, RunState.UNDONE, RunState.PAUSED})


def find_run_at_work(ledger: Ledger, run: str) -> str:
    """The id of the run that is meant; without a name the newest that waits, moves or rests.

    Raises:
        BadInput: none is meant.
    """
    if run:
        return find_run(ledger, run)
    ledger.migrate()
    found = ledger.runs.at_work()
    if found is None:
        raise BadInput(
            "No run is at work here",
            todo="`fordway status` lists those that have ended; name one: fordway watch RUN",
        )
    return found


def open_playbook(playbook: Playbook, *, settings: Settings, target: str, tell: Tell) -> LedgerLink:
    """A new run of the playbook with its own runner."""
    opened = open_services(settings, target=target, tell=tell)
    try:
        playbook = with_settings(playbook, settings)
        playbook = provide_samples(playbook, opened, kind="sqlite", prepares_target=False, tell=tell)
        ledger = opened.ledger("console")
        run_settings = RunSettings(
            on_error=playbook.defaults.on_error,
            workers=max(playbook.defaults.workers or 0, settings.workers or 0),
            operator=operator_name(),
            decide_within_seconds=playbook.defaults.decide_within * 60.0,
        )
        tell("Writing the run into the ledger")
        run_id = create_run(ledger, playbook=playbook, target_url=opened.target_url, settings=run_settings)
        ledger.close()
        link = LedgerLink(opened, run_id, source_urls=dict(playbook.sources))
        tell("Starting the runner")
        link.start()
    except BaseException:
        opened.close()
        raise
    return link


def watch_run(run: str, *, settings: Settings, source_urls: dict[str, str], tell: Tell) -> WatchLink:
    """The run as it is, for a lead: no runner is started before an answer needs one.

    Args:
        run: a name of a run; empty: the one that is at work.
        settings: target and Redis.
        source_urls: what the ledger does not keep: passwords.
        tell: takes lines of progress.

    Raises:
        BadInput: no run is meant.
    """
    opened = open_services(settings, tell=tell)
    try:
        ledger = opened.ledger("watch", patience_seconds=5.0)
        try:
            run_id = find_run_at_work(ledger, run)
            expire_question(ledger, run_id)
        finally:
            ledger.close()
        return WatchLink(opened, run_id, source_urls=source_urls)
    except BaseException:
        opened.close()
        raise


def attach_run(run: str, *, settings: Settings, source_urls: dict[str, str], tell: Tell) -> LedgerLink:
    """The run as it is; a runner is started only where one is missing and wanted."""
    opened = open_services(settings, tell=tell)
    try:
        ledger = opened.ledger("console", patience_seconds=5.0)
        try:
            run_id = find_run(ledger, run)
            expire_question(ledger, run_id)
            record = ledger.runs.read(run_id)
            lease = ledger.leases.read(run_id)
        finally:
            ledger.close()
        link = LedgerLink(opened, run_id, source_urls=source_urls)
        is_held = lease is not None and lease.is_held
        if not is_held and record.state not in _OVER and record.state is not RunState.WAITING:
            tell("Its runner is gone; starting another at the last committed batch")
            link.ask("resume")
    except BaseException:
        opened.close()
        raise
    return link
