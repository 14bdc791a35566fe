"""What a PostgreSQL schema holds, read from the system catalogs; for sources and for the target."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composed, Identifier

from engine.model.catalog import Catalog, Column, Engine, ForeignKey, Index, OtherObject, Table
from sql import load

__all__ = ["read_postgres_catalog", "relation"]

_ACTIONS = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
"""``confdeltype`` and ``confupdtype`` (PostgreSQL manual, 53.13 "pg_constraint")."""
_GENERATED = {"s": "stored", "v": "virtual"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """All rows of the schema's catalogs, by table; one query a kind, whatever the number of tables."""

    columns: Mapping[int, Sequence[TupleRow]]
    keys: Mapping[int, Sequence[TupleRow]]
    indexes: Mapping[int, Sequence[TupleRow]]
    next_values: Mapping[int, int]


def relation(schema: str, table: str, *, is_partitioned: bool) -> Composed:
    """The table as FROM names it.

    An ordinary table's inheriting tables are listed as tables of their own, so it is
    read with ONLY; a partitioned table holds nothing but its partitions.
    """
    name = Identifier(schema, table)
    return Composed([name]) if is_partitioned else Composed([SQL("only "), name])


def read_postgres_catalog(connection: Connection[TupleRow], *, name: str, label: str, schema: str) -> Catalog:
    """Every ordinary and partitioned table of the schema with exact counts, and the rest by name.

    Args:
        connection: its session is left as it is; open a transaction first for a stable view.
        name: the playbook's name of the source, or ``target``.
        label: the scrubbed URL, for people.
        schema: need not exist; the catalog is then empty.

    Raises:
        psycopg.Error: callers translate it, they know the place.
    """
    parts = _read_parts(connection, schema)
    listed = connection.execute(load("catalog/read_tables"), {"schema": schema}).fetchall()
    others = connection.execute(load("catalog/read_others"), {"schema": schema}).fetchall()
    (version,) = _one(connection, SQL(load("catalog/read_version")))
    return Catalog(
        name=name,
        engine=Engine.POSTGRES,
        label=label,
        schema=schema,
        version=version.split(" ")[0],
        tables=tuple(
            _table(oid, table, parts, kind, schema=schema, count=_count(connection, schema, table, kind))
            for oid, table, kind in listed
        ),
        others=tuple(OtherObject(kind=kind, name=other, table=table) for kind, other, table in others),
    )


def _one(connection: Connection[TupleRow], statement: SQL | Composed) -> TupleRow:
    row = connection.execute(statement).fetchone()
    assert row is not None, "the statement returns exactly one row"
    return row


def _count(connection: Connection[TupleRow], schema: str, table: str, kind: str) -> int:
    source = relation(schema, table, is_partitioned=kind == "p")
    (count,) = _one(connection, SQL(load("catalog/count_rows")).format(relation=source))
    return int(count)


def _read_parts(connection: Connection[TupleRow], schema: str) -> _Parts:
    named = {"schema": schema}
    return _Parts(
        columns=_by_table(connection.execute(load("catalog/read_columns"), named).fetchall()),
        keys=_by_table(connection.execute(load("catalog/read_keys"), named).fetchall()),
        indexes=_by_table(connection.execute(load("catalog/read_indexes"), named).fetchall()),
        next_values={
            oid: _next_value(connection, space, sequence, step)
            for oid, space, sequence, step in connection.execute(
                load("catalog/read_sequences"), named
            ).fetchall()
        },
    )


def _by_table(rows: Sequence[TupleRow]) -> Mapping[int, Sequence[TupleRow]]:
    grouped: dict[int, list[TupleRow]] = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(row)
    return grouped


def _next_value(connection: Connection[TupleRow], schema: str, sequence: str, step: int) -> int:
    statement = SQL(load("catalog/read_sequence")).format(
        schema=Identifier(schema), sequence=Identifier(sequence)
    )
    last, is_called = _one(connection, statement)
    return int(last) + step if is_called else int(last)


def _table(oid: int, name: str, parts: _Parts, kind: str, *, schema: str, count: int) -> Table:
    rows = parts.columns.get(oid, ())
    columns = tuple(_column(row) for row in rows)
    keys = parts.keys.get(oid, ())
    indexes = tuple(_index(row) for row in parts.indexes.get(oid, ()))
    primary = next((tuple(row[3]) for row in keys if row[2] == "p"), ())
    sequences = [parts.next_values[row[8]] for row in rows if row[8] in parts.next_values]
    return Table(
        name=name,
        columns=columns,
        primary_key=primary,
        foreign_keys=tuple(_foreign_key(row, schema) for row in keys if row[2] == "f"),
        indexes=indexes,
        row_count=count,
        chunk_key=_chunk_key(primary, rows, parts.indexes.get(oid, ())) or _address(kind),
        sequence_next=sequences[0] if sequences else None,
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


def _column(row: TupleRow) -> Column:
    _, name, declared, position, is_required, default, generated, identity, sequence, _ = row
    return Column(
        name=name,
        declared_type=declared,
        position=position,
        is_nullable=not is_required,
        default=None if generated else default,
        generated=_GENERATED.get(generated, ""),
        is_identity=bool(identity) or sequence is not None,
    )


def _foreign_key(row: TupleRow, schema: str) -> ForeignKey:
    _, name, _, columns, space, parent, parent_columns, on_delete, on_update = row
    return ForeignKey(
        name=name,
        columns=tuple(columns),
        parent_table=parent if space == schema else f"{space}.{parent}",
        parent_columns=tuple(parent_columns),
        on_delete=_ACTIONS[on_delete],
        on_update=_ACTIONS[on_update],
    )


def _index(row: TupleRow) -> Index:
    _, name, columns, is_unique, is_constraint, is_partial, descending, method, statement, _ = row
    # Only btree indexes of plain columns can be told by their columns; the statement tells the rest.
    is_plain = method == "btree" and None not in columns
    return Index(
        name=name,
        columns=tuple(columns) if is_plain else (),
        is_unique=is_unique,
        is_constraint=is_constraint,
        is_partial=is_partial,
        descending=tuple(descending),
        statement=statement,
    )
