"""Runs for tests: sources made fast, the command line as processes, the engine in this process.

``fordway`` starts command lines against the test's own target and Redis; ``bench`` runs the
same engine without a process, where only its outcome matters.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from console.cli import run_command_line
from console.wiring import create_run
from engine.agents.look_ahead import look_ahead
from engine.agents.questions import ask_approval
from engine.model.events import PlanProposed
from engine.model.held import HeldChoice
from engine.model.plan import Plan
from engine.model.run import Pass
from engine.model.run_settings import RunSettings
from engine.model.undo import Part
from engine.moving.chunk_task import ChunkTask
from engine.moving.encode_rows import RowEncoder
from engine.moving.prepare_target import prepare_table
from engine.playbooks.copy_playbook import playbook_for_copy
from engine.playbooks.spec import Playbook
from engine.runner import Runner, RunnerOptions
from engine.stores.dsn import scrub
from engine.stores.ledger import Ledger
from engine.stores.open_source import open_source
from engine.stores.target_session import TargetSession

BIG_ROWS = 200_000
BIG_COLUMNS = ("id", "name", "born", "weight", "is_active", "photo", "seen_at", "note")
_BIG = """
create table person (
    id integer primary key, name text not null, born date, weight real, is_active boolean not null,
    photo blob, seen_at timestamp, note text
);
with recursive n (i) as (select 1 union all select i + 1 from n where i < {rows})
insert into person
select
    i, 'name ' || (i * 7919 % 200003), date('1950-01-01', (i % 20000) || ' days'), i / 7.0, i % 3 = 0,
    case when i % 5 = 0 then cast(printf('%08x', i) as blob) end,
    strftime('%Y-%m-%d %H:%M:%S', 1600000000 + i, 'unixepoch'),
    case when i % 4 = 0 then null when i % 4 = 1 then '' else 'größe ' || i end
from n;
create index person_name on person (name);
create table visit (person_id integer not null references person (id), day date not null, primary key (person_id, day));
insert into visit select id * 997, '2024-02-29' from person where id <= {rows} / 1000;
"""


def make_big_source(path: Path, *, rows: int = BIG_ROWS) -> Path:
    """A SQLite file with ``rows`` people in eight columns, and few visits that refer to them."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_BIG.format(rows=rows))
    return path


def make_source(path: Path, script: str) -> Path:
    """A SQLite file made by a script."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path


def by_batches(source: Path | str, target_url: str, *, rows: int, folder: Path) -> tuple[str, ...]:
    """Arguments that copy everything like ``copy``, in batches small enough to be met in the middle."""
    path = folder / f"by_{rows}_{uuid4().hex[:6]}.yaml"
    body = {
        "playbook": "batches",
        "title": "Copy everything in small batches",
        "target": target_url,
        "sources": {"source": str(source)},
        "defaults": {"names": "keep", "batch_rows": rows},
    }
    path.write_text(json.dumps(body), "utf-8")
    return "run", str(path), "--yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """One command line that ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Standard output, each line a JSON object."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def last(self) -> dict[str, Any]:
        """The last JSON line."""
        return self.lines[-1]

    def events(self, kind: str) -> list[dict[str, Any]]:
        """The JSON lines of one kind."""
        return [line for line in self.lines if line["event"] == kind]


@dataclass(slots=True)
class CommandLine:
    """Starts ``fordway`` with one environment; what still lives at the end is killed."""

    environment: dict[str, str]
    folder: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *arguments: object, **variables: str) -> subprocess.Popen[str]:
        """A running command; its output goes to files, so that no pipe can fill up."""
        number = len(self.started)
        with (
            (self.folder / f"{number}.out").open("w") as out,
            (self.folder / f"{number}.err").open("w") as err,
        ):
            process = subprocess.Popen(
                [sys.executable, "-m", "console", *map(str, arguments)],
                env={**self.environment, **variables},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                text=True,
            )
        self.started.append(process)
        return process

    def finish(self, process: subprocess.Popen[str], *, seconds: float = 60) -> Finished:
        """The command's end."""
        code = process.wait(timeout=seconds)
        number = self.started.index(process)
        return Finished(
            code=code,
            out=(self.folder / f"{number}.out").read_text(),
            err=(self.folder / f"{number}.err").read_text(),
        )

    def run(self, *arguments: object, **variables: str) -> Finished:
        """The command's end, waited for."""
        return self.finish(self.start(*arguments, **variables))

    def stop_all(self) -> None:
        """Nothing started here lives on."""
        for process in self.started:
            if process.poll() is None:
                kill_tree(process.pid)
            process.wait(timeout=10)


