"""What a PostgreSQL schema holds, read from the system catalogs; for sources and for the target."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier

from engine.model.catalog import Catalog, Column, Engine, OtherObject, Table
from engine.model.postgres_objects import Need, SequenceState
from engine.stores.postgres_objects import read_needs, read_sequences, read_types, read_views
from engine.stores.postgres_rows import (
    column_of,
    constraint_of,
    foreign_key_of,
    index_of,
    partition_of,
    unusual_key,
)
from sql import load

__all__ = ["read_postgres_catalog", "relation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """All rows of the schema's catalogs, by table; one query a kind, whatever the number of tables."""

    columns: Mapping[int, Sequence[TupleRow]]
    keys: Mapping[int, Sequence[TupleRow]]
    indexes: Mapping[int, Sequence[TupleRow]]
    constraints: Mapping[int, Sequence[TupleRow]]
    partitions: Mapping[int, Sequence[TupleRow]]
    sequences: Mapping[int, SequenceState]
    needs: Mapping[int, tuple[Need, ...]]


def relation(schema: str, table: str, *, is_partitioned: bool) -> Composed:
    """The table as FROM names it.

    An ordinary table's inheriting tables are listed as tables of their own, so it is
    read with ONLY; a partitioned table holds nothing but its partitions.
    """
    name = Identifier(schema, table)
    return Composed([name]) if is_partitioned else Composed([SQL("only "), name])


def read_postgres_catalog(connection: Connection[TupleRow], *, name: str, label: str, schema: str) -> Catalog:
    """Every ordinary and partitioned table of the schema with exact counts, and the rest by name.

    While definitions are deparsed the search path is the schema alone, so that they name its own
    objects without it and every other object with one; afterwards the path is as it was.

    Args:
        connection: its session is left as it is; open a transaction first for a stable view.
        name: the playbook's name of the source, or ``target``.
        label: the scrubbed URL, for people.
        schema: need not exist; the catalog is then empty.

    Raises:
        psycopg.Error: callers translate it, they know the place.
    """
    (path,) = _one(connection, SQL(load("catalog/read_search_path")))
    quoted = '"' + schema.replace('"', '""') + '"'
    connection.execute(load("catalog/set_search_path"), {"path": quoted})
    catalog = _read(connection, name=name, label=label, schema=schema)
    connection.execute(load("catalog/set_search_path"), {"path": path})
    return catalog


def _read(connection: Connection[TupleRow], *, name: str, label: str, schema: str) -> Catalog:
    named = {"schema": schema}
    parts = _read_parts(connection, schema)
    listed = connection.execute(load("catalog/read_tables"), named).fetchall()
    others = connection.execute(load("catalog/read_others"), named).fetchall()
    others += connection.execute(load("catalog/read_settings"), named).fetchall()
    (version,) = _one(connection, SQL(load("catalog/read_version")))
    tables = tuple(
        _table(row, parts, schema=schema, count=_count(connection, schema, row[1], row[2])) for row in listed
    )
    tables = _without_shared_sequences(tables, schema)
    drawn = {column.sequence.name for table in tables for column in table.columns if column.sequence}
    return Catalog(
        name=name,
        engine=Engine.POSTGRES,
        label=label,
        schema=schema,
        version=version.split(" ")[0],
        tables=tables,
        others=tuple(OtherObject(kind=kind, name=other, table=table) for kind, other, table in others),
        types=read_types(connection, schema, parts.needs),
        sequences=tuple(s for s in parts.sequences.values() if s.name not in drawn),
        views=read_views(connection, schema, parts.needs, parts.indexes),
        extensions=tuple((row[0], row[1]) for row in connection.execute(load("catalog/read_extensions"))),
    )


def _without_shared_sequences(tables: tuple[Table, ...], schema: str) -> tuple[Table, ...]:
    """A serial column whose sequence other columns draw from too is an ordinary one with a default."""
    uses = Counter(
        need.name
        for table in tables
        for column in table.columns
        for need in column.needs
        if need.kind == "sequence" and need.schema == schema
    )
    if max(uses.values(), default=0) < 2:
        return tables
    return tuple(replace(table, columns=tuple(_unlinked(c, uses) for c in table.columns)) for table in tables)


