"""Tables that got another name or schema since the run: an undo finds them, or says which it can't find."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.undo import TableUndoPreview
from engine.moving.copy_chunk import copy_chunk
from engine.stores.target_session import TargetSession
from engine.undoing.preview_undo import preview_undo
from tests.fix_merging import merge
from tests.fix_runs import Bench, in_schema, make_source, query, schema_of, value

_ITEMS = """
create table item (id integer primary key, name text not null);
insert into item values (1, 'one'), (2, 'two'), (3, 'three');
create view short as select name from item;
"""
_STANDING = """
create table item (id bigint primary key, name text not null);
insert into item values (2, 'theirs'), (50, 'there before');
"""
_RENAMED = "alter table item rename to thing"
_MOVED = "create schema attic; alter table item set schema attic"


def _undone(bench: Bench, run_id: str) -> dict[str, object]:
    rows = query(
        bench.target_url,
        "select body from fordway.event where run_id = %s and kind = 'table_undone'",
        [run_id],
    )
    return dict(rows[-1][0])


def _previewed(bench: Bench, run_id: str) -> TableUndoPreview:
    target = TargetSession(bench.target_url, purpose="test")
    plan = bench.ledger.runs.plan(run_id).plan
    found = preview_undo(run_id=run_id, plan=plan, ledger=bench.ledger, target=target)
    target.close()
    return found.tables[0]


@pytest.mark.parametrize(
    ("change", "place"), [(_RENAMED, "thing"), (_MOVED, "attic.item")], ids=["renamed", "moved"]
)
def test_undo_of_a_made_table_takes_it_under_its_present_name(
    bench: Bench, tmp_path: Path, target_url: str, change: str, place: str
) -> None:
    """A table is told by what it is, not by what it is called; the outcome names where it was found."""
    run_id = bench.copy(make_source(tmp_path / "s.db", _ITEMS))
    query(target_url, change)
    foreseen = _previewed(bench, run_id)

    state = bench.undo(run_id)

    assert "undone" == state
    assert (3, True, f"it is called {place} now") == (foreseen.removable, foreseen.drops_table, foreseen.note)
    assert value(target_url, "select to_regclass(%s)", [place]) is None
    told = _undone(bench, run_id)
    assert (3, 0, True, f"it was called {place}") == (
        told["removed"], told["kept"], told["dropped"], told["note"],
    )  # fmt: skip


def test_undo_leaves_a_strangers_table_that_took_the_name(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Ours goes under its new name; the newcomer, empty or not, is nobody's to drop."""
    run_id = bench.copy(make_source(tmp_path / "s.db", _ITEMS))
    query(target_url, _RENAMED)
    query(target_url, "create table item (id int)")

    state = bench.undo(run_id)

    assert "undone" == state
    assert (None, "item") == query(
        target_url, "select to_regclass('thing')::text, to_regclass('item')::text"
    )[0]


