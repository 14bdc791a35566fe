"""A server with little room for locks: hundreds of tables pass all the same."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest

from console.embedded import EmbeddedServices
from tests.fix_runs import command_line, in_schema, value

pytestmark = pytest.mark.faults

_TABLES = 200
"""Each with a key, an index, a reference and a view: several times more locks than the server has room for."""


@pytest.fixture
def narrow_url(own_services: EmbeddedServices, eventually: Callable[..., None]) -> str:
    """A server with room for about 660 locks."""
    url = str(own_services.target_url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("alter system set max_locks_per_transaction = 10")
    os.kill(own_services.pids().postgres or 0, signal.SIGKILL)

    def is_back() -> bool:
        with suppress(psycopg.OperationalError):
            return bool(value(url, "show max_locks_per_transaction") == "10")
        return False

    eventually(is_back, seconds=30)
    return url


def _sqlite(path: Path) -> str:
    with closing(sqlite3.connect(path)) as file, file:
        for n in range(_TABLES):
            file.execute(
                f"create table t{n} (id integer primary key, note text check (note <> 'z'),"
                f" above integer references t{max(n - 1, 0)})"
            )
            file.execute(f"create index i{n} on t{n} (note)")
            file.execute(f"create view v{n} as select id, note from t{n}")
            file.execute(f"insert into t{n} values (1, 'x', 1)")
    return str(path)


def _postgres(url: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create schema old")
        connection.execute("set search_path = old")
        for n in range(_TABLES):
            connection.execute(
                f"create table t{n} (id integer primary key, note text check (note <> 'z'),"  # type: ignore[arg-type]  # made here
                f" above integer references t{max(n - 1, 0)}); create index on t{n} (note);"
                f" create view v{n} as select id, note from t{n}; insert into t{n} values (1, 'x', 1)"
            )
    return in_schema(url, "old")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_hundreds_of_tables_are_rehearsed_moved_proven_and_undone_with_little_room_for_locks(
    kind: str, narrow_url: str, own_services: EmbeddedServices, tmp_path: Path
) -> None:
    """No transaction, on neither side, locks more than a few tables at once."""
    source = _sqlite(tmp_path / "s.db") if kind == "sqlite" else _postgres(narrow_url)
    target = in_schema(narrow_url, "new")
    playbook = tmp_path / "all.yaml"
    playbook.write_text(
        f"playbook: all\ntitle: All\ntarget: {target!r}\nsources: {{old: {source!r}}}\ndefaults: {{names: keep}}\n"
    )
    name = value(narrow_url, "select current_database()")
    with command_line(narrow_url, str(own_services.redis_url), tmp_path / "cli") as line:
        arguments = ("run", playbook, "--yes", "--rehearse", "--json", "--workers", "2")
        moved = line.finish(line.start(*arguments), seconds=120)
        undone = line.run("undo", "latest", "--confirm", name, "--json")

    assert 0 == moved.code, moved.err[-2000:]
    assert {"proven"} == {table["strength"] for table in moved.last["tables"]}
    assert 5 == undone.code, undone.err[-2000:]
