"""What is wrong with rows of a batch, how many they are, and what could be done about them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.model.run import Pass

__all__ = [
    "ChunkAddress",
    "Diagnosis",
    "Effect",
    "MissingParents",
    "Offence",
    "OffenceGroup",
    "OffendingRow",
    "ParentPlace",
    "Whereabouts",
]


class Offence(StrEnum):
    """Why the target can't take a row as it is."""

    CAST = "cast"
    """A value is none of the column's type."""
    EMPTY = "empty"
    """NULL in a required column."""
    TOO_LONG = "too-long"
    OUT_OF_RANGE = "out-of-range"
    NUL = "nul"
    """Text with a NUL character."""
    ENCODING = "encoding"
    """Text that is no UTF-8."""
    CHECK = "check"
    """A check of the table or of a domain does not hold."""
    DUPLICATE_INSIDE = "duplicate-inside"
    """An earlier row of the batch has the same unique key."""
    DUPLICATE_KEY = "duplicate-key"
    """The target holds a row of this primary key already."""
    DUPLICATE_OTHER = "duplicate-other"
    """The target holds a row of this unique key, which is not the primary key."""
    NO_PARENT = "no-parent"
    """The row refers to a row that is not there."""
    AMBIGUOUS_PARENT = "ambiguous-parent"
    """A lookup by value finds several rows."""
    EXCLUSION = "exclusion"
    EXPRESSION = "expression"
    """The playbook's expression fails for this row."""
    NO_PARTITION = "no-partition"
    ROW_POLICY = "row-policy"
    """Row security of the target refuses the row."""
    TRIGGER = "trigger"
    """A trigger raises an error for this row."""
    HELD_BACK = "held-back"
    """A trigger or rule lets the row fall without a word."""
    OTHER = "other"
    """The database refuses the row, and no query can tell why; its own words stand as the reason."""


class Whereabouts(StrEnum):
    """Where a missing parent is."""

    ELSEWHERE = "elsewhere"
    """In another source of the playbook, in a table of the same name."""
    FILTERED = "filtered"
    """In the parent's own source table, left out by the playbook's filter."""
    PENDING = "pending"
    """In the parent's own source table, and not moved yet."""
    SAME_BATCH = "same-batch"
    """In the batch itself, and refused or not written there before the rows that refer to it."""
    QUARANTINED = "quarantined"
    """Set aside by this run."""
    NOWHERE = "nowhere"

    @property
    def is_in_reach(self) -> bool:
        """It can be moved first."""
        return self not in {Whereabouts.QUARANTINED, Whereabouts.NOWHERE}


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentPlace:
    """Missing parents that are in one place, and the rows that wait for them."""

    whereabouts: Whereabouts
    keys: int
    """Distinct parents."""
    rows: int
    """Rows of the batch that refer to them."""
    source: str = ""
    """The playbook's name of the source that has them; empty for quarantined ones and nowhere."""
    source_table: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingParents:
    """What a group of rows without parents waits for."""

    parent: str
    """The parent's target table, as plans show it: ``cases``."""
    columns: tuple[str, ...]
    """Columns of the parent by which it is found: target columns of a foreign key, or of a lookup by
    value; the legacy key's source columns where ids are looked up."""
    keys: int
    """Distinct parents missing."""
    places: tuple[ParentPlace, ...]
    """Where they are, the most rows first; together they are ``keys``."""
    is_planned: bool = True
    """The plan moves the parent's table; otherwise nothing can be brought in."""
    own_keys: tuple[tuple[str, ...], ...] = ()
    """Columns of each foreign key that the parent's table has in the target itself."""
    own_parents: int = 0
    """Rows that the missing parents refer to, through others too, and that would have to come along."""
    hindered: str = ""
    """Why one of those in reach can't be written itself, in words; empty: nothing stands in their way."""
    hindered_keys: int = 0
    """How many of those in reach can't."""
    hindered_rows: int = 0
    """Rows of the batch that refer to them."""
    shared: int = 0
    """Of ``keys``, parents that a group before this one asks for by the same columns, too."""
    shared_in_reach: int = 0
    """Of those that can be moved first, rows that a group before this one asks for, too."""

    @property
    def is_mixed(self) -> bool:
        """They are in more than one place."""
        return len({(place.whereabouts, place.source) for place in self.places}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OffendingRow:
    """One row as an example."""

    key: str
    """Its chunk key in the source, for people: ``1001``, or ``17, b`` where it has several parts."""
    value: str | None
    """The offending value for people, cut at 200 characters; None is NULL, or no single value offends."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OffenceGroup:
    """All rows of a batch with one fault in one place."""

    kind: Offence
    place: str
    """The target column, or the constraint, index or trigger by its name."""
    columns: tuple[str, ...]
    """Target columns that take part."""
    rows: int
    """Exact."""
    reason: str
    """In words, the same for all rows: ``text in an integer column``."""
    sqlstate: str = ""
    examples: tuple[OffendingRow, ...] = ()
    """Up to twenty, in source order."""
    parents: MissingParents | None = None
    mends: tuple[tuple[str, int], ...] = ()
    """By value rule that could be applied (``null``, ``default``, ``truncate``, ``cast``): how many of the
    rows would then fit. ``default`` stands for a value that fits, whoever gives it."""
    default: str = ""
    """What the column's default on the target gives, as text; empty without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkAddress:
    """Which batch a fault was met in."""

    pass_: Pass
    table: str
    """As plans show it."""
    table_number: int
    chunk: int
    label: str
    """``7001-7500``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The whole batch, looked through: every row that can't be written, and why."""

    at: ChunkAddress
    rows: int
    """Rows of the batch that the plan would move."""
    offending: int
    """Of them, rows that can't be written; a row with several faults counts once."""
    groups: tuple[OffenceGroup, ...]
    """The most rows first. A row counts in the first group whose fault was found; empty when the batch
    would go through as it stands now."""
    seconds: float
    cause: str = ""
    """What made the batch fail, in the database's own words."""


class WayBack(StrEnum):
    """Whether what an option did can be taken back."""

    UNDO = "undo"
    """Undo takes it back."""
    NONE = "none"
    """Nothing does."""
    NOT_NEEDED = "not-needed"
    """It changes nothing that would have to be taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an option does, foretold or done. Rows, except where said."""

    rows: int = 0
    """Rows of the batch the option is about."""
    written: int = 0
    """Rows of the batch that are in the target afterwards; of a run's or phase's undo: 0."""
    set_aside: int = 0
    changed: int = 0
    """Rows with a value changed by a rule."""
    merged: int = 0
    brought: int = 0
    """Parents moved first, their own parents included."""
    placeholders: int = 0
    removed: int = 0
    """Rows taken back."""
    low_seconds: float = 0.0
    high_seconds: float = 0.0
    """The time it takes beside what the batch takes anyway; both alike once it is done."""
    downstream: tuple[str, ...] = ()
    """Tables whose rows refer to the rows that are then not there as the source has them."""
    way_back: WayBack = WayBack.NONE
    undo: str = ""
    """How it can be taken back, or what there is instead, in words; empty: there is nothing to say."""
