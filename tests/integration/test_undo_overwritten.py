"""Rows a run overwrote and somebody touched since: left alone, counted and listed, foreseen and afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.model.undo import TableUndoPreview
from engine.stores.target_session import TargetSession
from engine.undoing.preview_undo import preview_undo
from tests.fix_merging import merge
from tests.fix_runs import Bench, make_source, query

_STANDING = """
create table item (id bigint primary key, name text, note text default 'kept');
insert into item select i, 'old ' || i, 'mine' from generate_series(1, 6) as i;
insert into item values (50, 'there before', 'mine');
"""
_SOURCE = """
create table item (id integer primary key, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 8)
insert into item select i, 'new ' || i from n;
"""
_OF_A_CHILD = """
create table child (id int, item_id bigint references item on delete cascade);
insert into child values (1, 7), (2, 1)
"""


def _previewed(bench: Bench, run_id: str) -> list[TableUndoPreview]:
    target = TargetSession(bench.target_url, purpose="test")
    plan = bench.ledger.runs.plan(run_id).plan
    found = preview_undo(run_id=run_id, plan=plan, ledger=bench.ledger, target=target)
    target.close()
    return list(found.tables)


def _told(bench: Bench, run_id: str) -> list[dict[str, Any]]:
    rows = query(
        bench.target_url,
        "select body from fordway.event where run_id = %s and kind = 'table_undone' order by number",
        [run_id],
    )
    return [body for (body,) in rows]


@pytest.mark.parametrize(
    ("change", "restored", "removed", "kept", "gone"),
    [
        ("select 1", 6, 2, (), 0),
        ("update item set note = 'changed' where id = 2", 5, 2, ("2",), 0),
        ("update item set note = 'changed' where id in (2, 7)", 5, 1, ("2", "7"), 0),
        ("delete from item where id = 3", 5, 2, (), 1),
        ("delete from item where id in (3, 8)", 5, 1, (), 2),
        ("delete from item where id = 3; insert into item values (3, 'theirs')", 5, 2, ("3",), 0),
        ("update item set id = 200 where id = 4", 5, 2, (), 1),
        ("update item set note = 'changed' where id = 50", 6, 2, (), 0),
        (_OF_A_CHILD, 6, 1, ("7",), 0),
    ],
    ids=["none", "changed", "two", "deleted", "two deleted", "made anew", "other key", "foreign", "needed"],
)
def test_undo_of_overwritten_rows_leaves_and_counts_as_its_preview_foretold(
    change: str, restored: int, removed: int, kept: tuple[str, ...], gone: int, bench: Bench, tmp_path: Path
) -> None:
    """Put back, removed, left alone by key, gone: each row once, and no stranger's row among them."""
    query(bench.target_url, _STANDING)
    source = make_source(tmp_path / "s.db", _SOURCE)
    run_id = merge(bench, {"old": source}, [{"from": "item", "on_conflict": "keep_source"}])
    query(bench.target_url, change)
    touched = query(bench.target_url, "select id, name, note from item where note = 'changed' order by id")

    (foreseen,) = _previewed(bench, run_id)
    assert "undone" == bench.undo(run_id)

    assert (restored, removed, len(kept), kept, gone) == (
        foreseen.restores, foreseen.removable, foreseen.kept, foreseen.kept_keys, foreseen.gone,
    )  # fmt: skip
    (told,) = _told(bench, run_id)
    assert (removed, len(kept), list(kept)) == (told["removed"], told["kept"], told["kept_keys"])
    assert f"{restored} rows it had overwritten are as they were" in told["note"]
    assert (gone > 0) == ("deleted" in told["note"])
    assert touched == query(
        bench.target_url, "select id, name, note from item where note = 'changed' order by id"
    )


def test_undo_of_a_merge_counts_a_changed_row_once_for_the_source_that_had_it_last(
    bench: Bench, tmp_path: Path
) -> None:
    """Both sources had rows 2 and 7: each is listed for one of them, and the counts agree with the preview."""
    query(bench.target_url, _STANDING)
    sources = {
        name: make_source(tmp_path / f"{name}.db", _SOURCE.replace("'new '", f"'{name} '"))
        for name in ("a", "b")
    }
    tables = [{"from": f"{name}.item", "to": "item", "on_conflict": "keep_source"} for name in sources]
    run_id = merge(bench, sources, tables)
    query(bench.target_url, "update item set note = 'changed' where id in (2, 7)")
    foreseen = _previewed(bench, run_id)

    assert "undone" == bench.undo(run_id)

    # Row 7 is the last source's since it took it over, row 2 was first overwritten by the other one.
    assert [("item (from b)", 1, ["7"]), ("item (from a)", 1, ["2"])] == [
        (told["table"], told["kept"], told["kept_keys"]) for told in _told(bench, run_id)
    ]
    assert [("item (from b)", 1, ("7",), 0, 0), ("item (from a)", 1, ("2",), 0, 5)] == [
        (table.table, table.kept, table.kept_keys, table.gone, table.restores) for table in foreseen
    ]


def test_undo_lists_a_changed_row_of_one_source_that_another_left_as_it_was(
    bench: Bench, tmp_path: Path
) -> None:
    """The row the first source wrote is the run's, though the second found its key taken."""
    sources = {name: make_source(tmp_path / f"{name}.db", _SOURCE) for name in ("a", "b")}
    query(bench.target_url, _STANDING)
    tables = [{"from": f"{name}.item", "to": "item", "on_conflict": "keep_target"} for name in sources]
    run_id = merge(bench, sources, tables)
    query(bench.target_url, "update item set note = 'changed' where id = 7")

    foreseen = _previewed(bench, run_id)
    assert "undone" == bench.undo(run_id)

    assert [(0, ()), (1, ("7",))] == [(table.kept, table.kept_keys) for table in foreseen]
    assert [(0, []), (1, ["7"])] == [(told["kept"], told["kept_keys"]) for told in _told(bench, run_id)]
