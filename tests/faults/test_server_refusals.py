"""Faults of servers that somebody has to put right, caused for real: named, asked about, and gone on from."""

from __future__ import annotations

import os
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psutil
import psycopg
import pytest

from console.embedded import EmbeddedServices
from engine.agents import schema_analysis
from engine.model.connection import TargetFacts
from engine.stores.ledger import Ledger
from engine.stores.target_facts import read_target_facts
from tests.fix_faults import Met, meet
from tests.fix_held import ITEM, ITEMS, count, held_run, holding, items, trigger
from tests.fix_runs import Bench, CommandLine, by_batches, latest_run, query, value

_HELD = ITEM + trigger()


def _ends_well(met: Met) -> None:
    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert {"item": (200, 200, 0, 0, 0)} == met.counts()
    assert 200 == count(met.bench)


@contextmanager
def _role(url: str, *grants: str) -> Iterator[str]:
    """The URL for a role of its own, which may make schemas and has these privileges; ``{role}`` stands for it."""
    name, database = f"mover_{uuid4().hex[:8]}", urlsplit(url).path.lstrip("/")
    query(url, f'create role {name} login; grant create on database "{database}" to {name}')
    for grant in grants:
        query(url, grant.format(role=name))
    parts = urlsplit(url)
    try:
        yield urlunsplit(parts._replace(netloc=f"{name}@{parts.netloc.rpartition('@')[2]}"))
    finally:
        query(url, f"drop owned by {name} cascade; drop role {name}")


@contextmanager
def _bench_of(url: str, redis_url: str) -> Iterator[Bench]:
    ledger = Ledger(url, purpose="test")
    ledger.migrate()
    try:
        yield Bench(url, redis_url, ledger)
    finally:
        ledger.close()


# --- who may write ------------------------------------------------------------------------------


