"""``fordway quarantine replay``: rows go in after all, every count stays true, and undo knows them."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.agents import replaying
from engine.model.held import HeldRow
from engine.recovering.replay import Replayed, ReplaySite, replay_rows
from tests.fix_commands import Command
from tests.fix_faults import Met, meet
from tests.fix_filled import filled_by
from tests.fix_runs import Bench, make_source, query, value

_SOURCE = """
create table owner (id integer primary key, name text);
create table item (id integer primary key, owner integer, title text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 20)
insert into owner select i, 'owner ' || i from n;
with recursive n (i) as (select 1 union all select i + 1 from n where i < 60)
insert into item select i, 1 + i % 20, 'item ' || i from n;
update owner set name = '' where id in (7, 9);
"""
_TARGET = """
create table owner (id bigint primary key, name text constraint has_name check (name <> ''));
create table item (id bigint primary key, owner bigint references owner, title text);
"""
_TABLES = [{"from": "owner"}, {"from": "item", "batch_rows": 30}]
"""Owners 7 and 9 are refused, and with each three items: four of them in the first batch."""


filled = filled_by(_SOURCE, _TABLES, target=_TARGET, on_error="quarantine")
"""A complete run with eight rows set aside."""


@pytest.fixture
def met(filled_run: Met) -> Met:
    """The run in the test's own database."""
    assert ("complete", [4, 2]) == (filled_run.state, _batches(filled_run))
    return filled_run


def _number(met: Met, table: str, key: int) -> int:
    """The number of a row set aside, by its key in the source."""
    return int(
        value(
            met.bench.target_url,
            "select quarantine_id from fordway.quarantine where target_table = %s and source_key = %s::jsonb",
            [table, json.dumps([key])],
        )
    )


def _batches(met: Met) -> list[int]:
    """Rows of items set aside, by batch."""
    rows = query(
        met.bench.target_url,
        "select rows_quarantined from fordway.chunk where run_id = %s and target_table = 'item' order by chunk_number",
        [met.run_id],
    )
    return [count for (count,) in rows]


def _verified(met: Met) -> int:
    """How often tables were compared."""
    return len(met.events("table_verified"))


def test_row_that_was_mended_is_written_and_every_count_follows(met: Met, command: Command) -> None:
    """With the value given, by whoever gave it; the tables are compared anew and hold."""
    before, seven = _verified(met), _number(met, "owner", 7)
    command("quarantine", "edit", met.run_id, seven, "--set", "name=Seven")

    done = command("quarantine", "replay", met.run_id, seven, "--json")

    assert (0, 1, 0) == (done.code, done.last["rows"], done.last["left"])
    assert [("Seven",)] == query(met.bench.target_url, "select name from owner where id = 7")
    assert (20, 19, 1, 0, 0) == met.counts()["owner"]
    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert before + 2 == _verified(met)
    assert [("name", "", "Seven", "edit")] == query(
        met.bench.target_url, "select column_name, old_value, new_value, action from fordway.amended_value"
    )
    assert [("replayed", 1)] == [
        (e.what, e.rows) for e in met.events("quarantine_changed") if e.what != "edited"
    ]


def test_child_is_not_written_before_its_parent_and_says_why(met: Met, command: Command) -> None:
    """It stays set aside, and is written once the parent is there."""
    seven, child = _number(met, "owner", 7), _number(met, "item", 6)
    command("quarantine", "edit", met.run_id, seven, "--set", "name=Seven")

    too_early = command("quarantine", "replay", met.run_id, child)
    assert (6, [4, 2]) == (too_early.code, _batches(met))
    assert "item_owner_fkey" in too_early.out
    assert "item 6" in too_early.out
    command("quarantine", "replay", met.run_id, seven)
    in_time = command("quarantine", "replay", met.run_id, child)

    assert (0, [3, 2], True, []) == (in_time.code, _batches(met), met.balances(), met.differences())


def test_parents_go_in_before_the_children_that_wait_for_them(met: Met, command: Command) -> None:
    """One command for all of a family; the other family waits on."""
    seven = _number(met, "owner", 7)
    command("quarantine", "edit", met.run_id, seven, "--set", "name=Seven")

    done = command("quarantine", "replay", met.run_id, seven, "--children", "--json")

    assert (0, 4, 0) == (done.code, done.last["rows"], done.last["left"])
    assert {"owner": (20, 19, 1, 0, 0), "item": (60, 57, 3, 0, 0)} == met.counts()
    assert [(3,)] == query(met.bench.target_url, "select count(*) from item where owner = 7")
    assert (True, []) == (met.balances(), met.differences())


