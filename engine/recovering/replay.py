"""Rows of the quarantine go into the target after all, with the values somebody gave them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from engine.guidance.words import count_of
from engine.hands.kit import Kit
from engine.model.codec import key_from_json, key_text
from engine.model.errors import FordwayError, LeaseLost, Transient
from engine.model.events import GateChanged, QuarantineChanged
from engine.model.held import HeldRow
from engine.model.plan import KeyRange, Plan, TablePlan
from engine.model.ports import Source
from engine.model.run import Pass
from engine.moving.chunk_task import ChunkTask, Hand
from engine.moving.close_recovery import amended_lines
from engine.moving.copy_chunk import write_rows
from engine.moving.encode_rows import RowEncoder
from engine.moving.row_changes import Change, RowChanges
from engine.recovering.held_rows import HeldRows
from engine.recovering.why_left import why_left
from engine.stores import recovery_writes
from engine.stores.target_session import place_of

__all__ = ["ReplaySite", "Replayed", "replay_rows"]

_ANYWHERE = KeyRange(after=None, upto=(), first_row=1, last_row=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaySite:
    """Whose quarantine, and through what."""

    run_id: str
    epoch: int
    plan: Plan
    kit: Kit
    who: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What became of rows that were replayed."""

    written: int = 0
    merged: int = 0
    left: int = 0
    """Still set aside, each with the reason of now."""
    reasons: tuple[str, ...] = ()
    """Of the first ten of these."""

    def __add__(self, other: Replayed) -> Replayed:
        return Replayed(
            written=self.written + other.written,
            merged=self.merged + other.merged,
            left=self.left + other.left,
            reasons=(*self.reasons, *other.reasons)[:10],
        )


def replay_rows(site: ReplaySite, rows: Sequence[HeldRow]) -> Replayed:
    """The rows that can be written are in the target, counted with the batch they came from.

    Parents go before their children. A row that still can't be written costs no other row
    anything: it stays, with the reason of now. May be called again: what is written is no longer open.

    Raises:
        LeaseLost: another runner took over.
        Transient: the target stayed away; what was written so far stands.
    """
    done = Replayed()
    for table, batch in _batches(site, rows):
        done += _replay(site, table, batch)
    return done


def _batches(site: ReplaySite, rows: Iterable[HeldRow]) -> Iterator[tuple[TablePlan, list[HeldRow]]]:
    """Rows of one batch each, in load order."""
    tables = {table.number: table for table in site.plan.tables}

    def batch(row: HeldRow) -> tuple[int, int]:
        return row.table_number, row.chunk_number

    for (number, _), found in groupby(sorted(rows, key=batch), key=batch):
        yield tables[number], list(found)


def _replay(site: ReplaySite, table: TablePlan, rows: list[HeldRow]) -> Replayed:
    """Halves what fails, until the rows that fail stand alone."""
    try:
        return _write(site, table, rows)
    except (LeaseLost, Transient):
        raise
    except FordwayError as error:
        if len(rows) == 1:
            return _keep(site, rows[0], *why_left(rows[0], error))
    middle = len(rows) // 2
    return _replay(site, table, rows[:middle]) + _replay(site, table, rows[middle:])


def _write(site: ReplaySite, table: TablePlan, rows: list[HeldRow]) -> Replayed:
    """The rows in one transaction with their counts, their changed values and the journal's entry."""
    kit, target = site.kit, site.kit.target
    task = ChunkTask(
        run_id=site.run_id,
        epoch=site.epoch,
        pass_=Pass.MOVE,
        table=table,
        chunk=rows[0].chunk_number,
        schema=table.target_schema,
    )
    engine = kit.source(table.source).engine
    with target.transaction(f"{table.name}, replay") as cursor:
        target.check_epoch(cursor, site.run_id, site.epoch)
        place = place_of(site.run_id, Pass.MOVE, table.number, task.chunk)
        target.lock_chunk(cursor, place)
        waiting = recovery_writes.lock_held(cursor, site.run_id, rows)
        if not waiting:
            return Replayed()
        hand = Hand(
            task=task,
            source=cast("Source", HeldRows(table.source, engine, waiting)),
            target=target,
            encoder=RowEncoder(table, engine=engine, run_time=kit.run_time),
            before_commit=None,
            changes=_changes(site, table, waiting),
        )
        tally = write_rows(hand, cursor, _ANYWHERE)
        refused = {key_text(rejected.key): rejected for rejected in tally.rejected}
        gone = [row for row in waiting if key_text(key_from_json(row.source_key) or ()) not in refused]
        _close(site, cursor, hand, gone, written=tally.written, merged=tally.merged)
    kept = [
        _keep(site, row, rejected.reason, kind=rejected.kind, place=rejected.column)
        for row in waiting
        if (rejected := refused.get(key_text(key_from_json(row.source_key) or ()))) is not None
    ]
    return sum(kept, Replayed(written=tally.written, merged=tally.merged))


def _close(
    site: ReplaySite,
    cursor: Any,  # noqa: ANN401 - the session's own
    hand: Hand,
    gone: Sequence[HeldRow],
    *,
    written: int,
    merged: int,
) -> None:
    if not gone:
        return
    task = hand.task
    place = place_of(site.run_id, Pass.MOVE, task.table.number, task.chunk)
    keys = {json.dumps(row.source_key) for row in gone}
    written_so = {key: found for key, found in hand.changes.values.items() if key in keys}
    recovery_writes.copy_amended(cursor, amended_lines(task, RowChanges(values=written_so)))
    ids = [row.quarantine_id for row in gone]
    recovery_writes.mark_replayed(cursor, place, ids, who=site.who, written=written, merged=merged)
    words = f"replayed {count_of(len(gone), 'rows')} of {task.table.name}"
    event = QuarantineChanged(
        what="replayed",
        table=task.table.name,
        rows=len(gone),
        by=site.who,
        text=words,
        written=written,
        merged=merged,
    )
    hand.target.record(cursor, site.run_id, event)
    # What was compared before did not have these rows: it is proven again, or not shown as proven.
    gate, reason = f"verified {task.table.name}", f"{words} since it was compared"
    if recovery_writes.forget_proof(cursor, place, gate=gate, reason=reason):
        opened = GateChanged(gate=gate, state="open", reason=reason)
        hand.target.record(cursor, site.run_id, opened)


def _changes(site: ReplaySite, table: TablePlan, rows: Sequence[HeldRow]) -> RowChanges:
    """The values somebody gave the rows."""
    sources = {column.target: column.source for column in table.columns}
    values = {
        json.dumps(row.source_key): tuple(
            Change(
                column=name,
                old=_shown(row.row_data.get(sources.get(name, ""))),
                new=value,
                action="edit",
                by=row.handled_by or site.who,
            )
            for name, value in row.edits.items()
        )
        for row in rows
        if row.edits
    }
    return RowChanges(values=values)


def _shown(value: object) -> str | None:
    return None if value is None else str(value)


def _keep(site: ReplaySite, row: HeldRow, reason: str, kind: str = "", place: str = "") -> Replayed:
    """The row stays where it is, with the reason of now."""
    target = site.kit.target
    why = {
        "kind": kind or row.kind,
        "place": place or row.where,
        "value": row.value,
        "reason": reason,
    }
    with suppress(Transient), target.transaction("quarantine") as cursor:
        target.check_epoch(cursor, site.run_id, site.epoch)
        recovery_writes.set_reason(cursor, site.run_id, row.quarantine_id, why)
    return Replayed(left=1, reasons=(f"{row.quarantine_id}  {row.target_table} {row.key_words}: {reason}",))
