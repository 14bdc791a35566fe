"""What a target table demands of a row, read from the server's catalog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg

from engine.stores.target_holders import list_holders
from engine.stores.target_statements import relation_name
from sql import load

__all__ = ["Shape", "ShapeCheck", "ShapeColumn", "ShapeIndex", "ShapeKey", "ShapeTrigger", "read_shape"]

Cursor = psycopg.Cursor[dict[str, Any]]
_SOFT_VERSION = 160_000
"""Since PostgreSQL 16 a value can be judged without an error (manual, 9.27 "pg_input_is_valid")."""
_MOST_PARTITIONS = 1_000
"""One condition names them all; rows of a table with more are found out by writing them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeColumn:
    """One column of the table."""

    name: str
    type_name: str
    base_type: str
    """The type beneath its domains, with its limits."""
    base_name: str
    """That type's name in the catalog: ``int4``."""
    is_domain: bool
    most_characters: int | None
    """None: no limit, or no text."""
    is_required: bool
    """NULL is refused, by the column or by its domain."""
    is_generated: bool
    expression: str | None
    """What makes a generated value, or one that is not given."""
    sequence: str | None
    """Of an identity column: what it draws from."""
    collation: str | None
    """Where it is not the type's own."""

    @property
    def is_drawn(self) -> bool:
        """A value that is not given comes from a sequence."""
        return self.sequence is not None or "nextval(" in (self.expression or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeIndex:
    """A unique index, or an exclusion constraint."""

    name: str
    is_primary: bool
    is_exclusion: bool
    columns: tuple[str, ...]
    """Keys that are columns."""
    keys: tuple[str, ...]
    """Every key as an expression."""
    operators: tuple[str, ...]
    """By key: what must not hold between two rows, all of them at once."""
    predicate: str | None
    """Rows the index has; None: all."""
    has_equal_nulls: bool
    tail: str
    """What makes the same on another table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeKey:
    """A foreign key."""

    name: str
    columns: tuple[str, ...]
    parent_schema: str
    parent_table: str
    parent_columns: tuple[str, ...]
    operators: tuple[str, ...]
    is_full: bool
    """MATCH FULL."""
    is_self: bool
    is_partitioned: bool
    """The parent's rows lie in partitions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeCheck:
    """A check of the table."""

    name: str
    columns: tuple[str, ...]
    expression: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeTrigger:
    """A trigger of the table or of a partition."""

    name: str
    function_name: str
    """In quotes where it needs them."""
    is_before_row: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """All of it."""

    name: str
    """The table's."""
    has_soft_errors: bool
    """The server judges values without raising errors."""
    is_partitioned: bool
    has_row_security: bool
    columns: tuple[ShapeColumn, ...]
    indexes: tuple[ShapeIndex, ...]
    foreign_keys: tuple[ShapeKey, ...]
    checks: tuple[ShapeCheck, ...]
    partitions: tuple[str, ...]
    """What rows each takes; empty where that can't be asked in one condition."""
    triggers: tuple[ShapeTrigger, ...]
    holders: tuple[str, ...]
    """Triggers and rules that may keep rows out, as ``list_holders`` names them."""
    roots: dict[str, str]
    """The table's own index by that of a partition."""

    def column(self, name: str) -> ShapeColumn:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def changes_rows(self) -> bool:
        """A trigger sees each row first and may make another one of it."""
        return any(trigger.is_before_row for trigger in self.triggers)

    @property
    def rules(self) -> tuple[str, ...]:
        """Names of the rules that do something else instead."""
        return tuple(name.removeprefix("rule ") for name in self.holders if name.startswith("rule "))


def read_shape(cursor: Cursor, schema: str, table: str) -> Shape:
    """The table as it stands now.

    Raises:
        psycopg.Error: there is no such table; callers translate it.
    """
    values = {"relation": relation_name(schema, table)}

    def rows(name: str) -> list[dict[str, Any]]:
        return cursor.execute(load(f"sifting/{name}"), values).fetchall()

    (about,) = rows("read_relation")
    return Shape(
        name=about["name"],
        has_soft_errors=about["version_number"] >= _SOFT_VERSION,
        is_partitioned=about["is_partitioned"],
        has_row_security=about["has_row_security"],
        columns=tuple(ShapeColumn(**row) for row in rows("read_columns")),
        indexes=tuple(ShapeIndex(**_tuples(row)) for row in rows("read_indexes")),
        foreign_keys=tuple(ShapeKey(**_tuples(row)) for row in rows("read_foreign_keys")),
        checks=tuple(ShapeCheck(**_tuples(row)) for row in rows("read_checks")),
        partitions=_bounds(rows("read_partitions")),
        triggers=tuple(ShapeTrigger(**row) for row in rows("read_triggers")),
        holders=list_holders(cursor, schema, table),
        roots={row["name"]: row["root"] for row in rows("list_roots")},
    )


def _bounds(rows: list[dict[str, Any]]) -> tuple[str, ...]:
    found = [row["bounds"] for row in rows]
    # A partition without bounds is a default one that stands alone: it takes every row.
    return tuple(found) if len(found) <= _MOST_PARTITIONS and None not in found else ()


def _tuples(row: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
