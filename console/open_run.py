"""What the console does in a thread before there is a run to show."""

from __future__ import annotations

from collections.abc import Callable

from console.attach import LedgerLink
from console.samples import provide_samples
from console.settings import Settings
from console.wiring import create_run, find_run, open_services, operator_name, with_settings
from engine.agents.context import RunSettings
from engine.model.run import RunState
from engine.playbooks.spec import Playbook

__all__ = ["attach_run", "open_playbook"]

Tell = Callable[[str], None]
_OVER = frozenset({RunState.COMPLETE, RunState.STOPPED, RunState.UNDONE, RunState.PAUSED})


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


def attach_run(run: str, *, settings: Settings, source_urls: dict[str, str], tell: Tell) -> LedgerLink:
    """The run as it is; a runner is started only where one is missing and wanted."""
    opened = open_services(settings, tell=tell)
    try:
        ledger = opened.ledger("console", patience_seconds=5.0)
        run_id = find_run(ledger, run)
        record = ledger.runs.read(run_id)
        lease = ledger.leases.read(run_id)
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
