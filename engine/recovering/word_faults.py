"""What is said of offending rows: the same for a whole group, and for each row by itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.model.faults import Offence
from engine.recovering.links import Link
from engine.stores.sifting import Found
from engine.stores.sifting_shape import Shape

__all__ = ["Words"]

_SAID_ALIKE = frozenset({Offence.CAST, Offence.OUT_OF_RANGE, Offence.TOO_LONG, Offence.NUL, Offence.ENCODING})
"""What the encoders say of a value names no value, so it may stand for a group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of one batch's table."""

    shape: Shape
    links: Sequence[Link]

    def of_group(self, kind: Offence, place: str, found: Sequence[Found]) -> str:
        """What is wrong with all of these rows, in words."""
        notes = {row.note for row in found}
        note = next(iter(notes)) if len(notes) == 1 else None
        if note and kind in _SAID_ALIKE and not found[0].sqlstate:
            return note
        if note and kind in (Offence.TRIGGER, Offence.OTHER, Offence.EXPRESSION):
            return f"the trigger {place} says: {note}" if kind is Offence.TRIGGER else note
        return self._general(kind, place, found[0])

    def of_row(self, row: Found) -> str:
        """What is wrong with this row, in words."""
        kind = Offence(row.kind)
        link = self._link(row)
        if link is not None and row.value is not None:
            if kind is Offence.AMBIGUOUS_PARENT:
                return f"{row.note} rows of {link.parent} with {link.columns[0]} {row.value}"
            if kind is Offence.NO_PARENT:
                named = "for legacy key" if link.is_mapped else f"with {', '.join(link.columns)}"
                return f"no row of {link.parent} {named} {row.value}"
        # Nobody said why a row fell: that was the point of it.
        note = None if kind is Offence.HELD_BACK else row.note
        return note or self._general(kind, row.place, row)

    def columns_of(self, place: str, link: int | None) -> tuple[str, ...]:
        """Target columns that take part in a fault of this place."""
        if link is not None:
            return self.links[link].targets
        shape = self.shape
        named = [
            *((column.name, (column.name,)) for column in shape.columns),
            *((index.name, index.columns) for index in shape.indexes),
            *((check.name, check.columns) for check in shape.checks),
        ]
        return next((columns for name, columns in named if name == place), ())

    def _link(self, row: Found) -> Link | None:
        return self.links[row.link] if row.link is not None else None

    def _general(self, kind: Offence, place: str, row: Found) -> str:
        if (said := self._of_value(kind, place)) is not None:
            return said
        link = self._link(row)
        if link is not None:
            named = "for the legacy key" if link.is_mapped else f"with this {', '.join(link.columns)}"
            several = "several rows" if kind is Offence.AMBIGUOUS_PARENT else "no row"
            return f"{several} of {link.parent} {named}"
        return _PLAIN[kind].format(place=place)

    def _of_value(self, kind: Offence, place: str) -> str | None:
        column = next((column for column in self.shape.columns if column.name == place), None)
        if column is None:
            return None
        match kind:
            case Offence.CAST:
                return f"no value of the type {column.type_name}"
            case Offence.TOO_LONG if column.most_characters is not None:
                return f"longer than {column.most_characters} characters"
            case Offence.OUT_OF_RANGE:
                return f"out of the range of {column.type_name}"
            case Offence.CHECK:
                return f"a check of the type {column.type_name} does not hold"
            case _:
                return None


_PLAIN: Mapping[Offence, str] = {
    Offence.CAST: "no value of the column's type",
    Offence.EMPTY: "required, and empty",
    Offence.TOO_LONG: "longer than the column takes",
    Offence.OUT_OF_RANGE: "out of the column's range",
    Offence.NUL: "text with a NUL character",
    Offence.ENCODING: "text that is no UTF-8",
    Offence.CHECK: "the check {place} does not hold",
    Offence.DUPLICATE_INSIDE: "an earlier row of the batch has the same {place}",
    Offence.DUPLICATE_KEY: "the target holds this primary key already",
    Offence.DUPLICATE_OTHER: "the target holds this {place} already",
    Offence.NO_PARENT: "no row of the parent by {place}",
    Offence.AMBIGUOUS_PARENT: "several rows of the parent",
    Offence.EXCLUSION: "another row is in its way by {place}",
    Offence.EXPRESSION: "the playbook's expression fails",
    Offence.NO_PARTITION: "no partition of {place} takes the row",
    Offence.ROW_POLICY: "row security of {place} refuses the row",
    Offence.TRIGGER: "the trigger {place} raises an error",
    Offence.HELD_BACK: "{place} lets the row fall without a word",
    Offence.OTHER: "the database refuses the row",
}
