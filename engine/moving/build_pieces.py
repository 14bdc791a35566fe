"""Each object that stands after the rows, made once and found standing by every later try."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.model.errors import StatementFailed
from engine.model.objects import ColumnSequence, ConstraintPlan, ForeignKeyPlan, IndexPlan, ObjectPlan
from engine.model.plan import TablePlan
from engine.moving.build_site import Build, BuildSite, in_the_way
from engine.stores.constraint_statements import (
    add_constraint,
    add_foreign_key,
    add_index,
    add_index_on,
    add_key,
    add_key_using_index,
    primary_key_index,
    validate_constraint,
)
from engine.stores.target_identity import kind_of
from engine.stores.target_session import TargetSession
from engine.stores.target_statements import (
    analyze_table,
    comment_on,
    comment_on_column,
    comment_on_table,
    create_object,
    object_identifier,
    relation_name,
)

__all__ = [
    "build_column_sequence",
    "build_comments",
    "build_constraint",
    "build_foreign_key",
    "build_index",
    "build_key_index",
    "build_object",
    "build_primary_key",
    "build_sequence",
    "build_statistics",
]

_MISSING_PARENT = "23503"
"""SQLSTATE foreign_key_violation."""
_BROKEN_CHECK = "23514"
"""SQLSTATE check_violation."""


def build_key_index(table: TablePlan, index: IndexPlan, site: BuildSite) -> Build:
    """The unique index a key is made from later, in a moment; told of with its key."""

    def build(target: TargetSession) -> str | None:
        _make_index(table, replace(index, is_unique=True), site, target)
        return None

    return build


def build_primary_key(table: TablePlan, site: BuildSite) -> Build:
    """The primary key from its index, which is built before, beside other indexes."""
    if table.key_definition:
        return _build_whole_key(table, site)
    index = primary_key_index(table)
    return _build_key(table, index, site, what="primary key", is_primary=True)


def _build_whole_key(table: TablePlan, site: BuildSite) -> Build:
    """A key that is deferrable, covers more columns or spans partitions can't be made from an index."""
    schema = site.schema_of(table)
    names = {"schema": schema, "relation": table.target_table}

    def build(target: TargetSession) -> str | None:
        with site.transaction(target, f"primary key of {table.name}", schema=schema) as cursor:
            if target.exists(cursor, "primary_key_exists", **names):
                return None
            target.run(cursor, add_key(table, schema))
            return "primary key"

    return build


def build_index(table: TablePlan, index: IndexPlan, site: BuildSite) -> Build:
    """An index, or a unique constraint made from one."""
    if index.is_constraint:
        return _build_key(table, index, site, what=f"unique constraint {index.name}", is_primary=False)
    what = f"{'unique index' if index.is_unique else 'index'} {index.name}"

    def build(target: TargetSession) -> str | None:
        return what if _make_index(table, index, site, target) else None

    return build


def _make_index(table: TablePlan, index: IndexPlan, site: BuildSite, target: TargetSession) -> bool:
    schema = site.schema_of(table)
    with site.transaction(target, f"index {index.name} of {table.name}", schema=schema) as cursor:
        if site.stands(cursor, "relation", f"index {index.name}", schema=schema, name=index.name):
            return False
        target.run(cursor, add_index(table, index, schema))
        site.remember(cursor, "relation", schema=schema, name=index.name)
        return True


def _build_key(table: TablePlan, index: IndexPlan, site: BuildSite, *, what: str, is_primary: bool) -> Build:
    schema = site.schema_of(table)
    names = {"schema": schema, "relation": table.target_table}
    query, values = (
        ("primary_key_exists", names) if is_primary else ("constraint_exists", {**names, "name": index.name})
    )

    def build(target: TargetSession) -> str | None:
        with target.transaction(f"{what} of {table.name}") as cursor:
            if target.exists(cursor, query, **values):
                # A key has its name from its index, so another name is another's key.
                if not site.stands(cursor, "relation", f"index {index.name}", schema=schema, name=index.name):
                    raise in_the_way(f"{what} {index.name}", table.name)
                return None
        _make_index(table, replace(index, is_unique=True), site, target)
        with site.transaction(target, f"{what} of {table.name}", schema=schema) as cursor:
            if target.exists(cursor, query, **values):
                return None
            target.run(cursor, add_key_using_index(table, index.name, schema, is_primary=is_primary))
            return what

    return build


