"""The undo rehearsed: moved into a scratch copy, taken back, compared; the run and its tables stay as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from console.narrator import in_words
from engine.model.events import DrillFinished
from engine.undoing import undo_table
from tests.fix_drills import drill
from tests.fix_merging import merge
from tests.fix_runs import Bench, Typed, make_source, query, schema_of, value

_SHOP = """
create table customer (id integer primary key autoincrement, name text not null);
create table sale (id integer primary key autoincrement, customer_id integer not null references customer (id), amount integer);
create index sale_customer on sale (customer_id);
create view spent as select customer_id, amount from sale;
with recursive n (i) as (select 1 union all select i + 1 from n where i < 40)
insert into customer select i, 'name ' || i from n;
insert into sale select id, 1 + id % 40, id from customer;
"""
_STANDING = """
create table customer (id bigserial primary key, name text not null check (name <> ''), boss bigint references customer (id));
insert into customer select 1000 + n, 'there before ' || n, null from generate_series(1, 5) as n;
select setval('customer_id_seq', 5);
create table visit (customer_id bigint references customer (id) on delete cascade);
"""


def _drill(bench: Bench, run_id: str, source: Path) -> DrillFinished:
    return drill(bench, run_id, {"source": str(source), "old": str(source)})


def _world(bench: Bench, run_id: str) -> dict[str, Any]:
    """All a rehearsal must leave as it is."""
    url = bench.target_url
    return {
        "schema": schema_of(url),
        "customers": query(url, "select * from customer order by id") if value(url, "select to_regclass('customer')") else [],
        "run": query(url, "select state, step, reason, plan_digest, approved_digest from fordway.run where run_id = %s", [run_id]),
        "runs": value(url, "select count(*) from fordway.run"),
        "chunks": query(url, "select * from fordway.chunk order by 1, 2, 3, 4"),
        "actions": query(url, "select * from fordway.undo_action order by 1, 2"),
        "ids": query(url, "select * from fordway.id_map order by 1, 2, 3, 4"),
        "sequence": value(url, "select last_value from customer_id_seq") if value(url, "select to_regclass('customer_id_seq')") else 0,
    }  # fmt: skip


@pytest.mark.parametrize("stage", ["planned", "complete"])
@pytest.mark.parametrize("standing", ["", _STANDING], ids=["all made", "into a table that stood"])
def test_rehearsed_undo_leaves_nothing_and_touches_nothing(
    standing: str, stage: str, bench: Bench, tmp_path: Path
) -> None:
    """Before the move and after it: rows moved and taken back, none left, and the run and its tables are as they were."""
    if standing:
        query(bench.target_url, standing)
    source = make_source(tmp_path / "s.db", _SHOP)
    run_id = bench.copy(source, assume_yes=stage == "complete")
    assert ("waiting" if stage == "planned" else "complete") == str(bench.ledger.runs.read(run_id).state)
    before = _world(bench, run_id)

    done = _drill(bench, run_id, source)

    assert (80, 80, 0, ()) == (done.moved, done.removed, done.residual, done.words)
    assert before == _world(bench, run_id)
    kept = bench.ledger.drills.last(run_id)
    assert kept is not None
    assert done == kept.drill
    assert [done] == [entry.event for entry in bench.ledger.journal.of_kind(run_id, "drill_finished")]
    assert ("  undo rehearsed: 80 rows moved and taken back, 0 left",) == in_words(done)


def test_rehearsed_undo_of_a_merge_works_on_rows_as_they_were_before_the_run(
    bench: Bench, tmp_path: Path
) -> None:
    """Overwritten rows come from their images, moved ones stay behind, also one that somebody changed since."""
    query(
        bench.target_url,
        "create table item (id bigint primary key, name text, note text default 'kept');"
        "insert into item select i, 'old ' || i, 'mine' from generate_series(1, 6) as i",
    )
    script = (
        "create table item (id integer primary key, name text); with recursive n (i) as"
        " (select 3 union all select i + 1 from n where i < 9) insert into item select i, 'new ' || i from n"
    )
    source = make_source(tmp_path / "s.db", script)
    run_id = merge(bench, {"old": source}, [{"from": "item", "on_conflict": "keep_source"}])
    query(bench.target_url, "update item set note = 'changed' where id in (4, 8)")
    rows = query(bench.target_url, "select * from item order by id")

    done = _drill(bench, run_id, source)

    assert (3, 3, 0) == (done.moved, done.removed, done.residual), done.words
    assert rows == query(bench.target_url, "select * from item order by id")


def test_rehearsed_undo_that_marks_rows_counts_them_as_taken_back(bench: Bench, tmp_path: Path) -> None:
    """Rows the playbook keeps, marked as deleted, are no residue; the others are as before."""
    query(bench.target_url, "create table customer (id bigint primary key, name text, gone_at timestamptz)")
    source = make_source(tmp_path / "s.db", _SHOP)
    undo = {"soft_delete": {"column": "gone_at"}}
    run_id = merge(bench, {"old": source}, [{"from": "customer", "undo": undo}], assume_yes=False)

    done = _drill(bench, run_id, source)

    assert (40, 40, 0) == (done.moved, done.removed, done.residual), done.words


def test_rehearsed_undo_that_leaves_rows_says_which_and_how_many(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were an undo to miss rows, the rehearsal would tell, and the badge with it."""
    query(bench.target_url, _STANDING)
    source = make_source(tmp_path / "s.db", _SHOP)
    run_id = bench.copy(source, assume_yes=False)
    monkeypatch.setattr(undo_table, "remove_rows", lambda *_args, **_named: None)

    done = _drill(bench, run_id, source)

    assert (40, ("customer: 40 rows otherwise than before",)) == (done.residual, done.words)
    assert 0 == value(
        bench.target_url, "select count(*) from pg_namespace where nspname like 'fordway_drill%'"
    )


def test_rehearsal_by_the_command_line_leaves_a_dated_badge(
    typed: Typed, bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Code 0 and the count; status and report say when, and whether it was this plan."""
    bench.copy(make_source(tmp_path / "s.db", _SHOP))

    done = typed.run("undo", "latest", "--rehearse", "--json")

    assert (0, "drill_finished", 80, 0) == (
        done.code,
        done.last["event"],
        done.last["moved"],
        done.last["residual"],
    )
    assert "undo rehearsed: 80 rows moved and taken back, 0 left" in done.err
    query(target_url, "update fordway.drill set finished_at = '2026-11-25 21:40+00'")
    assert "  ✓ undo rehearsed 2026-11-25 21:40: 0 rows left\n" in typed.run("status", "latest").out
    query(target_url, "update fordway.drill set plan_digest = 'another', residual = 3")
    folder = tmp_path / "reports"
    assert 0 == typed.run("report", "latest", "--out", folder).code
    (report,) = folder.glob("*.md")
    assert "! undo rehearsed 2026-11-25 21:40: 3 rows left, for another plan" in report.read_text()
