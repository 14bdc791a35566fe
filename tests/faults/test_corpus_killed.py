"""kill -9 of workers, runners and PostgreSQL under both corpora and a merge: as if nothing had happened."""

from __future__ import annotations

import fcntl
import json
import os
import pickle
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from console.embedded import EmbeddedServices
from tests.corpus.postgres_traps import DATABASE, TARGET
from tests.corpus.postgres_traps import TRAPS as POSTGRES_TRAPS
from tests.corpus.shapes import SHAPES
from tests.corpus.values import VALUES
from tests.fix_hunt import ENDED, PROGRESS, Hunt
from tests.fix_runs import (
    BIG_COLUMNS,
    assert_same_rows,
    by_batches,
    chunk_rows,
    command_line,
    in_schema,
    journal_numbers,
    latest_run,
    make_big_source,
    make_source,
    query,
    schema_of,
    value,
)
from tests.fix_services import Servers, _fresh_database

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.timeout(600)]

_ROUNDS = int(os.environ.get("FORDWAY_TEST_SOAK", "1"))
"""Each with a seed of its own; `make soak` asks for more."""
_SEED = 20261121
_IS_SOAK = "FORDWAY_TEST_SOAK" in os.environ
_KILLS = 8 if _IS_SOAK else 3
_VICTIMS = ["worker runner", "postgres", *["worker", "runner", "worker runner postgres"] * _IS_SOAK]
_LEDGER = {
    "quarantine": "select table_number, target_table, source_key::text, row_data::text, column_name,"
    " value, reason, error, state from fordway.quarantine where pass = 'move' order by 1, 3, 5",
    "id map": "select source_name, source_table, legacy_key, target_table, target_key from fordway.id_map order by 1, 2, 3",
    "merged rows": "select table_number, target_table, source_key::text, target_key, became,"
    " before::text, over_xid is null from fordway.merged_row where pass = 'move' order by 1, 3, 4",
    "undo actions": "select kind, object::text from fordway.undo_action order by 1, 2",
    "gates": "select gate, state from fordway.gate order by 1",
    "tables verified": "select distinct on (body ->> 'table') body ->> 'table', body ->> 'strength'"
    " from fordway.event where kind = 'table_verified' order by body ->> 'table', number desc",
}
_TABLES = """
select n.nspname, c.relname
from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'fordway')
order by 1, 2
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """All that a run leaves, without times and transactions."""

    rows: dict[str, list[bytes]]
    schema: list[tuple[Any, ...]]
    chunks: list[tuple[Any, ...]]
    """A batch that is tried again has half its rows, so how many there are is chance."""
    ledger: dict[str, list[tuple[Any, ...]]]
    progress: int

    @property
    def counts(self) -> dict[tuple[int, str], tuple[int, ...]]:
        """Rows read, written, set aside, filtered and merged, by table."""
        found: dict[tuple[int, str], tuple[int, ...]] = {}
        for number, _, table, *_, read, written, aside, filtered, merged in self.chunks:
            before = found.get((number, table), (0, 0, 0, 0, 0))
            new = (read, written, aside, filtered, merged)
            found[number, table] = tuple(a + b for a, b in zip(before, new, strict=True))
        return found


# --- what is moved --------------------------------------------------------------------------


def _database(admin_url: str, name: str, *statements: str) -> str:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(SQL("create database {} template template0").format(Identifier(name)))
    url = urlunsplit(urlsplit(admin_url)._replace(path=f"/{name}"))
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]  # the corpus' own text
    return url


def _sqlite_corpus(url: str, folder: Path) -> tuple[str, ...]:
    """Every trap of a SQLite file, a row a batch."""
    # One file for all: some of its values are its making's moment, or random.
    shared = Path(os.environ["FORDWAY_TEST_SESSION_DIR"]) / "calm_sqlite" / "corpus.db"
    source = folder / "source.db"
    if not shared.exists():
        for trap in (*VALUES, *SHAPES):
            make_source(shared, trap.script)
    shutil.copy(shared, source)
    return by_batches(source, url, rows=1, folder=folder)


def _postgres_corpus(url: str, folder: Path) -> tuple[str, ...]:
    """Every trap of a PostgreSQL schema, a row a batch; the source lies on the server that may be killed."""
    made = [statement for trap in POSTGRES_TRAPS for statement in trap.statements]
    source = _database(
        url, f"{urlsplit(url).path.lstrip('/')}_source",
        *DATABASE, "create schema old", "set search_path = old, public", *made,
        # Values of the moment and of chance would differ from source to source.
        "update t_default set b = '2026-01-02 03:04:05+00', c = 'c0ffee00-0000-4000-8000-000000000001'",
        "update t_index set e = '2026-01-02 03:04:05+00'",
        # A crash empties unlogged tables and lets sequences jump: the source itself would change.
        "alter table t_unlogged set logged", "checkpoint",
    )  # fmt: skip
    for statement in TARGET:
        query(url, statement)
    return by_batches(in_schema(source, "old"), in_schema(url, "new"), rows=1, folder=folder)


_SHOP = """
create table customers (id integer primary key, name text not null, seen timestamp);
create table orders (id integer primary key, customer_id integer references customers (id), amount integer not null);
with recursive n (i) as (select {first} union all select i + 1 from n where i < {last})
insert into customers select i, '{shop} ' || i, strftime('%Y-%m-%d %H:%M:%S', 1600000000 + i, 'unixepoch') from n;
with recursive n (i) as (select 1 union all select i + 1 from n where i < 60)
insert into orders select i, case when i % 20 = 0 then 99999 else {first} + i % 40 end, i * 7 from n;
"""


def _merge(url: str, folder: Path) -> tuple[str, ...]:
    """Two shops that share customers, into a table that holds some; orders get new ids."""
    for statement in (
        "create table customers (id bigint primary key, name text not null, seen timestamp, source_database text)",
        "insert into customers select i, 'old ' || i, null, 'before' from generate_series(1, 200, 7) as i",
        "checkpoint",
    ):
        query(url, statement)
    sources, tables = {}, []
    for shop, first, last in (("shop_a", 1, 80), ("shop_b", 41, 120)):
        script = _SHOP.format(shop=shop, first=first, last=last)
        sources[shop] = str(make_source(folder / f"{shop}.db", script))
        tables += [
            {"from": f"{shop}.customers", "to": "customers", "on_conflict": "keep_source"},
            {
                "from": f"{shop}.orders", "to": "orders",
                "columns": {
                    "id": {"generate": "uuid5"}, "legacy_id": "id",
                    "customer_id": {"from": "customer_id", "lookup": "customers"},
                },
            },
        ]  # fmt: skip
    body = {
        "playbook": "shops", "title": "Two shops", "target": url, "sources": sources, "tables": tables,
        "defaults": {"names": "keep", "batch_rows": 3, "on_misfit": "quarantine"},
    }  # fmt: skip
    path = folder / "shops.yaml"
    path.write_text(json.dumps(body), "utf-8")
    return "run", str(path), "--yes"


_JOURNEYS: dict[str, Callable[[str, Path], tuple[str, ...]]] = {
    "sqlite": _sqlite_corpus,
    "postgres": _postgres_corpus,
    "merge": _merge,
}


def _without_address(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A chunk without the partition's number in its key: each database numbers its tables itself."""
    return tuple(
        part[1:] if isinstance(part, list) and len(part) == 2 and str(part[1]).startswith("(") else part
        for part in row
    )


