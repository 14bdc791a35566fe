"""kill -9 of a run that reads PostgreSQL, and what became of the source before it is resumed."""

from __future__ import annotations

import signal
import time

import psycopg
import pytest

from tests.fix_runs import CommandLine, by_batches, in_schema, latest_run, query, value

pytestmark = [pytest.mark.faults, pytest.mark.slow]

_ROWS = 120_000
_KEYED = (
    "create schema old",
    "create table old.item (id int primary key, note text, x float8)",
    f"insert into old.item select n, 'note ' || n, n / 7.0 from generate_series(1, {_ROWS}) as n",
)
_KEYLESS = (
    "create schema old",
    "create table old.item (id int, note text, x float8)",
    f"insert into old.item select n, 'note ' || n, n / 7.0 from generate_series(0, {_ROWS}) as n",
    "delete from old.item where id = 0",
)


def _make(url: str, *statements: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]  # the test's own text
    return in_schema(url, "old")


def _killed_in_the_middle(fordway: CommandLine, source: str, target_url: str) -> str:
    """A run whose runner died between two of its batches."""
    process = fordway.start(*by_batches(source, target_url, rows=2_000, folder=fordway.folder), "--json")
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        made = value(target_url, "select to_regclass('fordway.chunk')")
        done = "select count(*) from fordway.chunk where pass = 'move' and state = 'committed'"
        if made and value(target_url, done) >= 3:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    fordway.stop_all()
    left = "select count(*) from fordway.chunk where pass = 'move' and state <> 'committed'"
    assert value(target_url, left) > 0, "the run was killed before its last batch"
    return latest_run(target_url)


def _rows(url: str, schema: str) -> list[tuple[object, ...]]:
    return query(url, f"select id, note, x from {schema}.item order by id")


def _written(url: str) -> int:
    return int(value(url, "select coalesce(sum(rows_written), 0) from fordway.chunk where pass = 'move'"))


def _told(url: str) -> str:
    faults = "select body ->> 'what' from fordway.event where kind = 'fault_met' order by number desc limit 1"
    return str(value(url, faults))


@pytest.mark.parametrize("statement", ["select 1", "vacuum full old.item", "vacuum analyze old.item"])
def test_resume_over_a_source_that_stood_still_carries_every_row_once(
    statement: str, fordway: CommandLine, source_pg_url: str, target_url: str
) -> None:
    """A vacuum moves rows and changes none; a table with a key is cut by it."""
    source = _make(source_pg_url, *_KEYED)
    run_id = _killed_in_the_middle(fordway, source, target_url)
    _make(source_pg_url, statement)

    done = fordway.run("resume", run_id, "--json")

    assert 0 == done.code, done.err
    assert _rows(source_pg_url, "old") == _rows(target_url, "public")


@pytest.mark.parametrize(
    "statement",
    [
        "update old.item set note = 'other' where id = 1",
        f"update old.item set note = 'other' where id = {_ROWS}",
        "delete from old.item where id = 7",
        "insert into old.item values (0, 'new', 0)",
        "update old.item set id = -5 where id = 5",
    ],
    ids=["moved row", "row to come", "deleted", "inserted", "key"],
)
def test_resume_over_a_source_that_changed_writes_nothing_and_says_so(
    statement: str, fordway: CommandLine, source_pg_url: str, target_url: str
) -> None:
    """A row changed between two lives of a runner is noticed before the next batch, whichever it is."""
    source = _make(source_pg_url, *_KEYED)
    run_id = _killed_in_the_middle(fordway, source, target_url)
    before = _written(target_url)
    _make(source_pg_url, statement)

    done = fordway.run("resume", run_id, "--json")

    assert 0 != done.code
    assert before == _written(target_url)
    told = _told(target_url)
    assert "written to since the plan was made" in told or "rows, now" in told, told


def test_resume_over_a_table_without_key_whose_rows_were_moved_about_writes_nothing(
    fordway: CommandLine, source_pg_url: str, target_url: str
) -> None:
    """Its batches are cut by where rows lie; VACUUM FULL moves them, and that is told."""
    source = _make(source_pg_url, *_KEYLESS)
    run_id = _killed_in_the_middle(fordway, source, target_url)
    before = _written(target_url)
    _make(source_pg_url, "vacuum full old.item")

    done = fordway.run("resume", run_id, "--json")

    assert 0 != done.code
    assert before == _written(target_url)
    assert "in another state" in _told(target_url)
