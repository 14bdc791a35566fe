"""Whole rows from a source into rows for COPY. Pure: values in, values out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from engine.model.catalog import Engine
from engine.model.faults import Offence
from engine.model.plan import ColumnPlan, Family, MadeBy, TablePlan
from engine.model.ports import BlockColumn, Row
from engine.moving.cant_carry import CantCarry, clean_text
from engine.moving.encode_json import json_member
from engine.moving.encode_values import Encode, encoder_for
from engine.moving.legacy_keys import KEY_SEPARATOR, legacy_inputs, legacy_text, whole
from engine.moving.value_rules import apply_rules

if TYPE_CHECKING:
    from engine.moving.row_changes import Aside

__all__ = ["RejectedRow", "RowEncoder"]

Make = Callable[[Row], object]
_EMPTY = "a required column is empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A row that can't be carried as planned, whole."""

    key: tuple[object, ...]
    row: dict[str, object]
    column: str
    value: object
    reason: str
    kind: str = ""
    """An ``Offence``, where one value is at fault."""
    why: Aside | None = None
    """The decision it is set aside by; None when the plan foretold it."""


class RowEncoder:
    """Turns rows of one source table into rows of its target table."""

    def __init__(self, table: TablePlan, *, engine: Engine, run_time: datetime) -> None:
        """Chooses one encoder a column from the plan.

        Args:
            table: the plan; its ``columns`` give the order of encoded values.
            engine: the source's kind. PostgreSQL sources give text forms that pass unchanged.
            run_time: the value of ``RUN_TIME`` columns: the moment of the approval.
        """
        self._table = table
        self._engine = engine
        self._run_time = run_time
        self.columns = table.columns_read
        """What to read from the source, in order; the chunk key comes first."""
        self.block_columns = tuple(self._block_column(column) for column in table.columns)
        """The same for lanes that hand blocks on, in plan order."""
        self._places = {name: place for place, name in reversed(list(enumerate(self.columns)))}
        self._makes = [(column, self._make(column)) for column in table.columns]
        self._plain = [make for _, make in self._makes]
        self._legacy = legacy_inputs(table)
        self._id_place = _id_place(table)

    def encode(
        self, row: Row, changed: Mapping[str, object] | None = None
    ) -> tuple[object, ...] | RejectedRow:
        """The target row in plan order, or why there can be none.

        Args:
            row: as ``columns`` names it.
            changed: values a decision puts in place of the source's, by target column, as COPY takes them.
        """
        try:
            if changed:
                return tuple(
                    [
                        changed[column.target] if column.target in changed else make(row)
                        for column, make in self._makes
                    ]
                )
            return tuple([make(row) for make in self._plain])
        except CantCarry:
            return self._explain(row, changed or {})

    def encode_each(self, row: Row) -> list[object]:
        """The target row value by value, in plan order; a ``CantCarry`` stands for what is refused."""
        return [_tried(make, row) for make in self._plain]

    def id_pair(self, row: Row, encoded: tuple[object, ...]) -> tuple[str, str]:
        """Legacy key and new id of a row, as text."""
        legacy = KEY_SEPARATOR.join(str(whole(row[self._places[name]])) for name in self._legacy)
        return legacy, KEY_SEPARATOR.join(str(encoded[place]) for place in self._id_place)

    def rejected(
        self, row: Row, column: str, value: object, *, cause: CantCarry | str, why: Aside | None = None
    ) -> RejectedRow:
        """The row as the quarantine keeps it."""
        return RejectedRow(
            key=row[: len(self._table.chunk_key)],
            row={name: row[place] for name, place in self._places.items()},
            column=column,
            value=value,
            reason=str(cause),
            kind=cause.kind.value if isinstance(cause, CantCarry) else "",
            why=why,
        )

    def value(self, row: Row, name: str) -> object:
        """The row's value in one source column."""
        return row[self._places[name]]

    def legacy_key(self, row: Row) -> str:
        """The row's legacy key as text.

        Raises:
            CantCarry: PostgreSQL can't hold it.
        """
        return KEY_SEPARATOR.join(legacy_text(row[self._places[name]]) for name in self._legacy)

    def _block_column(self, column: ColumnPlan) -> BlockColumn:
        if column.made_by is MadeBy.COPY:
            return BlockColumn(source=column.source, form=column.form, has_nulls=column.has_nulls)
        constant = {
            MadeBy.RUN_TIME: self._run_time.isoformat(sep=" "),
            MadeBy.SOURCE_NAME: self._table.source,
        }.get(column.made_by, column.value)
        return BlockColumn(constant=constant)

    def _explain(self, row: Row, changed: Mapping[str, object]) -> RejectedRow:
        for column, make in self._makes:
            if column.target in changed:
                continue
            try:
                make(row)
            except CantCarry as cause:
                value = row[self._places[column.source]] if column.source else None
                return self.rejected(row, column.target, value, cause=cause)
        raise AssertionError("a row was refused and then accepted")

    def _make(self, column: ColumnPlan) -> Make:
        match column.made_by:
            case MadeBy.COPY:
                return self._copy(column)
            case MadeBy.CONSTANT:
                return _always(column.value)
            case MadeBy.RUN_TIME:
                return _always(self._run_time.isoformat(sep=" "))
            case MadeBy.SOURCE_NAME:
                return _always(self._table.source)
            case MadeBy.UUID5:
                return self._uuid5(column)
            case MadeBy.JSON_OBJECT:
                return self._json_object(column)
            case MadeBy.LOOKUP:
                return self.wanted(column)
            case MadeBy.EXPRESSION:
                # The target computes it; only its inputs travel.
                return _always(None)

    def wanted(self, column: ColumnPlan) -> Make:
        """What a lookup compares: a legacy key as the id map has it, or a value of the table asked."""
        assert column.lookup is not None, "only called for lookups"
        place = self._places[column.source]
        if column.lookup.source_table:
            return _nullable(place, legacy_text)
        if self._engine is Engine.POSTGRES:
            return itemgetter(place)
        asked = replace(
            column, target_type=column.lookup.match_type, family=column.lookup.match_family, is_nullable=True
        )
        return _nullable(place, encoder_for(asked))

    def input_of(self, column: ColumnPlan, place: int) -> Make:
        """One input of an expression, encoded as a column of its own type."""
        at = self._places[column.inputs[place]]
        if self._engine is Engine.POSTGRES:
            return itemgetter(at)
        alone = replace(column, target_type=column.input_types[place], family=column.input_families[place])
        return _nullable(at, encoder_for(alone))

    def _copy(self, column: ColumnPlan) -> Make:
        place = self._places[column.source]
        if self._engine is Engine.POSTGRES:
            return itemgetter(place) if column.is_nullable else _required(place)
        if column.rules:
            return _ruled(place, apply_rules(column, encoder_for(column)), is_required=not column.is_nullable)
        return (
            _nullable(place, encoder_for(column))
            if column.is_nullable
            else _filled(place, encoder_for(column))
        )

    def _uuid5(self, column: ColumnPlan) -> Make:
        space = uuid5(NAMESPACE_URL, f"fordway:{self._table.source}:{self._table.source_table}")
        places = [self._places[name] for name in column.inputs]

        def make(row: Row) -> object:
            parts = [row[place] for place in places]
            if None in parts:
                raise CantCarry("no legacy key to make the id from", Offence.EMPTY)
            legacy = clean_text(KEY_SEPARATOR.join(map(str, parts)), "legacy key")
            return str(uuid5(space, legacy))

        return make

    def _json_object(self, column: ColumnPlan) -> Make:
        families = column.input_families or (Family.TEXT,) * len(column.inputs)
        names = [json.dumps(name, ensure_ascii=False) for name in column.inputs]
        places = [self._places[name] for name in column.inputs]
        members = list(zip(names, places, families, strict=True))
        from_text = self._engine is Engine.POSTGRES

        def make(row: Row) -> object:
            parts = [
                f"{name}: {json_member(row[place], family, from_text=from_text)}"
                for name, place, family in members
            ]
            return "{" + ", ".join(parts) + "}"

        return make