def test_undo_of_a_table_dropped_and_made_anew_leaves_the_new_one(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """The run's rows went with the table somebody dropped; the one of that name now is another."""
    run_id = bench.copy(make_source(tmp_path / "s.db", _ITEMS))
    query(target_url, "drop table item cascade; create table item (id int)")

    state = bench.undo(run_id)

    assert "undone" == state
    assert "item" == value(target_url, "select to_regclass('item')::text")
    assert "the table was removed by someone else" == _undone(bench, run_id)["note"]


@pytest.mark.parametrize("change", [_RENAMED, _MOVED], ids=["renamed", "moved"])
def test_undo_takes_rows_out_of_a_filled_table_under_its_present_name(
    bench: Bench, tmp_path: Path, target_url: str, change: str
) -> None:
    """Rows that stood there before stand there still, and overwritten ones are as they were."""
    query(target_url, _STANDING)
    source = make_source(tmp_path / "s.db", _ITEMS.replace("create view short as select name from item;", ""))
    run_id = merge(bench, {"old": source}, [{"from": "item", "on_conflict": "keep_source"}])
    assert "complete" == bench.ledger.runs.read(run_id).state
    query(target_url, change)

    state = bench.undo(run_id)

    assert "undone" == state
    place = "thing" if change == _RENAMED else "attic.item"
    assert [(2, "theirs"), (50, "there before")] == query(
        target_url, f"select id, name from {place} order by id"
    )
    told = _undone(bench, run_id)
    assert (2, 0) == (told["removed"], told["kept"])


def test_undo_of_a_renamed_view_takes_the_view_and_not_a_strangers_of_its_name(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Views are told as tables are."""
    before = schema_of(target_url)
    run_id = bench.copy(make_source(tmp_path / "s.db", _ITEMS))
    query(target_url, "alter view short rename to brief")
    query(target_url, "create view short as select 1 as one")

    state = bench.undo(run_id)

    assert "undone" == state
    assert "short" == value(target_url, "select to_regclass('short')::text")
    query(target_url, "drop view short")
    assert before == schema_of(target_url)


def test_undo_into_a_schema_that_was_renamed_takes_the_schema_too(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """The schema, its tables and its view are found under the new name."""
    before = schema_of(target_url)
    run_id = bench.copy(make_source(tmp_path / "s.db", _ITEMS), schema="fresh")
    query(target_url, "alter schema fresh rename to stale")

    state = bench.undo(run_id)

    assert "undone" == state
    assert before == schema_of(target_url)


def test_undo_leaves_a_strangers_schema_that_has_the_name_of_the_one_somebody_dropped(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Empty or not, a schema made anew is not the run's to drop."""
    run_id = bench.copy(make_source(tmp_path / "s.db", _ITEMS), schema="fresh")
    query(target_url, "drop schema fresh cascade; create schema fresh")

    state = bench.undo(run_id)

    assert "undone" == state
    assert "fresh" == value(target_url, "select to_regnamespace('fresh')::text")
    assert "removed by someone else" == value(
        target_url, "select note from fordway.undo_action where kind = 'create_schema'"
    )


def test_undo_that_can_not_find_a_table_does_not_say_undone(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Of a ledger that kept no identities: which table, how many rows may stand there, what to do."""
    run_id = bench.copy(make_source(tmp_path / "s.db", _ITEMS))
    query(target_url, "drop view short; delete from fordway.object_identity")
    query(target_url, _RENAMED)

    state = bench.undo(run_id)

    record = bench.ledger.runs.read(run_id)
    assert ("paused", 3) == (state, value(target_url, "select count(*) from thing"))
    assert "item" in record.reason
    assert "3 rows" in record.reason
    told = _undone(bench, run_id)
    assert (0, 3) == (told["removed"], told["kept"])
    query(target_url, "alter table thing rename to item")
    assert "undone" == bench.undo(run_id)
    assert value(target_url, "select to_regclass('item')") is None


def test_run_whose_table_was_renamed_while_it_rested_does_not_make_it_again(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Batches that are in the renamed table would be missing in a new one: the plan no longer fits."""
    prepared = bench.planned(make_source(tmp_path / "s.db", _ITEMS))
    query(target_url, _RENAMED)
    query(target_url, "update fordway.lease set expires_at = now() - interval '1 second'")

    state = bench.work(prepared.run_id, {"source": prepared.source})

    assert "waiting" == state
    assert "item" in str(
        value(target_url, "select body->>'situation' from fordway.decision where state = 'open'")
    )
    assert value(target_url, "select to_regclass('item')") is None


def test_run_whose_filled_table_was_replaced_while_it_rested_writes_nothing_to_the_new_one(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Batches that are in the table of before would be missing in the one that has its name now."""
    query(target_url, "create table item (id bigint primary key, name text not null)")
    prepared = bench.planned(make_source(tmp_path / "s.db", _ITEMS.partition("create view")[0]), batch_rows=2)
    target, tools = TargetSession(target_url, purpose="test"), prepared.tools()
    copy_chunk(prepared.task(1), target=target, **tools)
    tools["source"].close()
    target.close()
    query(target_url, _RENAMED)
    query(target_url, "create table item (id bigint primary key, name text not null)")
    query(target_url, "update fordway.lease set expires_at = now() - interval '1 second'")

    state = bench.work(prepared.run_id, {"source": prepared.source})

    assert "waiting" == state
    told = str(value(target_url, "select body->>'situation' from fordway.decision where state = 'open'"))
    assert "is gone or has another name" in told
    assert (0, 2) == query(target_url, "select (select count(*) from item), (select count(*) from thing)")[0]


_LOG = """
create schema old;
create table old.log (id int not null, day date not null, primary key (id, day)) partition by range (day);
create table old.log_2023 partition of old.log for values from ('2023-01-01') to ('2024-01-01');
create table old.log_2024 partition of old.log for values from ('2024-01-01') to ('2025-01-01');
insert into old.log select i, date '2023-12-28' + i from generate_series(1, 8) as i;
"""


@pytest.mark.parametrize(
    ("stranger", "kept"),
    [("", []), ("insert into log_2023 values (99, '2023-06-01')", [(99,)])],
    ids=["alone", "with rows of others"],
)
def test_undo_takes_rows_out_of_a_partition_that_was_detached(
    bench: Bench, target_url: str, stranger: str, kept: list[tuple[int]]
) -> None:
    """A partition taken out of its table holds the run's rows all the same; others' rows stay in it."""
    query(target_url, _LOG)
    run_id = bench.copy(in_schema(target_url, "old"))
    assert 8 == value(target_url, "select count(*) from log")
    query(target_url, "alter table log detach partition log_2023")
    if stranger:
        query(target_url, stranger)
    foreseen = _previewed(bench, run_id)

    state = bench.undo(run_id)

    assert "undone" == state
    assert (8, 0, 0) == (foreseen.removable, foreseen.kept, foreseen.gone)
    told = _undone(bench, run_id)
    assert (8, 0, True) == (told["removed"], told["kept"], told["dropped"])
    assert value(target_url, "select to_regclass('log')") is None
    there = value(target_url, "select to_regclass('log_2023')")
    assert kept == (query(target_url, "select id from log_2023") if there else [])


def test_undo_takes_a_detached_partition_whose_table_somebody_dropped(bench: Bench, target_url: str) -> None:
    """The table's own rows went with it; those of the partition are the run's to take."""
    query(target_url, _LOG)
    run_id = bench.copy(in_schema(target_url, "old"))
    query(target_url, "alter table log detach partition log_2023; drop table log")

    state = bench.undo(run_id)

    assert "undone" == state
    assert value(target_url, "select to_regclass('log_2023')") is None
    told = _undone(bench, run_id)
    assert (3, "the table was removed by someone else") == (told["removed"], told["note"])
