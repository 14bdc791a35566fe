from __future__ import annotations

import pytest

from engine.model.catalog import Engine
from engine.model.findings import Severity

from .plan_facts import catalog, column, empty_target, plan, table


def _columns(declared: str) -> tuple[object, ...]:
    return (column("id", "bigint"), column("doc", declared))


@pytest.mark.parametrize("engine", [Engine.POSTGRES, Engine.SQLITE])
@pytest.mark.parametrize(("there", "told"), [("jsonb", [("t.doc", Severity.WARNING)]), ("json", [])])
def test_documents_that_go_into_a_column_of_jsonb_are_told_to_lose_repeated_keys(
    there: str, told: list[object], engine: Engine
) -> None:
    """Rows compare as equal afterwards, so nobody would hear of it else."""
    source = catalog(table("t", *_columns("json")), engine=engine)  # type: ignore[arg-type]  # columns
    target = empty_target(table("t", *_columns(there), rows=0))  # type: ignore[arg-type]  # columns

    found = [finding for finding in plan(source, target).findings if finding.code == "F107"]

    assert told == [(f.place, f.severity) for f in found]
