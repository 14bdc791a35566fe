from __future__ import annotations

import pytest

from engine.model.catalog import Catalog, Table, TableClass
from engine.planning.classify import classify

from .plan_facts import catalog, column, identity, references, table

PROJECT = table("dispatch_project", identity(), column("name"), column("clinic"))
BRACKET = table(
    "dispatch_bracket",
    identity(),
    column("name"),
    column("type"),
    column("project_id", "INTEGER"),
    column("torque", "INTEGER"),
    rows=1_569,
    foreign_keys=(references("dispatch_project", "project_id"),),
)
CASE = table("cases", identity(), column("opened_at"), column("state"), rows=900)
FILE = table("files", identity(), column("path"), column("uploaded_at"), rows=900)
LINK = table(
    "case_file_relationships",
    identity(),
    column("case_id", "INTEGER"),
    column("file_id", "INTEGER"),
    column("created_at"),
    foreign_keys=(references("cases", "case_id"), references("files", "file_id")),
)
ORDERED_LINK = table(
    "dispatch_case_file",
    column("case_id", "INTEGER"),
    column("file_id", "INTEGER"),
    column("role"),
    column("position", "INTEGER"),
    column("linked_at"),
    foreign_keys=(references("cases", "case_id"), references("files", "file_id")),
)
AUDIT = table("audit_log", identity(), column("what"), column("at"))
DJANGO = table("django_migrations", identity(), column("app"))
EVERYTHING = catalog(PROJECT, BRACKET, CASE, FILE, LINK, ORDERED_LINK, AUDIT, DJANGO)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (BRACKET, (TableClass.CATALOG, "low")),
        (PROJECT, (TableClass.CATALOG, "low")),
        (ORDERED_LINK, (TableClass.JUNCTION, "high")),
        (CASE, (TableClass.TRANSACTIONAL, "medium")),
        (LINK, (TableClass.JUNCTION, "high")),
        (AUDIT, (TableClass.LOG, "low")),
        (DJANGO, (TableClass.SYSTEM, "low")),
    ],
    ids=lambda value: value.name if isinstance(value, Table) else None,
)
def test_classify_usual_table_gives_its_class_and_complexity(
    one: Table, expected: tuple[TableClass, str]
) -> None:
    """Lookup, record, link, log and housekeeping tables are told apart by their shape."""
    found = classify(one, EVERYTHING)

    assert expected == (found.table_class, found.complexity)


def test_classify_large_named_table_is_transactional() -> None:
    """A table with a name column but a million rows holds records, not lookup values."""
    large = table("customers", identity(), column("name"), rows=1_000_000)

    assert TableClass.TRANSACTIONAL == classify(large, catalog(large)).table_class


def test_classify_same_facts_gives_the_same_answer() -> None:
    """Classifying twice gives equal results."""
    again: Catalog = catalog(PROJECT, BRACKET)

    assert classify(BRACKET, again) == classify(BRACKET, again)
