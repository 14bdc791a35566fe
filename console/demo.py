"""``fordway demo``: sample data made on the spot, and the last demo taken back first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from console.attach import LedgerLink
from console.samples import provide_samples
from console.settings import Settings
from console.wiring import Opened, create_run, open_services, operator_name
from engine.model.errors import ServerBusy
from engine.model.run import RunState
from engine.model.run_settings import RunSettings
from engine.playbooks.load import load_playbook
from engine.playbooks.spec import Playbook
from engine.runner import Runner, RunnerOptions
from engine.stores.dsn import scrub
from engine.stores.ledger import Ledger

__all__ = ["open_demo", "prepare_demo"]

Tell = Callable[[str], None]


def prepare_demo(
    name: str, *, settings: Settings, kind: str, run_settings: RunSettings, tell: Tell
) -> tuple[Opened, str, Playbook]:
    """A fresh demo run: opened services, run id and playbook.

    Raises:
        ServerBusy: a demo is under way in another terminal.
    """
    playbook = load_playbook(name)
    opened = open_services(settings, tell=tell)
    try:
        ledger = opened.ledger("demo")
        try:
            ledger.migrate()
            _take_back_old_demos(ledger, opened, tell)
            playbook = provide_samples(playbook, opened, kind=kind, prepares_target=True, tell=tell)
            tell("Writing the run into the ledger")
            run_id = create_run(
                ledger, playbook=playbook, target_url=opened.target_url, settings=run_settings
            )
        finally:
            ledger.close()
    except BaseException:
        opened.close()
        raise
    return opened, run_id, playbook


def open_demo(name: str, *, settings: Settings, kind: str) -> Callable[[Tell], LedgerLink]:
    """What the console calls in a thread: services, samples, run, runner, link."""

    def opening(tell: Tell) -> LedgerLink:
        within = load_playbook(name).defaults.decide_within * 60.0
        run_settings = RunSettings(
            operator=operator_name(),
            is_demo=True,
            workers=settings.workers or 0,
            decide_within_seconds=within,
        )
        opened, run_id, playbook = prepare_demo(
            name, settings=settings, kind=kind, run_settings=run_settings, tell=tell
        )
        link = LedgerLink(opened, run_id, source_urls=dict(playbook.sources))
        tell("Starting the runner")
        link.start()
        return link

    return opening


def _take_back_old_demos(ledger: Ledger, opened: Opened, tell: Tell) -> None:
    """Rows of earlier demos are undone by the product's own undo, so that each demo begins alike."""
    for run_id, is_demo in ledger.runs.latest():
        if not is_demo:
            continue
        record = ledger.runs.read(run_id)
        if record.state is RunState.UNDONE:
            continue
        lease = ledger.leases.read(run_id)
        if lease is not None and lease.is_held and record.state not in (RunState.COMPLETE, RunState.STOPPED):
            raise ServerBusy(
                f"A demo is under way: run {run_id}",
                safe="It goes on undisturbed",
                todo="`fordway attach` shows it; quit it there, then try again",
            )
        if record.rows_written == 0:
            if record.state not in (RunState.COMPLETE, RunState.STOPPED):
                ledger.decisions.withdraw(run_id)
                reason = "Left behind by an earlier demo"
                ledger.runs.set_state(run_id, RunState.STOPPED, step=record.step, reason=reason)
            continue
        tell(f"Taking back the {record.rows_written:,} rows of the last demo")
        options = RunnerOptions(
            run_id=run_id,
            target_url=opened.target_url,
            redis_url=opened.redis_url,
            source_urls={},
            target_label=scrub(opened.target_url),
            namespace=opened.settings.redis_namespace,
            wait_seconds=0.0,
            is_undo=True,
        )
        asyncio.run(Runner(options, ledger=ledger).run())
