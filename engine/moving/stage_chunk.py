"""One chunk through the staging table: raw rows in, set-based statements over the whole batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from engine.guidance.words import count_of
from engine.model.codec import key_from_json, key_to_json
from engine.model.errors import RowsRefused
from engine.model.plan import MadeBy
from engine.model.run import Pass
from engine.moving.cant_carry import CantCarry
from engine.moving.encode_rows import RejectedRow, RowEncoder
from engine.moving.row_changes import NO_CHANGES, RowChanges
from engine.stores.staging_statements import staged_name, wanted_name
from engine.stores.target_session import place_of
from engine.stores.target_staging import Refused, StageColumn, TargetStaging

if TYPE_CHECKING:
    from engine.model.plan import KeyRange, KeyValue, TablePlan
    from engine.model.ports import Row, Source
    from engine.moving.chunk_task import ChunkTask

__all__ = ["StagedChunk", "stage_chunk"]


@dataclass(slots=True)
class StagedChunk:
    """What became of the chunk's rows."""

    read: int = 0
    written: int = 0
    merged: int = 0
    rejected: list[RejectedRow] = field(default_factory=list)
    present: list[tuple[object, ...]] = field(default_factory=list)
    """Chunk keys of rows that were brought in before; they count as merged."""


def stage_chunk(
    task: ChunkTask,
    source: Source,
    encoder: RowEncoder,
    span: KeyRange,
    *,
    cursor: Any,  # noqa: ANN401 - the session's open cursor; its type is the driver's
    changes: RowChanges = NO_CHANGES,
) -> StagedChunk:
    """The chunk's rows are written, merged or refused, in the caller's transaction.

    Raises:
        RowsRefused: rows find no parent, or come out empty where they must not, and nobody foresaw it.
        FordwayError: PostgreSQL refused a statement; an expression is named by its column.
    """
    table = task.table
    where = task.where
    place = place_of(task.run_id, task.pass_, table.number, task.chunk)
    staging = TargetStaging(cursor, table, task.schema, place=place)
    layout = _Layout(table, encoder, changes)
    result = StagedChunk()
    rows = _rows(task, source, layout, span, result=result)
    staging.stage(layout.copied, layout.computed, rows)
    for at, column in enumerate(table.columns):
        if column.made_by is MadeBy.LOOKUP:
            staging.look_up(at)
    for at, column in enumerate(table.columns):
        if column.made_by is MadeBy.EXPRESSION:
            staging.compute(at, layout.inputs, where=where)
        if column.made_by in (MadeBy.LOOKUP, MadeBy.EXPRESSION) and not column.is_nullable:
            staging.refuse_empty(at)
    refused = staging.refused()
    _refuse_unforeseen(table, refused, where=where)
    result.rejected += [_rejected(table, row) for row in refused]
    done = staging.write(where)
    result.written, result.merged = done.written, done.merged + len(result.present)
    if table.keeps_id_map and (task.pass_ is Pass.MOVE or table.is_looked_up):
        staging.map_ids()
    return result


def _rows(
    task: ChunkTask, source: Source, layout: _Layout, span: KeyRange, *, result: StagedChunk
) -> Iterator[tuple[object, ...]]:
    table = task.table
    pages = source.read_range(
        table.source_table, columns=layout.encoder.columns, key=table.chunk_key, span=span, where=table.where
    )
    for page in pages:
        for row in page:
            result.read += 1
            line = layout.line(result.read, row)
            if line is None:
                result.present.append(row[: len(table.chunk_key)])
            elif isinstance(line, RejectedRow):
                result.rejected.append(line)
            else:
                yield line


def _refuse_unforeseen(table: TablePlan, refused: list[Refused], *, where: str) -> None:
    """Every row refused may be set aside, because the playbook or the run says so.

    Raises:
        RowsRefused: of some nobody said so.
    """
    foreseen = {column.target for column in table.columns if column.sets_aside}
    asked = [row for row in refused if row.column not in foreseen]
    if asked:
        verb = "is" if len(asked) == 1 else "are"
        raise RowsRefused(
            f"{count_of(len(asked), 'rows')} of the batch {verb} refused, such as: {asked[0].reason}",
            where=where,
            safe="Nothing of this batch was written; every committed batch stands",
            todo="Say what shall become of them",
            facts={"reason": asked[0].reason, "place": asked[0].column},
        )


class _Layout:
    """Which values of a row travel into which columns of the staging table."""

    def __init__(self, table: TablePlan, encoder: RowEncoder, changes: RowChanges) -> None:
        self.encoder = encoder
        self._changes = changes
        self._table = table
        self.copied: list[StageColumn] = []
        self.computed: list[StageColumn] = []
        self.inputs: list[tuple[str, str]] = []
        """Staging column and the source's name of each column an expression reads."""
        self._taken: list[int] = []
        self._inputs: list[tuple[str, str, Any]] = []
        for place, column in enumerate(table.columns):
            kind = (staged_name(place), column.target_type)
            if column.made_by is MadeBy.EXPRESSION:
                self.computed.append(kind)
                continue
            self._taken.append(place)
            if column.lookup is not None:
                self.computed.append(kind)
                kind = (wanted_name(place), column.lookup.match_type)
            self.copied.append(kind)
        self._add_inputs()

    def _add_inputs(self) -> None:
        known: set[str] = set()
        for column in self._table.columns:
            for at, name in enumerate(column.inputs if column.made_by is MadeBy.EXPRESSION else ()):
                if name not in known:
                    known.add(name)
                    stage = f"s{len(known)}"
                    self.inputs.append((stage, name))
                    self.copied.append((stage, column.input_types[at]))
                    self._inputs.append((column.target, name, self.encoder.input_of(column, at)))

    def line(self, ordinal: int, row: Row) -> tuple[object, ...] | RejectedRow | None:
        """The row as it is staged, why it can't be, or None when it is in the target already."""
        width = len(self._table.chunk_key)
        encoded = self._changes.encode(self.encoder, row, width=width)
        if encoded is None or isinstance(encoded, RejectedRow):
            return encoded
        inputs = []
        for target, name, make in self._inputs:
            try:
                inputs.append(make(row))
            except CantCarry as cause:
                value = self.encoder.value(row, name)
                return self.encoder.rejected(
                    row, target, value, cause=CantCarry(f"{name}: {cause}", cause.kind)
                )
        try:
            legacy = self.encoder.legacy_key(row) if self._table.keeps_id_map else None
        except CantCarry as cause:
            return self.encoder.rejected(row, self._table.columns[0].target, None, cause=cause)
        key = cast("tuple[KeyValue, ...]", row[: len(self._table.chunk_key)])
        values = [encoded[place] for place in self._taken]
        return (ordinal, json.dumps(key_to_json(key)), legacy, *values, *inputs)


def _rejected(table: TablePlan, refused: Refused) -> RejectedRow:
    """A row the target refused; the quarantine reads the rest of it from the source again."""
    key = key_from_json(refused.source_key) or ()
    return RejectedRow(
        key=key,
        row=dict(zip(table.chunk_key, key, strict=True)),
        column=refused.column,
        value=refused.value,
        reason=refused.reason,
    )
