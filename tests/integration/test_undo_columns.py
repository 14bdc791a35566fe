"""Columns that got another name, or gave theirs to another, since the run: an undo tells them apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.undo import TableUndoPreview
from engine.stores.target_session import TargetSession
from engine.undoing.preview_undo import preview_undo
from tests.fix_merging import merge
from tests.fix_runs import Bench, make_source, query, value

_STANDING = """
create table item (id bigint primary key, v text, w text);
insert into item values (1, 'old v1', 'old w1'), (2, 'old v2', 'old w2'), (50, 'v50', 'w50');
"""
_SOURCE = """
create table item (id integer primary key, v text, w text);
insert into item values (1, 'new v1', 'new w1'), (2, 'new v2', 'new w2'), (3, 'new v3', 'new w3');
"""
_BEFORE = [(1, "old v1", "old w1"), (2, "old v2", "old w2"), (50, "v50", "w50")]
_OF_V_AND_W = "alter table item rename v to x; alter table item rename w to v; alter table item rename x to w"
_OF_THE_KEY = "alter table item rename id to legacy_id"


def _previewed(bench: Bench, run_id: str) -> TableUndoPreview:
    target = TargetSession(bench.target_url, purpose="test")
    plan = bench.ledger.runs.plan(run_id).plan
    found = preview_undo(run_id=run_id, plan=plan, ledger=bench.ledger, target=target)
    target.close()
    return found.tables[0]


def _undone(bench: Bench, table: str = "item") -> dict[str, object]:
    rows = query(
        bench.target_url,
        "select body from fordway.event where kind = 'table_undone' and body->>'table' = %s order by number",
        [table],
    )
    return dict(rows[-1][0])


def _overwritten(bench: Bench, folder: Path) -> str:
    query(bench.target_url, _STANDING)
    source = make_source(folder / "s.db", _SOURCE)
    run_id = merge(bench, {"old": source}, [{"from": "item", "on_conflict": "keep_source"}])
    assert "complete" == bench.ledger.runs.read(run_id).state
    return run_id


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ("alter table item rename v to value", "id, value, w"),
        (_OF_V_AND_W, "id, w, v"),
        (_OF_THE_KEY, "legacy_id, v, w"),
        (f"{_OF_THE_KEY}; alter table item add id bigint", "legacy_id, v, w"),
        (f"{_OF_THE_KEY}; alter table item rename v to id", "legacy_id, id, w"),
        (
            "alter table item rename v to value; alter table item add v text; alter table item rename to thing;"
            " create view item as select id, value as v, w from thing",
            "id, v, w",
        ),
    ],
    ids=["one", "two swapped", "key", "key and another of its name", "key swapped", "all"],
)
def test_undo_after_columns_were_renamed_puts_back_and_removes_as_its_preview_foretold(
    bench: Bench, tmp_path: Path, change: str, columns: str
) -> None:
    """A column is told by what it is: its values come back into it, under the name it has now."""
    run_id = _overwritten(bench, tmp_path)
    query(bench.target_url, change)
    foreseen = _previewed(bench, run_id)

    state = bench.undo(run_id)

    assert "undone" == state
    assert _BEFORE == query(bench.target_url, f"select {columns} from item order by 1")
    told = _undone(bench)
    assert (2, 1, 0, 0) == (foreseen.restores, foreseen.removable, foreseen.kept, foreseen.gone)
    assert (1, 0) == (told["removed"], told["kept"])
    assert "2 rows it had overwritten are as they were" in str(told["note"])


def test_undo_after_a_column_was_replaced_leaves_the_new_one_and_says_what_is_not_back(
    bench: Bench, tmp_path: Path
) -> None:
    """What was in the dropped column is nobody's to bring back, and no value of it goes into the newcomer."""
    run_id = _overwritten(bench, tmp_path)
    query(bench.target_url, "alter table item drop v; alter table item add v text")
    foreseen = _previewed(bench, run_id)

    state = bench.undo(run_id)

    assert "undone" == state
    assert [(1, None, "old w1"), (2, None, "old w2"), (50, None, "w50")] == query(
        bench.target_url, "select id, v, w from item order by id"
    )
    assert "all but what was in v, dropped since" in foreseen.note
    assert "all but what was in v, dropped since" in str(_undone(bench)["note"])


