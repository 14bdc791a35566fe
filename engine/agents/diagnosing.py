"""schema-analysis: looks through every row of a batch that failed."""

from __future__ import annotations

from typing import Any

from engine.agents.context import RunContext
from engine.agents.worker_kit import open_kit
from engine.model.codec import diagnosis_to_json
from engine.model.remedies import Treatment
from engine.model.run import Pass
from engine.moving.chunk_task import ChunkTask
from engine.moving.scratch import scratch_schema
from engine.recovering.foresee_parents import foresee_parents
from engine.recovering.sift_chunk import sift_chunk
from engine.recovering.without_said import without_said

__all__ = ["chunk_task", "diagnose_batch"]


def chunk_task(context: RunContext, facts: dict[str, Any]) -> ChunkTask:
    """The batch that facts name: ``table`` and ``chunk`` by number, and ``pass``."""
    plan = context.plan()
    table = next(t for t in plan.tables if t.number == int(facts["table"]))
    pass_ = Pass(str(facts.get("pass", Pass.MOVE)))
    return ChunkTask(
        run_id=context.run_id,
        epoch=context.epoch,
        pass_=pass_,
        table=table,
        chunk=int(facts["chunk"]),
        schema=table.target_schema if pass_ is Pass.MOVE else scratch_schema(context.run_id),
        has_late_rows=pass_ is Pass.MOVE and bool(context.ledger.chunks.late(context.run_id, table.number)),
    )


def _said(context: RunContext, task: ChunkTask) -> Treatment:
    """What was decided about the batch's rows already, and what stands for every such fault."""
    if task.pass_ is not Pass.MOVE:
        return Treatment()
    recovery, place = context.ledger.recovery, (context.run_id, task.table.number)
    return Treatment(remedies=recovery.said(*place).get(task.chunk) or recovery.standing(*place))


def diagnose_batch(context: RunContext, facts: dict[str, Any]) -> dict[str, Any]:
    """Every row of the batch that can't be written, and nobody said anything of, is known with its reason.

    Raises:
        FordwayError: source or target stayed away.
    """
    task = chunk_task(context, facts)

    def look() -> dict[str, Any]:
        with open_kit(context) as kit:
            plan, said = context.plan(), _said(context, task)
            found = sift_chunk(task, kit=kit, plan=plan, cause=str(facts.get("cause", "")), treatment=said)
            diagnosis = foresee_parents(kit, task, plan=plan, sifted=without_said(found, said))
        return {"diagnosis": diagnosis_to_json(diagnosis)}

    return context.patiently(look)