def test_rows_that_still_can_not_be_written_cost_the_others_nothing(met: Met, command: Command) -> None:
    """All are tried: one family goes in, the other stays with the reason of now."""
    command("quarantine", "edit", met.run_id, _number(met, "owner", 7), "--set", "name=Seven")

    done = command("quarantine", "replay", met.run_id, "--all", "--json")
    again = command("quarantine", "replay", met.run_id, "--table", "owner", "--json")

    assert (6, 4, 4) == (done.code, done.last["rows"], done.last["left"])
    assert (6, 0, 1) == (again.code, again.last["rows"], again.last["left"])
    assert {"owner": (20, 19, 1, 0, 0), "item": (60, 57, 3, 0, 0)} == met.counts()
    assert (True, []) == (met.balances(), met.differences())


def test_row_that_fails_for_another_reason_says_which_and_where(met: Met, command: Command) -> None:
    """Not the new reason beside the old place."""
    seven = _number(met, "owner", 7)
    command("quarantine", "edit", met.run_id, seven, "--set", "name=Seven", "--set", "id=8")

    command("quarantine", "replay", met.run_id, seven)

    why = query(
        met.bench.target_url,
        "select kind, place, reason from fordway.quarantine where quarantine_id = %s",
        [seven],
    )
    told = 'duplicate key value violates unique constraint "owner_pkey"'
    assert [("duplicate-other", "owner_pkey", told)] == why


def test_row_that_was_replayed_is_not_written_twice(met: Met, command: Command) -> None:
    """Named again it is refused; with nothing open left, nothing happens."""
    query(met.bench.target_url, "alter table owner drop constraint has_name")
    done = command("quarantine", "replay", met.run_id, "--all", "--json")
    seven = _number(met, "owner", 7)

    again = command("quarantine", "replay", met.run_id, seven)
    nothing = command("quarantine", "replay", met.run_id, "--all", "--json")

    assert (0, 8, 0) == (done.code, done.last["rows"], done.last["left"])
    assert {"owner": (20, 20, 0, 0, 0), "item": (60, 60, 0, 0, 0)} == met.counts()
    assert (2, f"Row {seven} is replayed already. Nothing was changed.") == (again.code, again.err.strip())
    assert (0, 0, 0) == (nothing.code, nothing.last["rows"], nothing.last["left"])


def test_undo_takes_replayed_rows_back_with_the_others(met: Met, command: Command) -> None:
    """They were written by a transaction of their own, and are the run's all the same."""
    query(met.bench.target_url, "alter table owner drop constraint has_name")
    command("quarantine", "replay", met.run_id, "--all")
    assert [(20,), (60,)] == query(
        met.bench.target_url, "select count(*) from owner union all select count(*) from item order by 1"
    )

    assert "undone" == met.bench.undo(met.run_id)
    assert [] == query(met.bench.target_url, "select id from owner union all select id from item")


def test_replay_is_refused_while_a_runner_owns_the_run(met: Met, command: Command) -> None:
    """It goes on undisturbed, and no row moves."""
    leases = met.bench.ledger.leases
    assert (
        leases.take(met.run_id, owner="somebody", host="elsewhere", pid=os.getpid(), seconds=60) is not None
    )

    done = command("quarantine", "replay", met.run_id, "--all")

    assert 0 != done.code
    assert done.err.strip().startswith(
        f"Another runner owns this run: process {os.getpid()} on elsewhere. It goes on undisturbed."
    )
    assert [4, 2] == _batches(met)


def test_rows_of_a_paused_run_are_replayed_without_driving_the_run_on(
    bench: Bench, tmp_path: Path, command: Command
) -> None:
    """It stays as it was: its question open, its other batches pending."""
    source = make_source(tmp_path / "s.db", _SOURCE + "update item set title = null where id = 50;")
    target = _TARGET.replace("title text", "title text constraint titled check (title is not null)")
    met = meet(bench, {"old": source}, _TABLES, target=target)
    met.choose("quarantine")
    assert ("waiting", "R113") == (met.state, met.decision.fault)
    question = met.decision.decision_id
    query(bench.target_url, "alter table owner drop constraint has_name")

    done = command("quarantine", "replay", met.run_id, "--all", "--json")
    nothing = command("quarantine", "replay", met.run_id, "--all", "--json")

    assert (0, 2) == (done.code, done.last["rows"])
    assert (0, 0) == (nothing.code, nothing.last["rows"])
    assert ("waiting", question) == (met.state, met.decision.decision_id)
    assert (20, 20, 0, 0, 0) == met.counts()["owner"]


