"""What is compared: every batch that was cut, and every batch a decision brought in."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.checking.chunk_rows import CheckTask
from engine.checking.decided_rows import Decided
from engine.checking.read_merges import Merges
from engine.model.plan import KeyRange, TablePlan
from engine.model.ports import LineSigns
from engine.model.run import Pass
from engine.stores.ledger import Ledger
from engine.stores.ledger.chunks import WrittenChunk
from engine.stores.target_streams import Stretch

__all__ = ["SAMPLES", "Grounds", "chunk_tasks", "has_filled_key"]

SAMPLES = 50
"""Rows compared column by column, drawn from the whole table; the planning documents' number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What the ledger and the target say of a table's batches."""

    table: TablePlan
    run_id: str
    ledger: Ledger
    written: Mapping[int, WrittenChunk]
    stretches: Mapping[int, tuple[Stretch, ...]]
    """By transaction: where its rows lie."""
    left_out: Mapping[int, frozenset[str]]
    """By chunk: keys of source rows that are not on the target on purpose."""
    merges: Merges
    decided: Decided


def chunk_tasks(grounds: Grounds) -> Iterator[CheckTask]:
    """The batches in key order, then those that were brought in."""
    signs = _signs()
    yield from _cut(grounds, signs)
    for late, brought, picked in grounds.decided.late:
        yield CheckTask(
            table=brought,
            run_id=grounds.run_id,
            chunk=late.number,
            span=KeyRange(after=None, upto=(), first_row=1, last_row=max(1, late.rows)),
            xid=late.xid32,
            stretches=grounds.stretches.get(late.xid32, ()),
            picked=picked,
            changed=grounds.decided.changed.get(late.number, {}),
            signs=signs,
        )


def _cut(grounds: Grounds, signs: LineSigns) -> Iterator[CheckTask]:
    decided, more = grounds.decided, grounds.merges.more
    wanted = _draw(grounds)
    first = 1
    for chunk in grounds.ledger.chunks.all(grounds.run_id, Pass.MOVE, grounds.table.number):
        after = first + chunk.counts.written + more[chunk.number]
        xid = grounds.written[chunk.number].xid32 if chunk.number in grounds.written else 0
        further = decided.replayed.get(chunk.number, ())
        yield CheckTask(
            table=grounds.table,
            run_id=grounds.run_id,
            chunk=chunk.number,
            span=chunk.span,
            xid=xid,
            stretches=tuple(part for one in (xid, *further) for part in grounds.stretches.get(one, ())),
            changed=decided.changed.get(chunk.number, {}),
            is_apart=bool(further),
            skipped=grounds.left_out.get(chunk.number, frozenset()),
            wanted=tuple(ordinal - first + 1 for ordinal in wanted if first <= ordinal < after),
            signs=signs,
        )
        first = after


def _signs() -> LineSigns:
    """Drawn by chance, so that no value of either side can be taken for one of them."""
    return LineSigns(
        null=f"\x1f{secrets.token_hex(8)}",
        between=f"\x1f{secrets.token_hex(4)}",
        end=f"\x1e{secrets.token_hex(8)}",
        seeds=(secrets.randbits(62), secrets.randbits(62)),
    )


def has_filled_key(table: TablePlan) -> bool:
    """Whether the plan fills the whole primary key, so that single rows can be fetched by it."""
    return bool(table.primary_key) and set(table.primary_key) <= {column.target for column in table.columns}


def _draw(grounds: Grounds) -> list[int]:
    """Ordinals of moved rows, at random over the whole table, the same for the same run."""
    if not has_filled_key(grounds.table):
        return []
    moved = sum(chunk.written for chunk in grounds.written.values()) + grounds.merges.more.total()
    moved -= grounds.decided.brought
    chooser = random.Random(f"{grounds.run_id}/{grounds.table.number}")  # noqa: S311 - a sample, no secret
    return sorted(chooser.sample(range(1, moved + 1), min(SAMPLES, moved)))
