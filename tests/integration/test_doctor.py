from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from console.doctor import run_doctor
from console.settings import load_settings
from engine.model.connection import CheckStatus, ConnectionCheck


def _by_name(checks: list[ConnectionCheck]) -> dict[str, ConnectionCheck]:
    return {check.name: check for check in checks}


def _source(url: str, *, target_url: str, redis_url: str) -> ConnectionCheck:
    settings = load_settings(target_url=target_url, redis_url=redis_url)
    return _by_name(run_doctor(settings, [url]))["source"]


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    file = tmp_path / "legacy.db"
    with sqlite3.connect(file) as connection:
        connection.execute("create table brackets (id integer primary key, name text)")
        connection.executemany("insert into brackets (name) values (?)", [("x" * 500,)] * 100)
    connection.close()
    return file


def test_doctor_of_embedded_services_finds_no_failure(data_dir: Path) -> None:
    """With nothing set, the doctor starts the embedded pair and finds it fit."""
    checks = run_doctor(load_settings(data_dir=data_dir))

    found = _by_name(checks)
    assert [] == [check for check in checks if check.status is CheckStatus.FAIL]
    assert found["target version"].what.startswith("PostgreSQL 18")
    assert "free" in found["target free disk"].what
    assert found["redis memory"].status is CheckStatus.OK


def test_doctor_of_given_servers_starts_none(target_url: str, redis_url: str, data_dir: Path) -> None:
    """Servers named in the settings are checked; no embedded one is started for that."""
    checks = run_doctor(load_settings(target_url=target_url, redis_url=redis_url, data_dir=data_dir))

    assert [] == [check for check in checks if check.status is CheckStatus.FAIL]
    assert "Unknown" in _by_name(checks)["target free disk"].what
    assert not data_dir.exists()


def test_doctor_of_servers_that_are_down_says_so_of_each(data_dir: Path, tmp_path: Path) -> None:
    """Both are named, with advice, and neither hides the other; no password is shown."""
    settings = load_settings(
        target_url="postgresql://me:hunter2@127.0.0.1:1/app",
        redis_url="redis://:hunter2@127.0.0.1:1/0",
        data_dir=data_dir,
    )

    found = _by_name(run_doctor(settings, [str(tmp_path / "missing.db")]))

    for name in ("target", "redis", "source"):
        assert found[name].status is CheckStatus.FAIL
        assert found[name].todo
    assert "hunter2" not in repr(found)


def test_doctor_of_a_role_that_may_only_read_says_what_to_grant(target_url: str, redis_url: str) -> None:
    """A role without CREATE is told from one that may move rows."""
    with psycopg.connect(target_url, autocommit=True) as owner:
        owner.execute("drop role if exists doctor_reader")
        owner.execute("create role doctor_reader login")
    try:
        parts = urlsplit(target_url)
        reader = urlunsplit(parts._replace(netloc=f"doctor_reader@{parts.netloc.rpartition('@')[2]}"))
        check = _by_name(run_doctor(load_settings(target_url=reader, redis_url=redis_url)))[
            "target privileges"
        ]
    finally:
        with psycopg.connect(target_url, autocommit=True) as owner:
            owner.execute("drop role doctor_reader")

    assert check.status is CheckStatus.FAIL
    assert "grant create on database" in check.todo


def test_doctor_of_a_missing_database_names_it(target_url: str, redis_url: str) -> None:
    """A wrong database name is a sentence, not a traceback."""
    wrong = urlunsplit(urlsplit(target_url)._replace(path="/nowhere"))

    check = _by_name(run_doctor(load_settings(target_url=wrong, redis_url=redis_url)))["target"]

    assert "no such database" in check.what


def test_doctor_of_a_good_sqlite_file_is_content(sqlite_file: Path, target_url: str, redis_url: str) -> None:
    """A whole file is recognised, with its size."""
    check = _source(str(sqlite_file), target_url=target_url, redis_url=redis_url)

    assert check.status is CheckStatus.OK
    assert "KB" in check.what


def test_doctor_of_a_cut_off_sqlite_file_sees_it(sqlite_file: Path, target_url: str, redis_url: str) -> None:
    """A half-copied file is found by its header, before anything is read from it."""
    whole = sqlite_file.read_bytes()
    sqlite_file.write_bytes(whole[: len(whole) // 2])

    check = _source(str(sqlite_file), target_url=target_url, redis_url=redis_url)

    assert check.status is CheckStatus.FAIL
    assert check.todo


def test_doctor_of_a_file_that_is_no_database_says_so(
    tmp_path: Path, target_url: str, redis_url: str
) -> None:
    """A text file is refused with advice."""
    (tmp_path / "notes.db").write_text(
        "not a database at all, just long enough to have a header" * 10, "utf-8"
    )

    check = _source(str(tmp_path / "notes.db"), target_url=target_url, redis_url=redis_url)

    assert check.status is CheckStatus.FAIL
    assert "no SQLite database" in check.what


def test_doctor_of_a_postgres_source_counts_its_tables(
    source_pg_url: str, target_url: str, redis_url: str
) -> None:
    """A schema with tables is content; one that does not exist is a failure."""
    with psycopg.connect(source_pg_url) as connection:
        connection.execute("create table brackets (id integer primary key)")

    good = _source(source_pg_url, target_url=target_url, redis_url=redis_url)
    bad = _source(f"{source_pg_url}&schema=nowhere", target_url=target_url, redis_url=redis_url)

    assert "1 tables of public can be read" in good.what
    assert bad.status is CheckStatus.FAIL


def test_doctor_reports_the_python_that_runs(target_url: str, redis_url: str) -> None:
    """The version is that of this very process."""
    check = _by_name(run_doctor(load_settings(target_url=target_url, redis_url=redis_url)))["python"]

    assert f"Python {sys.version_info.major}.{sys.version_info.minor}" == check.what
