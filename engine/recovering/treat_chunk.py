"""Writes a batch that can't be written as it is, with what was decided about its rows."""

from __future__ import annotations

from engine.guidance.words import count_of
from engine.hands.kit import Kit
from engine.model.codec import key_text
from engine.model.errors import ConnectionCut, RowsRefused
from engine.model.events import ChunkCommitted
from engine.model.remedies import Treatment
from engine.moving.chunk_task import ChunkTask
from engine.moving.copy_chunk import copy_chunk
from engine.moving.encode_rows import RowEncoder
from engine.moving.row_changes import Aside, Change, RowChanges
from engine.recovering.sift_chunk import sift_chunk
from engine.recovering.sifted import Offender, Sifted

__all__ = ["treat_chunk"]


def treat_chunk(kit: Kit, task: ChunkTask) -> ChunkCommitted | None:
    """The batch is in the target but for rows that were set aside, as its treatment says.

    It is looked through first, in a transaction that is rolled back; what is then known of each row
    decides what is written, in one transaction like any other batch.

    Raises:
        RowsRefused: nobody said anything about some of its rows; nothing was written.
        FordwayError: as ``copy_chunk``.
    """
    assert task.treatment is not None, "only called for treated batches"
    source = kit.source(task.table.source)
    encoder = RowEncoder(task.table, engine=source.engine, run_time=kit.run_time)
    try:
        sifted = sift_chunk(task, kit=kit, plan=None, treatment=task.treatment)
        changes = _changes(task, sifted, task.treatment)
        return copy_chunk(task, source=source, target=kit.target, encoder=encoder, changes=changes)
    except ConnectionCut:
        kit.start_over()
        raise


def _changes(task: ChunkTask, sifted: Sifted, treatment: Treatment) -> RowChanges:
    aside: dict[str, Aside] = {}
    unsaid: list[Offender] = []
    used: set[int] = set()
    for offender in sifted.offenders:
        # A value rule that did not help says nothing.
        remedy = treatment.aside_for(offender.kind, offender.place)
        if remedy is None:
            unsaid.append(offender)
            continue
        used |= {remedy.rule_id} if remedy.rule_id is not None else set()
        aside[key_text(offender.key)] = Aside(
            kind=offender.kind,
            place=offender.place,
            value=offender.value,
            reason=offender.reason,
            decision_id=remedy.decision_id,
        )
    if unsaid:
        raise _refused(task, unsaid)
    values: dict[str, tuple[Change, ...]] = {}
    for amendment in sifted.amendments:
        key, remedy = key_text(amendment.key), amendment.remedy
        used |= {remedy.rule_id} if remedy.rule_id is not None else set()
        change = Change(
            column=amendment.column,
            old=amendment.old,
            new=amendment.new,
            action=amendment.action,
            decision_id=remedy.decision_id,
            by=remedy.by,
        )
        values[key] = (*values.get(key, ()), change)
    kept = {key: changes for key, changes in values.items() if key not in aside}
    return RowChanges(aside=aside, values=kept, rules=tuple(sorted(used)))


def _refused(task: ChunkTask, unsaid: list[Offender]) -> RowsRefused:
    verb = "is" if len(unsaid) == 1 else "are"
    return RowsRefused(
        f"{count_of(len(unsaid), 'rows')} of the batch {verb} refused, such as: {unsaid[0].reason}",
        where=task.where,
        safe="Nothing of this batch was written; every committed batch stands",
        todo="Say what shall become of them",
    )
