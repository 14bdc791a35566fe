"""Which object of the target is meant, whatever it is called by now.

A name may be taken away from an object and given to another one; its oid stays with it until
it is dropped, through ``ALTER .. RENAME``, ``SET SCHEMA``, ``TRUNCATE`` and ``VACUUM FULL``
(PostgreSQL manual, 8.19 "Object Identifier Types", 52.11 "pg_class"). So it is with a column's
name and its number in the table, which no other column gets (52.7 "pg_attribute").

An oid means something in the database it was taken in, and in no other: where a dump carried the
ledger into another one, nothing is known, not even that an object is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import psycopg

from engine.model.objects import ObjectKind
from engine.stores.target_statements import relation_name
from sql import load

__all__ = ["Identity", "Kind", "find_identity", "kind_of", "list_columns", "remember_identity"]

Cursor = psycopg.Cursor[dict[str, Any]]
Kind = Literal["relation", "type", "schema"]
"""Two of one kind never have one name in one schema. Tables, views, sequences and indexes are relations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An object the run knows by more than its name."""

    schema: str
    """Where it stands now; empty for a schema and for what is gone."""
    name: str
    """What it is called now; empty when it was removed."""
    columns: Mapping[str, str] | None = None
    """By a column's present name, its name when the run met the object; None: they were not kept."""
    dropped: tuple[str, ...] = ()
    """Columns it had then and has no more."""

    @property
    def is_gone(self) -> bool:
        """Whether somebody dropped it."""
        return not self.name

    def stands_as(self, schema: str, name: str) -> bool:
        """Whether it has this name."""
        return (self.schema, self.name) == (schema, name)


def kind_of(kind: str) -> Kind:
    """Under which kind an object of a plan is remembered."""
    return "type" if kind in (ObjectKind.TYPE, ObjectKind.DOMAIN) else "relation"


def remember_identity(cursor: Cursor, run_id: str, kind: Kind, *, name: str, schema: str = "") -> None:
    """The ledger knows which object the name means at this moment, once the transaction commits."""
    values = {"run_id": run_id, "kind": kind, "schema": schema, "name": name, "origin": _origin(cursor)}
    cursor.execute(load("identity/remember_object"), values)


def find_identity(cursor: Cursor, run_id: str, kind: Kind, *, name: str, schema: str = "") -> Identity | None:
    """Where the object stands that the run knows under this name; None when it knows none."""
    values = {"run_id": run_id, "kind": kind, "schema": schema, "name": name, "origin": _origin(cursor)}
    row = cursor.execute(load("identity/find_object"), values).fetchone()
    if row is None:
        return None
    if row["name_now"] is None:
        return Identity(schema="", name="")
    then, now = row["columns_then"], row["columns_now"] or {}
    return Identity(
        schema=row["schema_now"],
        name=row["name_now"],
        columns=None if then is None else {now[number]: then[number] for number in then if number in now},
        dropped=tuple(then[number] for number in then if number not in now) if then else (),
    )


def _origin(cursor: Cursor) -> str:
    """Cluster, database and ledger of now; without the cluster where the role may not ask for it."""
    may_know = cursor.execute(load("identity/may_know_cluster")).fetchone()
    asked = ["read_cluster", "read_place"] if may_know and may_know["may_know"] else ["read_place"]
    found = [cursor.execute(load(f"identity/{name}")).fetchone() for name in asked]
    return "/".join(str(next(iter(row.values()))) for row in found if row)


def list_columns(cursor: Cursor, schema: str, table: str) -> list[str]:
    """What the table's columns are called now, in table order."""
    values = {"relation": relation_name(schema, table)}
    return [row["column_name"] for row in cursor.execute(load("identity/list_columns"), values).fetchall()]
