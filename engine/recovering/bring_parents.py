"""Moves exactly the rows that others refer to and that are missing, and what these refer to themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.guidance.words import count_of
from engine.hands.kit import Kit
from engine.model.errors import RowsRefused
from engine.model.plan import Plan
from engine.moving.chunk_task import ChunkTask
from engine.moving.copy_chunk import copy_chunk
from engine.moving.encode_rows import RowEncoder
from engine.planning.decided_plan import brought_table
from engine.recovering.gather_parents import ParentBatch, gather_parents
from engine.recovering.picked_rows import PickedRows
from engine.recovering.sift_chunk import sift_chunk
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
    """The batch's missing parents that can be written are in the target, behind what they refer to.

    They are written in batches of their own, each with checkpoint and journal entry. What an earlier try
    has brought in stays, so this may be called again after a crash at any instant.

    Args:
        kit: a worker's tools.
        task: the batch that misses them.
        plan: of the run.
        decision_id: who said so.

    Raises:
        RowsRefused: none of them can be written, or one is refused after all; batches before it stand.
        FordwayError: a source or the target stayed away.
    """
    errand = _Errand(kit=kit, plan=plan, task=task, decision_id=decision_id)
    _finish_open(errand)
    sifted = sift_chunk(task, kit=kit, plan=plan, source=kit.source(task.table.source))
    gathered = gather_parents(kit, task, plan=plan, wanted=sifted.missing)
    if gathered.hindered and not gathered.batches:
        why = next(iter(gathered.hindered.values()))
        raise _refused(f"None of the missing parents can be written, such as: {why}", task)
    for batch in gathered.batches:
        _write(errand, *_open(errand, batch))


def _refused(what: str, task: ChunkTask) -> RowsRefused:
    return RowsRefused(
        what,
        where=task.table.name,
        safe="What was brought in so far stands, and can be undone",
        todo="Set the rows that need them aside, or make placeholders",
    )


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
            _write(errand, _late_task(errand, row), row["origin"], row["keys"])


def _open(errand: _Errand, batch: ParentBatch) -> tuple[ChunkTask, Mapping[str, Any], Sequence[Any]]:
    """A late batch for these rows.

    Raises:
        RowsRefused: some were brought in before, and are not there any more.
    """
    number, source, table = batch.place
    parent = next(t for t in errand.plan.tables if t.number == number)
    task, target = errand.task, errand.kit.target
    place = {"run_id": task.run_id, "table_number": number, "target_table": parent.name}
    origin = {
        "kind": "brought",
        "source": source,
        "table": table,
        "for_table": task.table.number,
        "for_chunk": task.chunk,
        "decision": errand.decision_id,
    }
    with target.transaction(f"bringing rows into {parent.name}") as cursor:
        target.check_epoch(cursor, task.run_id, task.epoch)
        gone = len(batch.keys) - len(recovery_writes.fresh_keys(cursor, place, origin, batch.keys))
        if gone:
            what = f"{count_of(gone, 'rows')} of {parent.name} that this run brought in before"
            raise _refused(f"{what} {'is' if gone == 1 else 'are'} not found there any more", task)
        chunk = recovery_writes.open_late_chunk(cursor, place, origin, batch.keys)
    row = {"table_number": number, "chunk_number": chunk, "origin": origin}
    return _late_task(errand, row), origin, batch.keys


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


def _write(errand: _Errand, late: ChunkTask, origin: Mapping[str, Any], keys: Sequence[Any]) -> None:
    """The rows are in the target."""
    kit = errand.kit
    picked = PickedRows(kit.source(origin["source"]), origin["table"], keys)
    left = sift_chunk(late, kit=kit, plan=errand.plan, source=picked).offenders
    if left:
        # Nothing of it may be set aside: whoever asked for it would miss it all the same.
        raise _refused(f"{count_of(len(left), 'parents')} can't be written, such as: {left[0].reason}", late)
    encoder = RowEncoder(late.table, engine=picked.engine, run_time=kit.run_time)
    copy_chunk(late, source=picked, target=kit.target, encoder=encoder)
