"""Servers that die, wires that are cut, disks that fill: one clear sentence, nothing half-written."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import redis

from console.embedded import EmbeddedServices
from engine.guidance.fault_catalogue import fault_of_error
from engine.model.errors import StatementFailed
from engine.model.run import Step
from engine.stores.connect import connect
from engine.stores.sqlstate import translated
from tests.fix_runs import (
    BIG_COLUMNS,
    CommandLine,
    Finished,
    assert_same_rows,
    by_batches,
    command_line,
    in_schema,
    latest_run,
    make_big_source,
    make_source,
    query,
    value,
)

pytestmark = pytest.mark.faults

_COMMITTED = "select count(*) from fordway.chunk where state = 'committed' and pass = 'move'"
_SMALL = (
    "create table item (id integer primary key, name text); insert into item values (1, 'one'), (2, 'two');"
)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60,000 rows in 120 batches: long enough to be met in the middle."""
    return make_big_source(tmp_path_factory.mktemp("people") / "people.db", rows=60_000)


def _has_moved(url: str, batches: int) -> bool:
    if value(url, "select to_regclass('fordway.chunk')") is None:
        return False
    return bool(value(url, _COMMITTED) >= batches)


def _assert_clear(done: Finished, code: int, words: str) -> None:
    """The documented code, one sentence on standard error, one error line on standard output."""
    assert code == done.code, done.err
    assert re.search(words, done.err), done.err
    assert "Traceback" not in done.err + done.out
    assert not re.search(r"\b(psycopg|sqlite3|redis)\.\w*(Error|errors)", done.err), done.err


# --- what dies in the middle ---------------------------------------------------------------


