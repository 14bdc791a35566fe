"""kill -9 of whatever works, shows or stores, under a run with faults and decisions: as if nothing had happened."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from console.embedded import EmbeddedServices
from engine.model.decisions import Decision
from engine.playbooks.load import load_playbook
from engine.stores.ledger import Ledger
from engine.stores.ledger.decisions import Said
from tests.fix_faults import Met
from tests.fix_hunt import ENDED, MOST_LEGS, Hunt, patient
from tests.fix_runs import (
    Bench,
    CommandLine,
    Finished,
    command_line,
    latest_run,
    make_source,
    query,
    schema_of,
    worker_processes,
)
from tests.fix_services import Servers, _fresh_database
from tests.fix_terminal import OnTerminal

pytestmark = [pytest.mark.faults, pytest.mark.slow]

_KILLS = int(os.environ.get("FORDWAY_TEST_KILLS", "6"))
"""In all; `make soak` asks for 200."""
_A_ROUND = 20
_SEED = 20261125
_VICTIMS = ("runner", "worker", "console", "postgres", "redis")
_ANSWERS = {
    "R107": ("quarantine", False),
    "R111": ("parents", False),
    "R114": ("placeholders", False),
    "R120": ("quarantine", False),
}
"""By fault: the option, and whether it is for every such fault; whatever else is met is tried again."""
_LEGACY = """
create table office (id integer primary key, name text not null);
create table person (id integer primary key, office_id integer not null references office (id), name text not null);
create table visit (id integer primary key, person_id integer not null references person (id), day text);
create table note (id integer primary key, office_id integer, text text);
create table item (id integer primary key, name text, amount integer);
create table memo (id integer primary key, office_id integer, text text);
create table stock (id integer primary key, name text);
insert into office values (1, 'North'), (2, 'South');
with recursive n (i) as (select 1 union all select i + 1 from n where i < 400)
insert into person select i, 1 + i % 2, 'person ' || i from n;
with recursive n (i) as (select 1 union all select i + 1 from n where i < 1500)
insert into visit select i, 1 + i % 400, '2024-02-01' from n;
update visit set person_id = 901 where id in (310, 311, 1200);
update visit set person_id = 902 where id in (720, 721);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 400)
insert into note select i, 1 + i % 2, 'note ' || i from n;
with recursive n (i) as (select 1 union all select i + 1 from n where i < 400)
insert into memo select i, case when i % 100 = 50 then 55 else 2 end, 'memo ' || i from n;
update note set office_id = 77 where id in (50, 51, 333);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000)
insert into item select i, 'item ' || i, i from n;
update item set amount = -5 where id in (120, 121, 660);
update item set name = 'no' where id = 840;
with recursive n (i) as (select 1 union all select i + 1 from n where i < 400)
insert into stock select i, 'new ' || i from n;
"""
_ARCHIVE = """
create table office (id integer primary key, name text not null);
create table person (id integer primary key, office_id integer not null references office (id), name text not null);
insert into office values (9, 'Closed');
insert into person values (901, 9, 'Ada'), (902, 1, 'Bob');
"""
_TARGET = """
create table item (
    id bigint primary key, name text, amount integer constraint positive check (amount > 0)
);
create function guard() returns trigger language plpgsql as
$$ begin if new.name = 'no' then raise exception 'not this one'; end if; return new; end $$;
create trigger guard before insert on item for each row execute function guard();
create table stock (id bigint primary key, name text);
insert into stock values (90, 'old 90'), (91, 'old 91'), (900, 'of others');
"""
_IDS = {"id": {"generate": "uuid5"}, "legacy_id": "id"}
_TABLES = [
    {"from": "old.office", "to": "office", "columns": _IDS},
    {
        "from": "old.person", "to": "person",
        "columns": {**_IDS, "office_id": {"from": "office_id", "lookup": "office"}},
    },
    {
        "from": "old.visit", "to": "visit",
        "columns": {**_IDS, "person_id": {"from": "person_id", "lookup": "person"}},
    },
    {
        "from": "old.note", "to": "note",
        "columns": {**_IDS, "office_id": {"from": "office_id", "lookup": "office"}},
    },
    {
        "from": "old.memo", "to": "memo",
        "columns": {**_IDS, "office_id": {"from": "office_id", "lookup": "office"}},
    },
    {"from": "old.item", "to": "item"},
    {"from": "old.stock", "to": "stock", "on_conflict": "keep_source"},
]  # fmt: skip
_LEFT = {
    "counts": "select target_table, sum(rows_read), sum(rows_written), sum(rows_quarantined), sum(rows_filtered),"
    " sum(rows_merged) from fordway.chunk where pass = 'move' and origin is null group by 1 order by 1",
    "brought": "select target_table, source_name, source_key::text from fordway.late_row as late"
    " join fordway.chunk using (run_id, pass, table_number, chunk_number) order by 1, 2, 3",
    "quarantine": "select target_table, source_key::text, row_data::text, column_name, reason, state"
    " from fordway.quarantine where pass = 'move' order by 1, 2",
    "changed": "select table_number, source_key::text, column_name, old_value, new_value, action"
    " from fordway.amended_value order by 1, 2, 3",
    "id map": "select source_name, source_table, legacy_key, target_table, target_key from fordway.id_map order by 1, 2, 3",
    "merged": "select target_table, source_key::text, target_key, became, before::text from fordway.merged_row"
    " where pass = 'move' order by 1, 2, 3",
    "placeholders": "select table_number, sum(rows) from fordway.chunk_write where kind = 'placeholder' group by 1",
    "gates": "select gate, state from fordway.gate order by 1",
    "strengths": "select distinct on (body ->> 'table') body ->> 'table', body ->> 'strength'"
    " from fordway.event where kind = 'table_verified' order by body ->> 'table', number desc",
    "rules": "select target_table, kind, place, action from fordway.rule where revoked_at is null order by 1, 2, 3",
}


@dataclass(slots=True)
class DecidedHunt(Hunt):
    """A hunted run whose questions are answered, each fault always in the same way."""

    answered: list[str] = field(default_factory=list)
    """Faults that were asked about, in order."""
    consoles: list[OnTerminal] = field(default_factory=list)
    """The one that shows the run now."""

    def run_to_its_end(self, most_kills: int) -> Finished:
        """The last command's end; no more than so many were killed until then."""
        self.process = self.line.start(*self.start, "--json", "--workers", "2")
        with patient(self.url) as ask:
            while True:
                if self.process.poll() is not None:
                    done = self._finish()
                    if done.code in ENDED or len(self.legs) > MOST_LEGS:
                        return done
                    if done.code == 4:
                        self._answer()
                    self._resume()
                is_early = sum(self.kills.values()) < most_kills
                if is_early and ask("select count(*) from fordway.run where approved_digest <> ''"):
                    time.sleep(self.chance.uniform(0, 1.2))  # the random instant itself
                    getattr(self, f"_kill_{self.chance.choice(_VICTIMS)}")()
                else:
                    time.sleep(0.05)

    def close_console(self) -> None:
        """No console is left."""
        while self.consoles:
            self.consoles.pop().end()

    def _kill_worker(self) -> None:
        """A worker dies as soon as there is one: they live for a part of the run only."""
        deadline = time.monotonic() + 5
        while self.process.poll() is None and time.monotonic() < deadline:
            with suppress(psutil.NoSuchProcess):
                if worker_processes(self.process.pid):
                    time.sleep(self.chance.uniform(0, 0.2))
                    Hunt._kill_worker(self)
                    return
            time.sleep(0.01)

    def _kill_console(self) -> None:
        """The console that shows the run dies, and another one is opened."""
        if self.consoles:
            self._note("console")
        self.close_console()
        self.consoles.append(OnTerminal("watch", "latest", environment=self.line.environment))

    def _kill_redis(self) -> None:
        pid = self.services.pids().redis
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self._note("redis")

    def _answer(self) -> None:
        self.services.renew()
        ledger = Ledger(self.url, purpose="test", has_answered=True)
        try:
            decision = ledger.decisions.open_one(latest_run(self.url))
            if decision is None:
                return
            option, for_every = _answer_to(decision)
            refused = ledger.decisions.answer(
                decision.decision_id, option, who="tester", said=Said(for_every=for_every)
            )
            assert "" == refused, (decision.fault, refused)
            self.answered.append(decision.fault)
        finally:
            ledger.close()


