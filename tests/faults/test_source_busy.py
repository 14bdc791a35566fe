"""A PostgreSQL source that is busy for a moment: its snapshot outlives the statement that failed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest

from engine.agents.context import RunContext
from engine.agents.data_mapping import prepare_mapping
from engine.agents.migration_execution import snapshots_of
from engine.model.errors import ServerBusy
from engine.model.plan import KeyRange
from engine.model.ports import BlockColumn
from engine.moving.try_again import try_again
from engine.stores import connect
from engine.stores.open_source import SourceShelf
from engine.stores.postgres_source import PostgresSource, open_postgres_source
from tests.fix_held import IN_THIS_DATABASE
from tests.fix_runs import Bench, CommandLine, in_schema, query, value
from tests.fix_services import Servers

pytestmark = pytest.mark.faults

_ALL = KeyRange(after=None, upto=(3,), first_row=1, last_row=3)
_MAKE = (
    "create table t (id int primary key, note text)",
    "insert into t select n, 'note ' || n from generate_series(1, 3) as n",
    "create table other (id int primary key)",
)


def _range(source: PostgresSource) -> list[Any]:
    pages = source.read_range("t", columns=["id"], key=["id"], span=_ALL, where="")
    return [row[0] for page in pages for row in page]


def _blocks(source: PostgresSource) -> list[Any]:
    columns = [BlockColumn(source="id")]
    return b"".join(source.read_blocks("t", columns=columns, key=["id"], span=_ALL)).decode().split()


def _ordinals(source: PostgresSource) -> list[Any]:
    found = source.read_ordinals("t", columns=["id"], key=["id"], span=_ALL, ordinals=[1, 2, 3])
    return [row[0] for row in found]


def _cuts(source: PostgresSource) -> list[Any]:
    return [
        span.upto[0] for span in source.cut_ranges("t", key=["id"], rows=1, where="") if span.upto is not None
    ]


def _count(source: PostgresSource) -> list[Any]:
    return [str(n) for n in range(1, source.count_rows("t", where="") + 1)]


@pytest.mark.parametrize("read", [_range, _blocks, _ordinals, _cuts, _count])
def test_read_after_a_lock_that_took_too_long_sees_the_same_snapshot(
    read: Callable[[PostgresSource], list[Any]], source_pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever failed, the next read works, and rows written meanwhile are not seen."""
    for statement in _MAKE:
        query(source_pg_url, statement)
    monkeypatch.setattr(
        connect, "_SESSION", connect._SESSION.replace("lock_timeout=30s", "lock_timeout=50ms")
    )
    source = open_postgres_source("old", source_pg_url)
    snapshot = source.export_snapshot()
    with psycopg.connect(source_pg_url) as other:
        other.execute("lock table t in access exclusive mode")
        with pytest.raises(ServerBusy):
            read(source)
        other.execute("insert into t values (4, 'late')")

    found = read(source)
    twin = open_postgres_source("twin", source_pg_url, snapshot=snapshot)
    seen_by_twin = read(twin)
    twin.close()
    source.close()

    assert ["1", "2", "3"] == found == seen_by_twin


def test_reading_many_tables_keeps_the_locks_of_one(source_pg_url: str) -> None:
    """A transaction that reads table after table does not fill the server's lock table."""
    for statement in _MAKE:
        query(source_pg_url, statement)
    source = open_postgres_source("old", source_pg_url)
    _range(source)

    list(source.cut_ranges("other", key=["id"], rows=1, where=""))
    locked = query(
        source_pg_url,
        "select relation::regclass::text from pg_locks where mode = 'AccessShareLock' and granted"
        " and relation in ('t'::regclass, 'other'::regclass) and pid <> pg_backend_pid()"
        f" and {IN_THIS_DATABASE}",
    )
    source.close()

    assert [("other",)] == locked


_REFUSE = "alter database {} with allow_connections {}"


def test_source_that_is_away_when_its_snapshot_is_exported_is_asked_again(
    source_pg_url: str, servers: Servers
) -> None:
    """Whether its session is cut or it takes no new one for a moment."""
    query(source_pg_url, _MAKE[0])
    name = value(source_pg_url, "select current_database()")
    shelf = SourceShelf({"old": source_pg_url})
    shelf.get("old")
    end_all = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s"
    query(servers.admin_url, _REFUSE.format(name, "false"))
    query(servers.admin_url, end_all, [name])

    found = snapshots_of(
        shelf, wait_until_back=lambda: query(servers.admin_url, _REFUSE.format(name, "true"))
    )
    twin = open_postgres_source("twin", source_pg_url, snapshot=found["old"])
    seen = twin.count_rows("t", where="")
    twin.close()
    shelf.close()

    assert 0 == seen


def test_trial_of_the_mapping_on_a_busy_source_is_tried_again(
    bench: Bench, source_pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It reads the first batch of every table before one moves, and is no reason to ask anybody."""
    for statement in _MAKE:
        query(source_pg_url, statement)
    run = bench.planned(in_schema(source_pg_url, "public"))
    monkeypatch.setattr(
        connect, "_SESSION", connect._SESSION.replace("lock_timeout=30s", "lock_timeout=50ms")
    )
    with psycopg.connect(source_pg_url) as other:
        other.execute("lock table t in access exclusive mode")
        context = SimpleNamespace(
            plan=lambda: run.plan,
            source_urls={"source": run.source},
            run_time=lambda: datetime.now(UTC),
            patiently=lambda work: try_again(work, wait_until_back=other.rollback),
        )
        found = prepare_mapping(cast("RunContext", context), {})

    assert 3 == found["t"]["tried"]


_CANCEL = """
select count(pg_cancel_backend(pid)) from pg_stat_activity
where application_name like 'fordway source%%' and datname = current_database() and state = 'active' and query ilike %s
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("filter_of", "statement"),
    [
        pytest.param("true", "copy (%limit 1000%", id="pages"),
        pytest.param("", "copy (%) to stdout %", id="blocks"),
        pytest.param("", "%hashtextextended(lines.line%", id="sums"),
    ],
)
def test_run_whose_reading_statements_are_cancelled_tries_again_and_proves_every_row(
    filter_of: str, statement: str, fordway: CommandLine, source_pg_url: str, target_url: str
) -> None:
    """What an administrator, or a statement timeout, cancels costs a retry: no question, no row."""
    query(source_pg_url, "create table item (id int primary key, note text)")
    query(source_pg_url, "insert into item select n, repeat('x', 200) from generate_series(1, 200000) as n")
    process = fordway.start(*_playbook(source_pg_url, target_url, filter_of, fordway.folder), "--json")
    cancelled = 0
    while process.poll() is None and not cancelled:
        cancelled += value(source_pg_url, _CANCEL, [statement])
        time.sleep(0.002)

    done = fordway.finish(process)

    assert cancelled
    assert 0 == done.code, done.err
    assert ["proven"] == [table["strength"] for table in done.last["tables"]]
    assert 200_000 == value(target_url, "select count(*) from item")


def _playbook(source: str, target_url: str, where: str, folder: Path) -> tuple[str, ...]:
    """Everything in batches of 2,000 rows; with a filter rows are read page by page."""
    body: dict[str, object] = {
        "playbook": "busy",
        "title": "Copy from a busy server",
        "target": target_url,
        "sources": {"source": source},
        "defaults": {"batch_rows": 2_000},
    }
    if where:
        body["tables"] = [{"from": "item", "to": "item", "where": where}]
    path = folder / "busy.yaml"
    path.write_text(json.dumps(body), "utf-8")
    return "run", str(path), "--yes"
