# ruff: noqa: ANN401 - keyword arguments of many types are handed on
"""Small catalogs, profiles and plans for the planning tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.model.catalog import Catalog, Column, ColumnProfile, Engine, ForeignKey, Index, OtherObject, Table
from engine.model.plan import Plan
from engine.planning.build_plan import build_plan
from engine.playbooks.spec import Playbook


def column(name: str, declared: str = "TEXT", **more: Any) -> Column:
    return Column(name=name, declared_type=declared, position=more.pop("position", 1), **more)


def identity(name: str = "id") -> Column:
    return column(name, "INTEGER", is_nullable=False, is_identity=True)


def table(name: str, *columns: Column, rows: int = 10, **more: Any) -> Table:
    columns = columns or (identity(), column("name"))
    numbered = tuple(
        Column(**{**{f: getattr(c, f) for f in c.__slots__}, "position": place})
        for place, c in enumerate(columns, start=1)
    )
    key = tuple(c.name for c in numbered if c.is_identity)
    more.setdefault("primary_key", key)
    more.setdefault("chunk_key", ("rowid",))
    more.setdefault("sequence_next", rows + 1 if key else None)
    return Table(name=name, columns=numbered, row_count=rows, **more)


def references(parent: str, *columns: str, to: Sequence[str] = ("id",), name: str = "") -> ForeignKey:
    return ForeignKey(
        name=name or "_".join((*columns, "fkey")),
        columns=columns,
        parent_table=parent,
        parent_columns=tuple(to),
    )


def index(name: str, *columns: str, **more: Any) -> Index:
    return Index(name=name, columns=columns, **more)


def profile(name: str, rows: int = 10, **counts: Any) -> ColumnProfile:
    return ColumnProfile(column=name, rows=rows, **counts)


def plain_profiles(of: Table) -> tuple[ColumnProfile, ...]:
    """Values as declared: integers in INTEGER columns, text in the others."""
    found = []
    for each in of.columns:
        counts = (
            {"integers": of.row_count, "smallest": 1, "largest": of.row_count}
            if "INT" in each.declared_type
            else {"texts": of.row_count}
        )
        found.append(profile(each.name, of.row_count, **counts))
    return tuple(found)


def catalog(
    *tables: Table, name: str = "old", engine: Engine = Engine.SQLITE, others: Sequence[OtherObject] = ()
) -> Catalog:
    schema = "main" if engine is Engine.SQLITE else "public"
    return Catalog(
        name=name,
        engine=engine,
        label=f"/{name}.db",
        schema=schema,
        version="1",
        tables=tables,
        others=tuple(others),
    )


def empty_target(*tables: Table, others: Sequence[OtherObject] = ()) -> Catalog:
    return catalog(*tables, name="target", engine=Engine.POSTGRES, others=others)


def playbook(**more: Any) -> Playbook:
    body: dict[str, Any] = {"playbook": "test", "title": "Test", "sources": {"old": "old.db"}}
    return Playbook.model_validate({**body, **more})


def plan(
    source: Catalog,
    target: Catalog | None = None,
    /,
    *,
    profiles: Mapping[str, Sequence[ColumnProfile]] | None = None,
    orphans: Mapping[tuple[str, str, str], int] | None = None,
    **body: Any,
) -> Plan:
    """The plan for everything in the source, or for the tables of the body."""
    given = profiles or {}
    return build_plan(
        playbook(**body),
        catalogs={source.name: source},
        profiles={
            (source.name, each.name): tuple(given.get(each.name, plain_profiles(each)))
            for each in source.tables
        },
        orphans=orphans or {},
        fingerprints={source.name: "f"},
        target=target or empty_target(),
        target_label="postgresql://localhost/new",
    )
