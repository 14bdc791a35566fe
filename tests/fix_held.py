"""Batches held in the middle of their transaction, so that something can be done to the world meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from tests.fix_faults import Met, prepare
from tests.fix_merging import Tables
from tests.fix_runs import Bench, make_source, query, value

__all__ = ["IN_THIS_DATABASE", "ITEM", "ITEMS", "Hold", "held_run", "holding", "items", "trigger", "vacuumed"]

IN_THIS_DATABASE = "database = (select oid from pg_database where datname = current_database())"
"""A condition on ``pg_locks``, which has those of the whole server: other tests' databases are on it, wait for
the same numbers, and have the same object ids."""
_LOCK = 4711
ITEM = "create table item (id bigint primary key, name text);"
"""The target's table of ``items``."""
ITEMS = [{"from": "item", "batch_rows": 50}]
"""A playbook's tables: batches 1 to 4 of fifty rows, batch 2 with the row that ``trigger`` holds."""
_ROW = 60
_SECONDS = 30.0


def items(folder: Path) -> Path:
    """A SQLite file with two hundred items."""
    return make_source(
        folder / "items.db",
        "create table item (id integer primary key, name text);"
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 200)"
        " insert into item select i, 'name ' || i from n;",
    )


def trigger(body: str = f"perform pg_advisory_xact_lock({_LOCK});", *, row: int = _ROW) -> str:
    """SQL of a trigger that does something when the row comes: without words, it waits to be let go."""
    return (
        f"create function meet_row() returns trigger language plpgsql as $$ begin {body} return new; end $$;"
        f"create trigger meet_row before insert on item for each row when (new.id = {row})"
        " execute function meet_row();"
    )


@dataclass(slots=True, kw_only=True)
class Hold:
    """What waits for the lock, and the lock."""

    url: str
    connection: psycopg.Connection[Any]

    def wait(self) -> int:
        """The server process of the batch that waits now."""
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            found = query(
                self.url,
                "select pid from pg_locks where locktype = 'advisory' and objid = %s and not granted"
                f" and {IN_THIS_DATABASE}",
                [_LOCK],
            )
            if found:
                return int(found[0][0])
            time.sleep(0.02)
        raise AssertionError("no batch came to the row that is held")

    def release(self) -> None:
        """Whoever waits goes on; who comes later is not held."""
        if not self.connection.closed:
            self.connection.close()


@contextmanager
def holding(url: str) -> Iterator[Hold]:
    """Batches that come to the row of ``trigger`` wait until they are let go."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        hold = Hold(url=url, connection=connection)
        try:
            yield hold
        finally:
            hold.release()


def held_run(
    bench: Bench,
    sources: Mapping[str, Path | str],
    tables: Tables,
    *,
    target: str,
    sabotage: Callable[[int], None],
    **settings: bool | str | float,
) -> Met:
    """A run as far as it could go after something was done to the world in the middle of its batch.

    Args:
        bench: the engine.
        sources: by name.
        tables: as a playbook lists them; one of them is ``item``.
        target: SQL that makes what the target holds before, ``trigger`` among it.
        sabotage: what is done while the batch waits; it gets the batch's server process.
        settings: of the run.
    """
    met = prepare(bench, sources, tables, target=target, **settings)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            met.go_on()
        except BaseException as error:  # noqa: BLE001 - told in the test's own thread
            failed.append(error)

    with holding(bench.target_url) as hold:
        thread = threading.Thread(target=work)
        thread.start()
        try:
            sabotage(hold.wait())
        finally:
            hold.release()
            thread.join()
    if failed:
        raise failed[0]
    return met


def count(bench: Bench, table: str = "item") -> int:
    """Rows of a target table."""
    return int(value(bench.target_url, f"select count(*) from {table}"))


@contextmanager
def vacuumed(url: str, table: str) -> Iterator[None]:
    """Somebody holds the lock that VACUUM takes, for hours."""
    with psycopg.connect(url) as other:
        other.execute(f"lock table {table} in share update exclusive mode")  # type: ignore[arg-type]  # named by the test
        yield
