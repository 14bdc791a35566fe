"""What only a PostgreSQL schema holds: its types, sequences, views, constraints and partitions.

All SQL texts were deparsed with the search path set to the schema alone: its own objects stand
in them without a schema, every other object with one.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Constraint", "Need", "Partition", "SequenceState", "UserType", "View", "ViewIndex"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something outside ``pg_catalog`` that a definition rests on."""

    kind: str
    """``type``, ``function``, ``operator``, ``operator class``, ``collation``, ``relation``, ..."""
    schema: str
    name: str
    extension: str = ""
    """The extension it is part of; empty for objects of users."""

    @property
    def label(self) -> str:
        """The thing as a person reads it."""
        return f"{self.kind} {self.schema}.{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserType:
    """An enum, domain, composite, range or base type of users."""

    kind: str
    """``enum``, ``domain``, ``composite``, ``range`` or ``base``."""
    name: str
    definition: str
    """What follows the name in CREATE TYPE or CREATE DOMAIN; empty for base types, which no SQL makes."""
    needs: tuple[Need, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceState:
    """A sequence with how it counts and where it stands."""

    name: str
    options: str
    """``increment by 1 minvalue 1 .. no cycle``, without its type."""
    data_type: str
    step: int
    last_value: int
    is_called: bool
    is_cycling: bool = False
    owner: str = ""
    """``table.column`` it belongs to; empty when it stands alone."""
    comment: str = ""

    @property
    def next_value(self) -> int:
        """What it would give next."""
        return self.last_value + self.step if self.is_called else self.last_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """A constraint that is more than the columns of a key."""

    name: str
    kind: str
    """``check``, ``exclude`` or ``unique``."""
    definition: str
    """What follows the name in ADD CONSTRAINT, without NOT VALID."""
    columns: tuple[str, ...] = ()
    is_validated: bool = True
    needs: tuple[Need, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """One partition of a partitioned table, or of a partition."""

    name: str
    schema: str
    parent: str
    bounds: str
    """``FOR VALUES FROM (1) TO (10)`` or ``DEFAULT``."""
    partition_by: str = ""
    """``RANGE (day)`` when it has partitions of its own."""
    is_foreign: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewIndex:
    """An index of a materialized view."""

    name: str
    tail: str
    """What follows the view's name in CREATE INDEX."""
    is_unique: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view or materialized view."""

    name: str
    is_materialized: bool
    definition: str
    """What follows the name in CREATE: ``with (security_barrier=true) as SELECT ..``."""
    needs: tuple[Need, ...] = ()
    comment: str = ""
    column_comments: tuple[tuple[str, str], ...] = ()
    """Column and text."""
    indexes: tuple[ViewIndex, ...] = ()
