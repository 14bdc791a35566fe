"""``fordway quarantine replay``: rows set aside are written after all."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass

from console.commands_quarantine import which_rows, with_ledger
from console.flags import sources_given
from console.headless import Narrator
from console.runner_process import run_here
from console.wiring import Opened, operator_name, source_urls_of
from engine.guidance.words import count_of
from engine.model.errors import BadInput
from engine.model.run import ExitCode, RunState
from engine.recovering.waiting_children import waiting_for
from engine.runner import Runner, RunnerOptions
from engine.stores.dsn import scrub
from engine.stores.ledger import Ledger

__all__ = ["Wanted", "replay"]

_RESTING = frozenset({RunState.PAUSED, RunState.COMPLETE, RunState.STOPPED, RunState.WAITING})


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
        _refuse_moving(ledger, run_id)
        numbers = _numbers(ledger, run_id, wanted)
        if numbers:
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
                replay=numbers,
                asked_by=operator_name(),
            )
            asyncio.run(run_here(Runner(options, ledger=ledger)))
        return _tell(ledger, run_id, numbers, narrator)

    return with_ledger(run, work, target=target, redis=redis, as_json=as_json)


def _refuse_moving(ledger: Ledger, run_id: str) -> None:
    # Whether another runner owns it, and lives, is found out by who takes the lease.
    record = ledger.runs.read(run_id)
    if record.state not in _RESTING:
        raise BadInput(
            f"Run {run_id} is {record.state}",
            safe="Nothing was changed",
            todo="Replay when it is paused or complete",
        )


def _numbers(ledger: Ledger, run_id: str, wanted: Wanted) -> tuple[int, ...]:
    rows = which_rows(ledger, run_id, wanted.numbers, table=wanted.table, everything=wanted.everything)
    found = {row.quarantine_id for row in rows}
    plan = ledger.runs.plan(run_id).plan
    queue = list(rows) if wanted.children and plan is not None else []
    while queue:
        row = queue.pop()
        assert plan is not None, "only queued with a plan"
        for ids in waiting_for(row, plan=plan, run_id=run_id, ledger=ledger).values():
            fresh = [number for number in ids if number not in found]
            found.update(fresh)
            queue += ledger.quarantine.rows(run_id, fresh)
    return tuple(sorted(found))


def _tell(ledger: Ledger, run_id: str, numbers: Sequence[int], narrator: Narrator) -> int:
    rows = ledger.quarantine.rows(run_id, numbers)
    left = [row for row in rows if row.state == "open"]
    done = len(rows) - len(left)
    if narrator.is_json:
        narrator.line({"event": "replayed", "run": run_id, "rows": done, "left": len(left)})
    narrator.say(f"Replayed {count_of(done, 'rows')}; {count_of(len(left), 'rows')} stay set aside.")
    for row in left[:10]:
        narrator.say(f"  {row.quarantine_id}  {row.target_table} {row.key_words}: {row.reason}")
    return ExitCode.QUARANTINED if left else ExitCode.COMPLETE
