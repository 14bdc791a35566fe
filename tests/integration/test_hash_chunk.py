"""Chunks are compared by hashes of their lines wherever rows of both sides can be put in one order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from engine.checking.chunk_rows import CheckTask, ChunkRows, key_text
from engine.checking.compare_chunk import check_chunk
from engine.checking.hash_chunk import Alike, hash_chunk, key_of_both
from engine.hands.kit import HandsSetup, Kit
from engine.model.plan import ColumnPlan, Family
from engine.model.ports import LineSigns
from engine.model.run import Pass
from tests.fix_runs import Bench, make_source, query

_SIGNS = LineSigns(null="\x1fnull", between="\x1fnext", end="\x1eend", seeds=(1, 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One chunk of a run, and what to compare it with."""

    kit: Kit
    task: CheckTask

    def digest(self) -> Alike | None:
        """Of both sides as they are now."""
        xid, task = self.task.xid, self.task
        found = self.kit.checks.streams.stretches(task.table, [xid]).get(xid, ())
        task = replace(task, stretches=found)
        return hash_chunk(self.kit, task, ChunkRows(self.kit, task))


@pytest.fixture
def moved(bench: Bench, tmp_path: Path) -> Iterator[Moved]:
    path = make_source(
        tmp_path / "items.db",
        "create table item (id integer primary key, name text, price real);"
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 3000)"
        " insert into item select i * 2, 'name ' || i, i / 8.0 from n",
    )
    with _kit(bench, bench.copy(path), path) as (kit, task):
        yield Moved(kit=kit, task=replace(task, wanted=(7, 499)))


@contextmanager
def _kit(bench: Bench, run_id: str, path: Path) -> Iterator[tuple[Kit, CheckTask]]:
    """Connections, and the run's first chunk."""
    ledger = bench.ledger
    [table] = ledger.runs.plan(run_id).plan.tables
    chunk = next(iter(ledger.chunks.all(run_id, Pass.MOVE, table.number)))
    written = next(iter(ledger.chunks.written(run_id, table.number)))
    setup = HandsSetup(
        target_url=bench.target_url, source_urls={table.source: str(path)}, run_time=datetime.now(UTC)
    )
    with closing(Kit(setup)) as kit:
        found = kit.checks.streams.stretches(table, [written.xid32])
        task = CheckTask(
            table=table,
            run_id=run_id,
            chunk=chunk.number,
            span=chunk.span,
            xid=written.xid32,
            stretches=found[written.xid32],
            signs=_SIGNS,
        )
        yield kit, task


def _change(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("create index if not exists by_price on item (price desc)")
        connection.execute(statement)


def test_rows_that_lie_in_another_order_are_compared_by_their_keys(moved: Moved, target_url: str) -> None:
    """As they do where two workers wrote side by side; nothing but the order has changed."""
    before = moved.digest()
    _change(target_url, "cluster item using by_price")
    after = moved.digest()
    assert before
    assert after
    assert before.rows == after.rows == moved.task.rows


def test_a_changed_value_is_no_match_in_any_order(moved: Moved, target_url: str) -> None:
    """The row left its transaction, and the others are too few."""
    _change(target_url, "cluster item using by_price; update item set name = 'else' where id = 600")
    assert moved.digest() is None


def test_samples_are_drawn_whichever_way_the_rows_were_hashed(moved: Moved, target_url: str) -> None:
    """Who stops at the first difference has not met them all."""
    _change(target_url, "cluster item using by_price; update item set name = 'else' where id = 4")
    xid = moved.task.xid
    stretches = moved.kit.checks.streams.stretches(moved.task.table, [xid])[xid]
    verdict = check_chunk(moved.kit, replace(moved.task, stretches=stretches))
    assert (verdict.samples, verdict.sample_words, verdict.is_equal) == (2, (), False)


def test_keys_that_are_no_numbers_leave_the_comparison_to_every_row(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """They were set aside for that, yet they end pages and ranges; no index of numbers knows them."""
    query(target_url, "create table item (id bigint primary key, price int)")
    path = make_source(
        tmp_path / "odd.db",
        "create table item (id int primary key, price int) without rowid;"
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 300)"
        " insert into item select i, i from n;"
        "insert into item values ('abc', 1), (1e300, 2)",
    )
    run_id = bench.copy(path)
    _change(target_url, "cluster item using by_price")
    with _kit(bench, run_id, path) as (kit, task):
        verdict = check_chunk(kit, replace(task, skipped=frozenset({key_text(("abc",)), key_text((1e300,))})))
    assert (verdict.source_rows, verdict.is_equal) == (300, True)


@pytest.mark.parametrize(
    ("chunk_key", "primary_key", "family", "expected"),
    [
        (("id",), ("new_id",), Family.INTEGER, ("new_id",)),
        (("id",), ("new_id",), Family.TEXT, ()),
        (("rowid",), ("new_id",), Family.INTEGER, ()),
        (("id",), (), Family.INTEGER, ()),
        (("id",), ("other",), Family.INTEGER, ()),
    ],
)
def test_only_whole_numbers_are_ordered_alike_everywhere(
    chunk_key: tuple[str, ...],
    primary_key: tuple[str, ...],
    family: Family,
    expected: tuple[str, ...],
    moved: Moved,
) -> None:
    """Texts go by collations, which differ."""
    column = ColumnPlan(target="new_id", target_type="bigint", family=family, source="id")
    table = replace(moved.task.table, chunk_key=chunk_key, primary_key=primary_key, columns=(column,))
    assert key_of_both(table) == expected
