"""planning: turns what was discovered into a plan, and notices when the world moved on."""

from __future__ import annotations

from typing import Any

from engine.agents.agent import Task
from engine.agents.context import RunContext
from engine.agents.look_ahead import read_everything
from engine.agents.schema_analysis import discover_again, plan_now
from engine.model.errors import PlanDrifted
from engine.model.events import PlanProposed, PlanVoided
from engine.model.plan import Plan
from engine.model.run import Pass
from engine.planning.compare_plans import differences

__all__ = ["TASKS"]


def make_plan(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """A sealed plan is proposed; an earlier approval of another plan falls."""
    plan: Plan = plan_now(context, discover_again(context))
    context.ledger.runs.propose(context.run_id, plan, PlanProposed(plan=plan))
    return {"digest": plan.digest, "rows": plan.rows, "tables": len(plan.tables), "risk": plan.risk.level}


def check_drift(context: RunContext, _facts: dict[str, Any]) -> dict[str, Any]:
    """Sources and target are as they were when the plan was approved.

    Once rows were written the target's own counts have changed through us, so only the
    sources are held against the plan.

    Raises:
        PlanDrifted: something changed; the approval is void and the journal says what changed.
    """
    plan = context.plan()
    moved = any(p.committed for p in context.ledger.chunks.progress(context.run_id, Pass.MOVE))
    made = context.ledger.undo.made_tables(context.run_id)
    if moved or made:
        changed = _changed_sources(context, plan)
    else:
        context.discovery = None
        now: Plan = plan_now(context, discover_again(context))
        changed = differences(plan, now) if now.digest != plan.digest else ()
    if not changed:
        return {"changed": 0}
    context.ledger.runs.void_approval(context.run_id, PlanVoided(digest=plan.digest, differences=changed))
    raise PlanDrifted(
        f"The plan no longer fits: {'; '.join(changed)}",
        safe="No further row was moved",
        todo="Look at the difference, then approve a new plan"
        if not moved
        else "Undo what was moved, then start anew",
    )


def _changed_sources(context: RunContext, plan: Plan) -> tuple[str, ...]:
    now = read_everything(
        context.playbook, source_urls=context.source_urls, target_url=context.target_url, profiles=False
    )
    found = []
    for source in plan.sources:
        if now.fingerprints.get(source.name) == source.fingerprint:
            continue
        counts = [
            f"{table.source_table} had {table.rows:,} rows, now {count:,}"
            for table in plan.tables
            if table.source == source.name
            and (there := now.catalogs[source.name].table(table.source_table)) is not None
            and (count := there.row_count) != table.rows
        ]
        found += counts or [f"the source {source.name} was written to since the plan was made"]
    return tuple(found)


TASKS = {
    "make-plan": Task(handler=make_plan, words="ordering tables and sizing batches", milestone="approval"),
    "check-drift": Task(handler=check_drift, words="holding the world against the plan", milestone="move"),
}
