"""Batches under way set the size of those behind them, and no row is lost or moved twice by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from engine.model.events import ChunkCommitted
from engine.model.run import Pass
from engine.moving.chunk_task import ChunkTask
from engine.moving.copy_chunk import copy_chunk
from engine.moving.cut_table import CutSite, cut_anew
from engine.moving.run_table import Control, TableJob, move_table
from engine.stores.open_source import SourceShelf
from engine.stores.target_session import TargetSession
from tests.fix_runs import Bench, PreparedRun, make_source, query, value

_ROWS, _BATCH_ROWS = 6_000, 500
_SCRIPT = f"""
create table item (id integer primary key, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < {_ROWS})
insert into item select i, 'item ' || i from n;
"""


@dataclass(slots=True)
class _Hand:
    """One hand that really moves each batch, and says it took the time the test gives it."""

    target: TargetSession
    tools: dict[str, Any]
    seconds: Callable[[int], float]
    """By rows of the batch."""
    after_each: Callable[[], None] = lambda: None
    workers: int = 1
    sizes: list[int] = field(default_factory=list)

    def submit(self, _work: object, task: ChunkTask) -> Future[ChunkCommitted | None]:
        future: Future[ChunkCommitted | None] = Future()
        event = copy_chunk(task, target=self.target, **self.tools)
        assert event is not None, "no batch is handed out twice"
        self.sizes.append(event.counts.read)
        self.after_each()
        future.set_result(replace(event, seconds=self.seconds(event.counts.read)))
        return future


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bench:
    """A table whose chunks are cut, and all that moving it needs."""

    bench: Bench
    run: PreparedRun
    target: TargetSession
    tools: dict[str, Any]
    site: CutSite

    def hand(self, seconds: Callable[[int], float]) -> _Hand:
        """A hand of this speed."""
        return _Hand(self.target, self.tools, seconds)

    def move(self, hand: _Hand, control: Control, *, most: int, keeps_order: bool = False) -> bool:
        """The table moved by this hand; batches may grow up to ``most`` rows, or go strictly one by one."""
        table = replace(self.run.plan.tables[0], most_batch_rows=most, keeps_order=keeps_order)
        job = TableJob(
            run_id=self.run.run_id,
            epoch=self.run.epoch,
            pass_=Pass.MOVE,
            table=table,
            schema=table.target_schema,
            cut_anew=lambda after, rows: cut_anew(self.site, table, Pass.MOVE, after_number=after, rows=rows),
        )
        return move_table(job, ledger=self.bench.ledger, pool=hand, control=control)  # type: ignore[arg-type]  # a double


@pytest.fixture
def ready(bench: Bench, tmp_path: Path) -> Iterator[_Bench]:
    """6,000 rows cut into batches of 500."""
    run = bench.planned(make_source(tmp_path / "s.db", _SCRIPT), batch_rows=_BATCH_ROWS)
    tools, target = run.tools(), TargetSession(bench.target_url, purpose="test")
    shelf = SourceShelf({"source": run.source})
    site = CutSite(run_id=run.run_id, plan=run.plan, ledger=bench.ledger, shelf=shelf, emit=lambda _: None)
    yield _Bench(bench=bench, run=run, target=target, tools=tools, site=site)
    tools["source"].close()
    shelf.close()
    target.close()


def _assert_each_row_once(url: str) -> None:
    assert (_ROWS, _ROWS) == query(url, "select count(*), count(distinct id) from item")[0]
    spans = query(
        url, "select first_row, last_row, state from fordway.chunk where pass = 'move' order by chunk_number"
    )
    assert [1, *(last + 1 for _, last, _ in spans)] == [*(first for first, _, _ in spans), _ROWS + 1]
    assert {"committed"} == {state for _, _, state in spans}


def test_quick_batches_make_those_behind_them_larger(ready: _Bench) -> None:
    """Two of the first size are under way; the rest is cut anew, and not above what the plan allows."""
    hand = ready.hand(lambda rows: rows / 10_000)

    is_done = ready.move(hand, Control(), most=2_000)

    assert is_done
    assert [500, 500, 2_000, 2_000, 1_000] == hand.sizes
    _assert_each_row_once(ready.bench.target_url)


def test_slow_batches_make_those_behind_them_smaller(ready: _Bench) -> None:
    """A batch of twelve seconds is four times what it may take at most."""
    hand = ready.hand(lambda rows: rows * 12 / _BATCH_ROWS)

    is_done = ready.move(hand, Control(), most=100_000)

    assert is_done
    assert ([500, 500], {100}) == (hand.sizes[:2], set(hand.sizes[2:]))
    _assert_each_row_once(ready.bench.target_url)


def test_pace_follows_when_batches_become_slow_again(ready: _Bench) -> None:
    """Larger batches that take too long make those behind them small again, one by one."""
    hand = ready.hand(lambda rows: 0.1 if rows <= _BATCH_ROWS else 6.0)

    is_done = ready.move(hand, Control(), most=2_000, keeps_order=True)

    assert is_done
    assert [500, 2_000, 500, 2_000, 500, 500] == hand.sizes
    _assert_each_row_once(ready.bench.target_url)


@pytest.mark.parametrize(
    ("seconds", "most"), [(1.5, 100_000), (0.01, 0)], ids=["as they should be", "fixed by the plan"]
)
def test_batches_stay_as_they_are(seconds: float, most: int, ready: _Bench) -> None:
    """In their time, or of a size the plan fixes."""
    hand = ready.hand(lambda _rows: seconds)

    is_done = ready.move(hand, Control(), most=most)

    assert is_done
    assert [_BATCH_ROWS] * (_ROWS // _BATCH_ROWS) == hand.sizes
    _assert_each_row_once(ready.bench.target_url)


def test_run_that_is_to_stop_cuts_nothing_anew(ready: _Bench) -> None:
    """Its batches stand as they are, for whoever goes on."""
    control = Control()
    hand = ready.hand(lambda _rows: 0.01)
    hand.after_each = control.ask_stop

    is_done = ready.move(hand, control, most=2_000)

    assert (False, [500]) == (is_done, hand.sizes)
    chunks = "select count(*) from fordway.chunk where pass = 'move' and last_row - first_row = 499"
    assert _ROWS // _BATCH_ROWS == value(ready.bench.target_url, chunks)