def _answer_to(decision: Decision) -> tuple[str, bool]:
    if "memo" in decision.repeats_for:
        return "null", True
    return _ANSWERS.get(decision.fault, ("retry", False))


def _playbook(folder: Path) -> Path:
    legacy = make_source(folder / "legacy.db", _LEGACY)
    archive = make_source(folder / "archive.db", _ARCHIVE)
    path = folder / "playbook.json.yaml"
    body = {
        "playbook": "hunted",
        "title": "Everything that can be wrong",
        "sources": {"old": str(legacy), "archive": str(archive)},
        "defaults": {"names": "keep", "batch_rows": 25},
        "tables": _TABLES,
    }
    path.write_text(json.dumps(body), "utf-8")
    return path


def _left(url: str) -> dict[str, Any]:
    """All that the run left, without times, transactions and numbers of batches."""
    left: dict[str, Any] = {name: query(url, statement) for name, statement in _LEFT.items()}
    left["schema"] = schema_of(url)
    with psycopg.connect(url, options="-c timezone=UTC") as connection:
        for table in ("office", "person", "visit", "note", "memo", "item", "stock"):
            statement = SQL("copy (select * from {}) to stdout").format(Identifier(table))
            with connection.cursor().copy(statement) as copy:
                left[f"rows of {table}"] = sorted(b"".join(copy).splitlines())
    return left


