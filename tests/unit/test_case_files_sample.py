from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.playbooks import case_files_sample as sample

_ORPHANS = """
with numbered as (
  select row_number() over (order by case_id, file_id) as place, case_id
  from dispatch_case_file
)
select place, case_id
from numbered
where case_id not in (select id from dispatch_case)
order by place
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both files, made once."""
    folder = tmp_path_factory.mktemp("case-files")
    sample.make_sqlite(folder / "deep" / "legacy.db")
    sample.make_archive_sqlite(folder / "deep" / "archive.db")
    return folder / "deep"


@pytest.fixture
def legacy(folder: Path) -> Iterator[sqlite3.Connection]:
    """The file in use, the archive attached to it."""
    with closing(sqlite3.connect(folder / "legacy.db")) as connection:
        connection.execute("attach ? as archive", (str(folder / "archive.db"),))
        yield connection


def test_rows_have_the_numbers_the_playbook_names(legacy: sqlite3.Connection) -> None:
    """18 offices, 1,184 cases, 9,000 files and 15,420 links, as the constants say."""
    counts = [
        legacy.execute(f"select count(*) from main.dispatch_{table}").fetchone()[0]
        for table in ("office", "case", "file", "case_file")
    ]

    assert [18, 1_184, 9_000, 15_420] == counts
    assert counts == [sample.OFFICES, sample.CASES, sample.FILES, sample.LINKS]


def test_orphan_links_are_23_of_batch_15(legacy: sqlite3.Connection) -> None:
    """In key order all of them are among the rows 7,001 to 7,500, and they name seven cases."""
    orphans = legacy.execute(_ORPHANS).fetchall()

    assert 23 == len(orphans)
    assert {15} == {(place - 1) // 500 + 1 for place, _ in orphans}
    assert list(sample.LINKS_TO_MISSING) == list(dict.fromkeys(case for _, case in orphans))
    assert 7 == len(sample.LINKS_TO_MISSING)


def test_foreign_keys_are_declared_and_broken_by_these_links_alone(legacy: sqlite3.Connection) -> None:
    """SQLite finds 23 rows when it is told to look, and none in the archive."""
    broken = legacy.execute("pragma main.foreign_key_check").fetchall()

    assert (23, {("dispatch_case_file", "dispatch_case")}) == (
        len(broken),
        {(row[0], row[2]) for row in broken},
    )
    assert [] == legacy.execute("pragma archive.foreign_key_check").fetchall()


def test_archive_has_every_missing_case_and_five_that_nobody_misses(legacy: sqlite3.Connection) -> None:
    """Twelve cases, none of which the file in use has as well, under any number."""
    archived = {row[0] for row in legacy.execute("select id from archive.dispatch_case")}
    named = {row[0] for row in legacy.execute("select case_id from main.dispatch_case_file")}
    both = legacy.execute(
        "select count(*) from archive.dispatch_case a join main.dispatch_case m on a.id = m.id or a.number = m.number"
    )

    assert set(sample.LINKS_TO_MISSING) == archived & named
    assert (12, 0) == (len(archived), both.fetchone()[0])


def test_two_missing_cases_are_under_an_office_of_the_archive_alone(legacy: sqlite3.Connection) -> None:
    """The other offices are in both files, and alike."""
    only = legacy.execute(
        "select id from archive.dispatch_office where id not in (select id from main.dispatch_office)"
    ).fetchall()
    under = legacy.execute("select id from archive.dispatch_case where office_id = ?", only[0]).fetchall()
    different = legacy.execute(
        "select * from archive.dispatch_office where id <> 7 except select * from main.dispatch_office"
    )

    assert [(sample.ARCHIVED_OFFICE,)] == only
    assert [(1012,), (1013,)] == under
    assert [] == different.fetchall()


def test_files_are_all_linked_and_stored_before(legacy: sqlite3.Connection) -> None:
    """No file without a case, and none was linked before it was there."""
    unlinked = legacy.execute(
        "select count(*) from dispatch_file where id not in (select file_id from dispatch_case_file)"
    )
    early = legacy.execute(
        "select count(*) from dispatch_case_file join dispatch_file on id = file_id where linked_at < stored_at"
    )

    assert (0, 0) == (unlinked.fetchone()[0], early.fetchone()[0])


def test_rows_twice_are_the_same() -> None:
    """No clock and no chance: every machine makes the same."""
    makers = (sample.office_rows, sample.case_rows, sample.file_rows, sample.link_rows)

    assert [list(make()) for make in makers] == [list(make()) for make in makers]


def test_make_sqlite_twice_changes_nothing(folder: Path) -> None:
    """The second call finds everything there, in both files."""
    paths = (folder / "legacy.db", folder / "archive.db")
    before = [_dump(path) for path in paths]

    sample.make_sqlite(paths[0])
    sample.make_archive_sqlite(paths[1])

    assert before == [_dump(path) for path in paths]


def _dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())
