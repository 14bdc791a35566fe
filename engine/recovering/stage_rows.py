"""A batch's source rows as text, column by column; what can't be carried is left out and known."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from engine.model.codec import key_text
from engine.model.faults import Offence
from engine.model.plan import MadeBy, TablePlan
from engine.model.ports import Row
from engine.moving.cant_carry import CantCarry
from engine.moving.encode_rows import RejectedRow, RowEncoder
from engine.moving.quarantine_lines import shown
from engine.stores.staging_statements import staged_name, wanted_name

__all__ = ["RowStage"]


class RowStage:
    """Which values of a row travel into which columns of the stage, and which were refused."""

    def __init__(self, table: TablePlan, encoder: RowEncoder, *, step: int) -> None:
        """No row is seen yet.

        Args:
            table: the plan.
            encoder: its.
            step: of the diagnosis, for what is refused.
        """
        self._table = table
        self._encoder = encoder
        self._step = step
        self._width = len(table.chunk_key)
        self._copied = [
            at for at, column in enumerate(table.columns) if column.made_by is not MadeBy.EXPRESSION
        ]
        self._inputs: list[tuple[int, str, Any]] = []
        self.inputs: list[tuple[str, str, str]] = []
        """Staging column, the source's name and SQL type of each column an expression reads."""
        self.input_places: list[int] = []
        """By input: the plan's column whose expression reads it first."""
        self.refused: list[tuple[object, ...]] = []
        """What the encoders refused, as the stage's faults are written."""
        self._add_inputs()
        names = [self._name(at) for at in self._copied]
        self.copied = (*names, *(stage for stage, _, _ in self.inputs))
        """Columns of the stage that are filled from the source."""
        self.columns = (
            *self.copied,
            *(staged_name(at) for at in range(len(table.columns)) if self._is_made(at)),
        )
        """Every column of the stage."""

    def _is_made(self, place: int) -> bool:
        return self._table.columns[place].made_by in (MadeBy.LOOKUP, MadeBy.EXPRESSION)

    def _name(self, place: int) -> str:
        is_wanted = self._table.columns[place].made_by is MadeBy.LOOKUP
        return wanted_name(place) if is_wanted else staged_name(place)

    def _add_inputs(self) -> None:
        known: set[str] = set()
        for place, column in enumerate(self._table.columns):
            for at, name in enumerate(column.inputs if column.made_by is MadeBy.EXPRESSION else ()):
                if name not in known:
                    known.add(name)
                    self.inputs.append((f"s{len(known)}", name, column.input_types[at]))
                    self.input_places.append(place)
                    self._inputs.append((place, name, self._encoder.input_of(column, at)))

    def lines(self, pages: Iterable[list[Row]], present: Collection[str]) -> Iterator[tuple[object, ...]]:
        """The rows as they are staged: ordinal, source key, legacy key, values.

        Args:
            pages: rows as the encoder's ``columns`` name them.
            present: keys of rows that are in the target already.
        """
        ordinal = 0
        for page in pages:
            for row in page:
                key = _key_text(row[: self._width])
                if key not in present:
                    ordinal += 1
                    yield self._line(ordinal, key, row)

    def _line(self, ordinal: int, key: str, row: Row) -> tuple[object, ...]:
        encoded = self._encoder.encode(row)
        values = self._pieces(ordinal, row) if isinstance(encoded, RejectedRow) else encoded
        inputs = [self._input(ordinal, row, *item) for item in self._inputs]
        legacy = self._legacy(ordinal, row) if self._table.keeps_id_map else None
        return (ordinal, key, legacy, *[values[at] for at in self._copied], *inputs)

    def _pieces(self, ordinal: int, row: Row) -> list[object]:
        """The row's values, with nothing where one was refused."""
        pieces = self._encoder.encode_each(row)
        for at, piece in enumerate(pieces):
            if isinstance(piece, CantCarry):
                source = self._table.columns[at].source
                value = self._encoder.value(row, source) if source else None
                self._refuse(ordinal, at, piece, value)
                pieces[at] = None
        return pieces

    def _input(self, ordinal: int, row: Row, place: int, name: str, make: Any) -> object:  # noqa: ANN401 - an encoder's own
        try:
            value: object = make(row)
        except CantCarry as cause:
            self._refuse(
                ordinal, place, CantCarry(f"{name}: {cause}", cause.kind), self._encoder.value(row, name)
            )
            return None
        return value

    def _legacy(self, ordinal: int, row: Row) -> str | None:
        try:
            return self._encoder.legacy_key(row)
        except CantCarry as cause:
            self._refuse(ordinal, 0, cause, None)
            return None

    def _refuse(self, ordinal: int, place: int, cause: CantCarry, value: object) -> None:
        target = self._table.columns[place].target
        raw = _raw(value) if cause.kind not in (Offence.NUL, Offence.ENCODING) else None
        self.refused.append(
            (ordinal, self._step, place, cause.kind.value, target, shown(value), raw, str(cause))
        )


def _key_text(key: Row) -> str:
    """As ``key_text``, of which most keys need very little."""
    if len(key) == 1 and type(key[0]) is int:
        return f"[{key[0]}]"
    return key_text(key)


def _raw(value: object) -> str | None:
    """A value as a rule could mend it; None where there is no text of it."""
    if value is None or isinstance(value, bytes):
        return None
    text = value if isinstance(value, str) else repr(value)
    is_clean = "\x00" not in text and text.encode("utf-8", "replace").decode() == text
    return text if is_clean else None