def _id_place(table: TablePlan) -> tuple[int, ...]:
    made = [place for place, column in enumerate(table.columns) if column.made_by is MadeBy.UUID5]
    if made:
        return (made[0],)
    return tuple(place for place, column in enumerate(table.columns) if column.target in table.primary_key)


def _tried(make: Make, row: Row) -> object:
    try:
        return make(row)
    except CantCarry as cause:
        return cause


def _always(value: object) -> Make:
    return lambda _row: value


def _nullable(place: int, encode: Encode) -> Make:
    def make(row: Row) -> object:
        value = row[place]
        return None if value is None else encode(value)

    return make


def _ruled(place: int, encode: Encode, *, is_required: bool) -> Make:
    def make(row: Row) -> object:
        value = encode(row[place])
        if value is None and is_required:
            raise CantCarry(_EMPTY, Offence.EMPTY)
        return value

    return make


def _filled(place: int, encode: Encode) -> Make:
    def make(row: Row) -> object:
        value = row[place]
        if value is None:
            raise CantCarry(_EMPTY, Offence.EMPTY)
        return encode(value)

    return make


def _required(place: int) -> Make:
    def make(row: Row) -> object:
        value = row[place]
        if value is None:
            raise CantCarry(_EMPTY, Offence.EMPTY)
        return value

    return make
