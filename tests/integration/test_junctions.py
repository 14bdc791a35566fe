"""Many-to-many links rekeyed through the id map, and proven as sets of links."""

from __future__ import annotations

from pathlib import Path

from tests.fix_merging import checks_of, counts_of, failed_checks, merge, merging_playbook, state_of
from tests.fix_runs import Bench, make_source, query, schema_of

_CASES = """
create table cases (id integer primary key, name text not null);
create table files (id text primary key, path text not null) without rowid;
create table case_file (
    case_id integer not null references cases (id), file_id text not null references files (id), note text,
    primary key (case_id, file_id)
);
insert into cases values (1, 'one'), (2, 'two'), (3, 'three');
insert into files values ('a', '/a'), ('b', '/b'), ('c', '/c');
insert into case_file values (1, 'a', 'x'), (1, 'b', null), (2, 'b', 'y'), (3, 'c', null), (17, 'a', null), (2, 'zz', null);
"""
_UUID = {"generate": "uuid5"}
_TABLES = [
    {"from": "case_file", "columns": {
        "case_id": {"from": "case_id", "lookup": "cases"}, "file_id": {"from": "file_id", "lookup": "files"},
    }},
    {"from": "cases", "columns": {"id": _UUID, "legacy_id": "id"}},
    {"from": "files", "columns": {"id": _UUID, "legacy_id": "id"}},
]  # fmt: skip
_LINKS = (
    "select cases.name, files.path from case_file join cases on cases.id = case_id join files on files.id = file_id"
    " order by 1, 2"
)


def test_links_are_rekeyed_and_proven_and_unmapped_ones_are_listed(bench: Bench, tmp_path: Path) -> None:
    """Both ends are new ids; a link with an end that is not there waits in quarantine and is named."""
    source = make_source(tmp_path / "s.db", _CASES)

    run_id = merge(bench, {"old": source}, _TABLES, rehearse=True, on_error="quarantine")

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [("one", "/a"), ("one", "/b"), ("three", "/c"), ("two", "/b")] == query(bench.target_url, _LINKS)
    assert (6, 4, 2, 0, 0) == counts_of(bench, run_id)["case_file"]
    assert counts_of(bench, run_id, "rehearse") == counts_of(bench, run_id)
    found = checks_of(bench, "case_file")["edges"]
    assert ("pass", "4 links", "4 links", "2 unmapped: 17-a, 2-zz") == (
        found["status"], found["expected"], found["actual"], found["detail"],
    )  # fmt: skip


def test_rekeyed_links_keep_primary_key_and_foreign_keys(bench: Bench, tmp_path: Path) -> None:
    """What held between the legacy ids holds between the new ones."""
    source = make_source(tmp_path / "s.db", _CASES)

    merge(bench, {"old": source}, _TABLES, on_error="quarantine")

    assert [
        ("FOREIGN KEY (case_id) REFERENCES cases(id)",),
        ("FOREIGN KEY (file_id) REFERENCES files(id)",),
        ("PRIMARY KEY (case_id, file_id)",),
    ] == query(
        bench.target_url,
        "select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'case_file'::regclass"
        " and contype in ('p', 'f') order by 1",
    )


def test_link_bent_to_another_end_turns_the_check_red(bench: Bench, tmp_path: Path) -> None:
    """The count is right and every id exists, yet the link is another: the check names both."""
    source = make_source(tmp_path / "s.db", _CASES)
    run_id = merge(bench, {"old": source}, _TABLES, on_error="quarantine")
    assert "complete" == state_of(bench, run_id)
    query(
        bench.target_url,
        "update case_file set case_id = (select id from cases where legacy_id = 3)"
        " where case_id = (select id from cases where legacy_id = 2);"
        "alter table fordway.run disable trigger guard_run_state;"
        " update fordway.run set state = 'paused', finished_at = null;"
        " alter table fordway.run enable trigger guard_run_state",
    )

    bench.work(run_id, merging_playbook(bench, {"old": source}, _TABLES).sources)

    found = checks_of(bench, "case_file")["edges"]
    assert ("fail", "3 links") == (found["status"], found["actual"])
    assert "1 missing in target: 2-b" in found["detail"]
    assert "complete" != state_of(bench, run_id)


def test_links_of_two_sources_merge_and_each_is_proven(bench: Bench, tmp_path: Path) -> None:
    """The same legacy keys in two files are other cases, other files and other links."""
    sources = {name: make_source(tmp_path / f"{name}.db", _CASES) for name in ("north", "south")}
    tables = [
        {**table, "from": f"{name}.{table['from']}", "to": table["from"]}
        for name in sources
        for table in _TABLES
    ]

    run_id = merge(bench, sources, tables, on_error="quarantine")

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [("north", 4), ("south", 4)] == query(
        bench.target_url, "select source_database, count(*) from case_file group by 1 order by 1"
    )
    assert "pass" == checks_of(bench, "case_file (from south)")["edges"]["status"]


def test_undo_of_rekeyed_links_leaves_the_schema_as_it_was(bench: Bench, tmp_path: Path) -> None:
    """Links, cases and files go with everything that held them together."""
    before = schema_of(bench.target_url)
    run_id = merge(bench, {"old": make_source(tmp_path / "s.db", _CASES)}, _TABLES, on_error="quarantine")

    assert "undone" == bench.undo(run_id)
    assert before == schema_of(bench.target_url)
