"""Statements on target tables, composed from plans. Nothing is executed here."""

from __future__ import annotations

from typing import LiteralString, cast

from psycopg.abc import AdaptContext
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.objects import CommentPlan, ConstraintPlan, GeneratedColumn, ObjectPlan
from engine.model.plan import ColumnPlan, ForeignKeyPlan, IndexPlan, TablePlan
from sql import load

__all__ = [
    "add_constraint",
    "add_foreign_key",
    "add_generated_column",
    "add_index",
    "add_index_on",
    "add_key",
    "add_key_using_index",
    "analyze_table",
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
    "object_identifier",
    "on_table",
    "primary_key_index",
    "quoted_name",
    "relation_name",
    "set_default",
    "table_identifier",
    "validate_constraint",
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


def _trusted(text: str) -> SQL:
    """A type name or default that came from our own mapping or from PostgreSQL's catalog."""
    return SQL(cast("LiteralString", text))


def _names(columns: tuple[str, ...]) -> Composed:
    return SQL(", ").join(Identifier(name) for name in columns)


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
        tail=SQL("partition by {}").format(_trusted(table.partition_by)) if table.partition_by else SQL(""),
    )


def create_partitions(table: TablePlan, schema: str) -> list[Composed]:
    """The table's partitions, parents before their own."""
    return [
        on_table(
            "target/create_partition",
            schema,
            partition.name,
            parent=table_identifier(schema, partition.parent),
            bounds=_trusted(partition.bounds),
            tail=SQL("partition by {}").format(_trusted(partition.partition_by))
            if partition.partition_by
            else SQL(""),
        )
        for partition in table.partitions
    ]


def _column(column: ColumnPlan) -> Composed:
    return SQL(load("target/column")).format(
        name=Identifier(column.target),
        type=_trusted(column.target_type),
        collation=SQL(" collate {}").format(_trusted(column.collation)) if column.collation else SQL(""),
        identity=SQL(" generated {}").format(_trusted(column.identity or "by default as identity"))
        if column.is_identity
        else SQL(""),
        default=SQL(" default {}").format(_trusted(column.default)) if column.default else SQL(""),
        required=SQL("") if column.is_nullable else SQL(" not null"),
    )


def _generated(column: GeneratedColumn) -> Composed:
    return SQL(load("target/generated_column")).format(
        name=Identifier(column.name),
        type=_trusted(column.target_type),
        expression=_trusted(column.expression),
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
        default=_trusted(column.default or "null"),
    )


def create_table_like(table: TablePlan, schema: str) -> Composed:
    """A scratch copy of the existing target table's shape."""
    model = table_identifier(table.target_schema, table.target_table)
    return on_table("target/create_table_like", schema, table.target_table, model=model)


def copy_rows(table: TablePlan, schema: str, *, is_binary: bool = False) -> Composed:
    """COPY of the plan's columns, in plan order."""
    columns = _names(tuple(column.target for column in table.columns))
    form = SQL("(format binary)") if is_binary else SQL("")
    return on_table("target/copy_rows", schema, table.target_table, columns=columns, format=form)


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
        definition=_trusted(table.key_definition),
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
        tail=_trusted(index.tail) if index.tail else SQL("({})").format(_index_columns(index)),
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
        definition=_trusted(constraint.definition),
        validity=SQL("not valid") if constraint.kind == "check" else SQL(""),
    )


def add_foreign_key(table: TablePlan, key: ForeignKeyPlan, schema: str, *, parent_schema: str) -> Composed:
    """The foreign key, NOT VALID; ``parent_schema`` differs from the plan's in a rehearsal."""
    return on_table(
        "target/add_foreign_key",
        schema,
        table.target_table,
        name=Identifier(key.name),
        columns=_names(key.columns),
        parent=table_identifier(parent_schema, key.parent_table),
        parent_columns=_names(key.parent_columns),
        match=_trusted(key.match),
        on_delete=_on_delete(key),
        on_update=_trusted(key.on_update),
        timing=_trusted(key.timing),
        # A partitioned table's foreign key can't be NOT VALID before PostgreSQL 18.
        validity=SQL("") if table.partition_by and key.is_validated else SQL("not valid"),
    )


def _on_delete(key: ForeignKeyPlan) -> Composable:
    action = _trusted(key.on_delete)
    return SQL("{} ({})").format(action, _names(key.set_columns)) if key.set_columns else action


def validate_constraint(table: TablePlan, name: str, schema: str) -> Composed:
    """The constraint's old rows are checked."""
    return on_table("target/validate_constraint", schema, table.target_table, name=Identifier(name))


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


def create_object(thing: ObjectPlan, schema: str) -> Composed:
    """A type, domain, sequence or view; the search path is set to the schema before."""
    return SQL(load("target/create_object")).format(
        kind=_trusted(thing.kind), name=Identifier(schema, thing.name), definition=_trusted(thing.definition)
    )


def drop_object(kind: str, schema: str, name: str) -> Composed:
    """The object is gone, unless something depends on it."""
    return SQL(load("target/drop_object")).format(kind=_trusted(kind), name=Identifier(schema, name))


def comment_on(kind: str, name: Identifier, text: str) -> Composed:
    """A comment on an object of that kind."""
    return SQL(load("target/comment")).format(kind=_trusted(kind), name=name, text=Literal(text))


def comment_on_column(schema: str, relation: str, comment: CommentPlan) -> Composed:
    """A comment on one column of a table or view."""
    return comment_on("column", Identifier(schema, relation, comment.column), comment.text)


def comment_on_table(table: TablePlan, comment: CommentPlan, schema: str) -> Composed:
    """A comment on the table or one of its columns."""
    if comment.column:
        return comment_on_column(schema, table.target_table, comment)
    return comment_on("table", table_identifier(schema, table.target_table), comment.text)
