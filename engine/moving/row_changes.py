"""What a decision changes about a batch's rows while they are written: set aside, or with another value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.model.codec import key_text
from engine.model.faults import Effect
from engine.model.ports import Row
from engine.moving.encode_rows import RejectedRow, RowEncoder

__all__ = ["NO_CHANGES", "Aside", "Change", "RowChanges"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Why one row is set aside."""

    kind: str
    place: str
    """Column or constraint."""
    value: str | None
    reason: str
    decision_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One value that is another one in the target."""

    column: str
    old: str | None
    new: str | None
    """As PostgreSQL reads it; None is NULL."""
    action: str
    decision_id: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChanges:
    """By chunk key, as ``key_text`` writes it."""

    aside: Mapping[str, Aside] = field(default_factory=dict)
    values: Mapping[str, tuple[Change, ...]] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    """Rows that are in the target already, brought in before their batch."""
    rules: tuple[int, ...] = ()
    """Standing rules that were followed."""

    def __bool__(self) -> bool:
        return bool(self.aside or self.values or self.present)

    def encode(self, encoder: RowEncoder, row: Row, *, width: int) -> tuple[object, ...] | RejectedRow | None:
        """The row as it is to be written, why it can't be, or None when it is there already.

        Args:
            encoder: of the table.
            row: the chunk key first.
            width: how many values the chunk key has.
        """
        if not self:
            return encoder.encode(row)
        key = key_text(row[:width])
        if key in self.present:
            return None
        if (aside := self.aside.get(key)) is not None:
            return encoder.rejected(row, aside.place, aside.value, cause=aside.reason, why=aside)
        changed = {change.column: change.new for change in self.values.get(key, ())}
        return encoder.encode(row, changed)

    def effects(self) -> Iterator[tuple[str, Effect]]:
        """By decision: rows set aside and rows changed."""
        decisions: dict[str, tuple[int, int]] = {}
        for aside in self.aside.values():
            held, changed = decisions.get(aside.decision_id, (0, 0))
            decisions[aside.decision_id] = (held + 1, changed)
        for changes in self.values.values():
            for decision_id in {change.decision_id for change in changes}:
                held, changed = decisions.get(decision_id, (0, 0))
                decisions[decision_id] = (held, changed + 1)
        for decision_id, (held, changed) in decisions.items():
            yield decision_id, Effect(rows=held + changed, set_aside=held, changed=changed)


NO_CHANGES = RowChanges()