def build_constraint(table: TablePlan, constraint: ConstraintPlan, site: BuildSite) -> Build:
    """A CHECK, EXCLUDE or unusual UNIQUE; a CHECK that old rows break holds for new rows only."""
    schema = site.schema_of(table)
    what = f"{constraint.kind} constraint {constraint.name}"
    names = {"schema": schema, "relation": table.target_table, "name": constraint.name}

    def build(target: TargetSession) -> str | None:
        with site.transaction(target, f"{what} of {table.name}", schema=schema) as cursor:
            found = target.exists(cursor, "constraint_exists", **names)
            if found is None:
                target.run(cursor, add_constraint(table, constraint, schema))
        if constraint.kind != "check" or not constraint.is_validated or (found and found["is_validated"]):
            return what if found is None else None
        try:
            with site.transaction(target, f"{what} of {table.name}", schema=schema) as cursor:
                target.run(cursor, validate_constraint(table, constraint.name, schema))
        except StatementFailed as error:
            if error.sqlstate != _BROKEN_CHECK:
                raise
            return f"{what}, NOT VALID: some rows of the source break it"
        return what

    return build


def build_foreign_key(
    table: TablePlan, key: ForeignKeyPlan, site: BuildSite, tables: tuple[TablePlan, ...]
) -> Build:
    """NOT VALID first, then validated, so that the lock is short and the reading is not."""
    schema = site.schema_of(table)
    moves_along = any(
        (other.target_schema, other.target_table) == (key.parent_schema, key.parent_table) for other in tables
    )
    parent_schema = site.scratch if site.scratch and moves_along else key.parent_schema
    what = f"foreign key {key.name}"
    names = {"schema": schema, "relation": table.target_table, "name": key.name}

    def build(target: TargetSession) -> str | None:
        with site.transaction(target, f"{what} of {table.name}", schema=schema) as cursor:
            found = target.exists(cursor, "constraint_exists", **names)
            if found is None:
                target.run(cursor, add_foreign_key(table, key, schema, parent_schema=parent_schema))
        if not key.is_validated or (found is not None and found["is_validated"]):
            return what if found is None else None
        # A transaction of its own: validation holds a weaker lock than the addition.
        try:
            with site.transaction(target, f"{what} of {table.name}", schema=schema) as cursor:
                target.run(cursor, validate_constraint(table, key.name, schema))
        except StatementFailed as error:
            if error.sqlstate != _MISSING_PARENT:
                raise
            # Children of rows set aside wait for them: the key holds for new rows, and verification
            # says how many wait.
            if (key.parent_schema, key.parent_table) in site.aside:
                return f"{what}, NOT VALID: some rows wait for parents that were set aside"
            if site.on_unlinked is None:
                raise
            site.on_unlinked(table, key, parent_schema)
        return what

    return build


