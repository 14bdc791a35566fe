"""One chunk from source to target in one transaction: the only code that writes rows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from engine.guidance.words import is_late
from engine.hands.kit import Kit
from engine.model.catalog import Engine
from engine.model.errors import ConnectionCut, RowRejected, StatementFailed
from engine.model.events import ChunkCommitted
from engine.model.plan import KeyRange, Lane
from engine.model.ports import BlockSource, Source
from engine.model.run import Counts, Pass
from engine.moving.chunk_task import ChunkTask, Hand, Tally
from engine.moving.close_recovery import close_recovery, present_rows
from engine.moving.encode_rows import RejectedRow, RowEncoder
from engine.moving.heed_rules import heed_rules
from engine.moving.quarantine_lines import quarantine_line
from engine.moving.row_changes import NO_CHANGES, RowChanges
from engine.moving.stage_chunk import stage_chunk
from engine.stores.target_holders import held_back, list_holders
from engine.stores.target_session import TargetSession, is_committed, place_of

__all__ = [
    "copy_chunk",
    "move_chunk",
    "record_ids",
    "refuse_fallen",
    "write_rows",
]

_DATA_EXCEPTION = "22"
"""The class of SQLSTATE codes that say a value does not fit (manual, appendix A)."""


def move_chunk(kit: Kit, task: ChunkTask) -> ChunkCommitted | None:
    """``copy_chunk`` with a worker's own connections and the table's encoder.

    Raises:
        FordwayError: as ``copy_chunk``; after a cut the sources are opened anew.
    """
    source = kit.source(task.table.source)
    encoder = kit.once(
        ("encoder", task.table.number),
        lambda: RowEncoder(task.table, engine=source.engine, run_time=kit.run_time),
    )
    try:
        return copy_chunk(task, source=source, target=kit.target, encoder=encoder)
    except ConnectionCut:
        kit.start_over()
        raise


def copy_chunk(
    task: ChunkTask,
    *,
    source: Source,
    target: TargetSession,
    encoder: RowEncoder,
    before_commit: Callable[[], None] | None = None,
    changes: RowChanges = NO_CHANGES,
) -> ChunkCommitted | None:
    """The chunk is in the target with its quarantine, id map, checkpoint and journal entry.

    All of it commits in one transaction that first proves the run is still ours. A chunk
    that is committed already is left alone.

    Args:
        before_commit: called just before the commit; fault tests cut the power there.
        changes: what a decision changes about its rows.

    Returns:
        What the journal now says, or None when the chunk had been moved before.

    Raises:
        LeaseLost: another runner took over; nothing was written.
        FordwayError: the source can't be read or the target refused; nothing was written.
    """
    hand = Hand(
        task=task,
        source=source,
        target=target,
        encoder=encoder,
        before_commit=before_commit,
        changes=changes,
    )
    if task.table.lane is Lane.STAGED:
        return _copy(hand, _stage_rows)
    is_looked_at = bool(changes) or task.has_late_rows or task.table.keeps_id_map
    is_piped = task.table.lane is Lane.PIPED and not is_looked_at
    if not (is_piped and isinstance(source, BlockSource)):
        return _copy(hand, _look_at_rows)
    try:
        return _copy(hand, _hand_on_blocks)
    except (RowRejected, StatementFailed) as error:
        # The profile promised that every row fits as it is. Where one does not, each row of the
        # batch is looked at, so that the others move and it is set aside with its reason.
        is_of_values = isinstance(error, RowRejected) or error.sqlstate.startswith(_DATA_EXCEPTION)
        if source.engine is not Engine.SQLITE or not is_of_values:
            raise
        return _copy(hand, _look_at_rows)


def _copy(hand: Hand, stream: Callable[[Hand, Any, KeyRange], Tally]) -> ChunkCommitted | None:
    task, target = hand.task, hand.target
    began = time.monotonic()
    place = place_of(task.run_id, task.pass_, task.table.number, task.chunk)
    with target.transaction(task.where) as cursor:
        chunk = target.lock_chunk(cursor, place)
        if is_committed(chunk):
            return None
        target.check_epoch(cursor, task.run_id, task.epoch)
        if task.has_late_rows:
            hand = replace(hand, changes=replace(hand.changes, present=present_rows(cursor, task)))
        tally = stream(hand, cursor, chunk.span)
        heed_rules(task.rules, tally.rejected, where=task.where)
        if tally.rejected:
            lines = (quarantine_line(task, hand.source, rejected) for rejected in tally.rejected)
            target.copy_ledger(cursor, "chunks/copy_quarantine", lines)
        record_ids(hand, cursor, tally)
        refuse_fallen(hand, cursor, tally)
        filtered = _filtered(task, hand.source, chunk.span, tally.read)
        counts = Counts(
            read=tally.read + filtered,
            written=tally.written,
            quarantined=len(tally.rejected),
            filtered=filtered,
            merged=tally.merged,
        )
        event = ChunkCommitted(
            pass_=task.pass_,
            table=task.table.name,
            chunk=task.chunk,
            label=f"{tally.written:,} brought in" if is_late(task.chunk) else chunk.span.label,
            counts=counts,
            seconds=time.monotonic() - began,
        )
        target.commit_chunk(cursor, place, counts, epoch=task.epoch, seconds=event.seconds)
        told = close_recovery(cursor, task, hand.changes, present=tally.present, event=event)
        target.record(cursor, task.run_id, event)
        for said in told:
            target.record(cursor, task.run_id, said)
        if hand.before_commit is not None:
            hand.before_commit()
    return event


def write_rows(hand: Hand, cursor: Any, span: KeyRange) -> Tally:  # noqa: ANN401 - the session's own
    """The rows are in the target, once the caller's transaction commits; each was looked at by itself.

    Raises:
        RowsRefused: some find no parent, and nobody foresaw it.
        FordwayError: the target refused.
    """
    return (_stage_rows if hand.task.table.lane is Lane.STAGED else _look_at_rows)(hand, cursor, span)


def record_ids(hand: Hand, cursor: Any, tally: Tally) -> None:  # noqa: ANN401 - the session's own
    """Legacy keys and new ids of the rows written are in the ledger; the staged lane has seen to its own."""
    task = hand.task
    if tally.id_pairs and (task.pass_ is Pass.MOVE or task.table.is_looked_up):
        name = "chunks/copy_id_map" if task.pass_ is Pass.MOVE else "chunks/copy_rehearsed_ids"
        hand.target.copy_ledger(cursor, name, _id_lines(task, tally))


def refuse_fallen(hand: Hand, cursor: Any, tally: Tally) -> None:  # noqa: ANN401 - the session's own
    """Every row read was written, set aside or merged.

    Raises:
        Terminal: some were sent to the table and did not arrive.
    """
    fallen = tally.read - tally.written - len(tally.rejected) - tally.merged
    # More than were read would be a fault of ours: the ledger's own constraint refuses the batch.
    if fallen > 0:
        task = hand.task
        raise held_back(
            fallen,
            table=task.table.target_name,
            where=task.where,
            holders=list_holders(cursor, task.schema, task.table.target_table),
        )


def _stage_rows(hand: Hand, cursor: Any, span: KeyRange) -> Tally:  # noqa: ANN401 - the session's own
    """The rows through the staging table: looked up, computed, merged."""
    task = hand.task
    hand.target.look_up_in(cursor, [task.schema, task.table.target_schema])
    staged = stage_chunk(task, hand.source, hand.encoder, span, cursor=cursor, changes=hand.changes)
    return Tally(
        read=staged.read,
        written=staged.written,
        merged=staged.merged,
        rejected=staged.rejected,
        present=staged.present,
    )


def _hand_on_blocks(hand: Hand, cursor: Any, span: KeyRange) -> Tally:  # noqa: ANN401 - the session's own
    """The rows as blocks of COPY text, none of them looked at."""
    task, source = hand.task, hand.source
    assert isinstance(source, BlockSource), "asked before"
    blocks = source.read_blocks(
        task.table.source_table,
        columns=hand.encoder.block_columns,
        key=task.table.chunk_key,
        span=span,
        is_binary=task.table.is_binary,
    )
    written = hand.target.copy_blocks(cursor, task.table, task.schema, blocks)
    return Tally(read=blocks.rows, written=written)


def _look_at_rows(hand: Hand, cursor: Any, span: KeyRange) -> Tally:  # noqa: ANN401 - the session's own
    """The rows encoded value by value; what can't be carried goes to the tally."""
    tally = Tally()
    rows = _encoded(hand, span, tally)
    tally.written = hand.target.copy_rows(cursor, hand.task.table, hand.task.schema, rows)
    return tally


def _encoded(hand: Hand, span: KeyRange, tally: Tally) -> Iterator[tuple[object, ...]]:
    table, encoder, changes = hand.task.table, hand.encoder, hand.changes
    keeps_ids, width, is_changed = table.keeps_id_map, len(table.chunk_key), bool(changes)
    pages = hand.source.read_range(
        table.source_table, columns=encoder.columns, key=table.chunk_key, span=span, where=table.where
    )
    for page in pages:
        tally.read += len(page)
        for row in page:
            encoded = changes.encode(encoder, row, width=width) if is_changed else encoder.encode(row)
            if encoded is None:
                tally.merged += 1
                tally.present.append(row[:width])
                continue
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


def _id_lines(task: ChunkTask, tally: Tally) -> Iterator[tuple[object, ...]]:
    for legacy, new in tally.id_pairs:
        yield (task.run_id, task.table.source, task.table.source_table, legacy, task.table.target_name, new)
