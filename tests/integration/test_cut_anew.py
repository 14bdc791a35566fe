"""Batches cut anew never take in rows that another runner's batch has moved already."""

from __future__ import annotations

from pathlib import Path

from engine.model.run import Pass
from engine.moving.copy_chunk import copy_chunk
from engine.moving.cut_table import CutSite, cut_anew
from engine.stores.open_source import SourceShelf
from engine.stores.target_session import TargetSession
from tests.fix_runs import Bench, chunk_rows, make_source

_ROWS = """
create table item (id integer primary key, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 100) insert into item select i, 'x' from n;
"""


def test_ranges_before_a_committed_one_stay_as_they_are(bench: Bench, tmp_path: Path) -> None:
    """A killed runner with many workers leaves gaps; joined over them, one range would hold committed rows."""
    run = bench.planned(make_source(tmp_path / "s.db", _ROWS), batch_rows=10)
    tools = run.tools()
    target = TargetSession(bench.target_url, purpose="test")
    copy_chunk(run.task(8), target=target, **tools)
    tools["source"].close()
    target.close()
    before = chunk_rows(bench.target_url, run.run_id)
    shelf = SourceShelf({"source": run.source})
    site = CutSite(
        run_id=run.run_id, plan=run.plan, ledger=bench.ledger, shelf=shelf, emit=lambda _event: None
    )

    cut_anew(site, run.plan.tables[0], Pass.MOVE, after_number=3, rows=1_000)

    shelf.close()
    assert before == chunk_rows(bench.target_url, run.run_id)
