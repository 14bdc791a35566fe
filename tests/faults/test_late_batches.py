"""Rows brought in beside their batches: what their own batches make of them, and what a failure leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.run import Pass
from tests.fix_faults import Met, brought, meet
from tests.fix_runs import Bench, make_source, query

_PEOPLE = """
create table person (id integer primary key, boss integer, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 300)
insert into person select i, null, 'p' || i from n;
"""
_TARGET = (
    "create table person (id bigint primary key, boss bigint references person, name text not null{more});"
)


def _meet(bench: Bench, tmp_path: Path, damage: str, *, more: str = "") -> Met:
    """300 people in six batches, some with a boss who comes in a later one."""
    source = make_source(tmp_path / "s.db", _PEOPLE + damage)
    return meet(
        bench,
        {"old": source},
        [{"from": "person", "batch_rows": 50}],
        target=_TARGET.format(more=more),
        # The batch behind the failing one is written beside it, and no further one.
        workers=1,
    )


def _is_whole(met: Met) -> tuple[str, bool, list[tuple[str, str, str]], int]:
    """State, balance, differences, and rows in the target."""
    (count,) = query(met.bench.target_url, "select count(*) from person")[0]
    return met.state, met.balances(), met.differences(), count


def test_two_batches_brought_into_one_table_leave_the_others_to_be_moved(
    bench: Bench, tmp_path: Path
) -> None:
    """Two questions, a boss for each in a batch of her own; then the six that were cut."""
    damage = "update person set boss = 210 where id = 10; update person set boss = 260 where id = 60;"
    met = _meet(bench, tmp_path, damage)

    met.choose("parents")
    met.choose("parents")

    assert ("complete", True, [], 300) == _is_whole(met)
    assert (302, 300, 0, 0, 2) == met.counts()["person"]


def test_batches_brought_in_are_not_counted_among_those_of_the_table(bench: Bench, tmp_path: Path) -> None:
    """The table has six batches, as before, and the first of them is still to come."""
    damage = "update person set boss = 210 where id = 10; update person set name = 'bad' where id = 20;"
    met = _meet(bench, tmp_path, damage, more=" check (name <> 'bad')")

    met.choose("parents")

    (progress,) = met.bench.ledger.chunks.progress(met.run_id, Pass.MOVE)
    assert (6, 1, 1) == (progress.chunks, progress.late, progress.late_committed)
    assert progress.committed < 6
    assert {6} == {event.chunks for event in met.events("table_started")}


def test_row_that_was_to_be_brought_in_and_was_not_comes_with_its_own_batch(
    bench: Bench, tmp_path: Path
) -> None:
    """The second boss is refused while she is brought in; once she may be written, she is, and the run is whole."""
    damage = "update person set boss = 210 where id = 10; update person set boss = 260 where id = 60;"
    met = _meet(bench, tmp_path, damage)
    met.choose("parents")
    query(bench.target_url, "alter table person add constraint no_260 check (id <> 260)")
    met.choose("parents")
    query(bench.target_url, "alter table person drop constraint no_260")

    met.choose("quarantine")

    assert ("complete", True, [], 299) == _is_whole(met)
    assert [[60]] == met.held()
    assert [(260,)] == query(bench.target_url, "select id from person where id = 260")


def test_return_to_the_checkpoint_leaves_a_row_its_own_batch_counts_as_brought_in(
    bench: Bench, tmp_path: Path
) -> None:
    """Nobody would write her again: her own batch is committed, and says that she is there."""
    damage = "update person set boss = 160 where id = 10; update person set name = 'bad' where id = 20;"
    met = _meet(bench, tmp_path, damage, more=" check (name <> 'bad')")
    met.choose("parents")
    assert [(1,)] == query(
        bench.target_url,
        "select rows_merged from fordway.chunk where pass = 'move' and chunk_number = 4 and state = 'committed'",
    )

    met.choose("checkpoint")
    met.go_on()
    met.choose("quarantine")

    assert ("complete", True, [], 299) == _is_whole(met)
    assert [[20]] == met.held()
    assert [(0, 1)] == [(part.removed, part.kept) for part in met.events("part_undone")]


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ("10, 210; 210, 211; 211, 210", 2),
        ("10, 210; 210, 10", 2),
        ("10, 210; 210, 210", 1),
        ("10, 210; 11, 290; 210, 290; 290, 291; 291, 210", 3),
    ],
    ids=["each other", "whoever misses her", "herself", "three"],
)
def test_parents_that_refer_to_each_other_in_one_table_come_together(
    damage: str, expected: int, bench: Bench, tmp_path: Path
) -> None:
    """A foreign key is checked when all of them are there."""
    pairs = [pair.split(", ") for pair in damage.split("; ")]
    met = _meet(
        bench, tmp_path, "".join(f"update person set boss = {boss} where id = {who};" for who, boss in pairs)
    )

    assert (expected, expected) == brought(met)

    assert ("complete", True, [], 300) == _is_whole(met)
    assert [(len(pairs),)] == query(bench.target_url, "select count(boss) from person")
