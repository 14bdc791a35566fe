"""What stands around the rows: generated columns, constraints, indexes, types, views, comments.

All SQL texts in here are PostgreSQL's and name objects of the target's schema without it:
whoever runs them sets the search path to that schema (or to the rehearsal's) first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "CommentPlan",
    "ConstraintPlan",
    "ForeignKeyPlan",
    "GeneratedColumn",
    "IndexPlan",
    "ObjectKind",
    "ObjectPlan",
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
