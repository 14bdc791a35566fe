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

    def covers(self, kind: Offence, place: str) -> bool:
        """Whether a fault of this kind in this place is meant."""
        return (self.kind is None or self.kind is kind) and (not self.place or self.place == place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """How one batch is written that can't be written as it is."""

    remedies: tuple[Remedy, ...] = ()
    """The first that covers a fault is taken."""

    def remedy_for(self, kind: Offence, place: str) -> Remedy | None:
        """What is done about such a fault; None: nothing was said."""
        return next((remedy for remedy in self.remedies if remedy.covers(kind, place)), None)
