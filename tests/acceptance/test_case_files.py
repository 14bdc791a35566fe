"""The shipped playbook case-files, from its samples: parents first, new ids, and 23 links without their cases."""

from __future__ import annotations

from typing import Any

from engine.playbooks import case_files_sample
from engine.playbooks.load import load_playbook
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


def test_demo_case_files_moves_all_links_but_the_23_without_their_cases(
    fordway: CommandLine, target_url: str
) -> None:
    """15,420 read, 15,397 written, 23 set aside in batch 15 and in no other; what moved is proven."""
    done = fordway.run("demo", "case-files", "--headless", "--json")

    assert 6 == done.code, done.err
    tables = {table["table"]: table for table in done.last["tables"]}
    assert ["offices", "case_file_relationships"] == [next(iter(tables)), list(tables)[-1]]
    assert {
        "offices": (18, 18, 0, "proven"),
        "cases": (1_184, 1_184, 0, "proven"),
        "files": (9_000, 9_000, 0, "proven"),
        "case_file_relationships": (15_420, 15_397, 23, "proven"),
    } == {name: _counts(table) for name, table in tables.items()}
    assert [(15, 7_001, 7_500, 23)] == query(
        target_url,
        "select chunk_number, first_row, last_row, rows_quarantined from fordway.chunk"
        " where pass = 'move' and rows_quarantined > 0",
    )
    assert _ALL_VALID == query(target_url, _FOREIGN_KEYS)


def test_case_files_from_postgres_ends_as_from_sqlite(bench: Bench, source_pg_url: str) -> None:
    """The same rows from schemas whose keys are not validated, the archive beside them."""
    archive = in_schema(source_pg_url, "archive")
    case_files_sample.make_postgres(source_pg_url)
    case_files_sample.make_archive_postgres(archive)
    case_files_sample.make_archive_postgres(archive)
    sources = {"legacy": source_pg_url, "archive": archive}
    playbook = load_playbook("case-files", environment={}).model_copy(update={"sources": sources})

    state = bench.work(bench.new_run(playbook), sources)

    assert "complete" == state
    assert [("case_file_relationships", 15, 23)] == query(
        bench.target_url,
        "select target_table, chunk_number, rows_quarantined from fordway.chunk where pass = 'move' and rows_quarantined > 0",
    )
    assert 15_397 == value(bench.target_url, "select count(*) from case_file_relationships")
    assert _ALL_VALID == query(bench.target_url, _FOREIGN_KEYS)


def _counts(table: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(table[name] for name in ("read", "written", "quarantined", "strength"))
