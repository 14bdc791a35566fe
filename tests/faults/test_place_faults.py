"""Faults of schemas, sources and playbooks, caused for real: the world is not as it was planned, and is put right."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from engine.playbooks.load import load_playbook
from tests.fix_faults import Met, meet
from tests.fix_held import IN_THIS_DATABASE, ITEM, ITEMS, count, held_run, items, trigger
from tests.fix_runs import Bench, query

_HELD = ITEM + trigger()


def _ends_well(met: Met) -> None:
    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert (200, 200, 0, 0, 0) == met.counts()["item"]
    assert 200 == count(met.bench)


def _paused(bench: Bench, source: Path) -> Met:
    """A run that was asked for a pause in the middle of its second batch."""
    met = held_run(
        bench,
        {"old": source},
        ITEMS,
        target=_HELD,
        sabotage=lambda _: _ask_for_a_pause(bench),
    )
    # The batch that waited behind it was on its way.
    assert ("paused", 150) == (met.state, count(bench))
    return met


def _ask_for_a_pause(bench: Bench) -> None:
    (run_id,) = (row[0] for row in query(bench.target_url, "select run_id from fordway.run"))
    bench.ledger.runs.ask(run_id, "pause", who="tester")
    while bench.ledger.runs.requests(run_id):
        time.sleep(0.02)


# --- the target ---------------------------------------------------------------------------------


@pytest.mark.fault("R201")
def test_column_renamed_in_the_middle_is_found_by_the_second_look(bench: Bench, tmp_path: Path) -> None:
    """schema-analysis says which column is gone; once it is back, the run goes on."""
    url = bench.target_url
    rename = threading.Thread(target=query, args=(url, "alter table item rename column name to title"))

    def start(_: int) -> None:
        # It waits behind the open batch, and goes before the next one.
        rename.start()
        while not query(
            url,
            "select 1 from pg_locks where mode = 'AccessExclusiveLock' and not granted and relation = 'item'::regclass"
            f" and {IN_THIS_DATABASE}",
        ):
            time.sleep(0.02)

    met = held_run(bench, {"old": items(tmp_path)}, ITEMS, target=_HELD, sabotage=start)
    rename.join()

    assert ("waiting", "R201", 100) == (met.state, met.decision.fault, count(bench))
    looks = [finding for look in met.events("looked_again") for finding in look.findings]
    assert any("name" in finding for finding in looks), looks
    query(url, "alter table item rename column title to name")
    met.choose("retry")
    _ends_well(met)


@pytest.mark.fault("R206")
def test_name_taken_by_something_else_is_named_and_built_once_it_is_free(
    bench: Bench, tmp_path: Path
) -> None:
    """Somebody made a table that is called like the index the plan makes at the end."""
    met = _made_beside(bench, tmp_path, "create table person_name (n integer)")

    assert ("waiting", "R206") == (met.state, met.decision.fault)
    assert "person_name" in met.decision.headline
    query(bench.target_url, "drop table person_name")
    met.choose("retry")
    _ends_well(met)


@pytest.mark.fault("R209")
def test_value_that_came_twice_before_the_unique_index_is_named_and_built_once_it_is_gone(
    bench: Bench, tmp_path: Path
) -> None:
    """Somebody wrote a row with a name that is there."""
    met = _made_beside(bench, tmp_path, "insert into person (id, name) values (99, 'person 1')")

    assert ("waiting", "R209") == (met.state, met.decision.fault)
    query(bench.target_url, "delete from person where id = 99")
    met.choose("retry")
    _ends_well(met)


@pytest.mark.fault("R210")
def test_row_without_a_parent_before_the_foreign_key_is_told_and_built_once_it_is_gone(
    bench: Bench, tmp_path: Path
) -> None:
    """Somebody wrote a visit of nobody."""
    met = _made_beside(bench, tmp_path, "insert into visit values (99, 999)")

    assert ("waiting", "R210") == (met.state, met.decision.fault)
    query(bench.target_url, "delete from visit where id = 99")
    met.choose("retry")
    _ends_well(met)


def _made_beside(bench: Bench, tmp_path: Path, change: str) -> Met:
    """A run whose tables ``person`` and ``visit`` were moved, and changed before keys and indexes were built."""
    source = items(tmp_path)
    with closing(sqlite3.connect(source)) as connection:
        connection.executescript(
            "create table person (id integer primary key, name text);"
            "create unique index person_name on person (name);"
            "create table visit (id integer primary key, person_id integer references person (id));"
            "insert into person values (1, 'person 1'), (2, 'person 2'), (3, 'person 3');"
            "insert into visit values (1, 1), (2, 3);"
            # Items come last, because they refer to visits.
            "alter table item add column visit_id integer references visit (id);"
        )
    tables = [{"from": "person"}, {"from": "visit"}, *ITEMS]
    return held_run(
        bench,
        {"old": source},
        tables,
        target=ITEM.replace("name text", "name text, visit_id bigint") + trigger(),
        sabotage=lambda _: _do(bench, change),
    )


def _do(bench: Bench, change: str) -> None:
    assert [] == query(bench.target_url, change)


# --- the source ---------------------------------------------------------------------------------


@pytest.mark.fault("R202")
def test_source_written_to_while_the_run_rested_is_asked_about_and_can_be_undone(
    bench: Bench, tmp_path: Path
) -> None:
    """What was moved and what is left may not fit together: nothing more is moved."""
    source = items(tmp_path)
    met = _paused(bench, source)
    with closing(sqlite3.connect(source)) as connection:
        connection.executescript("insert into item values (201, 'late')")

    met.go_on()

    assert ("waiting", "R202", 150) == (met.state, met.decision.fault, count(bench))
    assert met.option("undo").is_recommended
    foretold = met.option("undo").effect
    met.choose("undo")
    assert foretold is not None
    assert ("undone", 150, 0) == (met.state, foretold.removed, count(bench))


@pytest.mark.fault("R203")
def test_source_that_is_missing_pauses_the_run_until_it_is_back(bench: Bench, tmp_path: Path) -> None:
    """The file was renamed; under its name again it is read on."""
    source = items(tmp_path)
    met = _paused(bench, source)
    away = source.rename(tmp_path / "away.db")

    met.go_on()

    assert ("paused", ["R203"]) == (met.state, met.faults)
    assert str(source) in bench.ledger.runs.read(met.run_id).reason
    away.rename(source)
    met.go_on()
    _ends_well(met)


@pytest.mark.fault("R204")
def test_source_that_is_damaged_pauses_the_run_until_it_is_whole(bench: Bench, tmp_path: Path) -> None:
    """A part of the file was overwritten; with its bytes back it is read on."""
    source = items(tmp_path)
    met = _paused(bench, source)
    whole = source.read_bytes()
    source.write_bytes(whole[:4096] + b"\x77" * (len(whole) - 4096))

    met.go_on()

    assert ("paused", ["R204"]) == (met.state, met.faults)
    source.write_bytes(whole)
    met.go_on()
    _ends_well(met)


@pytest.mark.fault("R205")
def test_source_that_another_program_keeps_locked_pauses_the_run_until_it_is_free(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried again a few times; a program that writes for longer is named as what has to end."""
    monkeypatch.setattr("engine.stores.sqlite_file.BUSY_SECONDS", 0.05)
    source = items(tmp_path)
    met = _paused(bench, source)
    with closing(sqlite3.connect(source, isolation_level=None)) as other:
        other.execute("begin exclusive")

        met.go_on()

        assert ("paused", ["R205"]) == (met.state, met.faults)
        assert "locked by another program" in bench.ledger.runs.read(met.run_id).reason
    met.go_on()
    _ends_well(met)