@pytest.mark.fault("R303")
def test_server_that_takes_no_writes_any_more_is_named_and_gone_on_from_once_it_does(
    fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """As after a failover: not even a question can be noted there, so the sentence says all."""
    query(target_url, _HELD)
    name = urlsplit(target_url).path.lstrip("/")
    with holding(target_url) as hold:
        process = fordway.start(*by_batches(items(tmp_path), target_url, rows=50, folder=tmp_path), "--json")
        hold.wait()
        query(target_url, f'alter database "{name}" set default_transaction_read_only = on')
        query(
            target_url,
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and application_name like 'fordway %%'",
        )
    done = fordway.finish(process)
    with psycopg.connect(
        target_url, autocommit=True, options="-c default_transaction_read_only=off"
    ) as connection:
        connection.execute(f'alter database "{name}" reset default_transaction_read_only')

    assert 1 == done.code
    assert "read-only transaction" in done.err
    assert "Traceback" not in done.err
    assert 50 == value(target_url, "select count(*) from item")
    again = fordway.run("resume", latest_run(target_url), "--json")
    assert (0, "complete") == (again.code, again.last["state"]), again.err
    assert 200 == value(target_url, "select count(*) from item")


@pytest.mark.fault("R312")
def test_privilege_taken_away_in_the_middle_is_asked_about_and_gone_on_from_once_it_is_back(
    target_url: str, redis_url: str, tmp_path: Path
) -> None:
    """The batches before stand, and the next one says what the role may not do."""
    query(target_url, _HELD)
    grants = ("grant select, insert, references, trigger on item to {role}",)
    with _role(target_url, *grants) as url, _bench_of(url, redis_url) as bench:
        name = urlsplit(url).username
        met = held_run(
            bench,
            {"old": items(tmp_path)},
            ITEMS,
            target="",
            sabotage=lambda _: query(target_url, f"revoke insert on item from {name}"),  # type: ignore[arg-type, return-value]  # what it returns does not matter
        )

        assert ("waiting", "R312") == (met.state, met.decision.fault)
        assert met.option("pause").is_recommended
        assert 100 == count(bench)
        query(target_url, f"grant insert on item to {name}")
        met.choose("retry")
        _ends_well(met)


@pytest.mark.fault("R313")
def test_source_that_lets_nobody_in_pauses_the_run_until_it_does(
    fordway: CommandLine, target_url: str, source_pg_url: str
) -> None:
    """There is no such database yet: code 3 at once; once it is made, resume moves it."""
    parts = urlsplit(source_pg_url)
    name = f"later_{uuid4().hex[:8]}"
    url = urlunsplit(parts._replace(path=f"/{name}"))
    done = fordway.run("copy", url, target_url, "--json")
    assert (3, "paused") == (done.code, done.last["state"])
    assert ["R313"] == [event["code"] for event in done.events("fault_met")]

    query(source_pg_url, f"create database {name}")
    try:
        query(url, "create table item as select i as id from generate_series(1, 10) as i")
        again = fordway.run("resume", latest_run(target_url), "--json")
        assert (0, 10) == (again.code, value(target_url, "select count(*) from item")), again.err
    finally:
        query(source_pg_url, f"drop database {name} with (force)")


# --- what the server lacks ----------------------------------------------------------------------


@pytest.mark.fault("R309")
def test_server_without_memory_for_a_batch_has_enough_for_half_of_it(
    own_services: EmbeddedServices, tmp_path: Path
) -> None:
    """The server may not take more memory than now: a whole batch needs too much, half of one does not."""
    url = str(own_services.target_url)
    query(
        url,
        ITEM + "create function need_memory() returns trigger language plpgsql as $$ begin"
        " perform length(repeat('x', (select count(*) from fresh)::int * 3000000)); return null; end $$;"
        "create trigger need_memory after insert on item referencing new table as fresh"
        " for each statement execute function need_memory();",
    )
    _let_take_no_more(psutil.Process(own_services.pids().postgres), 130_000_000)
    with _bench_of(url, str(own_services.redis_url)) as bench:
        met = meet(bench, {"old": items(tmp_path)}, ITEMS)

        assert ("waiting", "R309") == (met.state, met.decision.fault)
        assert met.option("smaller").is_recommended
        for _ in range(4):
            met.choose("smaller")
            if met.state == "complete":
                break
        _ends_well(met)


def _let_take_no_more(server: psutil.Process, more: int) -> None:
    """Sessions that begin from now on have so many bytes beside what the server has now."""
    most, uid, gid = server.memory_info().vms + more, server.uids().real, server.gids().real
    child = os.fork()
    if child == 0:
        # Only the server's own user may say so.
        with suppress(BaseException):
            if os.getuid() != uid:
                os.setgroups([])
                os.setgid(gid)
                os.setuid(uid)
            _, hard = resource.prlimit(server.pid, resource.RLIMIT_AS)
            resource.prlimit(server.pid, resource.RLIMIT_AS, (most, hard))
            os._exit(0)
        os._exit(1)
    assert 0 == os.waitpid(child, 0)[1]


@pytest.mark.fault("R311")
def test_server_without_a_free_connection_is_waited_for(
    target_url: str, redis_url: str, tmp_path: Path
) -> None:
    """The batch's session ends, and for a while nobody gets another one."""
    query(target_url, _HELD)
    grants = ("grant select, insert, references, trigger on item to {role}",)
    with _role(target_url, *grants) as url, _bench_of(url, redis_url) as bench:
        name = urlsplit(url).username

        def fill(pid: int) -> None:
            query(target_url, f"alter role {name} connection limit 0")
            query(target_url, "select pg_terminate_backend(%s)", [pid])
            time.sleep(1.0)
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline and not value(
                target_url, "select count(*) from fordway.event where body ->> 'fault' = 'R311'"
            ):
                time.sleep(0.05)
            query(target_url, f"alter role {name} connection limit -1")

        met = held_run(bench, {"old": items(tmp_path)}, ITEMS, target="", sabotage=fill)

        assert "R311" in met.retried
        _ends_well(met)


# --- what is told -------------------------------------------------------------------------------


@pytest.mark.fault("R314")
def test_redis_that_does_not_answer_is_told_and_nothing_waits_for_it(target_url: str, tmp_path: Path) -> None:
    """The agents go on over the ledger."""
    with _bench_of(target_url, f"unix://{tmp_path}/nobody.sock") as bench:
        met = meet(bench, {"old": items(tmp_path)}, ITEMS)

        assert ["R314"] == met.told
        _ends_well(met)


@pytest.mark.fault("R315")
def test_clocks_that_differ_are_told_and_change_nothing(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This machine's clock is an hour behind the server's."""

    def read_late(url: str, **_: object) -> TargetFacts:
        return read_target_facts(url, now=lambda: time.time() - 3600)

    monkeypatch.setattr(schema_analysis, "read_target_facts", read_late)
    met = meet(bench, {"old": items(tmp_path)}, ITEMS)

    assert ["R315"] == met.told
    assert "3600 s ahead of this machine's" in met.events("fault_told")[0].what
    _ends_well(met)


@pytest.mark.fault("R316")
def test_ledger_of_a_newer_program_is_left_alone(fordway: CommandLine, bench: Bench) -> None:
    """Code 3 and one sentence; what the newer one wrote is as it was."""
    query(
        bench.target_url, "insert into fordway.schema_version (version, name) values (999, 'from the future')"
    )
    before = query(bench.target_url, "select * from fordway.schema_version order by 1")

    done = fordway.run("status")

    assert 3 == done.code
    assert "A newer Fordway has worked on this target" in done.err
    assert before == query(bench.target_url, "select * from fordway.schema_version order by 1")


@pytest.mark.fault("R317")
def test_statement_the_server_refuses_is_asked_about_in_its_own_words(bench: Bench, tmp_path: Path) -> None:
    """An administrator's trigger forbids indexes; once it is gone, the run goes on where it was."""
    source = items(tmp_path)
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("create index item_name on item (name)")
    query(
        bench.target_url,
        "create function refuse() returns event_trigger language plpgsql as"
        " $$ begin raise exception 'no indexes at night'; end $$;"
        "create event trigger refuse on ddl_command_start when tag in ('CREATE INDEX') execute function refuse();",
    )
    met = meet(bench, {"old": source}, ITEMS)

    assert ("waiting", "R317") == (met.state, met.decision.fault)
    assert "no indexes at night" in met.decision.headline
    query(bench.target_url, "drop event trigger refuse")
    met.choose("retry")
    _ends_well(met)
