"""Moves exactly the rows that others refer to and that are missing, and what these refer to themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.guidance.words import count_of
from engine.hands.kit import Kit
from engine.model.codec import key_text
from engine.model.errors import RowsRefused
from engine.model.plan import Plan, TablePlan
from engine.model.ports import Source
from engine.moving.copy_chunk import ChunkTask, copy_chunk
from engine.moving.encode_rows import RowEncoder
from engine.planning.decided_plan import brought_table
from engine.recovering.foresee_parents import MOST_GENERATIONS, by_place
from engine.recovering.picked_rows import PickedRows
from engine.recovering.sift_chunk import sift_chunk
from engine.recovering.sifted import Sifted
from engine.stores import recovery_writes

__all__ = ["bring_parents"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errand:
    """Whose decision it is, and for which batch."""

    kit: Kit
    plan: Plan
    task: ChunkTask
    decision_id: str


def bring_parents(kit: Kit, task: ChunkTask, *, plan: Plan, decision_id: str) -> None:
    """The batch's missing parents are in the target, the oldest generation first.

    Each table's rows are a batch of their own with checkpoint and journal entry; what an earlier try
    has brought in stays, so this may be called again after a crash at any instant.

    Args:
        kit: a worker's tools.
        task: the batch that misses them.
        plan: of the run.
        decision_id: who said so.

    Raises:
        RowsRefused: a parent can't be written itself; the parents before it stand.
        FordwayError: a source or the target stayed away.
    """
    errand = _Errand(kit=kit, plan=plan, task=task, decision_id=decision_id)
    _finish_open(errand)
    _bring_for(errand, task, kit.source(task.table.source), generation=1)


def _finish_open(errand: _Errand) -> None:
    """What a killed runner had begun to bring in is brought in."""
    with errand.kit.target.transaction("late batches") as cursor:
        waiting = recovery_writes.open_late_chunks(cursor, errand.task.run_id)
        for row in waiting:
            row["keys"] = recovery_writes.late_rows_of(
                cursor, errand.task.run_id, row["table_number"], row["chunk_number"]
            )
    for row in waiting:
        if row["origin"]["kind"] == "brought":
            _write(errand, _late_task(errand, row), row["origin"], row["keys"], generation=1)


def _bring_for(errand: _Errand, task: ChunkTask, source: Source, *, generation: int) -> Sifted:
    """The parents of one batch's rows are there; what was found of the batch before that."""
    sifted = sift_chunk(task, kit=errand.kit, plan=errand.plan, source=source)
    wanted = by_place(sifted.missing)
    if not wanted:
        return sifted
    if generation > MOST_GENERATIONS:
        raise RowsRefused(
            "The missing parents refer to each other in a circle",
            where=task.table.name,
            safe="What was brought in so far stands, and can be undone",
            todo="Set the rows aside, or make placeholders",
        )
    for (number, name, table), group in wanted.items():
        parent = next(t for t in errand.plan.tables if t.number == number)
        origin = {
            "kind": "brought",
            "source": name,
            "table": table,
            "for_table": errand.task.table.number,
            "for_chunk": errand.task.chunk,
            "decision": errand.decision_id,
        }
        keys = [json.loads(key_text(missing.at or ())) for missing in group]
        fresh = _open(errand, parent, origin, keys)
        if fresh is not None:
            _write(errand, *fresh, generation=generation)
    return sifted


def _open(
    errand: _Errand, parent: TablePlan, origin: Mapping[str, Any], keys: list[Any]
) -> tuple[ChunkTask, Mapping[str, Any], list[Any]] | None:
    """A batch for those of the rows that nobody brought in before; None where there are none."""
    task, target = errand.task, errand.kit.target
    place = {"run_id": task.run_id, "table_number": parent.number, "target_table": parent.name}
    with target.transaction(f"bringing rows into {parent.name}") as cursor:
        target.check_epoch(cursor, task.run_id, task.epoch)
        fresh = recovery_writes.fresh_keys(cursor, place, origin, keys)
        if not fresh:
            return None
        number = recovery_writes.open_late_chunk(cursor, place, origin, fresh)
    row = {"table_number": parent.number, "chunk_number": number, "origin": origin}
    return _late_task(errand, row), origin, fresh


def _late_task(errand: _Errand, row: Mapping[str, Any]) -> ChunkTask:
    parent = next(t for t in errand.plan.tables if t.number == row["table_number"])
    table = brought_table(parent, source=row["origin"]["source"])
    return replace(
        errand.task,
        table=table,
        chunk=row["chunk_number"],
        schema=table.target_schema,
        treatment=None,
        # They are such rows themselves.
        has_late_rows=False,
    )


def _write(
    errand: _Errand, late: ChunkTask, origin: Mapping[str, Any], keys: list[Any], *, generation: int
) -> None:
    """The rows are in the target, behind their own parents."""
    picked = PickedRows(errand.kit.source(origin["source"]), origin["table"], keys)
    sifted = _bring_for(errand, late, picked, generation=generation + 1)
    brought = {missing.group for missing in sifted.missing if missing.whereabouts.is_in_reach}
    left = [offender for offender in sifted.offenders if offender.group not in brought]
    if left:
        raise RowsRefused(
            f"{count_of(len(left), 'parents')} can't be written, such as: {left[0].reason}",
            where=late.table.name,
            safe="What was brought in so far stands, and can be undone",
            todo="Set the rows that need them aside, or make placeholders",
        )
    encoder = RowEncoder(late.table, engine=picked.engine, run_time=errand.kit.run_time)
    copy_chunk(late, source=picked, target=errand.kit.target, encoder=encoder)
