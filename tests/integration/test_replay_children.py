"""``replay --children``: everything that waits for a row, however much it is, and no question a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.model.held import HeldChoice
from engine.recovering.choose_held import chosen_rows
from engine.stores.ledger.quarantine import QuarantineStore
from tests.fix_commands import Command
from tests.fix_faults import Met, meet
from tests.fix_held import vacuumed
from tests.fix_runs import Bench, make_source, query

_SOURCE = """
create table owner (id integer primary key, name text);
create table item (id integer primary key, owner integer);
create table part (id integer primary key, item integer);
insert into owner values (1, 'one'), (2, 'bad'), (3, 'bad');
with recursive n (i) as (select 1 union all select i + 1 from n where i < {items})
insert into item select i, 2 + i % 2 from n;
insert into part select id, id from item where id % 2 = 0;
"""
_TARGET = """
create table owner (id bigint primary key, name text constraint is_good check (name <> 'bad'));
create table item (id bigint primary key, owner bigint references owner);
create table part (id bigint primary key, item bigint references item);
"""


def _held(bench: Bench, tmp_path: Path, *, items: int) -> Met:
    """A complete run that set aside two owners, their items, and parts of every second of these."""
    source = make_source(tmp_path / "s.db", _SOURCE.format(items=items))
    tables: list[dict[str, Any]] = [{"from": "owner"}, {"from": "item"}, {"from": "part"}]
    return meet(bench, {"old": source}, tables, target=_TARGET, on_error="quarantine")


def _owners(met: Met) -> list[int]:
    rows = query(
        met.bench.target_url,
        "select quarantine_id from fordway.quarantine where target_table = 'owner' and pass = 'move' order by 1",
    )
    return [number for (number,) in rows]


def _asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tables of which rows that wait are sought from now on."""
    found: list[str] = []
    real = QuarantineStore.waiting

    def seen(store: QuarantineStore, run_id: str, **values: Any) -> Any:  # noqa: ANN401 - as it was
        found.append(values["table"])
        return real(store, run_id, **values)

    monkeypatch.setattr(QuarantineStore, "waiting", seen)
    return found


def _chosen(met: Met, choice: HeldChoice) -> list[str]:
    """Tables of the rows chosen, in their order, each once."""
    plan = met.bench.ledger.runs.plan(met.run_id).plan
    assert plan is not None
    pages = chosen_rows(choice, plan=plan, run_id=met.run_id, ledger=met.bench.ledger)
    return list(dict.fromkeys(row.target_table for rows in pages for row in rows))


def test_every_row_that_waits_is_replayed_however_many_there_are(
    bench: Bench, tmp_path: Path, command: Command
) -> None:
    """Not the first thousand: parents first, and with them all that waited for what they brought."""
    met = _held(bench, tmp_path, items=2_400)
    query(met.bench.target_url, "alter table owner drop constraint is_good")

    done = command("quarantine", "replay", met.run_id, *_owners(met), "--children", "--json")

    assert (0, 2 + 2_400 + 1_200, 0) == (done.code, done.last["rows"], done.last["left"])
    assert ([], True, []) == (met.held(), met.balances(), met.differences())


def test_rows_that_wait_are_sought_once_a_link_and_thousand_rows(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Forty items and twenty parts cost as many questions as one of each."""
    met = _held(bench, tmp_path, items=40)
    asked = _asked(monkeypatch)

    found = _chosen(met, HeldChoice(numbers=tuple(_owners(met)), with_children=True))

    assert ["owner", "item", "part"] == found
    assert ["item", "part"] == asked


def test_where_all_rows_are_meant_nobody_seeks_those_that_wait(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are among them."""
    met = _held(bench, tmp_path, items=4)
    asked = _asked(monkeypatch)

    found = _chosen(met, HeldChoice(with_children=True))

    assert (["owner", "item", "part"], []) == (found, asked)


def test_replay_does_not_wait_for_somebody_who_vacuums_the_rows_set_aside(
    bench: Bench, tmp_path: Path
) -> None:
    """Rows that wait are found all the same, by the statistics there were."""
    met = _held(bench, tmp_path, items=4)

    with vacuumed(bench.target_url, "fordway.quarantine"):
        found = _chosen(met, HeldChoice(numbers=tuple(_owners(met)), with_children=True))

    assert ["owner", "item", "part"] == found
