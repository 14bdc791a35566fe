"""Which object of the target is meant, whatever it is called by now.

A name may be taken away from an object and given to another one; its oid stays with it until
it is dropped, through ``ALTER .. RENAME``, ``SET SCHEMA``, ``TRUNCATE`` and ``VACUUM FULL``
(PostgreSQL manual, 8.19 "Object Identifier Types", 52.11 "pg_class").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import psycopg

from engine.model.objects import ObjectKind
from sql import load

__all__ = ["Identity", "Kind", "find_identity", "kind_of", "remember_identity"]

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
    values = {"run_id": run_id, "kind": kind, "schema": schema, "name": name}
    cursor.execute(load("identity/remember_object"), values)


def find_identity(cursor: Cursor, run_id: str, kind: Kind, *, name: str, schema: str = "") -> Identity | None:
    """Where the object stands that the run knows under this name; None when it knows none."""
    values = {"run_id": run_id, "kind": kind, "schema": schema, "name": name}
    row = cursor.execute(load("identity/find_object"), values).fetchone()
    if row is None:
        return None
    is_gone = row["name_now"] is None
    return Identity(schema="" if is_gone else row["schema_now"], name=row["name_now"] or "")
