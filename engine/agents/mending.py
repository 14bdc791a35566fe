"""migration-execution: does to a batch that failed what was decided, and follows standing rules."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from engine.agents.agent import Task
from engine.agents.context import RunContext
from engine.agents.diagnosing import chunk_task
from engine.agents.worker_kit import open_kit
from engine.guidance.fault_catalogue import concerns_rows
from engine.model.errors import FordwayError
from engine.model.plan import TablePlan
from engine.model.remedies import Action, Remedy, Treatment
from engine.model.run import Pass
from engine.moving.cut_table import CutSite, split_chunk
from engine.recovering.bring_parents import bring_parents
from engine.recovering.make_placeholders import make_placeholders
from engine.stores.open_source import SourceShelf

__all__ = ["MENDING_TASKS", "StandingRules"]


class StandingRules:
    """What becomes of rows of a batch that failed, where nobody has to be asked."""

    def __init__(self, context: RunContext) -> None:
        """Reads the rules anew for each batch: somebody may revoke one meanwhile."""
        self._context = context

    def __call__(self, table: TablePlan, pass_: Pass, error: FordwayError) -> Treatment | None:
        """The remedies; None where nobody said anything, or no row is to blame.

        A rehearsal only foretells: there every such row counts as set aside.
        """
        if not concerns_rows(error):
            return None
        if pass_ is Pass.REHEARSE:
            return Treatment(remedies=(Remedy(action=Action.QUARANTINE, by="the rehearsal"),))
        remedies = self._context.ledger.recovery.standing(self._context.run_id, table.number)
        return Treatment(remedies=remedies) if remedies else None


def split_batch(context: RunContext, facts: dict[str, Any]) -> dict[str, Any]:
    """The batch has half its rows, the rest is a batch behind all others; rows before and now.

    A runner before this one may have cut it: then it has another label than when it was asked about.
    """
    task = chunk_task(context, facts)
    span = context.ledger.chunks.one(context.run_id, task.pass_, task.table.number, task.chunk).span
    if span.label != facts["label"]:
        return {"before": int(facts["rows"]), "after": span.rows}
    before = span.rows

    def split() -> int | None:
        shelf = SourceShelf(context.source_urls)
        site = CutSite(
            run_id=context.run_id,
            plan=context.plan(),
            ledger=context.ledger,
            shelf=shelf,
            emit=context.emit,
        )
        try:
            return split_chunk(site, task.table, task.pass_, number=task.chunk)
        finally:
            shelf.close()

    after = context.patiently(split)
    return {"before": before, "after": after or before}


def _with_parents(make: Callable[..., None], context: RunContext, facts: dict[str, Any]) -> dict[str, Any]:
    """The parents the batch misses are there; how many rows that took, by table.

    A runner before this one may have begun with it: what it did counts as well.
    """
    decision_id = str(facts["decision"])

    def work() -> None:
        with open_kit(context) as kit:
            make(kit, chunk_task(context, facts), plan=context.plan(), decision_id=decision_id)

    context.patiently(work)
    return {"tables": context.ledger.recovery.brought(context.run_id, decision_id)}


MENDING_TASKS = {
    "split-batch": Task(handler=split_batch, words="cutting a batch in two", milestone="one more try"),
    "bring-parents": Task(
        handler=partial(_with_parents, bring_parents),
        words="moving the missing parents",
        milestone="the batch again",
    ),
    "place-parents": Task(
        handler=partial(_with_parents, make_placeholders),
        words="making placeholders for missing parents",
        milestone="the batch again",
    ),
}