# --- the playbook -------------------------------------------------------------------------------


def _from_file(bench: Bench, tmp_path: Path, change: Callable[[Path], object]) -> Met:
    """A run made from a playbook's file, which rested when something became of that file."""
    source = items(tmp_path)
    body = {
        "playbook": "edited",
        "title": "Items",
        "sources": {"old": str(source)},
        "tables": [{"from": "item", "batch_rows": 50}],
    }
    file = tmp_path / "edited.yaml"
    file.write_text(json.dumps(body), "utf-8")
    playbook = load_playbook(str(file))
    query(bench.target_url, ITEM)
    met = Met(bench=bench, run_id=bench.new_run(playbook), sources=dict(playbook.sources))
    change(file)
    met.go_on()
    return met


def _edit(file: Path) -> None:
    body = json.loads(file.read_text("utf-8"))
    body["tables"][0]["where"] = "id < 100"
    file.write_text(json.dumps(body), "utf-8")


@pytest.mark.fault("R207")
def test_playbook_edited_since_is_asked_about_once_and_what_was_approved_is_moved(
    bench: Bench, tmp_path: Path
) -> None:
    """The new text waits for the next run, and the answer is not asked for twice."""
    met = _from_file(bench, tmp_path, _edit)

    assert ("waiting", "R207") == (met.state, met.decision.fault)
    assert "table item" in met.decision.headline
    assert "Go on by the approved plan" == met.option("retry").label
    met.choose("retry")
    _ends_well(met)


def test_playbook_that_is_not_there_any_more_is_no_fault(bench: Bench, tmp_path: Path) -> None:
    """A run may go on at a machine that never had the file."""
    _ends_well(_from_file(bench, tmp_path, Path.unlink))


def test_playbook_with_another_layout_is_the_same(bench: Bench, tmp_path: Path) -> None:
    """What counts is what it says."""
    _ends_well(
        _from_file(
            bench, tmp_path, lambda file: file.write_text(json.dumps(json.loads(file.read_text()), indent=4))
        )
    )


@pytest.mark.fault("R208")
def test_plan_that_can_not_be_carried_out_is_told_with_what_helps(bench: Bench, tmp_path: Path) -> None:
    """The newer row shall stay, and no column tells which one that is."""
    met = meet(bench, {"old": items(tmp_path)}, [{"from": "item", "on_conflict": "newest"}], target=ITEM)

    assert ("waiting", "R208") == (met.state, met.decision.fault)
    assert any("Name one of its columns as 'newest_by'" in fact for fact in met.decision.facts)
    met.choose("stop")
    assert ("stopped", 0) == (met.state, count(bench))