def _left(url: str) -> Left:
    rows = {}
    with psycopg.connect(url, options="-c timezone=UTC -c extra_float_digits=1") as connection:
        for schema, table in connection.execute(_TABLES).fetchall():
            statement = SQL("copy (select * from only {}) to stdout").format(Identifier(schema, table))
            with connection.cursor().copy(statement) as copy:
                rows[f"{schema}.{table}"] = sorted(b"".join(copy).splitlines())
    return Left(
        rows=rows,
        schema=schema_of(url),
        chunks=[_without_address(row) for row in chunk_rows(url, latest_run(url))],
        ledger={name: query(url, statement) for name, statement in _LEDGER.items()},
        progress=int(value(url, PROGRESS)),
    )


@pytest.fixture(scope="session")
def undisturbed(servers: Servers) -> Callable[[str], Left]:
    """What a journey leaves that nobody killed: made by the first worker that asks, kept for the others."""

    def look(journey: str) -> Left:
        folder = Path(os.environ["FORDWAY_TEST_SESSION_DIR"]) / f"calm_{journey}"
        folder.mkdir(exist_ok=True)
        kept = folder / "left.pickle"
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_bytes(pickle.dumps(_as_plain(_in_peace(servers, journey, folder))))
        return Left(**pickle.loads(kept.read_bytes()))

    return look


def _as_plain(left: Left) -> dict[str, Any]:
    return {item.name: getattr(left, item.name) for item in fields(left)}


def _in_peace(servers: Servers, journey: str, folder: Path) -> Left:
    redis_url = f"{servers.redis_url.partition('?')[0]}?db=9"
    with (
        _fresh_database(servers.admin_url, "calm") as url,
        command_line(url, redis_url, folder / "cli") as line,
    ):
        try:
            done = line.run(*_JOURNEYS[journey](url, folder), "--json", "--workers", "2")
            assert done.code in ENDED, done.err[-1000:]
            return _left(url)
        finally:
            name = Identifier(f"{urlsplit(url).path.lstrip('/')}_source")
            with psycopg.connect(servers.admin_url, autocommit=True) as admin:
                admin.execute(SQL("drop database if exists {} with (force)").format(name))


