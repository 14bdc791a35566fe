"""The shipped playbook case-files, from its samples: parents first, new ids, and 23 links without their cases."""

from __future__ import annotations

from typing import Any

from engine.playbooks import case_files_sample
from engine.playbooks.load import load_playbook
from tests.fix_faults import Met
from tests.fix_runs import Bench, CommandLine, in_schema, query, value

_FOREIGN_KEYS = """
select conrelid::regclass::text, confrelid::regclass::text, convalidated
from pg_constraint
where contype = 'f' and connamespace = 'public'::regnamespace
order by 1, 2
"""
_ALL_VALID = [
    ("case_file_relationships", "cases", True),
    ("case_file_relationships", "files", True),
    ("cases", "offices", True),
]


def test_demo_case_files_without_a_person_brings_the_missing_cases_first(
    fordway: CommandLine, target_url: str
) -> None:
    """Batch 15 lacks seven cases for 23 links: they and their office come from the archive; every link is proven."""
    done = fordway.run("demo", "case-files", "--headless", "--json")

    assert 0 == done.code, done.err
    tables = {table["table"]: table for table in done.last["tables"]}
    assert ["offices", "case_file_relationships"] == [next(iter(tables)), list(tables)[-1]]
    assert {
        "offices": (19, 19, 0, "proven"),
        "cases": (1_191, 1_191, 0, "proven"),
        "files": (9_000, 9_000, 0, "proven"),
        "case_file_relationships": (15_420, 15_420, 0, "proven"),
    } == {name: _counts(table) for name, table in tables.items()}
    (asked,) = done.events("fault_diagnosed")
    found = asked["diagnosis"]
    assert (15, 500, 23) == (found["at"]["chunk"], found["rows"], found["offending"])
    assert [("parents", True)] == query(
        target_url,
        "select answer, answered_by like '%(--on-error recommended)' from fordway.decision where kind = 'fault'",
    )
    assert _ALL_VALID == query(target_url, _FOREIGN_KEYS)


def test_case_files_from_postgres_asks_and_ends_as_from_sqlite(bench: Bench, source_pg_url: str) -> None:
    """The same rows from schemas whose keys are not validated, the archive beside them."""
    archive = in_schema(source_pg_url, "archive")
    case_files_sample.make_postgres(source_pg_url)
    case_files_sample.make_archive_postgres(archive)
    case_files_sample.make_archive_postgres(archive)
    sources = {"legacy": source_pg_url, "archive": archive}
    playbook = load_playbook("case-files", environment={}).model_copy(update={"sources": sources})
    met = Met(bench=bench, run_id=bench.new_run(playbook), sources=sources)
    met.go_on()
    assert ("waiting", "R111", 23) == (met.state, met.decision.fault, met.diagnosis.offending)

    met.choose("quarantine")

    assert "complete" == met.state
    assert [("case_file_relationships", 15, 23)] == query(
        bench.target_url,
        "select target_table, chunk_number, rows_quarantined from fordway.chunk where pass = 'move' and rows_quarantined > 0",
    )
    assert 15_397 == value(bench.target_url, "select count(*) from case_file_relationships")
    assert _ALL_VALID == query(bench.target_url, _FOREIGN_KEYS)


def _counts(table: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(table[name] for name in ("read", "written", "quarantined", "strength"))
