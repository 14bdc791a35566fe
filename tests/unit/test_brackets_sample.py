from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.playbooks.brackets_sample import BRACKETS, PROJECTS, bracket_rows, make_sqlite, project_rows


@pytest.fixture
def legacy(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    make_sqlite(tmp_path / "deep" / "legacy.db")
    with closing(sqlite3.connect(tmp_path / "deep" / "legacy.db")) as connection:
        yield connection


def test_bracket_rows_have_the_documents_number_and_ids() -> None:
    """1,569 brackets, ids 1 to 1569 without a gap."""
    assert list(range(1, BRACKETS + 1)) == [row[0] for row in bracket_rows()]
    assert 1_569 == BRACKETS


def test_project_rows_are_42() -> None:
    """42 projects, each id once."""
    assert list(range(1, PROJECTS + 1)) == [row[0] for row in project_rows()]


def test_sample_rows_twice_are_the_same() -> None:
    """No clock and no chance: every machine makes the same."""
    assert (list(project_rows()), list(bracket_rows())) == (list(project_rows()), list(bracket_rows()))


def test_bracket_rows_have_catalogue_numbers_of_their_own() -> None:
    """The unique column holds no value twice."""
    assert BRACKETS == len({row[11] for row in bracket_rows()})


def test_make_sqlite_twice_changes_nothing(tmp_path: Path) -> None:
    """The second call finds everything there."""
    path = tmp_path / "legacy.db"
    make_sqlite(path)
    with closing(sqlite3.connect(path)) as connection:
        before = list(connection.iterdump())

    make_sqlite(path)

    with closing(sqlite3.connect(path)) as connection:
        assert before == list(connection.iterdump())


def test_make_sqlite_keeps_every_foreign_key(legacy: sqlite3.Connection) -> None:
    """No bracket without its project."""
    assert [] == legacy.execute("pragma foreign_key_check").fetchall()


def test_make_sqlite_has_the_columns_checked_by_sample(legacy: sqlite3.Connection) -> None:
    """name, type and project_id are filled in every row."""
    (filled,) = legacy.execute(
        "select count(*) from dispatch_bracket where name <> '' and type <> '' and project_id between 1 and 42"
    ).fetchone()

    assert 1_569 == filled
