"""Rows set aside: what they are, and which of them are meant."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

__all__ = ["HeldCell", "HeldChoice", "HeldFilter", "HeldGroup", "HeldRow", "Obstacle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """One row set aside."""

    quarantine_id: int
    table_number: int
    chunk_number: int
    target_table: str
    source_key: list[Any]
    row_data: dict[str, Any]
    """By source column, as ``engine.moving.quarantine_lines`` writes values."""
    column_name: str
    value: str | None
    reason: str
    kind: str
    """An ``Offence``; empty where a lookup or an expression failed, as the plan foretold."""
    place: str
    state: str
    """``open``, ``replayed`` or ``discarded``."""
    edits: dict[str, str | None]
    """New values by target column, for when it is replayed."""
    note: str
    decision_id: str | None
    handled_by: str | None
    handled_at: datetime | None
    created_at: datetime

    @property
    def key_words(self) -> str:
        """Its key in the source, for people."""
        return ", ".join(str(next(iter(k.values())) if isinstance(k, dict) else k) for k in self.source_key)

    @property
    def where(self) -> str:
        """The column, constraint, index or trigger that stands in its way."""
        return self.place or self.column_name


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGroup:
    """Rows set aside for one reason."""

    target_table: str
    place: str
    kind: str
    reason: str
    state: str
    rows: int
    first_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFilter:
    """Which rows of the quarantine; what is None does not matter."""

    state: str | None = None
    table: str | None = None
    place: str | None = None
    """As groups call it."""
    kind: str | None = None
    reason: str | None = None
    """As groups call it."""

    @classmethod
    def of(cls, group: HeldGroup) -> HeldFilter:
        """The rows of a group."""
        return cls(
            state=group.state,
            table=group.target_table,
            place=group.place,
            kind=group.kind,
            reason=group.reason,
        )

    def takes(self, group: HeldGroup) -> bool:
        """Whether the group's rows are among those that are meant."""
        asked = (self.state, self.table, self.place, self.kind, self.reason)
        has = (group.state, group.target_table, group.place, group.kind, group.reason)
        return all(want is None or want == found for want, found in zip(asked, has, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldChoice:
    """Open rows that something is to be done with: by their numbers, or all that a filter takes."""

    numbers: tuple[int, ...] = ()
    """Where there are any, the filter means nothing."""
    of: HeldFilter = HeldFilter()
    with_children: bool = False
    """Rows that wait for these, too, and those that wait for them."""

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> HeldChoice:
        """What ``to_json`` gave."""
        return cls(
            numbers=tuple(body["numbers"]),
            of=HeldFilter(**body["of"]),
            with_children=bool(body["with_children"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldCell:
    """One value of a row set aside, as people read it."""

    target: str
    """The target's column; empty where the plan does not move the value."""
    source: str
    """The source's column; empty where the value is made."""
    value: str | None
    """As the source has it, unprintable bytes escaped; None is NULL, and of made values."""
    is_offending: bool
    """It is why the row was set aside, or has part in it."""
    is_edited: bool = False
    new: str | None = None
    """What it is when the row is replayed; only where it was edited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A constraint or index of a target table that rows set aside would break, as it is now."""

    name: str
    table_schema: str
    table_name: str
    columns: tuple[str, ...]
    parent_schema: str = ""
    """Of a foreign key; empty otherwise, as is the rest."""
    parent_table: str = ""
    parent_columns: tuple[str, ...] = ()