def kill_tree(pid: int) -> None:
    """The process and its children are killed, as by ``kill -9``."""
    try:
        parent = psutil.Process(pid)
        family = [*parent.children(recursive=True), parent]
    except psutil.NoSuchProcess:
        return
    for process in family:
        try:
            process.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue


def worker_processes(pid: int) -> list[psutil.Process]:
    """The processes of a runner's pool."""
    found = psutil.Process(pid).children(recursive=True)
    return [process for process in found if "spawn_main" in " ".join(process.cmdline())]


def _environment(target_url: str, redis_url: str, data_dir: Path) -> dict[str, str]:
    return {
        **os.environ,
        "FORDWAY_TARGET_URL": target_url,
        "FORDWAY_REDIS_URL": redis_url,
        "FORDWAY_DATA_DIR": str(data_dir),
    }


@dataclass(slots=True)
class Typed:
    """The command line in this process: what commands say and their exit codes, without a process for each."""

    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: object) -> Finished:
        """The command's end."""
        self.capsys.readouterr()
        code = run_command_line([str(argument) for argument in arguments])
        said = self.capsys.readouterr()
        return Finished(code=code, out=said.out, err=said.err)


@pytest.fixture
def typed(
    target_url: str,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Typed:
    """The command line against the test's own target and Redis, in this process."""
    for name, value_ in _environment(target_url, redis_url, tmp_path / "data").items():
        monkeypatch.setenv(name, value_)
    return Typed(capsys)


@contextmanager
def command_line(target_url: str, redis_url: str, folder: Path) -> Iterator[CommandLine]:
    """A command line for these servers, with its files in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    line = CommandLine(_environment(target_url, redis_url, folder / "data"), folder)
    try:
        yield line
    finally:
        line.stop_all()


@pytest.fixture
def fordway(target_url: str, redis_url: str, tmp_path: Path) -> Iterator[CommandLine]:
    """The command line against the test's own target and Redis."""
    with command_line(target_url, redis_url, tmp_path / "cli") as line:
        yield line


@dataclass(slots=True)
class Bench:
    """The engine in this process: the same runner, no process around it."""

    target_url: str
    redis_url: str
    ledger: Ledger
    wait_seconds: float = 0.0
    """How long a runner waits for an answer."""

    def new_run(self, playbook: Playbook, **settings: bool | str) -> str:
        """A run that nobody works on yet."""
        return create_run(
            self.ledger,
            playbook=playbook,
            target_url=self.target_url,
            settings=RunSettings(**{"assume_yes": True, "operator": "tester", **settings}),  # type: ignore[arg-type]  # by name
        )

    def work(
        self, run_id: str, sources: Mapping[str, str], *, is_undo: bool = False, part: Part | None = None
    ) -> str:
        """The run's state after a runner went as far as it could."""
        asyncio.run(self.runner(run_id, sources, is_undo=is_undo, part=part).run())
        return str(self.ledger.runs.read(run_id).state)

    def runner(
        self,
        run_id: str,
        sources: Mapping[str, str],
        *,
        is_undo: bool = False,
        part: Part | None = None,
        replay: HeldChoice | None = None,
    ) -> Runner:
        """A runner that waits for nobody, unless told to."""
        options = RunnerOptions(
            run_id=run_id,
            target_url=self.target_url,
            redis_url=self.redis_url,
            source_urls=dict(sources),
            target_label=scrub(self.target_url),
            wait_seconds=self.wait_seconds,
            is_undo=is_undo,
            undo_part=part,
            replay=replay,
            asked_by="tester",
        )
        return Runner(options, ledger=self.ledger)

    def copy(
        self, source: Path | str, *, schema: str = "", only: tuple[str, ...] = (), **settings: bool | str
    ) -> str:
        """The id of a run that copied everything."""
        playbook = playbook_for_copy(str(source), self.target_url, schema=schema, only=only)
        run_id = self.new_run(playbook, **settings)
        target_url, self.target_url = self.target_url, playbook.target
        try:
            self.work(run_id, playbook.sources)
        finally:
            self.target_url = target_url
        return run_id

    def undo(self, run_id: str) -> str:
        """The run's state after its undo."""
        return self.work(run_id, {}, is_undo=True)

    def planned(
        self, source: Path | str, *, batch_rows: int = 5_000, on_conflict: str = "ask"
    ) -> PreparedRun:
        """A run whose plan is approved, whose tables stand and whose chunks are cut; no row has moved."""
        playbook = playbook_for_copy(str(source), self.target_url)
        if on_conflict != "ask":
            body = {
                **playbook.model_dump(by_alias=True),
                "tables": [{"from": "customers", "on_conflict": on_conflict}],
            }
            playbook = Playbook.model_validate(body)
        playbook = playbook.model_copy(
            update={"defaults": playbook.defaults.model_copy(update={"batch_rows": batch_rows})}
        )
        plan = look_ahead(
            playbook,
            target_url=self.target_url,
            target_label=scrub(self.target_url),
            source_urls=playbook.sources,
            on_error="ask",
        )
        run_id = self.new_run(playbook)
        runs = self.ledger.runs
        runs.propose(run_id, plan, PlanProposed(plan=plan))
        question = ask_approval(plan, number=0, run_id=run_id)
        self.ledger.decisions.ask(run_id, question)
        assert "" == self.ledger.decisions.answer(question.decision_id, _move_now(plan), who="tester")
        epoch = self.ledger.leases.take(run_id, owner="test", host="test", pid=1, seconds=60)
        assert epoch is not None
        target = TargetSession(self.target_url, purpose="test")
        opened = open_source("source", str(source))
        for table in plan.tables:
            prepare_table(table, run_id=run_id, epoch=epoch, target=target, ledger=self.ledger)
            spans = opened.cut_ranges(
                table.source_table, key=table.chunk_key, rows=table.batch_rows, where=""
            )
            self.ledger.chunks.record(run_id, Pass.MOVE, table, spans)
        opened.close()
        target.close()
        return PreparedRun(run_id=run_id, epoch=epoch, plan=plan, source=str(source))


def _move_now(plan: Plan) -> str:
    """The answer that moves at once, whatever the plan foretells."""
    return "approve-aside-move" if plan.violations else "approve-move"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRun:
    """A run just before its first chunk."""

    run_id: str
    epoch: int
    plan: Plan
    source: str

    def task(self, chunk: int, *, epoch: int | None = None) -> ChunkTask:
        """One chunk of the first table."""
        table = self.plan.tables[0]
        return ChunkTask(
            run_id=self.run_id, epoch=epoch or self.epoch, pass_=Pass.MOVE, table=table, chunk=chunk,
            schema=table.target_schema,
        )  # fmt: skip

    def tools(self) -> dict[str, Any]:
        """An opened source and the first table's encoder."""
        source = open_source("source", self.source)
        moment = datetime.fromisoformat("2026-01-02T03:04:05+00:00")
        return {
            "source": source,
            "encoder": RowEncoder(self.plan.tables[0], engine=source.engine, run_time=moment),
        }


@pytest.fixture
def bench(target_url: str, redis_url: str) -> Iterator[Bench]:
    """The engine in this process, against the test's own target and Redis."""
    ledger = Ledger(target_url, purpose="test")
    ledger.migrate()
    try:
        yield Bench(target_url, redis_url, ledger)
    finally:
        ledger.close()


def query(url: str, statement: str, parameters: object = None) -> list[tuple[Any, ...]]:
    """The rows of one statement on a connection of its own."""
    # The embedded role is called like the ledger's schema, which would then be looked up first.
    with psycopg.connect(url, autocommit=True, options="-c search_path=public") as connection:
        cursor = connection.execute(statement, parameters)  # type: ignore[call-overload]  # a test's own text
        return list(cursor.fetchall()) if cursor.description else []


def in_schema(url: str, schema: str) -> str:
    """The database's URL with Fordway's own ``schema`` parameter."""
    return f"{url}{'&' if '?' in url else '?'}schema={schema}"


def value(url: str, statement: str, parameters: object = None) -> Any:  # noqa: ANN401 - whatever was asked for
    """The one value of one statement."""
    return query(url, statement, parameters)[0][0]


def _plain(item: object) -> object:
    if isinstance(item, bool):
        return int(item)
    if isinstance(item, datetime):
        return item.isoformat(sep=" ")
    return item.isoformat() if isinstance(item, date) else item


def rows_in_source(
    path: Path | str, table: str, columns: Iterable[str], *, key: str
) -> list[tuple[Any, ...]]:
    """Every row of a SQLite table as SQLite has it, in key order."""
    names = ", ".join(f'"{name}"' for name in columns)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return connection.execute(f'select {names} from "{table}" order by {key}').fetchall()


def rows_in_target(url: str, table: str, columns: Iterable[str], *, key: str) -> list[tuple[Any, ...]]:
    """Every row of a target table in key order, dates and booleans written as SQLite writes them."""
    names = SQL(", ").join(Identifier(name) for name in columns)
    statement = SQL("select {} from {} order by {}").format(
        names, Identifier(*table.split(".")), SQL(", ").join(Identifier(k.strip()) for k in key.split(","))
    )
    with psycopg.connect(url, options="-c search_path=public") as connection:
        return [tuple([_plain(item) for item in row]) for row in connection.execute(statement)]


def assert_same_rows(source: Path | str, url: str, table: str, columns: Iterable[str], *, key: str) -> None:
    """Source and target hold the same rows, each once."""
    columns = tuple(columns)
    ours = rows_in_source(source, table, columns, key=key)
    theirs = rows_in_target(url, table, columns, key=key)
    different = [(a, b) for a, b in zip(ours, theirs, strict=False) if a != b]
    assert (len(ours), []) == (len(theirs), different[:5])


_SCHEMA = """
select 'schema' as kind, nspname::text as name, '' as detail
from pg_namespace
where nspname !~ '^pg_' and nspname not in ('information_schema', 'fordway')
union all
select 'relation ' || relkind::text, c.oid::regclass::text, coalesce(obj_description(c.oid), '')
from pg_class as c join pg_namespace as n on n.oid = relnamespace
where nspname !~ '^pg_' and nspname not in ('information_schema', 'fordway')
union all
select
    'column', attrelid::regclass::text || '.' || attname,
    format_type(atttypid, atttypmod) || ' ' || attnotnull::text || ' ' || attidentity::text
    || coalesce(' ' || pg_get_expr(adbin, adrelid), '')
from pg_attribute join pg_class as c on c.oid = attrelid join pg_namespace as n on n.oid = relnamespace
left join pg_attrdef on adrelid = attrelid and adnum = attnum
where attnum > 0 and not attisdropped and relkind in ('r', 'v', 'p')
and nspname !~ '^pg_' and nspname not in ('information_schema', 'fordway')
union all
select 'constraint', conrelid::regclass::text || '.' || conname, pg_get_constraintdef(k.oid) || ' ' || convalidated::text
from pg_constraint as k join pg_namespace as n on n.oid = connamespace
where nspname !~ '^pg_' and nspname not in ('information_schema', 'fordway')
union all
select 'index', indexrelid::regclass::text, pg_get_indexdef(indexrelid)
from pg_index join pg_class as c on c.oid = indrelid join pg_namespace as n on n.oid = relnamespace
where nspname !~ '^pg_' and nspname not in ('information_schema', 'fordway')
union all
select 'sequence', schemaname || '.' || sequencename, coalesce(last_value::text, 'not called')
from pg_sequences where schemaname !~ '^pg_' and schemaname not in ('information_schema', 'fordway')
order by 1, 2, 3
"""


def schema_of(url: str) -> list[tuple[Any, ...]]:
    """Everything the database defines outside the ledger: relations, columns, keys, indexes, sequences."""
    return query(url, _SCHEMA)


def journal_numbers(url: str, run_id: str) -> list[int]:
    """The journal's numbers, in order."""
    return [
        n for (n,) in query(url, "select number from fordway.event where run_id = %s order by 1", [run_id])
    ]


def chunk_rows(url: str, run_id: str) -> list[tuple[Any, ...]]:
    """The move's chunks as the ledger has them, without times and transactions."""
    return query(
        url,
        "select table_number, chunk_number, target_table, after_key, upto_key, first_row, last_row, state,"
        " rows_read, rows_written, rows_quarantined, rows_filtered, rows_merged"
        " from fordway.chunk where run_id = %s and pass = 'move' order by 1, 2",
        [run_id],
    )


@pytest.fixture(scope="session")
def big_source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The 200,000-row source; tests only read it."""
    return make_big_source(tmp_path_factory.mktemp("big") / "people.db")


def latest_run(url: str) -> str:
    """The id of the newest run."""
    return str(value(url, "select run_id from fordway.run order by created_at desc limit 1"))


Eventually = Callable[..., None]
