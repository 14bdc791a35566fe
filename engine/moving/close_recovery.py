"""The end of a decision about a batch: written down in the transaction that wrote the batch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from engine.guidance.words import batch_name, count_of
from engine.model.codec import key_text
from engine.model.events import ChunkCommitted, RecoveryFinished
from engine.model.faults import ChunkAddress, Effect
from engine.model.remedies import Action
from engine.model.run import Pass
from engine.moving.row_changes import RowChanges
from engine.stores import recovery_writes

if TYPE_CHECKING:
    from engine.moving.chunk_task import ChunkTask

__all__ = ["amended_lines", "close_recovery", "present_rows"]


def present_rows(cursor: Any, task: ChunkTask) -> frozenset[str]:  # noqa: ANN401 - the session's own
    """Chunk keys of the table's source rows that were brought in before their batch."""
    if task.pass_ is not Pass.MOVE:
        return frozenset()
    keys = recovery_writes.present_keys(
        cursor, task.run_id, task.table.number, source=task.table.source, table=task.table.source_table
    )
    return frozenset(json.dumps(key) for key in keys)


def close_recovery(
    cursor: Any,  # noqa: ANN401 - the session's own
    task: ChunkTask,
    changes: RowChanges,
    *,
    present: Sequence[tuple[object, ...]],
    event: ChunkCommitted,
) -> tuple[RecoveryFinished, ...]:
    """Changed values, rows left out and decisions carried out are in the ledger; what the journal is told.

    A rehearsal changes nothing for good, so nothing of it is kept.
    """
    if task.pass_ is not Pass.MOVE:
        return ()
    if changes.values:
        recovery_writes.copy_amended(cursor, amended_lines(task, changes))
    if present:
        recovery_writes.record_present(
            cursor,
            {
                "run_id": task.run_id,
                "table_number": task.table.number,
                "chunk_number": task.chunk,
                "target_table": task.table.target_name,
            },
            [json.loads(key_text(key)) for key in present],
        )
    for rule_id in changes.rules:
        recovery_writes.count_rule_use(cursor, rule_id)
    if task.treatment is None:
        return ()
    done = recovery_writes.close_treatments(cursor, task.run_id, task.table.number, task.chunk)
    merges = {remedy.decision_id for remedy in task.treatment.remedies if remedy.action is Action.MERGE}
    actual = {
        **dict(changes.effects()),
        **dict.fromkeys(merges, Effect(rows=event.counts.merged - len(present))),
    }
    return tuple(
        _finished(cursor, task, decision_id, actual.get(decision_id, Effect()), event) for decision_id in done
    )


def _finished(
    cursor: Any,  # noqa: ANN401 - the session's own
    task: ChunkTask,
    decision_id: str,
    effect: Effect,
    event: ChunkCommitted,
) -> RecoveryFinished:
    counts = event.counts
    actual = Effect(
        rows=effect.rows,
        written=counts.written,
        set_aside=effect.set_aside,
        changed=effect.changed,
        merged=counts.merged,
        low_seconds=event.seconds,
        high_seconds=event.seconds,
    )
    stored = recovery_writes.finish_decision(cursor, decision_id, actual)
    parts = [f"{count_of(counts.written, 'rows')} of {count_of(counts.read, 'rows')} written"]
    parts += [f"{counts.merged:,} merged"] if counts.merged else []
    parts += [f"{effect.set_aside:,} set aside"] if effect.set_aside else []
    parts += [f"{effect.changed:,} with another value"] if effect.changed else []
    return RecoveryFinished(
        decision_id=decision_id,
        option=stored.option,
        is_done=True,
        predicted=stored.predicted,
        actual=actual,
        text=f"{task.table.name} batch {batch_name(task.chunk)} is in the target: {', '.join(parts)}",
        at=ChunkAddress(
            pass_=task.pass_,
            table=task.table.name,
            table_number=task.table.number,
            chunk=task.chunk,
            label=event.label,
        ),
    )


def amended_lines(task: ChunkTask, changes: RowChanges) -> list[tuple[object, ...]]:
    """Every changed value as a line of ``recovery_writes.copy_amended``."""
    return [
        (
            task.run_id,
            task.table.number,
            task.chunk,
            key,
            change.column,
            change.old,
            change.new,
            change.action,
            change.decision_id or None,
            change.by,
        )
        for key, found in changes.values.items()
        for change in found
    ]
