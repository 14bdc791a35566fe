"""Rows whose primary key is taken, by the target or by an earlier row: whose row stays, and what undo gives back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.model.faults import Effect
from tests.fix_faults import Met, meet
from tests.fix_runs import Bench, make_source, query

_ITEMS = """
create table item (id integer primary key, no integer, name text, updated_at text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 200)
insert into item select i, i, 'new ' || i, '2024-06-01 00:00:00' from n;
"""
_TARGET = """
create table item (no bigint primary key, name text, updated_at timestamp, extra text default 'kept');
insert into item values (60, 'old 60', '2023-01-01', 'mine'), (70, 'old 70', '2025-01-01', 'mine'), (999, 'stranger', null, null);
"""
_TAKEN = [(60, "old 60", "mine"), (70, "old 70", "mine")]
_BOTH = "select no, name, extra from item where no in (60, 70) order by no"
_COLUMNS = {"no": "no", "name": "name", "updated_at": "updated_at"}


def _meet(bench: Bench, tmp_path: Path, *, target: str = _TARGET) -> Met:
    source = make_source(tmp_path / "s.db", _ITEMS)
    table = {"from": "item", "batch_rows": 50, "columns": _COLUMNS, "leave": ["id"]}
    return meet(bench, {"old": source}, [table], target=target)


def _rows(effect: Effect | None) -> tuple[int, ...]:
    assert effect is not None
    return (effect.rows, effect.written, effect.set_aside, effect.changed, effect.merged)


_WAYS = {
    "quarantine": (_TAKEN, (200, 198, 2, 0, 0)),
    "keep-target": (_TAKEN, (200, 198, 0, 0, 2)),
    "keep-source": ([(60, "new 60", "mine"), (70, "new 70", "mine")], (200, 198, 0, 0, 2)),
    "newest": ([(60, "new 60", "mine"), (70, "old 70", "mine")], (200, 198, 0, 0, 2)),
}


@pytest.mark.fault("R109")
@pytest.mark.parametrize("option", _WAYS)
def test_rows_the_target_has_already_stay_or_are_overwritten_as_foretold(
    option: str, bench: Bench, tmp_path: Path
) -> None:
    """Both rows are accounted for, and undo gives back what stood there, to the letter."""
    rows, counts = _WAYS[option]
    query(bench.target_url, _TARGET)
    before = query(bench.target_url, "select * from item order by no")
    met = _meet(bench, tmp_path, target="select 1")

    assert ("waiting", "R109", 2, "item_pkey") == (
        met.state,
        met.decision.fault,
        met.diagnosis.offending,
        met.diagnosis.groups[0].place,
    )
    assert ["60", "70"] == [row.key for row in met.diagnosis.groups[0].examples]
    assert {*_WAYS} == set(met.open_options) - {"retry", "smaller", "pause", "undo", "stop", "lead"}
    foretold = met.option(option).effect
    stored = met.choose(option)

    assert ("complete", counts) == (met.state, met.counts()["item"])
    assert (True, []) == (met.balances(), met.differences())
    assert rows == query(bench.target_url, _BOTH)
    assert _rows(foretold) == _rows(Effect(**_actual(stored.outcome)))
    assert "undone" == bench.undo(met.run_id)
    assert before == query(bench.target_url, "select * from item order by no")


def _actual(outcome: dict[str, Any] | None) -> dict[str, Any]:
    assert outcome is not None
    assert "done" == outcome["state"]
    return dict(outcome["actual"])


_INSIDE = (
    "update item set no = 55, updated_at = '2024-0' || (id - 50) || '-01 00:00:00' where id in (55, 56, 57);"
)
_FIRST = {
    "quarantine": ("new 55", (200, 198, 2, 0, 0)),
    "keep-target": ("new 55", (200, 198, 0, 0, 2)),
    "keep-source": ("new 57", (200, 198, 0, 0, 2)),
    "newest": ("new 57", (200, 198, 0, 0, 2)),
}


@pytest.mark.fault("R108")
@pytest.mark.parametrize("option", _FIRST)
def test_rows_with_the_primary_key_of_an_earlier_one_are_settled_as_foretold(
    option: str, bench: Bench, tmp_path: Path
) -> None:
    """Three rows of one key, which only the target can make: one of them stays, and the others are known."""
    name, counts = _FIRST[option]
    source = make_source(tmp_path / "s.db", _ITEMS + _INSIDE)
    columns = {**_COLUMNS, "no": {"expr": "no + 0"}}
    table = {"from": "item", "batch_rows": 50, "columns": columns, "leave": ["id"]}
    met = meet(bench, {"old": source}, [table], target=_TARGET.partition("insert")[0])

    assert ("waiting", "R108", 2) == (met.state, met.decision.fault, met.diagnosis.offending)
    foretold = met.option(option).effect
    stored = met.choose(option)

    assert ("complete", counts) == (met.state, met.counts()["item"])
    assert (True, []) == (met.balances(), met.differences())
    assert [(name,)] == query(bench.target_url, "select name from item where no = 55")
    assert _rows(foretold) == _rows(Effect(**_actual(stored.outcome)))
    assert "undone" == bench.undo(met.run_id)
    assert [] == query(bench.target_url, "select 1 from item")


def test_newest_is_offered_only_where_a_column_tells_which_row_is_newer(bench: Bench, tmp_path: Path) -> None:
    """Nobody guesses."""
    source = make_source(tmp_path / "s.db", _ITEMS)
    columns = {"no": "no", "name": "name"}
    table = {"from": "item", "batch_rows": 50, "columns": columns, "leave": ["id", "updated_at"]}
    met = meet(bench, {"old": source}, [table], target=_TARGET.replace("updated_at timestamp,", "seen date,"))

    assert "no column tells which row is newer" == met.option("newest").unavailable
    assert not met.option("keep-source").unavailable


def test_row_that_was_overwritten_and_changed_since_is_not_touched_by_undo(
    bench: Bench, tmp_path: Path
) -> None:
    """What somebody wrote after us is theirs; the other row comes back as it was."""
    met = _meet(bench, tmp_path)
    met.choose("keep-source")
    query(bench.target_url, "update item set name = 'theirs' where no = 60")

    assert "undone" == bench.undo(met.run_id)
    assert [(60, "theirs", "mine"), (70, "old 70", "mine")] == query(bench.target_url, _BOTH)
