"""What a person, or a standing rule, said becomes of a batch's offending rows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.model.faults import Offence

__all__ = ["Action", "Remedy", "Treatment"]


class Action(StrEnum):
    """What is done with offending rows while their batch is written."""

    QUARANTINE = "quarantine"
    NULL = "null"
    """The value becomes NULL."""
    DEFAULT = "default"
    """The value becomes ``Remedy.value``."""
    TRUNCATE = "truncate"
    """The text is cut to the column's length."""
    CAST = "cast"
    """The value is read generously: blanks trimmed, numbers and times in other spellings, rounded."""
    MERGE = "merge"
    """Rows of taken keys are merged, as the table's policy says; nothing else is done about them."""


_CHANGES = frozenset({Action.NULL, Action.DEFAULT, Action.TRUNCATE, Action.CAST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """One answer for one kind of fault in one place."""

    action: Action
    kind: Offence | None = None
    """None: every fault of the batch."""
    place: str = ""
    """Column or constraint, as ``OffenceGroup.place``; empty: everywhere."""
    value: str | None = None
    """Of ``Action.DEFAULT``: the value as text PostgreSQL reads; None is NULL."""
    decision_id: str = ""
    """The decision it comes from."""
    by: str = ""
    """Who decided."""
    rule_id: int | None = None
    """The standing rule it comes from; None when it was said for this batch alone."""

    @property
    def changes_values(self) -> bool:
        """Whether a value becomes another one, rather than its row be set aside."""
        return self.action in _CHANGES

    def covers(self, kind: Offence, place: str) -> bool:
        """Whether a fault of this kind in this place is meant."""
        return (self.kind is None or self.kind is kind) and (not self.place or self.place == place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """How one batch is written that can't be written as it is."""

    remedies: tuple[Remedy, ...] = ()
    """In the order they were said: each is tried on what those before it left; rows are set aside last."""

    def changes_for(self, kind: Offence, place: str) -> tuple[tuple[int, Remedy], ...]:
        """What may make such a value fit, each with its number among the remedies."""
        return tuple(
            (number, remedy)
            for number, remedy in enumerate(self.remedies)
            if remedy.changes_values and remedy.covers(kind, place)
        )

    def aside_for(self, kind: Offence, place: str) -> Remedy | None:
        """Who said that rows with such a fault are set aside; None: nobody."""
        return next(
            (r for r in self.remedies if r.action is Action.QUARANTINE and r.covers(kind, place)), None
        )