def test_sources_bytes_and_odd_texts_go_in_as_they_were_read(
    bench: Bench, tmp_path: Path, command: Command
) -> None:
    """What the quarantine keeps as JSON is turned back exactly."""
    source = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, n, title text, photo blob, weight real, day date);"
        "insert into item values (1, 1, 'plain', x'00ff', 0.1, '2024-02-29'),"
        " (2, -1, 'two' || char(10) || '\"lines\" €', x'', 1e300, '2024-03-01'), (3, -1, '', null, -0.0, null);",
    )
    target = (
        "create table item (id bigint primary key, n bigint constraint positive check (n > 0), title text,"
        " photo bytea, weight double precision, day date)"
    )
    met = meet(bench, {"old": source}, [{"from": "item"}], target=target, on_error="quarantine")
    assert ("complete", [[2], [3]]) == (met.state, met.held())
    query(bench.target_url, "alter table item drop constraint positive")

    done = command("quarantine", "replay", met.run_id, "--all")

    assert (0, True, []) == (done.code, met.balances(), met.differences())
    assert [(2, 'two\n"lines" €', b"", 1e300, "2024-03-01"), (3, "", None, -0.0, None)] == query(
        bench.target_url, "select id, title, photo, weight, day::text from item where id > 1 order by id"
    )


def test_value_given_while_a_replay_is_under_way_is_the_one_that_is_written(
    met: Met, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was accepted is in the target, and the ledger names who gave it."""
    seven, quarantine = _number(met, "owner", 7), met.bench.ledger.quarantine
    quarantine.edit(met.run_id, seven, {"name": "Seven"}, who="ana")

    def late(site: ReplaySite, rows: Sequence[HeldRow]) -> Replayed:
        quarantine.edit(met.run_id, seven, {"name": "Sieben"}, who="kim")
        return replay_rows(site, rows)

    monkeypatch.setattr(replaying, "replay_rows", late)
    met.replay([seven])

    assert [("Sieben",)] == query(met.bench.target_url, "select name from owner where id = 7")
    assert [("Sieben", "kim")] == query(
        met.bench.target_url, "select new_value, changed_by from fordway.amended_value"
    )


def test_value_that_was_given_can_be_taken_back(met: Met, command: Command) -> None:
    """The row is replayed as it was read, and says again why that can't be."""
    seven = _number(met, "owner", 7)
    command("quarantine", "edit", met.run_id, seven, "--set", "name=Seven", "--set", "id=700")

    done = command("quarantine", "edit", met.run_id, seven, "--as-read", "name", "--as-read", "id", "--json")
    replayed = command("quarantine", "replay", met.run_id, seven, "--json")

    assert ({}, 0, 1) == (done.last["edits"], replayed.last["rows"], replayed.last["left"])


_SWALLOW = """
create function swallow() returns trigger language plpgsql as
$$ begin if new.name like '%gone%' then return null; end if; return new; end $$;
create trigger swallow before insert on owner for each row execute function swallow();
"""


def test_row_that_a_trigger_lets_fall_stays_set_aside_with_the_trigger_as_its_reason(
    met: Met, command: Command
) -> None:
    """It is counted as what it is, and the row beside it is written."""
    seven, nine = _number(met, "owner", 7), _number(met, "owner", 9)
    query(met.bench.target_url, _SWALLOW)
    command("quarantine", "edit", met.run_id, seven, "--set", "name=Seven")
    command("quarantine", "edit", met.run_id, nine, "--set", "name=Nine is gone")

    done = command("quarantine", "replay", met.run_id, seven, nine, "--json")

    assert (1, 1) == (done.last["rows"], done.last["left"])
    assert [(7,)] == query(met.bench.target_url, "select id from owner where id in (7, 9)")
    assert (20, 19, 1, 0, 0) == met.counts()["owner"]
    assert [("open", "held-back", "trigger swallow lets the row fall without a word")] == query(
        met.bench.target_url,
        "select state, kind, reason from fordway.quarantine where quarantine_id = %s",
        [nine],
    )
    assert (True, []) == (met.balances(), met.differences())
