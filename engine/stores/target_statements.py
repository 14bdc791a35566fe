"""Statements on target tables and what stands beside them, composed from plans. Nothing is executed here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import LiteralString, cast

from psycopg.abc import AdaptContext
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.objects import CommentPlan, GeneratedColumn, ObjectPlan
from engine.model.plan import ColumnPlan, TablePlan
from sql import load

__all__ = [
    "add_generated_column",
    "analyze_table",
    "column_names",
    "comment_on",
    "comment_on_column",
    "comment_on_table",
    "copy_rows",
    "create_object",
    "create_partitions",
    "create_schema",
    "create_table",
    "create_table_like",
    "drop_object",
    "drop_schema",
    "drop_scratch_table",
    "id_map_key",
    "object_identifier",
    "on_table",
    "quoted_name",
    "relation_name",
    "set_default",
    "table_identifier",
    "trusted",
    "try_default",
    "try_value",
]


def table_identifier(schema: str, table: str) -> Identifier:
    """The quoted, qualified name."""
    return Identifier(schema, table)


def relation_name(schema: str, table: str) -> str:
    """The name as text that casts to regclass."""
    return f"{quoted_name(schema)}.{quoted_name(table)}"


def quoted_name(name: str) -> str:
    """One name in quotes, for settings and casts that take names as text."""
    return '"' + name.replace('"', '""') + '"'


def object_identifier(schema: str, name: str) -> Identifier:
    """The quoted, qualified name of an object that is no table."""
    return Identifier(schema, name)


def on_table(file: str, schema: str, relation: str, /, **parts: Composable) -> Composed:
    """A statement from ``sql/`` with its table filled in."""
    text = load(file)
    names: dict[str, Composable] = {"table": table_identifier(schema, relation), **parts}
    if "%(" in text:
        names = {key: _doubled(part) for key, part in names.items()}
    return SQL(text).format(**names)


class _DoubledIdentifier(Identifier):
    """A name in a statement with parameters, where a percent sign must stand twice."""

    def as_bytes(self, context: AdaptContext | None = None) -> bytes:
        return super().as_bytes(context).replace(b"%", b"%%")


def _doubled(part: Composable) -> Composable:
    """The part with its names fit for a statement that has parameters."""
    if isinstance(part, Identifier):
        return _DoubledIdentifier(*part._obj)
    if isinstance(part, Composed):
        return Composed([_doubled(item) for item in part])
    return part


def trusted(text: str) -> SQL:
    """A type name or default of our own mapping or PostgreSQL's catalog, or the operator's own expression."""
    return SQL(cast("LiteralString", text))


def column_names(columns: Sequence[str]) -> Composed:
    """The names in quotes, with commas between."""
    return SQL(", ").join(Identifier(name) for name in columns)


def id_map_key(columns: Iterable[Identifier]) -> Composed:
    """A key as the id map holds it: its parts joined by a unit separator."""
    return SQL(" || chr(31) || ").join(SQL("{}::text").format(name) for name in columns)


def create_table(table: TablePlan, schema: str) -> Composed:
    """CREATE TABLE without keys and indexes: they come after the rows."""
    definitions = [_column(column) for column in table.made_columns or table.columns]
    for column in reversed(table.generated):
        definitions.insert(column.place, _generated(column))
    return on_table(
        "target/create_table",
        schema,
        table.target_table,
        columns=SQL(",\n    ").join(definitions),
        tail=SQL("partition by {}").format(trusted(table.partition_by)) if table.partition_by else SQL(""),
    )


def create_partitions(table: TablePlan, schema: str) -> list[Composed]:
    """The table's partitions, parents before their own."""
    return [
        on_table(
            "target/create_partition",
            schema,
            partition.name,
            parent=table_identifier(schema, partition.parent),
            bounds=trusted(partition.bounds),
            tail=SQL("partition by {}").format(trusted(partition.partition_by))
            if partition.partition_by
            else SQL(""),
        )
        for partition in table.partitions
    ]


