"""Rows an undo keeps and marks as deleted, and tables it empties at once, where the playbook says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.agents.look_ahead import look_ahead
from engine.model.undo import TableUndoPreview
from engine.stores.target_session import TargetSession
from engine.undoing.preview_undo import preview_undo
from tests.fix_merging import merge, merging_playbook
from tests.fix_runs import Bench, make_source, query, value

_SOURCE = """
create table item (id integer primary key, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 8)
insert into item select i, 'new ' || i from n;
"""
_STANDING = """
create table item (
    id bigint primary key, name text, deleted_at timestamptz, state varchar(8) not null default 'live',
    doubled text generated always as (name || name) stored
);
insert into item (id, name) values (50, 'there before'), (51, 'there before');
"""
_MARKED = "select id from item where deleted_at is not null order by id"


def _run(bench: Bench, tmp_path: Path, undo: object, *, standing: str = _STANDING) -> str:
    if standing:
        query(bench.target_url, standing)
    source = make_source(tmp_path / "s.db", _SOURCE)
    run_id = merge(bench, {"old": source}, [{"from": "item", "undo": undo}])
    assert "complete" == str(bench.ledger.runs.read(run_id).state), bench.ledger.runs.read(run_id).reason
    return run_id


def _soft(column: str = "deleted_at", value: object = "now") -> dict[str, object]:
    return {"soft_delete": {"column": column, "value": value}}


def _previewed(bench: Bench, run_id: str) -> TableUndoPreview:
    target = TargetSession(bench.target_url, purpose="test")
    plan = bench.ledger.runs.plan(run_id).plan
    (found,) = preview_undo(run_id=run_id, plan=plan, ledger=bench.ledger, target=target).tables
    target.close()
    return found


def _told(bench: Bench) -> dict[str, Any]:
    statement = "select body from fordway.event where kind = 'table_undone' order by number desc limit 1"
    return dict(value(bench.target_url, statement))


def test_soft_delete_marks_the_runs_rows_with_one_moment_and_leaves_what_others_changed(
    bench: Bench, tmp_path: Path
) -> None:
    """Rows stay; those somebody changed are listed and not marked; the preview counts as the undo does."""
    run_id = _run(bench, tmp_path, _soft())
    query(bench.target_url, "update item set name = 'mine' where id = 3")
    foreseen = _previewed(bench, run_id)

    assert "undone" == bench.undo(run_id)

    assert [(n,) for n in (1, 2, 4, 5, 6, 7, 8)] == query(bench.target_url, _MARKED)
    assert 10 == value(bench.target_url, "select count(*) from item")
    assert 1 == value(bench.target_url, "select count(distinct deleted_at) from item")
    assert (7, 1, ("3",), True, False) == (
        foreseen.removable, foreseen.kept, foreseen.kept_keys, foreseen.is_marked, foreseen.drops_table,
    )  # fmt: skip
    told = _told(bench)
    assert (0, 7, 1, ["3"]) == (told["removed"], told["marked"], told["kept"], told["kept_keys"])
    assert "7 rows marked as deleted in deleted_at" == told["note"]
    plan = bench.ledger.runs.plan(run_id).plan
    assert plan is not None
    assert (
        "marks the 8 rows this run writes as deleted, by setting deleted_at to the moment of the undo; "
        "the table item and its rows stay"
    ) == plan.tables[0].undo


def test_soft_delete_of_a_table_the_run_made_keeps_it_with_its_marked_rows(
    bench: Bench, tmp_path: Path
) -> None:
    """The table is never dropped, and says why it stays; a plain value goes in as given."""
    run_id = _run(bench, tmp_path, _soft("name", "gone"), standing="")
    query(bench.target_url, "update item set name = 'mine' where id = 6")

    assert "undone" == bench.undo(run_id)

    names = "select name, count(*) from item group by name order by name"
    assert [("gone", 7), ("mine", 1)] == query(bench.target_url, names)
    assert ["6"] == _told(bench)["kept_keys"]
    assert "the table stays: its rows are marked as deleted" in _told(bench)["note"]
    assert "undone" == bench.undo(run_id)
    assert 7 == value(bench.target_url, "select rows_removed from fordway.undo_progress")


def test_soft_delete_broken_off_and_taken_up_again_marks_no_row_twice(bench: Bench, tmp_path: Path) -> None:
    """Marked rows are neither the run's any more nor somebody else's."""
    run_id = _run(bench, tmp_path, _soft())
    query(bench.target_url, "update item set name = 'mine' where id = 6")
    bench.undo(run_id)
    # Its row stands behind all marked ones now, so that one of those would be listed first.
    query(bench.target_url, "update item set name = 'mine still' where id = 6")
    marked = query(bench.target_url, "select id, deleted_at, xmin::text from item order by id")
    query(bench.target_url, "update fordway.undo_progress set is_done = false, next_block = 0")
    query(
        bench.target_url,
        "alter table fordway.run disable trigger guard_run_state; update fordway.run set state = 'undoing';"
        "alter table fordway.run enable trigger guard_run_state",
    )

    assert "undone" == bench.undo(run_id)

    assert marked == query(bench.target_url, "select id, deleted_at, xmin::text from item order by id")
    told = _told(bench)
    assert (7, 1, ["6"]) == (told["marked"], told["kept"], told["kept_keys"])


@pytest.mark.parametrize(
    ("undo", "words"),
    [
        (_soft("removed_at"), "is not there"),
        (_soft("id", 0), "is part of the key"),
        (_soft("doubled", "x"), "is filled by the target itself"),
        (_soft("deleted_at", "yesterday noon"), "does not take what deleted rows are to be marked with"),
        (_soft("state", "long deleted"), "does not take what deleted rows are to be marked with"),
    ],
)
def test_soft_delete_that_can_not_be_is_a_blocker_of_the_plan(
    undo: dict[str, object], words: str, bench: Bench, tmp_path: Path
) -> None:
    """Told before anything moves, with the column's place."""
    query(bench.target_url, _STANDING)
    source = make_source(tmp_path / "s.db", _SOURCE)
    playbook = merging_playbook(bench, {"old": source}, [{"from": "item", "undo": undo}])

    plan = look_ahead(
        playbook, target_url=bench.target_url, target_label="", source_urls=playbook.sources, on_error="ask"
    )

    assert [words in finding.what for finding in plan.blockers if finding.code == "F410"] == [True]


_EMPTY = "create table item (id bigint primary key, name text); create table note (item_id bigint {refers});"


@pytest.mark.parametrize(
    ("refers", "foreign", "is_new_file"),
    [("", "", True), ("references item (id)", "", False), ("", "insert into item values (90, 'x')", False)],
    ids=["alone", "referred to", "with others"],
)
def test_truncate_empties_a_table_at_once_only_where_all_of_it_is_the_runs(
    refers: str, foreign: str, is_new_file: bool, bench: Bench, tmp_path: Path
) -> None:
    """Else the rows are removed one stretch after another, and those of others stay."""
    run_id = _run(bench, tmp_path, "truncate", standing=_EMPTY.format(refers=refers))
    if foreign:
        query(bench.target_url, foreign)
    file = value(bench.target_url, "select pg_relation_filenode('item')")

    assert "undone" == bench.undo(run_id)

    assert (1 if foreign else 0) == value(bench.target_url, "select count(*) from item")
    assert is_new_file == (file != value(bench.target_url, "select pg_relation_filenode('item')"))
    assert 8 == _told(bench)["removed"]
