"""What stands around the rows: generated columns, constraints, indexes, types, views, comments.

All SQL texts in here are PostgreSQL's and name objects of the target's schema without it:
whoever runs them sets the search path to that schema (or to the rehearsal's) first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "ColumnSequence",
    "CommentPlan",
    "ConstraintPlan",
    "ForeignKeyPlan",
    "GeneratedColumn",
    "IndexPlan",
    "ObjectKind",
    "ObjectPlan",
    "PartitionPlan",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPlan:
    """An index or unique constraint to build after the rows are in."""

    name: str
    columns: tuple[str, ...]
    """Target columns; with a ``tail``, those it rests on as far as they are known."""
    is_unique: bool = False
    is_constraint: bool = False
    descending: tuple[bool, ...] = ()
    tail: str = ""
    """What follows the table's name in CREATE INDEX, where columns alone do not say it:
    ``using btree (lower(name)) where (left_at is null)``. Never with ``is_constraint``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKeyPlan:
    """A foreign key to add after the rows are in: NOT VALID first, then validated."""

    name: str
    columns: tuple[str, ...]
    parent_schema: str
    parent_table: str
    parent_columns: tuple[str, ...]
    on_delete: str = "no action"
    on_update: str = "no action"
    is_validated: bool = True
    """False when orphans in the source forbid it; the plan says so as a finding."""
    timing: str = ""
    """``deferrable``, ``deferrable initially deferred``; empty: checked at once."""
    match: str = ""
    """``match full``; empty: the usual kind, where one NULL frees the row."""
    set_columns: tuple[str, ...] = ()
    """What ``on delete set null`` sets, where that is not the whole key (PostgreSQL 15 and later)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstraintPlan:
    """A constraint that is more than columns: CHECK, EXCLUDE, an unusual UNIQUE."""

    name: str
    kind: str
    """``check``, ``exclude`` or ``unique``, for people."""
    definition: str
    """What follows the name in ALTER TABLE .. ADD CONSTRAINT: ``check (price > 0)``."""
    is_validated: bool = True
    """False: added NOT VALID and left so, because rows of the source break it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedColumn:
    """A column the target makes itself; nothing is copied into it."""

    name: str
    target_type: str
    expression: str
    """What stands in GENERATED ALWAYS AS (..) STORED."""
    place: int
    """How many copied columns stand before it."""
    source: str = ""
    """The source column of the same values, where its name is another."""
    is_virtual: bool = False
    """Computed when read, not stored (PostgreSQL 18 and later)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentPlan:
    """A comment on a table or one of its columns."""

    text: str
    column: str = ""
    """Empty: the table itself."""


class ObjectKind(StrEnum):
    """Objects of a schema besides tables, by the words that follow CREATE."""

    TYPE = "type"
    DOMAIN = "domain"
    SEQUENCE = "sequence"
    VIEW = "view"
    MATERIALIZED_VIEW = "materialized view"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectPlan:
    """A type, domain, sequence or view the target gets."""

    kind: ObjectKind
    schema: str
    name: str
    definition: str
    """What follows the name in CREATE: ``as enum ('sad', 'ok')``, ``as select ..``."""
    comment: str = ""
    position: tuple[int, bool] | None = None
    """A sequence's last value, and whether it was handed out; None leaves it new."""
    indexes: tuple[IndexPlan, ...] = ()
    """Of a materialized view; each has a ``tail``."""
    column_comments: tuple[CommentPlan, ...] = ()
    """Of a view."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartitionPlan:
    """One partition of a partitioned table, made together with it."""

    name: str
    parent: str
    """The table, or a partition that stands before this one in the list."""
    bounds: str
    """``for values from (1) to (10)`` or ``default``."""
    partition_by: str = ""
    """``range (day)`` when it has partitions of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSequence:
    """Where the sequence of one more identity column goes on."""

    column: str
    next_value: int
    is_exact: bool = False
    """It counts in another way than up by ones: it stands as in the source, whatever the rows hold."""
