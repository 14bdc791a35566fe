"""``fordway quarantine replay``: rows set aside are written after all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from console.commands_quarantine import with_ledger
from console.flags import sources_given
from console.held_work import choose, refuse_moving, replay_end
from console.narrator import Narrator
from console.run_here import run_here
from console.wiring import Opened, operator_name, source_urls_of
from engine.model.run import ExitCode
from engine.runner import Runner, RunnerOptions
from engine.stores.dsn import scrub
from engine.stores.ledger import Ledger

__all__ = ["Wanted", "replay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rows."""

    numbers: tuple[int, ...] = ()
    table: str = ""
    everything: bool = False
    children: bool = False
    """Rows that wait for these, too."""


def replay(
    run: str, wanted: Wanted, *, target: str, redis: str, source: Sequence[str] | None, as_json: bool
) -> int:
    """0 when every row was written, 6 when some stay set aside."""

    def work(opened: Opened, ledger: Ledger, run_id: str, narrator: Narrator) -> int:
        # Whether another runner owns the run, and lives, is found out by who takes the lease.
        refuse_moving(ledger, run_id)
        choice = choose(ledger, run_id, wanted.numbers, table=wanted.table, everything=wanted.everything)
        urls = source_urls_of(ledger, run_id, given=sources_given(source), environment=dict(os.environ))
        options = RunnerOptions(
            run_id=run_id,
            target_url=opened.target_url,
            redis_url=opened.redis_url,
            source_urls=urls,
            target_label=scrub(opened.target_url),
            namespace=opened.settings.redis_namespace,
            lease_seconds=opened.settings.lease_seconds,
            wait_seconds=0.0,
            replay=replace(choice, with_children=wanted.children),
            asked_by=operator_name(),
        )
        asyncio.run(run_here(Runner(options, ledger=ledger)))
        return _tell(ledger, run_id, narrator)

    return with_ledger(run, work, target=target, redis=redis, as_json=as_json)


def _tell(ledger: Ledger, run_id: str, narrator: Narrator) -> int:
    end = replay_end(ledger, run_id)
    assert end is not None, "it has just ended"
    if narrator.is_json:
        narrator.line({"event": "replayed", "run": run_id, "rows": end.written, "left": end.left})
    narrator.say(f"{end.words()}.")
    for reason in end.reasons:
        narrator.say(f"  {reason}")
    return ExitCode.QUARANTINED if end.left else ExitCode.COMPLETE