def _column(column: ColumnPlan) -> Composed:
    return SQL(load("target/column")).format(
        name=Identifier(column.target),
        type=trusted(column.target_type),
        collation=SQL(" collate {}").format(trusted(column.collation)) if column.collation else SQL(""),
        identity=SQL(" generated {}").format(trusted(column.identity or "by default as identity"))
        if column.is_identity
        else SQL(""),
        default=SQL(" default {}").format(trusted(column.default)) if column.default else SQL(""),
        required=SQL("") if column.is_nullable else SQL(" not null"),
    )


def _generated(column: GeneratedColumn) -> Composed:
    return SQL(load("target/generated_column")).format(
        name=Identifier(column.name),
        type=trusted(column.target_type),
        expression=trusted(column.expression),
        kind=SQL("virtual") if column.is_virtual else SQL("stored"),
    )


def add_generated_column(table: TablePlan, column: GeneratedColumn, schema: str) -> Composed:
    """One more column the table makes itself."""
    return on_table("target/add_column", schema, table.target_table, definition=_generated(column))


def set_default(table: TablePlan, column: ColumnPlan, schema: str) -> Composed:
    """The column's default; it must have one."""
    return on_table(
        "target/set_default",
        schema,
        table.target_table,
        column=Identifier(column.target),
        default=trusted(column.default or "null"),
    )


def try_default(column: ColumnPlan) -> Composed:
    """One value the column's default gives; it must have one."""
    return SQL(load("target/try_default")).format(
        default=trusted(column.default or "null"), type=trusted(column.target_type)
    )


def try_value(column: ColumnPlan, value: str) -> Composed:
    """One value as the column's type reads its text."""
    return SQL(load("target/try_default")).format(default=Literal(value), type=trusted(column.target_type))


def create_table_like(table: TablePlan, schema: str) -> Composed:
    """A scratch copy of the existing target table's shape."""
    model = table_identifier(table.target_schema, table.target_table)
    return on_table("target/create_table_like", schema, table.target_table, model=model)


def copy_rows(table: TablePlan, schema: str, *, is_binary: bool = False) -> Composed:
    """COPY of the plan's columns, in plan order."""
    columns = column_names(tuple(column.target for column in table.columns))
    form = SQL("(format binary)") if is_binary else SQL("")
    return on_table("target/copy_rows", schema, table.target_table, columns=columns, format=form)


def analyze_table(table: TablePlan, schema: str) -> Composed:
    """Statistics for the planner."""
    return on_table("target/analyze_table", schema, table.target_table)


def create_schema(schema: str) -> Composed:
    """A schema of ours."""
    return SQL(load("target/create_schema")).format(schema=Identifier(schema))


def drop_schema(schema: str, *, only_empty: bool = False) -> Composed:
    """Removes a schema of ours; with everything in it unless ``only_empty``."""
    name = "target/drop_empty_schema" if only_empty else "target/drop_schema"
    return SQL(load(name)).format(schema=Identifier(schema))


def drop_scratch_table(schema: str, table: str) -> Composed:
    """Removes one table of a scratch schema and what hangs on it."""
    return on_table("target/drop_scratch_table", schema, table)


def create_object(thing: ObjectPlan, schema: str) -> Composed:
    """A type, domain, sequence or view; the search path is set to the schema before."""
    return SQL(load("target/create_object")).format(
        kind=trusted(thing.kind), name=Identifier(schema, thing.name), definition=trusted(thing.definition)
    )


def drop_object(kind: str, schema: str, name: str) -> Composed:
    """The object is gone, unless something depends on it."""
    return SQL(load("target/drop_object")).format(kind=trusted(kind), name=Identifier(schema, name))


def comment_on(kind: str, name: Identifier, text: str) -> Composed:
    """A comment on an object of that kind."""
    return SQL(load("target/comment")).format(kind=trusted(kind), name=name, text=Literal(text))


def comment_on_column(schema: str, relation: str, comment: CommentPlan) -> Composed:
    """A comment on one column of a table or view."""
    return comment_on("column", Identifier(schema, relation, comment.column), comment.text)


def comment_on_table(table: TablePlan, comment: CommentPlan, schema: str) -> Composed:
    """A comment on the table or one of its columns."""
    if comment.column:
        return comment_on_column(schema, table.target_table, comment)
    return comment_on("table", table_identifier(schema, table.target_table), comment.text)