@pytest.fixture(scope="module")
def calm(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the run leaves when nobody is killed, and the faults it asked about."""
    folder = tmp_path_factory.mktemp("calm")
    with _fresh_database(servers.admin_url, "calm") as url:
        query(url, _TARGET)
        ledger = Ledger(url, purpose="test")
        ledger.migrate()
        bench = Bench(url, f"{servers.redis_url.partition('?')[0]}?db=9", ledger)
        playbook = load_playbook(str(_playbook(folder)))
        met = Met(bench=bench, run_id=bench.new_run(playbook), sources=dict(playbook.sources))
        met.go_on()
        asked = []
        while met.state == "waiting":
            option, for_every = _answer_to(met.decision)
            asked.append(met.decision.fault)
            met.choose(option, for_every=for_every)
        assert "complete" == met.state
        ledger.close()
        return {**_left(url), "asked": sorted(set(asked))}


def _hunt(line: CommandLine, url: str, services: Any, folder: Path, chance: random.Random) -> DecidedHunt:  # noqa: ANN401 - of the session
    query(url, _TARGET)
    return DecidedHunt(line, url, services, ("run", str(_playbook(folder)), "--yes"), chance)


@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("round_", range(-(-_KILLS // _A_ROUND)))
def test_run_with_faults_and_decisions_killed_at_random_instants_ends_like_one_in_peace(
    round_: int,
    calm: dict[str, Any],
    own_services: EmbeddedServices,
    tmp_path: Path,
    note_kills: Callable[[dict[str, int]], None],
) -> None:
    """Rows, schema, what was set aside, changed, brought in and overwritten are the same, each once."""
    chance = random.Random(f"{_SEED} {round_}")
    left = min(_A_ROUND, _KILLS - round_ * _A_ROUND)
    number = 0
    while left > 0:
        number += 1
        folder = tmp_path / str(number)
        with (
            _fresh_database(str(own_services.target_url), f"killed{number}") as url,
            command_line(url, str(own_services.redis_url), folder) as line,
        ):
            hunt = _hunt(line, url, own_services, folder, chance)
            try:
                done = hunt.run_to_its_end(left)
            finally:
                hunt.close_console()
            note_kills(hunt.kills)
            assert 6 == done.code, (hunt.legs, hunt.answered, done.err[-1000:])
            found = _left(url)
            assert {name: calm[name] for name in found} == found
            assert set(calm["asked"]) <= set(hunt.answered)
            left -= sum(hunt.kills.values())
