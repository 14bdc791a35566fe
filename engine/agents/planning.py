"""planning: turns what was discovered into a plan, and notices when the world moved on."""

from __future__ import annotations

from typing import Any

from engine.agents.agent import Task
from engine.agents.context import Discovery, RunContext
from engine.agents.look_ahead import read_everything
from engine.agents.playbook_drift import check_playbook
from engine.agents.schema_analysis import discover_again, plan_now
from engine.guidance.words import count_of
from engine.model.errors import FordwayError, PlanDrifted
from engine.model.events import PlanProposed, PlanVoided
from engine.model.plan import Plan
from engine.model.run import Pass
from engine.planning.build_plan import target_fingerprint
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
        PlanDrifted: something changed; the approval is void and the journal says what changed. Where
            it is the playbook's text, the approval stands.
    """
    check_playbook(context)
    plan = context.plan()
    now = context.patiently(
        lambda: read_everything(
            context.playbook, source_urls=context.source_urls, target_url=context.target_url, profiles=False
        )
    )
    changed = _changed_sources(plan, now)
    moved = any(p.is_begun for p in context.ledger.chunks.progress(context.run_id, Pass.MOVE))
    if not moved and not context.ledger.undo.made_tables(context.run_id):
        changed += _changed_target(plan, now)
    if not changed:
        return {"changed": 0}
    if not moved:
        changed = _in_detail(context, plan) or changed
    context.ledger.runs.void_approval(context.run_id, PlanVoided(digest=plan.digest, differences=changed))
    raise PlanDrifted(
        f"The plan no longer fits: {'; '.join(changed)}",
        safe="No further row was moved",
        todo="Look at the difference, then approve a new plan"
        if not moved
        else "Undo what was moved, then start anew",
    )


def _in_detail(context: RunContext, plan: Plan) -> tuple[str, ...]:
    """What differs between the approved plan and the one these facts would lead to now."""
    context.discovery = None
    try:
        return differences(plan, plan_now(context, discover_again(context)))
    except FordwayError:
        # The world may have changed so much that there is no plan; the plain words then stand.
        return ()


def _changed_sources(plan: Plan, now: Discovery) -> tuple[str, ...]:
    """In words; a source whose fingerprint differs is named even when its counts are equal."""
    found = []
    for source in plan.sources:
        if now.fingerprints.get(source.name) == source.fingerprint:
            continue
        counts = [
            f"{table.source_table} had {count_of(table.rows, 'rows')}, now {count:,}"
            for table in plan.tables
            if table.source == source.name
            and (there := now.catalogs[source.name].table(table.source_table)) is not None
            and (count := there.row_count) != table.rows
        ]
        found += counts or [f"the source {source.name} was written to since the plan was made"]
    return tuple(found)


def _changed_target(plan: Plan, now: Discovery) -> tuple[str, ...]:
    """In words; a difference nobody has words for is told as one."""
    names = [table.target_table for table in plan.tables]
    if target_fingerprint(now.target, names) == plan.target_fingerprint:
        return ()
    found = []
    for table in plan.tables:
        there = now.target.table(table.target_table)
        if there is None and table.exists_already:
            found.append(f"the target's table {table.name} is gone")
        elif there is not None and not table.exists_already:
            found.append(f"a table {table.name} appeared in the target")
        elif there is not None and there.row_count != table.target_rows:
            found.append(f"{table.name} held {count_of(table.target_rows, 'rows')}, now {there.row_count:,}")
    return tuple(found) or ("the target's tables have another shape than when the plan was made",)


TASKS = {
    "make-plan": Task(handler=make_plan, words="ordering tables and sizing batches", milestone="approval"),
    "check-drift": Task(handler=check_drift, words="holding the world against the plan", milestone="move"),
}
