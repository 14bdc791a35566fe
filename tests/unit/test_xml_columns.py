from __future__ import annotations

import pytest

from engine.model.catalog import Engine
from engine.model.findings import Severity

from .plan_facts import catalog, column, empty_target, plan, table

_COLUMNS = (column("id", "bigint"), column("doc", "xml"), column("old", "xml[]"), column("name", "text"))
SOURCE = catalog(table("t", *_COLUMNS), engine=Engine.POSTGRES)


@pytest.mark.parametrize("is_there", [False, True])
def test_columns_of_xml_are_told_to_arrive_as_postgres_prints_them(is_there: bool) -> None:
    """A declaration goes without a word, in a new table and in one that is there."""
    target = empty_target(table("t", *_COLUMNS, rows=0)) if is_there else empty_target()

    found = [finding for finding in plan(SOURCE, target).findings if finding.code == "F123"]

    assert [("t", Severity.NOTE, "doc, old")] == [(f.place, f.severity, f.evidence) for f in found]
