"""One chunk from source to target in one transaction: the only code that writes rows."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from engine.model.codec import key_to_json
from engine.model.events import ChunkCommitted
from engine.model.plan import KeyRange, KeyValue, Lane, TablePlan
from engine.model.ports import BlockSource, Source
from engine.model.run import Counts, Pass
from engine.moving.encode_rows import RejectedRow, RowEncoder
from engine.moving.stage_chunk import stage_chunk
from engine.stores.target_session import TargetSession, is_committed, place_of

__all__ = ["ChunkTask", "copy_chunk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkTask:
    """Which chunk to move, and on whose behalf."""

    run_id: str
    epoch: int
    pass_: Pass
    table: TablePlan
    chunk: int
    schema: str
    """Where the rows go: the plan's schema, or the rehearsal's."""


Into = tuple[TargetSession, Any]
"""The session and its open cursor."""


@dataclass(slots=True)
class _Tally:
    """What became of the rows, while they stream by."""

    read: int = 0
    merged: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)
    id_pairs: list[tuple[str, str]] = field(default_factory=list)


def copy_chunk(
    task: ChunkTask,
    *,
    source: Source,
    target: TargetSession,
    encoder: RowEncoder,
    before_commit: Callable[[], None] | None = None,
) -> ChunkCommitted | None:
    """The chunk is in the target with its quarantine, id map, checkpoint and journal entry.

    All of it commits in one transaction that first proves the run is still ours. A chunk
    that is committed already is left alone.

    Args:
        before_commit: called just before the commit; fault tests cut the power there.

    Returns:
        What the journal now says, or None when the chunk had been moved before.

    Raises:
        LeaseLost: another runner took over; nothing was written.
        FordwayError: the source can't be read or the target refused; nothing was written.
    """
    began = time.monotonic()
    where = f"{task.table.name}, batch {task.chunk}"
    place = place_of(task.run_id, task.pass_, task.table.number, task.chunk)
    with target.transaction(where) as cursor:
        chunk = target.lock_chunk(cursor, place)
        if is_committed(chunk):
            return None
        target.check_epoch(cursor, task.run_id, task.epoch)
        tally = _Tally()
        written = _stream(task, source, encoder, chunk.span, into=(target, cursor), tally=tally)
        if tally.rejected:
            lines = (_quarantine_line(task, source, rejected) for rejected in tally.rejected)
            target.copy_ledger(cursor, "chunks/copy_quarantine", lines)
        if tally.id_pairs and (task.pass_ is Pass.MOVE or task.table.is_looked_up):
            name = "chunks/copy_id_map" if task.pass_ is Pass.MOVE else "chunks/copy_rehearsed_ids"
            target.copy_ledger(cursor, name, _id_lines(task, tally))
        filtered = _filtered(task, source, chunk.span, tally.read)
        counts = Counts(
            read=tally.read + filtered,
            written=written,
            quarantined=len(tally.rejected),
            filtered=filtered,
            merged=tally.merged,
        )
        event = ChunkCommitted(
            pass_=task.pass_,
            table=task.table.name,
            chunk=task.chunk,
            label=chunk.span.label,
            counts=counts,
            seconds=time.monotonic() - began,
        )
        target.commit_chunk(cursor, place, counts, epoch=task.epoch, seconds=event.seconds)
        target.record(cursor, task.run_id, event)
        if before_commit is not None:
            before_commit()
    return event


def _stream(
    task: ChunkTask, source: Source, encoder: RowEncoder, span: KeyRange, *, into: Into, tally: _Tally
) -> int:
    """Rows written by the open transaction; untouched where the plan allows it."""
    target, cursor = into
    if task.table.lane is Lane.STAGED:
        target.look_up_in(cursor, [task.schema, task.table.target_schema])
        staged = stage_chunk(task, source, encoder, span, cursor=cursor)
        tally.read, tally.merged, tally.rejected = staged.read, staged.merged, staged.rejected
        return staged.written
    if task.table.lane is Lane.PIPED and isinstance(source, BlockSource) and not task.table.keeps_id_map:
        blocks = source.read_blocks(
            task.table.source_table,
            columns=[column.source for column in task.table.columns],
            key=task.table.chunk_key,
            span=span,
        )
        written = target.copy_blocks(cursor, task.table, task.schema, blocks)
        tally.read = blocks.rows
    else:
        rows = _encoded(task, source, encoder, span, tally)
        written = target.copy_rows(cursor, task.table, task.schema, rows)
    return written


def _encoded(
    task: ChunkTask, source: Source, encoder: RowEncoder, span: KeyRange, tally: _Tally
) -> Iterator[tuple[object, ...]]:
    """Encoded rows one by one; what can't be carried goes to the tally."""
    table = task.table
    keeps_ids = table.keeps_id_map
    pages = source.read_range(
        table.source_table, columns=encoder.columns, key=table.chunk_key, span=span, where=table.where
    )
    for page in pages:
        tally.read += len(page)
        for row in page:
            encoded = encoder.encode(row)
            if isinstance(encoded, RejectedRow):
                tally.rejected.append(encoded)
                continue
            if keeps_ids:
                tally.id_pairs.append(encoder.id_pair(row, encoded))
            yield encoded


def _filtered(task: ChunkTask, source: Source, span: KeyRange, read: int) -> int:
    """Rows of the range the playbook's filter leaves out, counted rather than assumed."""
    table = task.table
    if not table.where:
        return 0
    pages = source.read_range(
        table.source_table, columns=table.chunk_key, key=table.chunk_key, span=span, where=""
    )
    return sum(len(page) for page in pages) - read


def _quarantine_line(task: ChunkTask, source: Source, rejected: RejectedRow) -> tuple[object, ...]:
    key = cast("tuple[KeyValue, ...]", rejected.key)
    row = {**rejected.row, **_unread(task.table, source, rejected, key)}
    return (
        task.run_id,
        task.pass_,
        task.table.number,
        task.chunk,
        task.table.name,
        json.dumps(key_to_json(key)),
        json.dumps({name: _storable(value) for name, value in row.items()}),
        rejected.column,
        _shown(rejected.value),
        rejected.reason,
        f"{rejected.column}: {rejected.reason}",
    )


def _unread(
    table: TablePlan, source: Source, rejected: RejectedRow, key: tuple[KeyValue, ...]
) -> dict[str, object]:
    """The row's columns that the plan does not move: set aside, it is kept whole."""
    names = tuple(name for name in table.source_columns if name not in rejected.row)
    if not names:
        return {}
    found = source.read_row(table.source_table, columns=names, key=table.chunk_key, at=key)
    return dict(zip(names, found or (), strict=found is not None))


def _storable(value: object) -> object:
    """A source value as JSON that jsonb takes and that can be turned back exactly."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, float):
        return {"float": value.hex()}
    if isinstance(value, str):
        raw = value.encode("utf-8", "surrogateescape")
        return (
            value if "\x00" not in value and raw.decode("utf-8", "replace") == value else {"text": raw.hex()}
        )
    return value


def _shown(value: object) -> str | None:
    """A value for people; what PostgreSQL's text can't hold is escaped."""
    if value is None:
        return None
    text = value.hex() if isinstance(value, bytes) else str(value)
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\x00", "\\x00")[:2000]


def _id_lines(task: ChunkTask, tally: _Tally) -> Iterator[tuple[object, ...]]:
    for legacy, new in tally.id_pairs:
        yield (task.run_id, task.table.source, task.table.source_table, legacy, task.table.target_name, new)
