"""What a SQLite file holds, read from its schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from engine.model.catalog import Catalog, Column, Engine, ForeignKey, Index, OtherObject, Table
from engine.planning.sqlite_text import read_table_text
from engine.stores.sqlite_identifiers import EVERY_ROW, compose
from sql import load

__all__ = ["read_sqlite_catalog"]

_ROWID_NAMES = ("rowid", "_rowid_", "oid")
"""The three names of the hidden key; a column of that name hides it (https://sqlite.org/rowidtable.html)."""
_GENERATED = {2: "virtual", 3: "stored"}
"""The ``hidden`` column of ``pragma table_xinfo`` (https://sqlite.org/pragma.html#pragma_table_xinfo)."""
_LARGEST_INTEGER = 2**63 - 1


def read_sqlite_catalog(connection: sqlite3.Connection, *, name: str, label: str) -> Catalog:
    """Every ordinary table with exact counts, and the rest by name.

    Args:
        connection: inside a read transaction.
        name: the playbook's name of the source.
        label: the path, for people.
    """
    listed = connection.execute(load("sqlite_source/read_tables")).fetchall()
    handed_out = _sequences(connection)
    tables = tuple(
        _with_text(
            _read_table(connection, table, is_without_rowid=bool(wr), handed_out=handed_out),
            is_strict=bool(strict),
            statement=statement,
        )
        for table, kind, wr, strict, statement in listed
        if kind == "table"
    )
    others = [
        OtherObject(kind="view" if kind == "view" else f"{kind} table", name=table, statement=statement)
        for table, kind, _, _, statement in listed
        if kind != "table"
    ]
    others += [
        OtherObject(kind="trigger", name=trigger, table=table, statement=statement)
        for trigger, table, statement in connection.execute(load("sqlite_source/read_triggers"))
    ]
    return Catalog(
        name=name,
        engine=Engine.SQLITE,
        label=label,
        schema="main",
        version=sqlite3.sqlite_version,
        tables=tuple(_with_parents(table, tables) for table in tables),
        others=tuple(others),
    )


def _with_text(table: Table, *, is_strict: bool, statement: str) -> Table:
    """The table with what only its text says: no pragma tells which foreign keys are deferred."""
    deferred = read_table_text(statement).deferred
    keys = tuple(
        replace(key, timing="deferrable initially deferred")
        if tuple(name.lower() for name in key.columns) in deferred
        else key
        for key in table.foreign_keys
    )
    return replace(table, is_strict=is_strict, statement=statement, foreign_keys=keys)


def _sequences(connection: sqlite3.Connection) -> dict[str, int]:
    (there,) = connection.execute(load("sqlite_source/has_sequences")).fetchone()
    if not there:
        return {}
    rows = connection.execute(load("sqlite_source/read_sequences"))
    return {str(table): value for table, value in rows if isinstance(value, int)}


def _read_table(
    connection: sqlite3.Connection,
    name: str,
    *,
    is_without_rowid: bool,
    handed_out: dict[str, int],
) -> Table:
    described = connection.execute(load("sqlite_source/read_columns"), (name,)).fetchall()
    listed = connection.execute(load("sqlite_source/read_indexes"), (name,)).fetchall()
    key = tuple(row[1] for row in sorted(described, key=lambda row: row[5]) if row[5])
    has_own_key_index = any(origin == "pk" for _, _, origin, _, _ in listed)
    alias = _rowid_alias(described, key, is_plain=not (is_without_rowid or has_own_key_index))
    columns = tuple(_column(row, alias, is_without_rowid) for row in described)
    (rows,) = connection.execute(
        compose(load("sqlite_source/count_rows"), table=name, condition=EVERY_ROW)
    ).fetchone()
    return Table(
        name=name,
        columns=columns,
        primary_key=key,
        foreign_keys=_foreign_keys(connection, name, columns),
        indexes=tuple(_index(connection, row) for row in listed if row[2] != "pk"),
        row_count=rows,
        chunk_key=(alias,) if alias else _chunk_key(columns, key, is_without_rowid),
        sequence_next=_next_number(connection, name, alias, handed_out.get(name, 0)) if alias else None,
        is_without_rowid=is_without_rowid,
    )


def _rowid_alias(described: list[tuple[object, ...]], key: tuple[str, ...], *, is_plain: bool) -> str:
    """The column that is the rowid under another name; empty when there is none.

    INTEGER PRIMARY KEY, and nothing else, makes one; ``INTEGER PRIMARY KEY DESC`` does
    not, and gets an index of its own (https://sqlite.org/lang_createtable.html#rowid).
    """
    if not is_plain or len(key) != 1:
        return ""
    declared = next(str(row[2]) for row in described if row[1] == key[0])
    return key[0] if declared.upper() == "INTEGER" else ""


def _column(
    row: tuple[int, str, str, int, str | None, int, int], alias: str, is_without_rowid: bool
) -> Column:
    position, name, declared, not_null, default, key_place, hidden = row
    # A primary key of a rowid table may hold NULLs (https://sqlite.org/quirks.html, section 5).
    is_required = bool(not_null) or name == alias or (is_without_rowid and key_place > 0)
    return Column(
        name=name,
        declared_type=declared,
        position=position + 1,
        is_nullable=not is_required,
        default=default,
        generated=_GENERATED.get(hidden, ""),
        is_identity=name == alias,
    )


def _chunk_key(columns: Sequence[Column], key: tuple[str, ...], is_without_rowid: bool) -> tuple[str, ...]:
    if is_without_rowid:
        return key
    taken = {column.name.lower() for column in columns}
    free = next((name for name in _ROWID_NAMES if name not in taken), "")
    return (free,) if free else key


def _next_number(connection: sqlite3.Connection, table: str, key: str, handed_out: int) -> int:
    (largest,) = connection.execute(
        compose(load("sqlite_source/read_largest_key"), table=table, key=key)
    ).fetchone()
    return min(max(largest or 0, handed_out) + 1, _LARGEST_INTEGER)


def _foreign_keys(
    connection: sqlite3.Connection, table: str, columns: Sequence[Column]
) -> tuple[ForeignKey, ...]:
    rows = connection.execute(load("sqlite_source/read_foreign_keys"), (table,)).fetchall()
    spelt = {column.name.lower(): column.name for column in columns}
    keys = []
    for _, group in groupby(rows, key=lambda row: row[0]):
        pairs = list(group)
        own = tuple(spelt.get(pair[3].lower(), pair[3]) for pair in pairs)
        keys.append(
            ForeignKey(
                name="_".join((table, *own, "fkey")),
                columns=own,
                parent_table=pairs[0][2],
                parent_columns=tuple(pair[4] for pair in pairs if pair[4] is not None),
                on_update=pairs[0][5].lower(),
                on_delete=pairs[0][6].lower(),
            )
        )
    return tuple(keys)


def _with_parents(table: Table, tables: Sequence[Table]) -> Table:
    """The table with its foreign keys spelt as the parents spell themselves.

    REFERENCES without columns means the parent's primary key
    (https://sqlite.org/foreignkeys.html, section 3); names match in any case.
    """
    named = {other.name.lower(): other for other in tables}
    return replace(table, foreign_keys=tuple(_resolved(key, named) for key in table.foreign_keys))


def _resolved(key: ForeignKey, named: dict[str, Table]) -> ForeignKey:
    parent = named.get(key.parent_table.lower())
    if parent is None:
        return key
    spelt = {column.name.lower(): column.name for column in parent.columns}
    columns = tuple(spelt.get(name.lower(), name) for name in key.parent_columns or parent.primary_key)
    return replace(key, parent_table=parent.name, parent_columns=columns)


def _index(connection: sqlite3.Connection, row: tuple[str, int, str, int, str]) -> Index:
    name, is_unique, origin, is_partial, statement = row
    parts = connection.execute(load("sqlite_source/read_index_columns"), (name,)).fetchall()
    has_expression = any(column is None for column, _, _ in parts)
    is_collated = any(collation.upper() != "BINARY" for _, _, collation in parts)
    return Index(
        name=name,
        columns=() if has_expression else tuple(column for column, _, _ in parts),
        is_unique=bool(is_unique),
        is_constraint=origin == "u",
        is_partial=bool(is_partial),
        descending=tuple(bool(descends) for _, descends, _ in parts),
        collations=tuple(collation for _, _, collation in parts) if is_collated else (),
        statement=statement,
    )
