"""What stands after the rows: keys, indexes, foreign keys, sequences, statistics.

Every piece looks first whether it stands already, so that a resumed run goes on where the
last one ended. Building after loading is the order the PostgreSQL manual advises (14.4
"Populating a Database").
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.model.errors import StatementFailed
from engine.model.events import ObjectBuilt
from engine.model.plan import ForeignKeyPlan, IndexPlan, TablePlan
from engine.moving.try_again import try_again
from engine.stores.target_session import TargetSession
from engine.stores.target_statements import (
    add_foreign_key,
    add_index,
    add_primary_key,
    analyze_table,
    validate_constraint,
)

__all__ = ["BuildSite", "build_objects"]

_MISSING_PARENT = "23503"
"""SQLSTATE foreign_key_violation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildSite:
    """Where and on whose behalf objects are built."""

    run_id: str
    epoch: int
    target: TargetSession
    scratch: str = ""
    """The rehearsal's schema; empty in the real move."""
    on_built: Callable[[ObjectBuilt], None] = lambda _: None
    aside: frozenset[tuple[str, str]] = frozenset()
    """Target tables, schema and name, some of whose rows were set aside in this pass."""
    wait_until_back: Callable[[], object] = lambda: None
    """Returns when the target answers again."""

    def schema_of(self, table: TablePlan) -> str:
        """Where the table stands."""
        return self.scratch or table.target_schema


def build_objects(tables: tuple[TablePlan, ...], site: BuildSite, *, is_stopping: Callable[[], bool]) -> bool:
    """Every planned object stands; False when a pause came first.

    Raises:
        StatementFailed: an object can't be built, such as a key over duplicate rows.
        LeaseLost: another runner took over.
    """
    for table, what, build in _work(tables, site):
        if is_stopping():
            return False
        began = time.monotonic()
        if try_again(build, wait_until_back=site.wait_until_back):
            site.on_built(ObjectBuilt(table=table.name, what=what, seconds=time.monotonic() - began))
    return True


def _work(
    tables: tuple[TablePlan, ...], site: BuildSite
) -> Iterator[tuple[TablePlan, str, Callable[[], bool]]]:
    made = [table for table in tables if not table.exists_already]
    for table in made:
        if table.primary_key:
            yield table, "primary key", _primary_key(table, site)
        for index in table.indexes:
            kind = (
                "unique constraint" if index.is_constraint else "unique index" if index.is_unique else "index"
            )
            yield table, f"{kind} {index.name}", _index(table, index, site)
    for table in made:
        for key in table.foreign_keys:
            yield table, f"foreign key {key.name}", _foreign_key(table, key, site, tables)
    for table in tables:
        if table.identity_column and not site.scratch:
            yield table, f"sequence of {table.identity_column}", _sequence(table, site)
        yield table, "statistics", _analyze(table, site)


def _primary_key(table: TablePlan, site: BuildSite) -> Callable[[], bool]:
    schema = site.schema_of(table)

    def build() -> bool:
        with site.target.transaction(f"primary key of {table.name}") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            if site.target.exists(cursor, "primary_key_exists", schema=schema, relation=table.target_table):
                return False
            site.target.run(cursor, add_primary_key(table, schema))
            return True

    return build


def _index(table: TablePlan, index: IndexPlan, site: BuildSite) -> Callable[[], bool]:
    schema = site.schema_of(table)

    def build() -> bool:
        with site.target.transaction(f"index {index.name} of {table.name}") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            if site.target.exists(cursor, "index_exists", schema=schema, name=index.name):
                return False
            site.target.run(cursor, add_index(table, index, schema))
            return True

    return build


def _foreign_key(
    table: TablePlan, key: ForeignKeyPlan, site: BuildSite, tables: tuple[TablePlan, ...]
) -> Callable[[], bool]:
    schema = site.schema_of(table)
    moves_along = any(
        (other.target_schema, other.target_table) == (key.parent_schema, key.parent_table) for other in tables
    )
    parent_schema = site.scratch if site.scratch and moves_along else key.parent_schema

    def build() -> bool:
        target = site.target
        names = {"schema": schema, "relation": table.target_table, "name": key.name}
        with target.transaction(f"foreign key {key.name} of {table.name}") as cursor:
            target.check_epoch(cursor, site.run_id, site.epoch)
            found = target.exists(cursor, "constraint_exists", **names)
            if found is None:
                target.run(cursor, add_foreign_key(table, key, schema, parent_schema=parent_schema))
        if not key.is_validated or (found is not None and found["is_validated"]):
            return found is None
        # A transaction of its own: validation holds a weaker lock than the addition.
        try:
            with target.transaction(f"foreign key {key.name} of {table.name}") as cursor:
                target.check_epoch(cursor, site.run_id, site.epoch)
                target.run(cursor, validate_constraint(table, key.name, schema))
        except StatementFailed as error:
            # Children of rows set aside wait for them: the key holds for new rows, and verification
            # says how many wait.
            if error.sqlstate != _MISSING_PARENT or (key.parent_schema, key.parent_table) not in site.aside:
                raise
        return True

    return build


def _sequence(table: TablePlan, site: BuildSite) -> Callable[[], bool]:
    def build() -> bool:
        target = site.target
        with target.transaction(f"sequence of {table.name}") as cursor:
            target.check_epoch(cursor, site.run_id, site.epoch)
            found = target.read_sequence(
                cursor, table.target_schema, table.target_table, table.identity_column
            )
            if found is None:
                return False
            reached = found["last_value"] if found["is_called"] else found["last_value"] - 1
            wanted = max((found["largest"] or 0) + 1, table.sequence_next or 1)
            wanted = min(wanted, found["max_value"] + 1)
            if wanted <= reached + 1:
                return False
            if table.exists_already:
                before = {name: found[name] for name in ("name", "last_value", "is_called")}
                target.arm_undo(cursor, site.run_id, "set_sequence", {**before, "set_to": wanted})
            # Where every number is taken the sequence stands at its end, and the next insert is refused.
            is_beyond = wanted > found["max_value"]
            value = found["max_value"] if is_beyond else wanted
            target.set_sequence(cursor, found["name"], value, is_called=is_beyond)
            return True

    return build


def _analyze(table: TablePlan, site: BuildSite) -> Callable[[], bool]:
    def build() -> bool:
        with site.target.transaction(f"statistics of {table.name}") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            site.target.run(cursor, analyze_table(table, site.schema_of(table)))
            return True

    return build