def _left_alone(bench: Bench, run_id: str, *, rows: int, column: str) -> None:
    before = query(bench.target_url, "select v, w from item order by 1, 2")
    foreseen = _previewed(bench, run_id)

    state = bench.undo(run_id)

    record = bench.ledger.runs.read(run_id)
    assert "paused" == state
    assert before == query(bench.target_url, "select v, w from item order by 1, 2")
    assert f"column {column} was dropped or renamed since" in foreseen.note
    assert f"column {column} was dropped or renamed since" in record.reason
    told = _undone(bench)
    assert (0, rows) == (foreseen.removable, foreseen.kept)
    assert (0, rows, False) == (told["removed"], told["kept"], told["dropped"])


@pytest.mark.parametrize(
    "change", ["", "; alter table item add id bigint"], ids=["gone", "another of its name"]
)
def test_undo_after_the_key_was_dropped_leaves_the_table_and_is_not_called_undone(
    bench: Bench, tmp_path: Path, change: str
) -> None:
    """Nobody can tell any more which of the rows were there before."""
    run_id = _overwritten(bench, tmp_path)
    query(bench.target_url, f"alter table item drop id cascade{change}")

    _left_alone(bench, run_id, rows=3, column="id")


def test_undo_of_a_ledger_without_columns_leaves_a_table_whose_column_has_another_name(
    bench: Bench, tmp_path: Path
) -> None:
    """Where only names are known, a name that is missing may have been given to another column."""
    run_id = _overwritten(bench, tmp_path)
    query(bench.target_url, "update fordway.object_identity set columns = null")
    query(bench.target_url, "alter table item rename v to value; alter table item add v2 text")
    query(bench.target_url, "create view seen as select id, value as v, w from item")
    before = query(bench.target_url, "select id, v, w from seen order by id")

    assert "paused" == bench.undo(run_id)

    assert before == query(bench.target_url, "select id, v, w from seen order by id")
    query(bench.target_url, "drop view seen; alter table item rename value to v")
    assert "undone" == bench.undo(run_id)
    assert _BEFORE == query(bench.target_url, "select id, v, w from item order by id")


def test_undo_after_a_key_was_dropped_goes_on_with_the_other_tables(bench: Bench, tmp_path: Path) -> None:
    """One table nobody can tell the rows of does not keep the others filled."""
    query(bench.target_url, "create table other (id bigint primary key); insert into other values (9)")
    query(bench.target_url, _STANDING)
    script = _SOURCE + "create table other (id integer primary key); insert into other values (1), (2);"
    tables = [{"from": "item", "on_conflict": "keep_source"}, {"from": "other"}]
    run_id = merge(bench, {"old": make_source(tmp_path / "s.db", script)}, tables)
    query(bench.target_url, "alter table item drop id cascade")

    state = bench.undo(run_id)

    assert "paused" == state
    assert [(9,)] == query(bench.target_url, "select id from other")


@pytest.mark.parametrize("change", [_OF_THE_KEY, "alter table item drop id"], ids=["renamed", "dropped"])
def test_undo_of_a_made_table_drops_it_whatever_its_columns_are_called(
    bench: Bench, tmp_path: Path, change: str
) -> None:
    """Nobody else wrote to the table, so no row has to be told from another."""
    run_id = bench.copy(make_source(tmp_path / "s.db", _SOURCE))
    query(bench.target_url, change)
    foreseen = _previewed(bench, run_id)

    state = bench.undo(run_id)

    assert ("undone", True) == (state, foreseen.drops_table)
    assert value(bench.target_url, "select to_regclass('item')") is None