def _assert_nothing_twice(url: str, left: Left) -> None:
    numbers = journal_numbers(url, latest_run(url))
    assert list(range(1, len(numbers) + 1)) == numbers
    told = query(
        url,
        "select body ->> 'table', (body ->> 'chunk')::int from fordway.event"
        " where kind = 'chunk_committed' and body ->> 'pass_' = 'move' order by 1, 2",
    )
    assert sorted((table, number) for _, number, table, *_ in left.chunks) == told
    xids = "select count(*) - count(distinct xid) from fordway.chunk where pass = 'move'"
    assert 0 == value(url, xids)
    for *_, state, read, written, aside, filtered, merged in left.chunks:
        assert ("committed", read) == (state, written + aside + filtered + merged)


@pytest.mark.parametrize("round_", range(_ROUNDS))
@pytest.mark.parametrize("victims", _VICTIMS)
@pytest.mark.parametrize("journey", _JOURNEYS)
def test_run_killed_at_random_instants_ends_like_one_in_peace(
    journey: str,
    victims: str,
    round_: int,
    own_services: EmbeddedServices,
    undisturbed: Callable[[str], Left],
    tmp_path: Path,
    note_kills: Callable[[dict[str, int]], None],
) -> None:
    """Rows, schema, counts, quarantine, id map, merged rows and undo list are the same; nothing is there twice."""
    calm = undisturbed(journey)
    chance = random.Random(f"{_SEED} {journey} {victims} {round_}")
    marks = sorted(chance.randrange(1, calm.progress) for _ in range(_KILLS))
    url = _database(str(own_services.target_url), "killed")
    with command_line(url, str(own_services.redis_url), tmp_path / "cli") as line:
        hunt = Hunt(line, url, own_services, _JOURNEYS[journey](url, tmp_path), chance)
        last = hunt.run(tuple(victims.split()), marks)
        note_kills(hunt.kills)
        assert last.code in ENDED, (hunt.legs, last.err[-1000:])

    left = _left(url)
    for item in ("schema", "counts", "ledger", "rows"):
        assert getattr(calm, item) == getattr(left, item)
    _assert_nothing_twice(url, left)


# --- batches that are cut anew ----------------------------------------------------------------

_MANY = 120_000
_RANGES = """
select chunk_number, after_key, upto_key, first_row, last_row, rows_read
from fordway.chunk
where target_table = 'person' and pass = 'move'
order by first_row
"""
_STARTED = "select count(*) from fordway.event where kind = 'table_started'"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough rows for batches that grow."""
    return make_big_source(tmp_path_factory.mktemp("people") / "people.db", rows=_MANY)


@pytest.mark.parametrize("round_", range(_ROUNDS))
@pytest.mark.parametrize("victims", ["worker runner postgres", *["runner"] * _IS_SOAK])
def test_run_killed_while_its_batches_are_cut_anew_covers_every_row_once(
    victims: str,
    round_: int,
    people: Path,
    own_services: EmbeddedServices,
    tmp_path: Path,
    note_kills: Callable[[dict[str, int]], None],
) -> None:
    """Each leg grows its batches again: the ranges still join end to end, from the first row to the last."""
    url = _database(str(own_services.target_url), "killed")
    chance = random.Random(f"{_SEED} anew {victims} {round_}")
    with command_line(url, str(own_services.redis_url), tmp_path / "cli") as line:
        hunt = Hunt(line, url, own_services, ("copy", str(people), url), chance, clock=_STARTED)
        # Cutting is told when it is done; what follows at a random distance is the next.
        last = hunt.run(tuple(victims.split()), list(range(1, 2 * _KILLS)))
        note_kills(hunt.kills)
        assert last.code in ENDED, (hunt.legs, last.err[-1000:])

    assert_same_rows(people, url, "person", BIG_COLUMNS, key="id")
    ranges = query(url, _RANGES)
    assert list(range(1, len(ranges) + 1)) == sorted(number for number, *_ in ranges)
    ends = [(None, 0), *((upto, last_row) for _, _, upto, _, last_row, _ in ranges)]
    assert ends[:-1] == [(after, first_row - 1) for _, after, _, first_row, _, _ in ranges]
    assert [last_row - first_row + 1 for *_, first_row, last_row, _ in ranges] == [r[-1] for r in ranges]
    assert _MANY == ends[-1][1]
    assert len({last_row - first_row for *_, first_row, last_row, _ in ranges}) > 1, "nothing was cut anew"
    _assert_nothing_twice(url, _left(url))
