"""Rows of PostgreSQL's catalogs as columns, keys, constraints and indexes of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from psycopg.rows import TupleRow

from engine.model.catalog import Column, ForeignKey, Index
from engine.model.postgres_objects import Constraint, Need, Partition, SequenceState

__all__ = ["Known", "column_of", "constraint_of", "foreign_key_of", "index_of", "partition_of", "unusual_key"]

_ACTIONS = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
"""``confdeltype`` and ``confupdtype`` (PostgreSQL manual, 53.13 "pg_constraint")."""
_GENERATED = {"s": "stored", "v": "virtual"}
_IDENTITY = {"a": "always", "d": "by default"}
_CONSTRAINTS = {"c": "check", "x": "exclude", "u": "unique"}


class Known(Protocol):
    """What was read of the schema beside its tables, by oid."""

    @property
    def sequences(self) -> Mapping[int, SequenceState]:
        """Every sequence."""

    @property
    def needs(self) -> Mapping[int, tuple[Need, ...]]:
        """What definitions rest on."""


def unusual_key(row: TupleRow | None, *, is_partitioned: bool) -> str:
    """The definition of a key that is deferrable, covers more columns, or spans partitions."""
    if row is None:
        return ""
    definition = str(row[13])
    is_plain = definition.startswith("PRIMARY KEY (") and definition.endswith(")")
    is_plain = is_plain and " INCLUDE (" not in definition and " WITHOUT OVERLAPS" not in definition
    return "" if is_plain and not is_partitioned else definition


def partition_of(row: TupleRow) -> Partition:
    """A row of catalog/read_partitions."""
    _, name, schema, parent, bounds, partition_by, is_foreign = row
    return Partition(
        name=name,
        schema=schema,
        parent=parent,
        bounds=bounds,
        partition_by=partition_by or "",
        is_foreign=is_foreign,
    )


def column_of(row: TupleRow, known: Known) -> Column:
    """A row of catalog/read_columns."""
    _, name, declared, position, is_required, default, generated, identity, sequence, *rest = row
    _, collation, space, user_type, extension, default_oid, comment = rest
    return Column(
        name=name,
        declared_type=declared,
        position=position,
        is_nullable=not is_required,
        default=None if generated else default,
        generated=_GENERATED.get(generated, ""),
        is_identity=bool(identity) or sequence is not None,
        expression=default if generated else "",
        identity=_IDENTITY.get(identity, ""),
        sequence=known.sequences.get(sequence),
        collation=collation or "",
        user_type=Need(kind="type", schema=space, name=user_type, extension=extension or "")
        if user_type
        else None,
        needs=known.needs.get(default_oid, ()),
        comment=comment or "",
    )


def constraint_of(row: TupleRow, known: Known) -> Constraint:
    """A row of catalog/read_constraints."""
    _, name, kind, definition, columns, is_validated, _, oid, comment = row
    return Constraint(
        name=name,
        kind=_CONSTRAINTS[kind],
        definition=definition.removesuffix(" NOT VALID"),
        columns=tuple(columns),
        is_validated=is_validated,
        needs=known.needs.get(oid, ()),
        comment=comment or "",
    )


def foreign_key_of(row: TupleRow, schema: str) -> ForeignKey:
    """A row of catalog/read_keys; a parent in another schema is named with it."""
    _, name, _, columns, space, parent, parent_columns, on_delete, on_update, match, *rest = row
    is_validated, is_deferrable, is_deferred, definition = rest
    timing = "deferrable initially deferred" if is_deferred else "deferrable" if is_deferrable else ""
    is_odd = "PERIOD " in definition or "NOT ENFORCED" in definition
    return ForeignKey(
        name=name,
        columns=tuple(columns),
        parent_table=parent if space == schema else f"{space}.{parent}",
        parent_columns=tuple(parent_columns),
        on_delete=_ACTIONS[on_delete],
        on_update=_ACTIONS[on_update],
        is_validated=is_validated,
        timing=timing,
        match_full=match == "f",
        set_columns=_set_columns(definition, columns),
        odd=definition if is_odd else "",
    )


def _set_columns(definition: str, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns behind ON DELETE SET NULL (..), in the key's order (PostgreSQL 15 and later)."""
    _, found, rest = definition.partition(" ON DELETE SET ")
    _, opened, rest = rest.partition(" (")
    if not found or not opened:
        return ()
    named = rest.rpartition(")")[0]
    return tuple(
        name for name in columns if name in named.split(", ") or '"' + name.replace('"', '""') + '"' in named
    )


def index_of(row: TupleRow, known: Known) -> Index:
    """A row of catalog/read_indexes."""
    _, name, columns, is_unique, is_constraint, is_partial, descending, method, statement, *rest = row
    is_valid, tail, is_plain, touched, oid = rest
    return Index(
        name=name,
        columns=tuple(columns) if method == "btree" and None not in columns else (),
        is_unique=is_unique,
        is_constraint=is_constraint,
        is_partial=is_partial,
        descending=tuple(descending),
        statement=statement,
        tail=tail,
        is_plain=bool(is_plain),
        touched=tuple(touched),
        is_valid=is_valid,
        needs=known.needs.get(oid, ()),
    )