def _unlinked(column: Column, uses: Mapping[str, int]) -> Column:
    is_shared = column.sequence is not None and not column.identity and uses[column.sequence.name] > 1
    return replace(column, is_identity=False, sequence=None) if is_shared else column


def _one(connection: Connection[TupleRow], statement: SQL | Composed) -> TupleRow:
    row = connection.execute(statement).fetchone()
    assert row is not None, "the statement returns exactly one row"
    return row


def _count(connection: Connection[TupleRow], schema: str, table: str, kind: str) -> int:
    source = relation(schema, table, is_partitioned=kind == "p")
    # A snapshot's transaction keeps the locks of all it ever read, and the server's table of locks has
    # room for some thousands (manual, 20.12): what is taken back to a savepoint gives its locks back.
    with connection.transaction(force_rollback=True):
        (count,) = _one(connection, SQL(load("catalog/count_rows")).format(relation=source))
    return int(count)


def _read_parts(connection: Connection[TupleRow], schema: str) -> _Parts:
    named = {"schema": schema}
    return _Parts(
        columns=_by_table(connection.execute(load("catalog/read_columns"), named).fetchall()),
        keys=_by_table(connection.execute(load("catalog/read_keys"), named).fetchall()),
        indexes=_by_table(connection.execute(load("catalog/read_indexes"), named).fetchall()),
        constraints=_by_table(connection.execute(load("catalog/read_constraints"), named).fetchall()),
        partitions=_by_table(connection.execute(load("catalog/read_partitions"), named).fetchall()),
        sequences=read_sequences(connection, schema),
        needs=read_needs(connection, schema),
    )


def _by_table(rows: Sequence[TupleRow]) -> Mapping[int, Sequence[TupleRow]]:
    grouped: dict[int, list[TupleRow]] = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(row)
    return grouped


def _table(row: TupleRow, parts: _Parts, *, schema: str, count: int) -> Table:
    oid, name, kind, partition_by, comment, has_policies = row
    rows = parts.columns.get(oid, ())
    columns = tuple(column_of(row, parts) for row in rows)
    keys = parts.keys.get(oid, ())
    own_indexes = parts.indexes.get(oid, ())
    constraints = tuple(constraint_of(row, parts) for row in parts.constraints.get(oid, ()) if not row[6])
    primary = next((row for row in keys if row[2] == "p"), None)
    key = tuple(primary[3]) if primary else ()
    sequences = [column.sequence.next_value for column in columns if column.sequence]
    return Table(
        name=name,
        columns=columns,
        primary_key=key,
        foreign_keys=tuple(foreign_key_of(row, schema) for row in keys if row[2] == "f"),
        indexes=tuple(index_of(row, parts) for row in own_indexes),
        row_count=count,
        chunk_key=_chunk_key(key, rows, own_indexes) or _address(kind),
        sequence_next=sequences[0] if sequences else None,
        key_name=primary[1] if primary else "",
        key_definition=unusual_key(primary, is_partitioned=kind == "p"),
        constraints=constraints,
        partition_by=partition_by or "",
        partition_needs=parts.needs.get(oid, ()),
        partitions=tuple(partition_of(row) for row in parts.partitions.get(oid, ())),
        comment=comment or "",
        has_policies=has_policies,
    )


def _address(kind: str) -> tuple[str, ...]:
    # ctid is unique within one partition only.
    return ("tableoid", "ctid") if kind == "p" else ("ctid",)


def _chunk_key(
    primary: tuple[str, ...], columns: Sequence[TupleRow], indexes: Sequence[TupleRow]
) -> tuple[str, ...]:
    """The primary key, else the shortest unique index that covers every row once; empty without one.

    Columns of user-defined types are passed over: their operators may lie outside the
    search path, and the server would then compare otherwise than it sorts.
    """
    fitting = {row[1] for row in columns if row[4] and row[9]}
    unique = [
        tuple(row[2]) for row in indexes if row[3] and row[9] and not row[5] and row[7] == "btree" and row[2]
    ]
    keys = [primary] if primary else []
    return next((key for key in (*keys, *sorted(unique, key=len)) if fitting.issuperset(key)), ())
