"""Batches cut anew never take in rows that another runner's batch has moved already."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.hands.kit import HandsSetup
from engine.hands.pool import Hands
from engine.model.run import Pass
from engine.moving.copy_chunk import copy_chunk
from engine.moving.cut_table import CutSite, cut_anew, split_chunk
from engine.moving.run_table import Control, TableJob, move_table
from engine.stores.open_source import SourceShelf
from engine.stores.target_session import TargetSession
from tests.fix_runs import Bench, PreparedRun, chunk_rows, make_source, query

_ROWS = """
create table item (id integer primary key, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 100) insert into item select i, 'x' from n;
"""


def _move_chunk(run: PreparedRun, number: int, url: str) -> None:
    tools = run.tools()
    target = TargetSession(url, purpose="test")
    copy_chunk(run.task(number), target=target, **tools)
    tools["source"].close()
    target.close()


def test_ranges_before_a_committed_one_stay_as_they_are(bench: Bench, tmp_path: Path) -> None:
    """A killed runner with many workers leaves gaps; joined over them, one range would hold committed rows."""
    run = bench.planned(make_source(tmp_path / "s.db", _ROWS), batch_rows=10)
    _move_chunk(run, 8, bench.target_url)
    before = chunk_rows(bench.target_url, run.run_id)
    shelf = SourceShelf({"source": run.source})
    site = CutSite(
        run_id=run.run_id, plan=run.plan, ledger=bench.ledger, shelf=shelf, emit=lambda _event: None
    )

    cut_anew(site, run.plan.tables[0], Pass.MOVE, after_number=3, rows=1_000)

    shelf.close()
    assert before == chunk_rows(bench.target_url, run.run_id)


@pytest.mark.parametrize("rows", [2, 1_000])
@pytest.mark.parametrize(
    ("halved", "after_number"),
    [((3,), 10), ((3,), 11), ((3, 11), 11), ((3, 4), 11), ((3, 11), 10)],
    ids=["one half left", "none left", "halves of a half", "halves of two", "both halves of a half"],
)
def test_ranges_stay_where_the_rest_of_a_batch_that_was_halved_stands_behind_all_others(
    halved: tuple[int, ...], after_number: int, rows: int, bench: Bench, tmp_path: Path
) -> None:
    """Cut from its end on, the ranges would hold rows of the batches before it once more."""
    run = bench.planned(make_source(tmp_path / "s.db", _ROWS), batch_rows=10)
    table = run.plan.tables[0]
    shelf = SourceShelf({"source": run.source})
    site = CutSite(
        run_id=run.run_id, plan=run.plan, ledger=bench.ledger, shelf=shelf, emit=lambda _event: None
    )
    for number in halved:
        assert split_chunk(site, table, Pass.MOVE, number=number)

    cut_anew(site, table, Pass.MOVE, after_number=after_number, rows=rows)

    shelf.close()
    covered = query(
        bench.target_url,
        "select sum(last_row - first_row + 1)::int, min(first_row)::int, max(last_row)::int from fordway.chunk",
    )
    assert [(100, 1, 100)] == covered


_MANY = """
create table item (id integer primary key, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 30000) insert into item select i, 'x' from n;
"""


@pytest.mark.parametrize(("planned", "adapted"), [(5_000, 200), (200, 5_000)])
def test_resumed_table_goes_on_from_the_size_its_batches_have(
    planned: int, adapted: int, bench: Bench, tmp_path: Path
) -> None:
    """Not from the one the plan began with: quick batches grow, and never become smaller."""
    run = bench.planned(make_source(tmp_path / "s.db", _MANY), batch_rows=planned)
    _move_chunk(run, 1, bench.target_url)
    table = replace(run.plan.tables[0], most_batch_rows=1_000_000)
    shelf = SourceShelf({"source": run.source})
    site = CutSite(
        run_id=run.run_id, plan=run.plan, ledger=bench.ledger, shelf=shelf, emit=lambda _event: None
    )
    cut_anew(site, table, Pass.MOVE, after_number=1, rows=adapted)
    setup = HandsSetup(
        target_url=bench.target_url, source_urls={"source": run.source}, run_time=datetime.now(UTC)
    )
    pool = Hands(setup, workers=1)
    asked: list[int] = []

    def cut(after_number: int, rows: int) -> bool:
        asked.append(rows)
        return cut_anew(site, table, Pass.MOVE, after_number=after_number, rows=rows)

    job = TableJob(
        run_id=run.run_id, epoch=run.epoch, pass_=Pass.MOVE, table=table, schema="public", cut_anew=cut
    )
    is_done = move_table(job, ledger=bench.ledger, pool=pool, control=Control())
    pool.close()
    shelf.close()

    assert is_done
    assert asked, "a batch of some milliseconds is worth growing"
    assert adapted < min(asked)
    assert [(30_000,)] == query(bench.target_url, "select count(*) from item")
