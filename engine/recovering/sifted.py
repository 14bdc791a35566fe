"""What looking through a failed batch gives: its rows that can't be written, and what was said about them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.faults import Diagnosis, Offence, Whereabouts
from engine.model.plan import KeyValue
from engine.model.remedies import Action, Remedy

__all__ = ["Amendment", "MissingParent", "Offender", "Sifted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offender:
    """One row that can't be written."""

    ordinal: int
    """From 1, in source order among the rows the batch would move."""
    key: tuple[KeyValue, ...]
    """Its chunk key in the source."""
    kind: Offence
    """Of its first fault."""
    place: str
    value: str | None
    """The offending value as text, cut at 2,000 characters; None is NULL, or no single value offends."""
    reason: str
    sqlstate: str
    group: int
    """Which of the diagnosis's groups it counts in."""
    parent: tuple[str | None, ...] = ()
    """The key of the parent it misses, as ``MissingParent.key``; empty where it misses none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amendment:
    """One value a remedy changes."""

    key: tuple[KeyValue, ...]
    column: str
    """Of the target."""
    old: str | None
    new: str | None
    """As PostgreSQL reads it, and prints it; None is NULL."""
    action: Action
    remedy: Remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingParent:
    """One row others wait for."""

    group: int
    """Which of the diagnosis's groups waits for it."""
    table: str
    """The parent's target table, as plans show it."""
    table_number: int | None
    """The plan that would bring it in; None: no plan fills the table."""
    columns: tuple[str, ...]
    """As ``MissingParents.columns``."""
    key: tuple[str | None, ...]
    """The values of those columns, as text."""
    rows: int
    """Rows of the batch that refer to it."""
    whereabouts: Whereabouts
    source: str = ""
    """The source that has it; empty when it is nowhere."""
    source_table: str = ""
    at: tuple[KeyValue, ...] | None = None
    """Its chunk key in that source; None when it is nowhere."""
    is_by_key: bool = False
    """Asked for by a foreign key, which a row of the same batch satisfies too; else by a lookup."""

    @property
    def identity(self) -> tuple[int | None, tuple[str, ...], tuple[str | None, ...]]:
        """The same for one parent that is asked for twice, by two columns of the batch."""
        return self.table_number, self.columns, self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Sifted:
    """A batch looked through."""

    diagnosis: Diagnosis
    offenders: tuple[Offender, ...] = ()
    """Every row that can't be written, in source order, each with its first fault."""
    amendments: tuple[Amendment, ...] = ()
    """What the remedies given change, in source order; of rows that go through with it."""
    missing: tuple[MissingParent, ...] = ()
    """Each parent that is not there, by group."""
