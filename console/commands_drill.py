"""``fordway undo --rehearse``: the undo is proven in a scratch copy."""

from __future__ import annotations

import os
from collections.abc import Sequence

from console.flags import settings_from, sources_given
from console.narrator import Narrator
from console.wiring import Opened, find_run, open_services, source_urls_of
from engine.drilling.drill_site import DrillSite, Hold
from engine.drilling.rehearse_undo import check_drill, rehearse_undo
from engine.model.run import ExitCode
from engine.runner import Runner, RunnerOptions
from engine.stores.dsn import scrub
from engine.stores.ledger import Ledger

__all__ = ["rehearse"]


def rehearse(run: str, *, target: str, redis: str, source: Sequence[str] | None, as_json: bool) -> int:
    """The exit code: 0 when nothing was left, 1 when something was."""
    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=redis), tell=narrator.say)
    ledger = opened.ledger("undo drill")
    pulse = opened.ledger("undo drill heartbeat")
    try:
        run_id = find_run(ledger, run)
        lease = ledger.leases.read(run_id)
        plan = check_drill(
            ledger.runs.read(run_id),
            ledger.runs.plan(run_id).plan,
            is_worked_on=lease is not None and lease.is_held,
        )
        urls = source_urls_of(ledger, run_id, given=sources_given(source), environment=dict(os.environ))
        done = rehearse_undo(
            DrillSite(
                run_id=run_id,
                plan=plan,
                ledger=ledger,
                target_url=opened.target_url,
                source_urls=urls,
                hold=_hold(opened, run_id, ledger, pulse),
                tell=lambda words: narrator.say(f"  {words}"),
            )
        )
        narrator.tell(run_id, ledger.journal.of_kind(run_id, done.kind)[-1])
    finally:
        pulse.close()
        ledger.close()
        opened.close()
    return ExitCode.FAILED if done.residual else ExitCode.COMPLETE


def _hold(opened: Opened, run_id: str, ledger: Ledger, pulse: Ledger) -> Hold:
    """This process owns rehearsals as runners own runs."""
    settings = opened.settings
    options = RunnerOptions(
        run_id=run_id,
        target_url=opened.target_url,
        redis_url=opened.redis_url,
        source_urls={},
        target_label=scrub(opened.target_url),
        lease_seconds=settings.lease_seconds,
    )
    runner = Runner(options, ledger=ledger)

    def renew(drill_id: str, epoch: int) -> None:
        pulse.leases.renew(drill_id, owner=runner.owner, epoch=epoch, seconds=settings.lease_seconds)

    return Hold(take=runner.take_lease, renew=renew)
