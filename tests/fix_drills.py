"""The rehearsal of an undo, without a command line."""

from __future__ import annotations

from collections.abc import Mapping

from engine.drilling.drill_site import DrillSite, Hold
from engine.drilling.rehearse_undo import check_drill, rehearse_undo
from engine.model.events import DrillFinished
from tests.fix_runs import Bench

__all__ = ["drill"]


def drill(bench: Bench, run_id: str, sources: Mapping[str, str]) -> DrillFinished:
    """What a rehearsal of the run's undo found."""
    runner = bench.runner(run_id, {})
    record, plan = bench.ledger.runs.read(run_id), bench.ledger.runs.plan(run_id).plan
    return rehearse_undo(
        DrillSite(
            run_id=run_id,
            plan=check_drill(record, plan, is_worked_on=False),
            ledger=bench.ledger,
            target_url=bench.target_url,
            source_urls=dict(sources),
            hold=Hold(take=runner.take_lease, renew=lambda run, epoch: None),
        )
    )
