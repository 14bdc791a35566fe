"""Makes rows that hold nothing but their key, for rows that refer to what is in no source."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from engine.hands.kit import Kit
from engine.model.errors import RowsRefused
from engine.model.events import ChunkCommitted
from engine.model.plan import MadeBy, Plan, TablePlan
from engine.model.run import Counts
from engine.moving.copy_chunk import ChunkTask
from engine.moving.encode_rows import RejectedRow, RowEncoder
from engine.recovering.place_parents import filler_of
from engine.recovering.sift_chunk import sift_chunk
from engine.recovering.sifted import MissingParent
from engine.stores import recovery_writes
from engine.stores.target_session import place_of

__all__ = ["make_placeholders"]


def make_placeholders(kit: Kit, task: ChunkTask, *, plan: Plan, decision_id: str) -> None:
    """Every parent the batch misses is there, at least as a placeholder.

    They are no rows of the source: they count in no batch, and the ledger knows their transaction,
    so that an undo takes them back. A second call finds nothing missing.

    Raises:
        RowsRefused: a placeholder can't be made after all.
        FordwayError: a source or the target stayed away.
    """
    sifted = sift_chunk(task, kit=kit, plan=plan)
    by_legacy = {
        number
        for number, group in enumerate(sifted.diagnosis.groups)
        if any(c.target == group.place and c.lookup and c.lookup.source_table for c in task.table.columns)
    }
    groups: dict[int, list[_Wanted]] = {}
    for missing in sifted.missing:
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


_OF_THE_SOURCE = frozenset({MadeBy.COPY, MadeBy.LOOKUP, MadeBy.EXPRESSION, MadeBy.JSON_OBJECT})


def _make(kit: Kit, task: ChunkTask, parent: TablePlan, group: list[_Wanted], decision_id: str) -> None:
    began = time.monotonic()
    engine = kit.source(parent.source).engine
    encoder = RowEncoder(parent, engine=engine, run_time=kit.run_time)
    made = list(_rows(parent, encoder, group))
    origin = {
        "kind": "placeholder",
        "source": parent.source,
        "table": parent.source_table,
        "for_table": task.table.number,
        "for_chunk": task.chunk,
        "decision": decision_id,
    }
    target, ledger_place = kit.target, {"run_id": task.run_id, "table_number": parent.number}
    with target.transaction(f"placeholders of {parent.name}") as cursor:
        target.check_epoch(cursor, task.run_id, task.epoch)
        place = {**ledger_place, "target_table": parent.name}
        number = recovery_writes.open_late_chunk(cursor, place, origin, ())
        written = target.copy_rows(cursor, parent, parent.target_schema, (row for row, _ in made))
        if parent.keeps_id_map:
            lines = (
                (task.run_id, parent.source, parent.source_table, legacy, parent.target_name, new)
                for _, (legacy, new) in made
            )
            target.copy_ledger(cursor, "chunks/copy_id_map", lines)
        chunk = place_of(task.run_id, task.pass_, parent.number, number)
        seconds = time.monotonic() - began
        target.commit_chunk(cursor, chunk, Counts(), epoch=task.epoch, seconds=seconds)
        recovery_writes.add_chunk_write(
            cursor,
            {
                **ledger_place,
                "chunk_number": number,
                "kind": "placeholder",
                "rows": written,
                "decision_id": decision_id,
            },
        )
        event = ChunkCommitted(
            pass_=task.pass_,
            table=parent.name,
            chunk=number,
            label=f"{written:,} placeholders",
            counts=Counts(),
            seconds=seconds,
        )
        target.record(cursor, task.run_id, event)


def _rows(
    parent: TablePlan, encoder: RowEncoder, group: list[_Wanted]
) -> Iterator[tuple[tuple[object, ...], tuple[str, str]]]:
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