@pytest.mark.slow
def test_postgres_killed_in_the_middle_and_restarted_the_run_goes_on_by_itself(
    own_services: EmbeddedServices, people: Path, tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """kill -9 of the server: the run waits until it is back and ends complete, every row once."""
    url = str(own_services.target_url)
    with command_line(url, str(own_services.redis_url), tmp_path / "cli") as line:
        process = line.start(*by_batches(people, url, rows=40, folder=tmp_path), "--json")
        eventually(lambda: _has_moved(url, 3), seconds=30)

        os.kill(own_services.pids().postgres or 0, signal.SIGKILL)

        done = line.finish(process)
    assert 0 == done.code, done.err
    assert "complete" == done.last["state"]
    assert_same_rows(people, url, "person", BIG_COLUMNS, key="id")


@pytest.mark.slow
def test_postgres_killed_while_rows_are_compared_the_run_goes_on_by_itself(
    own_services: EmbeddedServices, people: Path, tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """kill -9 of the server during verification: it is taken up again, and nobody is asked."""
    url = str(own_services.target_url)
    with command_line(url, str(own_services.redis_url), tmp_path / "cli") as line:
        process = line.start(*by_batches(people, url, rows=40, folder=tmp_path), "--json")
        eventually(lambda: _has_moved(url, 1_500), seconds=60)
        eventually(lambda: value(url, "select count(*) from fordway.chunk_check") > 20, seconds=30)

        os.kill(own_services.pids().postgres or 0, signal.SIGKILL)

        done = line.finish(process)
    assert 0 == done.code, done.err
    assert {"proven"} == {table["strength"] for table in done.last["tables"]}


_ROOMS = """
create table old.{name} (id integer primary key, note text);
insert into old.{name} select i, 'note ' || i from generate_series(1, 4000) as i;
"""


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_postgres_that_holds_the_source_too_killed_the_run_goes_on_by_itself(
    workers: int, own_services: EmbeddedServices, tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """The source's snapshot dies with its server: tables not cut yet are cut from another one."""
    url = str(own_services.target_url)
    query(url, "create schema old")
    for name in ("first", "second", "third"):
        query(url, _ROOMS.format(name=name))
    with command_line(url, str(own_services.redis_url), tmp_path / "cli") as line:
        arguments = by_batches(in_schema(url, "old"), in_schema(url, "new"), rows=20, folder=tmp_path)
        process = line.start(*arguments, "--json", "--workers", str(workers))
        eventually(lambda: _has_moved(url, 5), seconds=30)

        os.kill(own_services.pids().postgres or 0, signal.SIGKILL)

        done = line.finish(process)
    assert 0 == done.code, done.err
    for name in ("first", "second", "third"):
        rows = [query(url, f"select id, note from {schema}.{name} order by id") for schema in ("old", "new")]
        assert rows[0] == rows[1]


_LOOKED_AT = (
    "create table item (id integer primary key, name text); insert into item values (1, 'one'), (2, 'two');"
    "create view short as select name from item;"
)
_WAIT_AT_THE_TRIAL = """
create function public.wait_at_the_trial() returns event_trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(4712); end $$;
create event trigger wait_at_the_trial on ddl_command_end when tag in ('CREATE VIEW')
    execute function public.wait_at_the_trial();
"""
_STANDS_STILL = "select count(*) from pg_stat_activity where application_name like 'fordway %' and wait_event_type = 'Lock'"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setup", "hold", "step"),
    [
        (
            "create table item (id bigint primary key, name text)",
            "lock table item in access exclusive mode",
            "discover",
        ),
        (_WAIT_AT_THE_TRIAL, "select pg_advisory_lock(4712)", "discover"),
    ],
    ids=["reading the target", "trying the plan"],
)
def test_postgres_killed_while_a_run_looks_and_plans_the_run_goes_on_by_itself(
    setup: str,
    hold: str,
    step: str,
    own_services: EmbeddedServices,
    tmp_path: Path,
    eventually: Callable[..., None],
) -> None:
    """kill -9 of the server before the first batch: it is looked at again, and nobody is asked."""
    url = str(own_services.target_url)
    source = make_source(tmp_path / "s.db", _LOOKED_AT)
    with command_line(url, str(own_services.redis_url), tmp_path / "cli") as line:
        assert 0 == line.run("status").code  # makes the ledger
        query(url, setup)
        keeper = psycopg.connect(url, options="-c search_path=public")
        keeper.execute(hold)  # type: ignore[call-overload]  # a test's own text
        process = line.start("copy", source, url, "--json")
        eventually(lambda: value(url, _STANDS_STILL) == 1, seconds=30)
        assert step == value(url, "select step from fordway.run")

        os.kill(own_services.pids().postgres or 0, signal.SIGKILL)

        done = line.finish(process)
        keeper.close()
    assert (0, "complete") == (done.code, done.last["state"]), done.err
    assert [(1, "one"), (2, "two")] == query(url, "select id, name from item order by id")


@pytest.mark.slow
def test_postgres_source_killed_while_it_is_read_for_the_plan_the_run_goes_on_by_itself(
    own_services: EmbeddedServices, tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """Source and target are one server that is away for a moment, in the middle of the source's profile."""
    url = str(own_services.target_url)
    query(url, "create schema old")
    query(url, _ROOMS.format(name="room"))
    with command_line(url, str(own_services.redis_url), tmp_path / "cli") as line:
        keeper = psycopg.connect(url)
        keeper.execute("lock table old.room in access exclusive mode")
        process = line.start("copy", in_schema(url, "old"), in_schema(url, "new"), "--json")
        eventually(lambda: value(url, _STANDS_STILL) == 1, seconds=30)

        os.kill(own_services.pids().postgres or 0, signal.SIGKILL)

        done = line.finish(process)
        keeper.close()
    assert (0, "complete") == (done.code, done.last["state"]), done.err
    assert 4_000 == value(url, "select count(*) from new.room")


@pytest.mark.slow
def test_postgres_killed_in_the_middle_of_an_undo_the_undo_goes_on_by_itself(
    own_services: EmbeddedServices, tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """kill -9 of the server while a table waits to be dropped: the undo is taken up again, and told once."""
    url = str(own_services.target_url)
    source = make_source(tmp_path / "s.db", _SMALL + "create table other (id integer primary key);")
    with command_line(url, str(own_services.redis_url), tmp_path / "cli") as line:
        assert 0 == line.run("copy", source, url, "--json").code
        keeper = psycopg.connect(url, options="-c search_path=public")
        keeper.execute("select id from item for update")
        name = value(url, "select current_database()")
        process = line.start("undo", "latest", "--confirm", name, "--json")
        eventually(lambda: value(url, _STANDS_STILL) == 1, seconds=30)

        os.kill(own_services.pids().postgres or 0, signal.SIGKILL)

        done = line.finish(process)
        keeper.close()
        report = line.run("report", "latest", "--out", tmp_path / "report")
    assert (5, "undone") == (done.code, done.last["state"]), done.err
    assert value(url, "select coalesce(to_regclass('public.item'), to_regclass('public.other'))") is None
    assert 0 == report.code, report.err
    (text,) = (path.read_text("utf-8") for path in (tmp_path / "report").glob("*.md"))
    undone = text.partition("## Undo")[2].partition("##")[0]
    assert (1, 1) == (undone.count("| item |"), undone.count("| other |"))


def test_connection_cut_while_the_world_is_held_against_the_plan_costs_a_retry(
    fordway: CommandLine, target_url: str, tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """A cut between approval and move is no drift: the target is looked at again."""
    source = make_source(tmp_path / "s.db", _SMALL)
    query(target_url, "create table item (id bigint primary key, name text)")
    assert 4 == fordway.run("run", _playbook(tmp_path, source), "--json").code
    cut = (
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like 'fordway %'"
        " and wait_event_type = 'Lock' and datname = current_database()"
    )
    with psycopg.connect(target_url, options="-c search_path=public") as keeper:
        keeper.execute("lock table item in access exclusive mode")
        assert 0 == fordway.run("decide", "latest", "open", "approve-move").code
        eventually(lambda: value(target_url, cut) == 1, seconds=30)
        eventually(lambda: value(target_url, cut) == 1, seconds=30)

    eventually(lambda: value(target_url, "select state from fordway.run") == "complete", seconds=30)
    assert 2 == value(target_url, "select count(*) from item")


def test_connections_cut_in_the_middle_cost_a_retry_and_no_row(
    fordway: CommandLine, people: Path, target_url: str, eventually: Callable[..., None], tmp_path: Path
) -> None:
    """Every backend of the run is terminated, twice: batches are tried again, the journal says so."""
    process = fordway.start(*by_batches(people, target_url, rows=40, folder=tmp_path), "--json")
    cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name like 'fordway %' and datname = current_database()"
    for batches in (2, 40):
        eventually(partial(_has_moved, target_url, batches), seconds=30)
        assert value(target_url, cut) > 1

    done = fordway.finish(process)

    assert 0 == done.code, done.err
    assert_same_rows(people, target_url, "person", BIG_COLUMNS, key="id")


def test_redis_emptied_in_the_middle_loses_no_message(
    fordway: CommandLine,
    people: Path,
    target_url: str,
    redis_url: str,
    eventually: Callable[..., None],
    tmp_path: Path,
) -> None:
    """FLUSHDB three times under way: no message fails or expires, and the run completes."""
    process = fordway.start(*by_batches(people, target_url, rows=40, folder=tmp_path), "--json")
    with redis.Redis.from_url(redis_url) as client:
        for batches in (1, 20, 60):
            eventually(partial(_has_moved, target_url, batches), seconds=30)
            client.flushdb()

    done = fordway.finish(process)

    assert 0 == done.code, done.err
    bad = "select count(*) from fordway.message where status in ('failed', 'expired')"
    assert 0 == value(target_url, bad)


def test_run_without_any_redis_completes(fordway: CommandLine, people: Path, target_url: str) -> None:
    """Redis only wakes and informs: a run goes on without it, more slowly."""
    done = fordway.run("copy", people, target_url, "--json", FORDWAY_REDIS_URL="redis://127.0.0.1:1/0")

    assert 0 == done.code, done.err
    assert {"proven"} == {table["strength"] for table in done.last["tables"]}


# --- a world that moves on ------------------------------------------------------------------


def test_source_changed_between_plan_and_approval_voids_the_approval(
    fordway: CommandLine, target_url: str, tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """The approval moves nothing: a new plan is proposed and must be approved itself."""
    source = make_source(tmp_path / "s.db", _SMALL)
    assert 4 == fordway.run("run", _playbook(tmp_path, source), "--json").code
    make_source(source, "insert into item values (3, 'three');")

    assert 0 == fordway.run("decide", "latest", "open", "approve-move").code

    _wait_for_second_question(target_url, eventually)
    voided = value(target_url, "select body -> 'differences' from fordway.event where kind = 'plan_voided'")
    assert ["item had 2 rows, now 3"] == voided
    assert value(target_url, "select to_regclass('public.item')") is None
    assert 0 == fordway.run("decide", "latest", "open", "approve-move").code
    eventually(lambda: value(target_url, "select state from fordway.run") == "complete", seconds=20)
    assert 3 == value(target_url, "select count(*) from item")


def _wait_for_second_question(url: str, eventually: Callable[..., None]) -> None:
    waiting = "select count(*) from fordway.decision where state = 'open' and decision_id like '%%approve-2'"
    eventually(lambda: value(url, waiting) == 1, seconds=20)


def test_source_changed_between_pause_and_resume_stops_with_everything_kept(
    fordway: CommandLine, target_url: str, tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """Rows that moved stay; the sentence says what changed and what to do."""
    source = make_big_source(tmp_path / "people.db", rows=60_000)
    process = fordway.start(*by_batches(source, target_url, rows=40, folder=tmp_path), "--json")
    eventually(lambda: _has_moved(target_url, 2), seconds=30)
    process.send_signal(signal.SIGTERM)
    assert 143 == fordway.finish(process).code
    kept = value(target_url, "select count(*) from person")
    assert 0 < kept < 60_000
    make_source(source, "delete from visit where person_id = 997;")

    done = fordway.run("resume", "latest", "--json")

    _assert_clear(
        done, 4, r"The plan no longer fits: visit had 60 rows, now 59.*No further row was moved.*Undo"
    )
    assert kept == value(target_url, "select count(*) from person")


def test_target_table_that_appears_between_plan_and_approval_is_not_touched(
    fordway: CommandLine, target_url: str, tmp_path: Path, eventually: Callable[..., None]
) -> None:
    """A table somebody else made meanwhile makes a new plan, not a mixture."""
    source = make_source(tmp_path / "s.db", _SMALL)
    assert 4 == fordway.run("run", _playbook(tmp_path, source), "--json").code
    query(
        target_url,
        "create table item (id bigint primary key, name text); insert into item values (50, 'theirs')",
    )

    assert 0 == fordway.run("decide", "latest", "open", "approve-move").code

    _wait_for_second_question(target_url, eventually)
    assert [(50, "theirs")] == query(target_url, "select id, name from item")


def _playbook(folder: Path, source: Path) -> Path:
    path = folder / "small.yaml"
    path.write_text(
        f"playbook: small\ntitle: Small\nsources:\n  legacy: {source}\ndefaults:\n  names: keep\n", "utf-8"
    )
    return path


# --- what was never there -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.db", None, "missing.db"),
        ("words.db", b"these are words, and no database at all" * 50, "no SQLite database"),
        ("empty.db", b"", "holds no database"),
    ],
    ids=["missing", "words", "empty"],
)
def test_source_that_is_none_ends_with_one_sentence(
    name: str, content: bytes | None, words: str, fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """A missing file and a file that is no database: code 3, and no table in the target."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    done = fordway.run("copy", path, target_url, "--json")

    _assert_clear(done, 3, words)
    assert "run_finished" == done.last["event"] or "error" == done.last["event"]
    assert not path.exists() or content is not None
    made = "select count(*) from pg_class as c join pg_namespace as n on n.oid = relnamespace where nspname = 'public'"
    assert 0 == value(target_url, made)


def test_target_that_is_down_ends_with_one_sentence(fordway: CommandLine, tmp_path: Path) -> None:
    """Nobody listens: code 3 at once, not after a minute of patience."""
    source = make_source(tmp_path / "s.db", _SMALL)

    done = fordway.run("copy", source, "postgresql://someone@127.0.0.1:1/nowhere", "--json")

    _assert_clear(done, 3, "Nobody answers there")
    assert ["error"] == [line["event"] for line in done.lines]
    assert 3 == done.last["exit_code"]


def test_target_database_that_is_not_there_ends_with_one_sentence(
    fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """The server answers, but not with that database."""
    source = make_source(tmp_path / "s.db", _SMALL)
    url = urlunsplit(urlsplit(target_url)._replace(path="/not_there"))

    done = fordway.run("copy", source, url, "--json")

    _assert_clear(done, 3, "There is no such database")


def test_role_that_may_not_create_ends_with_one_sentence(
    fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """A read-only role: code 1, the privilege is named as the cause, and nothing was made."""
    source = make_source(tmp_path / "s.db", _SMALL)
    name = f"reader_{os.getpid()}_{tmp_path.name[-8:].replace('-', '_')}"
    query(target_url, f'create role "{name}" login')
    parts = urlsplit(target_url)
    url = urlunsplit(parts._replace(netloc=f"{name}@{parts.netloc.rpartition('@')[2]}"))
    try:
        done = fordway.run("copy", source, url, "--json")
    finally:
        query(target_url, f'drop role "{name}"')

    _assert_clear(done, 1, "permission denied")
    assert "create schemas and tables" in done.err
    assert value(target_url, "select to_regnamespace('fordway')") is None


def test_target_that_only_reads_ends_with_one_sentence(
    fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """A database whose sessions are read-only, such as a standby's, takes nothing."""
    source = make_source(tmp_path / "s.db", _SMALL)
    name = urlsplit(target_url).path.lstrip("/")
    query(target_url, f'alter database "{name}" set default_transaction_read_only = on')

    done = fordway.run("copy", source, target_url, "--json")

    _assert_clear(done, 1, "read-only transaction")


# --- a full disk ----------------------------------------------------------------------------


@contextmanager
def _small_disk(megabytes: int) -> Iterator[Path]:
    """A folder on a file system of its own, or a skip with the reason."""
    folder = Path(tempfile.mkdtemp(prefix="fordway-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        if mounted.returncode != 0:
            pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], capture_output=True, check=False)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.fault("R308")
@pytest.mark.skipif(shutil.which("mount") is None, reason="there is no mount here")
@pytest.mark.parametrize("has_ledger_room", [True, False])
def test_target_whose_disk_fills_up_stops_and_goes_on_when_there_is_room(
    has_ledger_room: bool, own_services: EmbeddedServices, people: Path, tmp_path: Path
) -> None:
    """A decision waits, or code 1 where not even that can be noted; one sentence; committed batches stand; after room was made, resume ends complete."""
    url = str(own_services.target_url)
    server = Path(str(value(url, "show data_directory")))
    with _small_disk(3) as disk, command_line(url, str(own_services.redis_url), tmp_path / "cli") as line:
        owner = server.stat()
        os.chown(disk, owner.st_uid, owner.st_gid)
        disk.chmod(0o711)
        if has_ledger_room:
            assert 0 == line.run("status").code  # makes the ledger, on the big disk
        query(url, f"create tablespace tiny location '{disk}'")
        query(url, "alter role fordway set default_tablespace = tiny")

        done = line.run("copy", people, url, "--json")

        # Where the ledger's own disk is full, not even the open question may be noted.
        code = 4 if has_ledger_room or done.code != 1 else 1
        _assert_clear(done, code, "The target's disk is full.*Free space on the target, then resume")
        if code == 4:
            asked = query(url, "select body ->> 'fault' from fordway.decision where state = 'open'")
            assert [("R308",)] == asked
        committed = value(
            url, "select coalesce(sum(rows_written), 0) from fordway.chunk where state = 'committed'"
        )
        assert 0 < committed < 60_000
        assert committed == value(url, "select count(*) from person")
        grown = subprocess.run(
            ["mount", "-o", "remount,size=200m", str(disk)], capture_output=True, check=False
        )
        assert 0 == grown.returncode
        again = line.run("resume", latest_run(url), "--json")
        assert 0 == again.code, again.err
        assert_same_rows(people, url, "person", BIG_COLUMNS, key="id")
        for statement in (
            "alter role fordway reset default_tablespace",
            "drop table visit, person",
            "drop schema fordway cascade",
        ):
            query(url, statement)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("drop tablespace tiny")


@pytest.mark.fault("R310")
def test_lock_table_that_is_full_is_told_with_what_to_do(own_services: EmbeddedServices) -> None:
    """The server's own words are "out of shared memory", which sends people looking for memory."""
    with connect(str(own_services.target_url), purpose="test") as connection:
        with pytest.raises(StatementFailed) as caught, translated("the trial of the plan"):
            connection.execute("select pg_advisory_lock(n) from generate_series(1, 1000000) as n")

        assert "table of locks is full" in caught.value.what
        assert "max_locks_per_transaction" in caught.value.todo
        assert "R310" == fault_of_error(caught.value, Step.MOVE).code
