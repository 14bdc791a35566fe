"""kill -9 of the runner between an answer and what it leads to, and in the middle of that."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.stores.ledger import Ledger
from engine.stores.ledger.decisions import Said
from tests.fix_faults import Met, meet
from tests.fix_held import holding
from tests.fix_runs import Bench, CommandLine, chunk_rows, kill_tree, make_source, query

pytestmark = [pytest.mark.faults]

_OLD = """
create table owner (id integer primary key, name text);
create table item (id integer primary key, owner integer, amount integer);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 20)
insert into owner select i, 'owner ' || i from n;
with recursive n (i) as (select 1 union all select i + 1 from n where i < 200)
insert into item select i, 1 + i % 20, i from n;
"""
_ARCHIVE = "create table owner (id integer primary key, name text); insert into owner values (901, 'Ada'), (902, 'Bob');"
_TARGET = """
create table owner (id bigint primary key, name text);
create table item (id bigint primary key, owner bigint references owner, amount {amount});
"""
_ORPHANS = "update item set owner = 901 where id in (60, 61); update item set owner = 902 where id = 62;"
_CASES = {
    "parents": (_ORPHANS, "bigint", ""),
    "placeholders": (_ORPHANS, "bigint", ""),
    "quarantine": (_ORPHANS, "bigint", ""),
    "default": (
        "update item set amount = 'many' where id in (60, 61); update item set owner = 777 where id = 62;",
        "integer",
        "-5",
    ),
    "keep-source": ("", "bigint", ""),
}
"""What is wrong with the source, the target's type of amount, and the value given with the answer."""
_TAKEN = "insert into item values (60, 1, 7000), (61, 1, 7001);"
_BEFORE = ("event", "insert", "new.kind = 'recovery_started'")
_AMID = {
    "parents": ("chunk", "update", "new.state = 'committed' and new.origin is not null"),
    "placeholders": ("chunk", "update", "new.state = 'committed' and new.origin is not null"),
}
_WITH_THE_BATCH = (
    "chunk",
    "update",
    "new.state = 'committed' and new.target_table = 'item' and new.first_row = 51",
)


def _meet(option: str, bench: Bench, folder: Path) -> Met:
    damage, amount, _ = _CASES[option]
    folder.mkdir(exist_ok=True)
    sources = {
        "old": make_source(folder / "old.db", _OLD + damage),
        "archive": make_source(folder / "archive.db", _ARCHIVE),
    }
    target = _TARGET.format(amount=amount)
    if option == "keep-source":
        target += "insert into owner values (1, 'one');" + _TAKEN
    tables = [
        {"from": "old.owner", "to": "owner", "on_conflict": "keep_source"},
        {"from": "old.item", "to": "item", "batch_rows": 50},
    ]
    met = meet(bench, sources, tables, target=target)
    assert "waiting" == met.state
    return met


def _answer(met: Met, option: str) -> None:
    said = Said(value=_CASES[option][2])
    assert "" == met.bench.ledger.decisions.answer(met.decision.decision_id, option, who="tester", said=said)


def _finish(met: Met, option: str) -> dict[str, Any]:
    """The run goes on to its end; what is then in the target and in the ledger."""
    if met.bench.ledger.decisions.open_one(met.run_id) is None:
        met.go_on()
    if met.state == "waiting":
        assert "default" == option
        met.choose("quarantine")
    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    url, run = met.bench.target_url, [met.run_id]
    return {
        "owner": query(url, "select id, name from owner order by id"),
        "item": query(url, "select id, owner, amount from item order by id"),
        "batches": chunk_rows(url, met.run_id),
        "held": query(
            url, "select source_key, row_data, place, reason, state from fordway.quarantine"
                 " where run_id = %s order by table_number, source_key", run,
        ),
        "changed": query(
            url, "select source_key, column_name, old_value, new_value from fordway.amended_value"
                 " where run_id = %s order by source_key", run,
        ),
        "beside": query(
            url, "select table_number, kind, rows from fordway.chunk_write where run_id = %s order by 1, 2", run
        ),
        "late": query(url, "select source_name, source_key from fordway.late_row where run_id = %s order by 2", run),
        "outcomes": query(
            url, "select answer, outcome ->> 'state', outcome #- '{actual,low_seconds}' #- '{actual,high_seconds}'"
                 " from fordway.decision where run_id = %s and kind = 'fault' and state = 'answered'"
                 " order by asked_at", run,
        ),
    }  # fmt: skip


def _hold_at(url: str, point: tuple[str, str, str]) -> None:
    """The ledger's next write of this kind waits to be let go."""
    table, verb, condition = point
    query(
        url,
        "create function public.wait_there() returns trigger language plpgsql as"
        " $$ begin perform pg_advisory_xact_lock(4711); return new; end $$;"
        f"create trigger wait_there before {verb} on fordway.{table} for each row when ({condition})"
        " execute function public.wait_there()",
    )


@pytest.mark.parametrize("moment", ["before", "amid"])
@pytest.mark.parametrize("option", _CASES)
def test_answer_is_carried_out_once_although_the_runner_is_killed(
    option: str, moment: str, bench: Bench, tmp_path: Path, fordway: CommandLine, source_pg_url: str
) -> None:
    """The run ends as one that nobody disturbed, to the last row of the ledger, and so does what came of the answer."""
    with closing(Ledger(source_pg_url, purpose="test")) as ledger:
        ledger.migrate()
        calm = _meet(option, Bench(source_pg_url, bench.redis_url, ledger), tmp_path / "calm")
        _answer(calm, option)
        expected = _finish(calm, option)
    met = _meet(option, bench, tmp_path / "killed")
    _answer(met, option)
    if (option, moment) == ("default", "amid"):
        # The batch is written once both its faults are answered.
        met.go_on()
        _answer(met, "quarantine")
    _hold_at(bench.target_url, _BEFORE if moment == "before" else _AMID.get(option, _WITH_THE_BATCH))

    with holding(bench.target_url) as hold:
        runner = fordway.start("resume", met.run_id)
        hold.wait()
        kill_tree(runner.pid)
        assert -9 == runner.wait(timeout=10)
    query(bench.target_url, "drop function public.wait_there() cascade")

    assert expected == _finish(met, option)


def test_batch_is_cut_in_two_once_although_the_runner_is_killed_before_it_says_so(
    bench: Bench, tmp_path: Path, fordway: CommandLine
) -> None:
    """Half its rows are tried again, not a quarter."""
    met = _meet("default", bench, tmp_path / "killed")
    assert "" == bench.ledger.decisions.answer(met.decision.decision_id, "smaller", who="tester")
    _hold_at(bench.target_url, ("decision", "update", "new.outcome ->> 'state' = 'done'"))

    with holding(bench.target_url) as hold:
        runner = fordway.start("resume", met.run_id)
        hold.wait()
        kill_tree(runner.pid)
        assert -9 == runner.wait(timeout=10)
    query(bench.target_url, "drop function public.wait_there() cascade")
    met.go_on()

    assert ("waiting", 25) == (met.state, met.diagnosis.rows)
    cut = "select outcome ->> 'state' from fordway.decision where answer = 'smaller'"
    assert [("done",)] == query(bench.target_url, cut)