def build_sequence(table: TablePlan, site: BuildSite) -> Build:
    """The identity column goes on after the largest number of source and target."""

    def build(target: TargetSession) -> str | None:
        with site.transaction(target, f"sequence of {table.name}", schema=table.target_schema) as cursor:
            found = target.read_sequence(
                cursor, table.target_schema, table.target_table, table.identity_column
            )
            if found is None:
                return None
            reached = found["last_value"] if found["is_called"] else found["last_value"] - 1
            wanted = max((found["largest"] or 0) + 1, table.sequence_next or 1)
            wanted = min(wanted, found["max_value"] + 1)
            if wanted <= reached + 1:
                return None
            if table.exists_already:
                before = {name: found[name] for name in ("name", "last_value", "is_called")}
                target.arm_undo(cursor, site.run_id, "set_sequence", {**before, "set_to": wanted})
            # Where every number is taken the sequence stands at its end, and the next insert is refused.
            is_beyond = wanted > found["max_value"]
            value = found["max_value"] if is_beyond else wanted
            target.set_sequence(cursor, found["name"], value, is_called=is_beyond)
            return f"sequence of {table.identity_column}"

    return build


def build_column_sequence(table: TablePlan, sequence: ColumnSequence, site: BuildSite) -> Build:
    """One more sequence of a new table goes on where the source's stands, or behind its rows."""

    def build(target: TargetSession) -> str | None:
        with site.transaction(target, f"sequence of {table.name}", schema=table.target_schema) as cursor:
            found = target.read_sequence(cursor, table.target_schema, table.target_table, sequence.column)
            if found is None:
                return None
            wanted = sequence.next_value
            if not sequence.is_exact:
                wanted = min(max((found["largest"] or 0) + 1, wanted), found["max_value"])
            if (found["last_value"], found["is_called"]) == (wanted, False):
                return None
            # Somebody drew from it since: it never goes back, whichever way it counts.
            if found["is_called"] and abs(found["last_value"]) >= abs(wanted):
                return None
            target.set_sequence(cursor, found["name"], wanted, is_called=False)
            return f"sequence of {sequence.column}"

    return build


def build_object(thing: ObjectPlan, site: BuildSite) -> Build:
    """A view, type, domain or sequence with its comment, armed for undo in the same transaction."""
    schema = site.scratch or thing.schema

    def build(target: TargetSession) -> str | None:
        with site.transaction(target, f"{thing.kind} {thing.name}", schema=thing.schema) as cursor:
            kind = kind_of(thing.kind)
            if site.stands(cursor, kind, f"{thing.kind} {thing.name}", schema=schema, name=thing.name):
                return None
            target.run(cursor, create_object(thing, schema))
            _finish_object(cursor, target, thing, schema)
            if not site.scratch:
                made = {"kind": str(thing.kind), "schema": schema, "name": thing.name}
                target.arm_undo(cursor, site.run_id, "create_object", made)
                site.remember(cursor, kind, schema=schema, name=thing.name)
            return f"{thing.kind} {thing.name}"

    return build


def _finish_object(cursor: Any, target: TargetSession, thing: ObjectPlan, schema: str) -> None:  # noqa: ANN401 - a cursor
    """Its position, indexes and comments."""
    if thing.position is not None:
        last, is_called = thing.position
        target.set_sequence(cursor, relation_name(schema, thing.name), last, is_called=is_called)
    for index in thing.indexes:
        target.run(cursor, add_index_on(thing.name, index, schema))
    if thing.comment:
        target.run(cursor, comment_on(thing.kind, object_identifier(schema, thing.name), thing.comment))
    for comment in thing.column_comments:
        target.run(cursor, comment_on_column(schema, thing.name, comment))


def build_comments(table: TablePlan, site: BuildSite) -> Build:
    """The table's and its columns' comments."""
    schema = site.schema_of(table)

    def build(target: TargetSession) -> str | None:
        with site.transaction(target, f"comments of {table.name}", schema=schema) as cursor:
            for comment in table.comments:
                target.run(cursor, comment_on_table(table, comment, schema))
        return "comments"

    return build


def build_statistics(table: TablePlan, site: BuildSite) -> Build:
    """What the target's own planner needs to know."""
    schema = site.schema_of(table)

    def build(target: TargetSession) -> str | None:
        with site.transaction(target, f"statistics of {table.name}", schema=schema) as cursor:
            target.run(cursor, analyze_table(table, schema))
            return "statistics"

    return build
