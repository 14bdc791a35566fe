"""Statements for keys, indexes and constraints of target tables. Nothing is executed here."""

from __future__ import annotations

from psycopg.sql import SQL, Composable, Composed, Identifier

from engine.model.objects import ConstraintPlan
from engine.model.plan import ForeignKeyPlan, IndexPlan, TablePlan
from engine.stores.target_statements import column_names, on_table, table_identifier, trusted

__all__ = [
    "add_constraint",
    "add_foreign_key",
    "add_index",
    "add_index_on",
    "add_key",
    "add_key_using_index",
    "primary_key_index",
    "validate_constraint",
]


def primary_key_name(table: TablePlan) -> str:
    """The source's own, else the name PostgreSQL itself would give the key, cut as it cuts (63 bytes)."""
    kept = table.target_table.encode()[: 63 - len("_pkey")].decode("utf-8", "ignore")
    return table.key_name or f"{kept}_pkey"


def primary_key_index(table: TablePlan) -> IndexPlan:
    """The unique index the primary key is made from."""
    return IndexPlan(name=primary_key_name(table), columns=table.primary_key, is_unique=True)


def add_key_using_index(table: TablePlan, name: str, schema: str, *, is_primary: bool) -> Composed:
    """A primary key or unique constraint over an index that stands."""
    kind = SQL("primary key") if is_primary else SQL("unique")
    return on_table("target/add_key", schema, table.target_table, name=Identifier(name), kind=kind)


def add_key(table: TablePlan, schema: str) -> Composed:
    """The primary key by its whole definition."""
    return on_table(
        "target/add_constraint",
        schema,
        table.target_table,
        name=Identifier(primary_key_name(table)),
        definition=trusted(table.key_definition),
        validity=SQL(""),
    )


def add_index(table: TablePlan, index: IndexPlan, schema: str) -> Composed:
    """One index, after the rows; a unique constraint's too, which is then made from it."""
    return add_index_on(table.target_table, index, schema)


def add_index_on(relation: str, index: IndexPlan, schema: str) -> Composed:
    """One index on any relation that may have some."""
    return on_table(
        "target/add_index",
        schema,
        relation,
        unique=SQL("unique") if index.is_unique or index.is_constraint else SQL(""),
        name=Identifier(index.name),
        tail=trusted(index.tail) if index.tail else SQL("({})").format(_index_columns(index)),
    )


def _index_columns(index: IndexPlan) -> Composed:
    descending = index.descending or (False,) * len(index.columns)
    return SQL(", ").join(
        SQL("{} desc").format(Identifier(name)) if is_down else Identifier(name)
        for name, is_down in zip(index.columns, descending, strict=True)
    )


def add_constraint(table: TablePlan, constraint: ConstraintPlan, schema: str) -> Composed:
    """A constraint by its definition; CHECK comes NOT VALID and is validated afterwards."""
    return on_table(
        "target/add_constraint",
        schema,
        table.target_table,
        name=Identifier(constraint.name),
        definition=trusted(constraint.definition),
        validity=SQL("not valid") if constraint.kind == "check" else SQL(""),
    )


def add_foreign_key(table: TablePlan, key: ForeignKeyPlan, schema: str, *, parent_schema: str) -> Composed:
    """The foreign key, NOT VALID; ``parent_schema`` differs from the plan's in a rehearsal."""
    return on_table(
        "target/add_foreign_key",
        schema,
        table.target_table,
        name=Identifier(key.name),
        columns=column_names(key.columns),
        parent=table_identifier(parent_schema, key.parent_table),
        parent_columns=column_names(key.parent_columns),
        match=trusted(key.match),
        on_delete=_on_delete(key),
        on_update=trusted(key.on_update),
        timing=trusted(key.timing),
        # A partitioned table's foreign key can't be NOT VALID before PostgreSQL 18.
        validity=SQL("") if table.partition_by and key.is_validated else SQL("not valid"),
    )


def _on_delete(key: ForeignKeyPlan) -> Composable:
    action = trusted(key.on_delete)
    return SQL("{} ({})").format(action, column_names(key.set_columns)) if key.set_columns else action


def validate_constraint(table: TablePlan, name: str, schema: str) -> Composed:
    """The constraint's old rows are checked."""
    return on_table("target/validate_constraint", schema, table.target_table, name=Identifier(name))
