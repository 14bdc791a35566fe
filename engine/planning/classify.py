"""What a table is for, and how hard it is to move, judged from its shape."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.model.catalog import Catalog, Column, Table, TableClass

__all__ = ["Classified", "classify"]

_SYSTEM = re.compile(
    r"(sqlite_|pg_|django_|auth_(permission|group)|alembic_version|schema_migrations|ar_internal_metadata"
    r"|flyway_|knex_|_prisma_|goose_db_version|__ef|spatial_ref_sys|geometry_columns|gpkg_|migrations?$)",
    re.IGNORECASE,
)
_LOG = re.compile(
    r"(^|_)(logs?|audit|histor(y|ies)|events?|journal|trace|activit(y|ies))(_|$)", re.IGNORECASE
)
_NAME_COLUMN = re.compile(r"(^|_)(name|title|code|label|slug|type|kind|symbol|abbreviation)$", re.IGNORECASE)
_TIME_COLUMN = re.compile(
    r"(_at|_on|_date|_time|^date|^timestamp|^created|^updated|^modified)$", re.IGNORECASE
)
_PLACE_COLUMN = re.compile(r"(^|_)(position|ordinal|rank|sequence|sort|sort_order)$", re.IGNORECASE)
_MOST_CATALOG_ROWS = 100_000
"""Lookup values are few; more rows than this are records of something."""
_MANY_PARENTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Classified:
    """A table's class and complexity, with the reason in words."""

    table_class: TableClass
    complexity: str
    """``low``, ``medium`` or ``high``."""
    reason: str


def classify(table: Table, catalog: Catalog) -> Classified:
    """The class and complexity of the table among its neighbours.

    Args:
        table: one of the catalog's.
        catalog: tells who references it.
    """
    children = sum(
        1
        for other in catalog.tables
        for key in other.foreign_keys
        if key.parent_table == table.name and other != table
    )
    table_class, reason = _class_of(table, children)
    return Classified(table_class=table_class, complexity=_complexity(table, table_class), reason=reason)


def _class_of(table: Table, children: int) -> tuple[TableClass, str]:
    parents = {key.parent_table for key in table.foreign_keys} - {table.name}
    if _SYSTEM.match(table.name):
        return TableClass.SYSTEM, "housekeeping of a framework"
    if _is_junction(table) and not children:
        return TableClass.JUNCTION, "nothing but links between other tables"
    if _LOG.search(table.name) and not children:
        return TableClass.LOG, "history that is only ever added to"
    if _is_catalog(table, parents, children):
        return TableClass.CATALOG, "lookup values that other tables reference"
    return TableClass.TRANSACTIONAL, "records of what happened"


def _is_junction(table: Table) -> bool:
    linked = {column for key in table.foreign_keys for column in key.columns}
    if len(table.foreign_keys) < 2:
        return False
    rest = [
        column for column in table.columns if column.name not in linked and not _is_own_key(column, table)
    ]
    # A place in a list or a moment of linking is still part of the link, and so is one thing said of it.
    said = [c for c in rest if not _TIME_COLUMN.search(c.name) and not _PLACE_COLUMN.search(c.name)]
    return len(said) <= 1


def _is_own_key(column: Column, table: Table) -> bool:
    return table.primary_key == (column.name,)


def _is_catalog(table: Table, parents: set[str], children: int) -> bool:
    names = [column.name for column in table.columns]
    is_named = any(_NAME_COLUMN.search(name) for name in names)
    is_dated = any(_TIME_COLUMN.search(name) for name in names)
    few = table.row_count <= _MOST_CATALOG_ROWS and len(parents) <= 1
    return is_named and few and (not is_dated or (children > 0 and not parents))


def _complexity(table: Table, table_class: TableClass) -> str:
    parents = {key.parent_table for key in table.foreign_keys}
    is_own_parent = table.name in parents
    if table_class is TableClass.JUNCTION or len(parents) >= _MANY_PARENTS:
        return "high"
    is_plain = table_class in {TableClass.CATALOG, TableClass.LOG, TableClass.SYSTEM}
    return "low" if is_plain and not is_own_parent and len(parents) <= 1 else "medium"
