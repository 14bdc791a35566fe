"""What a fingerprint holds of a PostgreSQL schema besides its rows."""

from __future__ import annotations

from engine.model.catalog import Catalog, Table

__all__ = ["shape_around", "shape_of"]


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
