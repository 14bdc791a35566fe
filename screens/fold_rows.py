"""The fold's share: rows on their way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from engine.guidance.recovery_words import recovery_words
from engine.guidance.words import is_late
from engine.model.events import (
    ChunkCommitted,
    ChunkRetried,
    ObjectBuilt,
    QuarantineChanged,
    RehearsalFinished,
    TableStarted,
    TableVerified,
)
from engine.model.run import Counts, Pass, Strength
from screens.chunk_log import ChunkLine, ChunkLog
from screens.fold_talk import say_told
from screens.view_model import PassView, RunView, Sample, TableProgress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

__all__ = ["Rows", "compared", "fold_rows", "forget_moved", "healed", "replayed"]

SAMPLES = 60
"""Seconds with commits kept for the rate; a minute shows a trend and forgets a hiccup."""

Rows = TableStarted | ChunkCommitted | ChunkRetried | ObjectBuilt | RehearsalFinished


def fold_rows(view: RunView, event: Rows, at: datetime) -> RunView:
    """The view after rows, or what is built on them, moved on."""
    match event:
        case TableStarted():
            return _in_pass(view, event.pass_, lambda walk: _started(walk, event))
        case ChunkCommitted():
            view = healed(view, event)
            return _in_pass(view, event.pass_, lambda walk: _committed(walk, event, at))
        case ChunkRetried():
            view = _in_pass(view, event.pass_, lambda walk: _retried(walk, event, at))
            return say_told(view, at, recovery_words(event))
        case ObjectBuilt():
            others = tuple(b for b in view.built if (b.table, b.what) != (event.table, event.what))
            return replace(healed(view), built=(*others, event))
        case RehearsalFinished():
            return replace(view, rehearsed=event)
        case _:
            assert_never(event)


def healed(view: RunView, event: ChunkCommitted | None = None) -> RunView:
    """The view without its escalation, where what was done now is what had failed.

    Args:
        view: this moment.
        event: the batch that is in the target; None: something else was done, which heals no batch.
    """
    level = view.level
    if level is None:
        return view
    at = level.at
    if at is not None and (
        event is None or (at.pass_, at.table, at.chunk) != (event.pass_, event.table, event.chunk)
    ):
        return view
    return replace(view, level=None, looks=())


def _in_pass(view: RunView, which: Pass, change: Callable[[PassView], PassView]) -> RunView:
    if which is Pass.REHEARSE:
        return replace(view, rehearsal=change(view.rehearsal))
    return replace(view, move=change(view.move))


def _with(walk: PassView, table: TableProgress) -> PassView:
    """The pass with this table in its place, or at the end; tables are few, chunks are not."""
    names = [known.table for known in walk.tables]
    if table.table not in names:
        return replace(walk, tables=(*walk.tables, table))
    place = names.index(table.table)
    return replace(walk, tables=(*walk.tables[:place], table, *walk.tables[place + 1 :]))


def _find(walk: PassView, name: str) -> TableProgress:
    known = next((table for table in walk.tables if table.table == name), None)
    return known or TableProgress(table=name, planned_rows=0, planned_chunks=0)


def _started(walk: PassView, event: TableStarted) -> PassView:
    table = _find(walk, event.table)
    return _with(walk, replace(table, planned_rows=event.rows, planned_chunks=event.chunks))


def _committed(walk: PassView, event: ChunkCommitted, at: datetime) -> PassView:
    """The pass after a commit.

    A chunk number that is committed a second time means that the table began anew (a
    rehearsal in a fresh scratch schema): what was counted for it before no longer counts.
    """
    table = _find(walk, event.table)
    total = walk.counts
    if event.chunk in table.chunks:
        total = _minus(total, table.counts)
        table = replace(table, chunks=ChunkLog(), counts=Counts(), seconds=0.0, late=0)
    retried = table.retrying is not None and table.retrying.chunk == event.chunk
    line = ChunkLine(
        table=event.table,
        chunk=event.chunk,
        label=event.label,
        counts=event.counts,
        seconds=event.seconds,
        attempts=table.retrying.attempt if table.retrying is not None and retried else 1,
    )
    table = replace(
        table,
        chunks=table.chunks.add(line),
        counts=table.counts + event.counts,
        seconds=table.seconds + event.seconds,
        late=table.late + is_late(event.chunk),
        retrying=None if retried else table.retrying,
    )
    samples = _sampled(walk.samples, event, at)
    return replace(_with(walk, table), counts=total + event.counts, samples=samples)


def forget_moved(walk: PassView, anew: Sequence[str], batches: Sequence[tuple[str, int]]) -> PassView:
    """The pass without these tables, and of others without these batches, as if they had not moved."""
    total, kept = walk.counts, []
    for table in walk.tables:
        if table.table in anew:
            total = _minus(total, table.counts)
            continue
        gone = {chunk for name, chunk in batches if name == table.table and chunk in table.chunks}
        left = table if not gone else replace(table, chunks=ChunkLog(), counts=Counts(), seconds=0.0, late=0)
        for line in table.chunks if gone else ():
            if line.chunk not in gone:
                left = replace(
                    left,
                    chunks=left.chunks.add(line),
                    counts=left.counts + line.counts,
                    seconds=left.seconds + line.seconds,
                    late=left.late + is_late(line.chunk),
                )
        total = _minus(total, _minus(table.counts, left.counts))
        kept.append(left)
    return replace(walk, tables=tuple(kept), counts=total)


def replayed(view: RunView, event: QuarantineChanged) -> RunView:
    """The view with rows that were set aside counted as written or merged, and compared by nobody yet."""
    if not event.written and not event.merged:
        return view
    moved = Counts(written=event.written, merged=event.merged, quarantined=-event.written - event.merged)
    walk = view.move
    if any(table.table == event.table for table in walk.tables):
        table = _find(walk, event.table)
        walk = _with(walk, replace(table, counts=table.counts + moved))
    outcome = view.outcome
    if outcome is not None:
        tables = tuple(
            replace(table, counts=table.counts + moved, strength=Strength.NOT_COMPARED)
            if table.table == event.table
            else table
            for table in outcome.tables
        )
        outcome = replace(outcome, tables=tables)
    verified = tuple(table for table in view.verified if table.table != event.table)
    return replace(view, move=replace(walk, counts=walk.counts + moved), outcome=outcome, verified=verified)


def compared(view: RunView, event: TableVerified) -> RunView:
    """The view with how strongly the table was compared, also of a run that had come to its end before."""
    others = tuple(table for table in view.verified if table.table != event.table)
    outcome = view.outcome
    if outcome is not None:
        tables = tuple(
            replace(table, strength=event.strength) if table.table == event.table else table
            for table in outcome.tables
        )
        outcome = replace(outcome, tables=tables)
    return replace(view, verified=(*others, event), outcome=outcome)


def _minus(total: Counts, part: Counts) -> Counts:
    return Counts(
        read=total.read - part.read,
        written=total.written - part.written,
        quarantined=total.quarantined - part.quarantined,
        filtered=total.filtered - part.filtered,
        merged=total.merged - part.merged,
    )


def _sampled(samples: tuple[Sample, ...], event: ChunkCommitted, at: datetime) -> tuple[Sample, ...]:
    second = int(at.timestamp())
    if samples and samples[-1].second == second:
        last = samples[-1]
        joined = replace(
            last,
            rows=last.rows + event.counts.read,
            busy_seconds=last.busy_seconds + event.seconds,
            chunks=last.chunks + 1,
        )
        return (*samples[:-1], joined)
    fresh = Sample(second=second, rows=event.counts.read, busy_seconds=event.seconds)
    return (*samples[-SAMPLES + 1 :], fresh)


def _retried(walk: PassView, event: ChunkRetried, at: datetime) -> PassView:
    table = _find(walk, event.table)
    # A batch that is halved leaves its rest to one that was not planned.
    more = int(0 < event.rows_after < event.rows_before)
    planned = table.planned_chunks + more if table.planned_chunks else 0
    table = replace(table, retrying=event, retried_at=at, planned_chunks=planned)
    return replace(_with(walk, table), retries=walk.retries + 1)
