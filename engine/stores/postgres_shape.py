"""What a fingerprint holds of a PostgreSQL schema besides its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection

from engine.model.catalog import Catalog, Table

__all__ = ["fingerprint_of"]


def fingerprint_of(catalog: Catalog, tables: Collection[str], digest_of: Callable[[str], object]) -> str:
    """Changes whenever the shape of these tables or any value in them has changed.

    Definitions count by name only: PostgreSQL writes some of them in other words after a dump
    was restored, while nothing has changed.

    Args:
        catalog: the schema.
        tables: names of those that matter.
        digest_of: a table's rows, hashed.
    """
    digest = hashlib.sha256()
    for name in sorted(tables):
        table = catalog.table(name)
        if table is not None:
            digest.update(repr((shape_of(table), digest_of(name))).encode("utf-8", "surrogateescape"))
    if {table.name for table in catalog.tables} <= set(tables):
        digest.update(repr(shape_around(catalog)).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def shape_of(table: Table) -> tuple[object, ...]:
    """Names, types and kinds of what the table has; no definition in PostgreSQL's own words."""
    return (
        table.name,
        tuple((c.name, c.declared_type, c.is_nullable, c.generated, c.identity) for c in table.columns),
        table.primary_key,
        tuple((k.name, k.columns, k.parent_table, k.parent_columns) for k in table.foreign_keys),
        tuple((i.name, i.columns, i.is_unique) for i in table.indexes),
        tuple((c.name, c.kind, c.is_validated) for c in table.constraints),
        tuple((p.name, p.parent) for p in table.partitions),
        table.sequence_next,
        table.row_count,
    )


def shape_around(catalog: Catalog) -> tuple[object, ...]:
    """Names of types and views, and where sequences of their own stand; an enum's labels are its values."""
    return (
        tuple((t.name, t.kind, t.definition if t.kind == "enum" else "") for t in catalog.types),
        tuple((s.name, s.last_value, s.is_called) for s in catalog.sequences),
        tuple(v.name for v in catalog.views),
    )
