"""Makes rows that hold nothing but their key, for rows that refer to what is in no source."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from engine.hands.kit import Kit
from engine.model.errors import RowsRefused
from engine.model.events import ChunkCommitted
from engine.model.plan import MadeBy, Plan, TablePlan
from engine.model.run import Counts
from engine.moving.chunk_task import ChunkTask
from engine.moving.encode_rows import RejectedRow, RowEncoder
from engine.recovering.place_parents import filler_of
from engine.recovering.sift_chunk import sift_chunk
from engine.recovering.sifted import MissingParent
from engine.stores import recovery_writes
from engine.stores.target_holders import held_back, list_holders
from engine.stores.target_session import place_of

__all__ = ["make_placeholders"]


def make_placeholders(kit: Kit, task: ChunkTask, *, plan: Plan, decision_id: str) -> None:
    """Each parent the batch is found to miss is a placeholder, made once, whoever refers to it.

    Only the first fault of a row is found: a row that misses two parents has the second one asked about
    when it is tried again. Placeholders are no rows of the source: they count in no batch, and the ledger
    knows their transaction, so that an undo takes them back. A second call finds nothing missing.

    Raises:
        RowsRefused: a placeholder can't be made after all.
        Terminal: one was sent to its table and did not arrive; none of that table was made.
        FordwayError: a source or the target stayed away.
    """
    sifted = sift_chunk(task, kit=kit, plan=plan)
    by_legacy = {
        number
        for number, group in enumerate(sifted.diagnosis.groups)
        if any(c.target == group.place and c.lookup and c.lookup.source_table for c in task.table.columns)
    }
    groups: dict[int, list[_Wanted]] = {}
    for missing in {parent.identity: parent for parent in sifted.missing}.values():
        if missing.table_number is not None:
            wanted = _Wanted(missing, is_legacy=missing.group in by_legacy)
            groups.setdefault(missing.table_number, []).append(wanted)
    for number, group in groups.items():
        parent = next(t for t in plan.tables if t.number == number)
        _make(kit, task, parent, group, decision_id)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A parent that is nowhere."""

    missing: MissingParent
    is_legacy: bool
    """It is asked for by its legacy key, in the source's columns; else by columns of the target."""

    def row(self, encoder: RowEncoder) -> tuple[object, ...]:
        """A source row that holds nothing but the legacy key."""
        values = dict(zip(self.missing.columns, self.missing.key, strict=True)) if self.is_legacy else {}
        return tuple(values.get(name) for name in encoder.columns)

    def fillers(self, parent: TablePlan) -> dict[str, object]:
        """What the target's columns hold that are not made from the legacy key, as COPY takes it."""
        asked = dict(zip(self.missing.columns, self.missing.key, strict=True))
        found: dict[str, object] = {}
        for column in parent.columns:
            name = column.source if self.is_legacy else column.target
            if column.made_by is MadeBy.COPY and name in asked:
                found[column.target] = asked[name]
            elif column.made_by in _OF_THE_SOURCE:
                found[column.target] = None if column.is_nullable else filler_of(column)
        return found


_Made = tuple[tuple[object, ...], tuple[str, str]]
"""A placeholder as COPY takes it, and its legacy key with its new id."""
_OF_THE_SOURCE = frozenset({MadeBy.COPY, MadeBy.LOOKUP, MadeBy.EXPRESSION, MadeBy.JSON_OBJECT})


def _make(kit: Kit, task: ChunkTask, parent: TablePlan, group: list[_Wanted], decision_id: str) -> None:
    """The placeholders of one table are in the target and in the ledger, as a late batch without rows."""
    began = time.monotonic()
    engine = kit.source(parent.source).engine
    encoder = RowEncoder(parent, engine=engine, run_time=kit.run_time)
    made = list(_rows(parent, encoder, group))
    target = kit.target
    place: dict[str, Any] = {"run_id": task.run_id, "table_number": parent.number}
    with target.transaction(f"placeholders of {parent.name}") as cursor:
        target.check_epoch(cursor, task.run_id, task.epoch)
        origin = _origin(task, parent, decision_id)
        number = recovery_writes.open_late_chunk(cursor, {**place, "target_table": parent.name}, origin, ())
        _write(cursor, kit, task, parent, made=made)
        chunk = place_of(task.run_id, task.pass_, parent.number, number)
        seconds = time.monotonic() - began
        target.commit_chunk(cursor, chunk, Counts(), epoch=task.epoch, seconds=seconds)
        wrote = {"chunk_number": number, "kind": "placeholder", "rows": len(made), "decision_id": decision_id}
        recovery_writes.add_chunk_write(cursor, {**place, **wrote})
        event = ChunkCommitted(
            pass_=task.pass_,
            table=parent.name,
            chunk=number,
            label=f"{len(made):,} placeholders",
            counts=Counts(),
            seconds=seconds,
        )
        target.record(cursor, task.run_id, event)


def _origin(task: ChunkTask, parent: TablePlan, decision_id: str) -> dict[str, Any]:
    return {
        "kind": "placeholder",
        "source": parent.source,
        "table": parent.source_table,
        "for_table": task.table.number,
        "for_chunk": task.chunk,
        "decision": decision_id,
    }


def _write(
    cursor: Any,  # noqa: ANN401 - the session's own
    kit: Kit,
    task: ChunkTask,
    parent: TablePlan,
    *,
    made: Sequence[_Made],
) -> None:
    """Every placeholder is in its table, and in the id map where the table has one.

    Raises:
        Terminal: some were sent and did not arrive.
    """
    written = kit.target.copy_rows(cursor, parent, parent.target_schema, (row for row, _ in made))
    if written != len(made):
        raise held_back(
            len(made) - written,
            table=parent.target_name,
            where=f"placeholders of {parent.name}",
            holders=list_holders(cursor, parent.target_schema, parent.target_table),
        )
    if parent.keeps_id_map:
        lines = (
            (task.run_id, parent.source, parent.source_table, legacy, parent.target_name, new)
            for _, (legacy, new) in made
        )
        kit.target.copy_ledger(cursor, "chunks/copy_id_map", lines)


def _rows(parent: TablePlan, encoder: RowEncoder, group: list[_Wanted]) -> Iterator[_Made]:
    """Each placeholder as COPY takes it, and its legacy key with its new id."""
    for wanted in group:
        row = wanted.row(encoder)
        encoded = encoder.encode(row, wanted.fillers(parent))
        if isinstance(encoded, RejectedRow):
            raise RowsRefused(
                f"No placeholder can be made: {encoded.reason}",
                where=parent.name,
                safe="Nothing was written",
                todo="Set the rows aside, or move their parents first",
            )
        yield encoded, encoder.id_pair(row, encoded)
