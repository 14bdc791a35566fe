"""A table's rows as ranges, frozen in the ledger before the first of them moves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from engine.model.errors import PlanDrifted
from engine.model.events import Event, TableStarted
from engine.model.plan import KeyRange, Plan, TablePlan
from engine.model.ports import AddressedSource
from engine.model.run import ChunkState, Pass
from engine.moving.pace import joined_ranges
from engine.stores.ledger import Ledger
from engine.stores.open_source import SourceShelf

__all__ = ["CutSite", "cut_anew", "cut_table", "split_chunk"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CutSite:
    """All that cutting needs of its surroundings."""

    run_id: str
    plan: Plan
    ledger: Ledger
    shelf: SourceShelf
    emit: Callable[[Event], None]


def cut_table(site: CutSite, table: TablePlan, pass_: Pass) -> None:
    """The table's key ranges are frozen in the ledger, once; a resume finds them there.

    Raises:
        PlanDrifted: rows moved by ranges that mean other rows now.
    """
    key = f"{pass_}/{table.number}/cut"
    began = time.monotonic()
    # A rehearsal starts over with every try; the move's ranges hold as long as its plan.
    input_hash = f"{site.plan.digest}:{began}" if pass_ is Pass.REHEARSE else _cut_of(site, table)
    needed = site.ledger.steps.start(site.run_id, key, input_hash=input_hash)
    if needed:
        if pass_ is Pass.MOVE and _is_begun(site, table):
            raise PlanDrifted(
                f"{table.name} was cut into batches in another state, and some are committed",
                safe="Every committed batch stands",
                todo="Undo the run and start anew",
            )
        site.ledger.chunks.clear(site.run_id, pass_, table.number)
        spans = site.shelf.get(table.source).cut_ranges(
            table.source_table, key=table.chunk_key, rows=table.batch_rows, where=""
        )
        count = site.ledger.chunks.record(site.run_id, pass_, table, spans)
        site.ledger.steps.finish(site.run_id, key, seconds=time.monotonic() - began, output={"chunks": count})
    _tell(site, table, pass_, is_new=needed)


def cut_anew(site: CutSite, table: TablePlan, pass_: Pass, *, after_number: int, rows: int) -> bool:
    """The ranges behind a chunk are frozen anew, of another size; it and the chunks before it stand.

    Returns:
        False when nothing was changed: none, a committed one, or one out of order stands behind it.
    """
    behind = list(site.ledger.chunks.all(site.run_id, pass_, table.number, after=after_number))
    if any(chunk.state is not ChunkState.PENDING for chunk in behind):
        # A runner before this one was ahead of it; a range joined over its batches would move rows twice.
        return False
    waiting = [chunk.span for chunk in behind]
    begin = site.ledger.chunks.one(site.run_id, pass_, table.number, after_number).span
    last_row = site.ledger.chunks.last_row(site.run_id, pass_, table.number)
    # The rest of a batch that was cut in two stands behind all others: what follows it are rows of other
    # batches, and would move twice.
    if not waiting or not _are_in_a_row([begin, *waiting]) or waiting[-1].last_row != last_row:
        return False
    spans: Iterator[KeyRange]
    if rows >= waiting[0].rows:
        spans = joined_ranges(waiting, rows=rows)
    else:
        spans = site.shelf.get(table.source).cut_ranges(
            table.source_table, key=table.chunk_key, rows=rows, where="", begin=begin
        )
    site.ledger.chunks.cut_anew(site.run_id, pass_, table, spans, after_number=after_number)
    _tell(site, table, pass_, is_new=True)
    return True


def _are_in_a_row(spans: list[KeyRange]) -> bool:
    """Whether each range begins where the one before it ends."""
    return all(one.upto == other.after for one, other in pairwise(spans))


def split_chunk(site: CutSite, table: TablePlan, pass_: Pass, *, number: int) -> int | None:
    """A batch that failed has half its rows; the others are a batch behind all others: rows it has now.

    None when it can't be made smaller: it has one row, was committed meanwhile, or rows of different
    batches may meet, so that their order must stay.
    """
    chunk = site.ledger.chunks.one(site.run_id, pass_, table.number, number)
    half = chunk.span.rows // 2
    if half < 1 or table.keeps_order or chunk.state is not ChunkState.PENDING:
        return None
    span = chunk.span
    begin = (
        None
        if span.after is None
        else KeyRange(after=None, upto=span.after, first_row=1, last_row=span.first_row - 1)
    )
    spans = site.shelf.get(table.source).cut_ranges(
        table.source_table, key=table.chunk_key, rows=half, where="", begin=begin
    )
    first = next(iter(spans), None)
    if first is None or first.last_row >= span.last_row:
        return None
    if site.ledger.chunks.split(site.run_id, pass_, table.number, number, at=first) is None:
        return None
    _tell(site, table, pass_, is_new=True)
    return first.rows


def _tell(site: CutSite, table: TablePlan, pass_: Pass, *, is_new: bool) -> None:
    """How many batches and rows there are to come; nothing of a table that is done."""
    progress = site.ledger.chunks.progress_of(site.run_id, pass_, table.number)
    if is_new or progress is None or progress.committed < progress.chunks:
        site.emit(
            TableStarted(
                pass_=pass_,
                table=table.name,
                phase=table.phase,
                chunks=progress.chunks if progress else 0,
                rows=progress.planned if progress else 0,
            )
        )


def _is_begun(site: CutSite, table: TablePlan) -> bool:
    progress = site.ledger.chunks.progress_of(site.run_id, Pass.MOVE, table.number)
    return progress is not None and progress.committed > 0


def _cut_of(site: CutSite, table: TablePlan) -> str:
    """What the table's ranges rest on: the plan, and where the rows lie when they are cut by that.

    A PostgreSQL table without a key is cut by the addresses of its rows, and VACUUM FULL or an
    update that changes no value moves them: ranges cut before would lose rows or take them twice.
    """
    source = site.shelf.get(table.source)
    if "ctid" in table.chunk_key and isinstance(source, AddressedSource):
        return f"{site.plan.digest}:{source.layout(table.source_table)}"
    return site.plan.digest
