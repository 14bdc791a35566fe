"""Each way out of missing parents, wherever these are, leads to what it foretold and can be taken back."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from engine.stores.ledger.decisions import StoredDecision
from tests.fix_faults import Met, meet
from tests.fix_runs import Bench, make_source, query

_OWNERS = "create table owner (id integer primary key, name text, boss integer);"
_OLD = f"""
{_OWNERS}
create table item (id integer primary key, owner integer);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 100)
insert into owner select i, 'owner ' || i, null from n;
with recursive n (i) as (select 1 union all select i + 1 from n where i < 100)
insert into item select i, i from n;
"""
_ARCHIVE = (
    _OWNERS + "insert into owner values (901, 'Ada', null), (902, 'Bob', 901), (903, 'not missed', null);"
)
_TARGET = """
create table owner (id bigint primary key, name text not null, boss bigint references owner);
create table item (id bigint primary key, owner bigint references owner);
"""
_TABLES = [
    {"from": "old.owner", "to": "owner", "batch_rows": 20},
    {"from": "old.item", "to": "item", "batch_rows": 50},
]
_ALL = (100, 100, 0, 0, 0)


def _meet(bench: Bench, tmp_path: Path, damage: str, *, target: str = _TARGET) -> Met:
    sources = {
        "old": make_source(tmp_path / "old.db", _OLD + damage),
        "archive": make_source(tmp_path / "archive.db", _ARCHIVE),
    }
    return meet(bench, sources, _TABLES, target=target)


def _take(met: Met, option: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the option foretold and what it came to, of what is counted."""
    foretold = met.option(option).effect
    assert foretold is not None
    return _counted(asdict(foretold)), _actual(met.choose(option))


def _actual(stored: StoredDecision) -> dict[str, Any]:
    assert stored.outcome is not None
    assert "done" == stored.outcome["state"], stored.outcome
    return _counted(stored.outcome["actual"])


def _counted(effect: dict[str, Any]) -> dict[str, Any]:
    return {name: count for name, count in effect.items() if count and isinstance(count, int)}


def _about_rows(met: Met) -> list[str]:
    return [name for name in met.open_options if name in {"parents", "quarantine", "placeholders", "null"}]


def _is_all_taken_back(bench: Bench, met: Met) -> bool:
    return bench.undo(met.run_id) == "undone" and [] == query(
        bench.target_url, "select id from item union all select id from owner"
    )


def _connected(bench: Bench, keys: tuple[int, ...]) -> int:
    return len(
        query(
            bench.target_url,
            "select 1 from item join owner on owner.id = item.owner where item.id = any(%s)",
            [list(keys)],
        )
    )


_WAYS = {
    "parents": ({"rows": 3, "brought": 2}, (102, 102, 0, 0, 0), _ALL, 3),
    "quarantine": ({"rows": 3, "set_aside": 3, "written": 47}, _ALL, (100, 97, 3, 0, 0), 0),
    "placeholders": ({"rows": 3, "placeholders": 1}, _ALL, _ALL, 3),
    "null": ({"rows": 3, "changed": 3, "written": 50}, _ALL, _ALL, 0),
}


@pytest.mark.fault("R111")
@pytest.mark.parametrize("option", _WAYS)
def test_way_out_of_parents_in_another_source_does_what_it_foretold(
    option: str, bench: Bench, tmp_path: Path
) -> None:
    """Ada comes along with Bob, whose boss she is; nobody else does."""
    effect, owners, items, connected = _WAYS[option]
    met = _meet(bench, tmp_path, "update item set owner = 902 where id in (60, 61, 62);")

    assert ("R111", [*_WAYS]) == (met.decision.fault, _about_rows(met))
    foretold, done = _take(met, option)

    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert {"owner": owners, "item": items} == met.counts()
    assert connected == _connected(bench, (60, 61, 62))
    assert effect == foretold == done
    assert _is_all_taken_back(bench, met)


@pytest.mark.fault("R113")
@pytest.mark.parametrize("option", ["quarantine", "placeholders", "null"])
def test_way_out_of_parents_that_were_set_aside_does_what_it_foretold(
    option: str, bench: Bench, tmp_path: Path
) -> None:
    """They come back when they are mended; until then their children wait, or go without them."""
    target = _TARGET.replace("name text not null", "name text not null check (name <> 'owner 60')")
    met = _meet(bench, tmp_path, "update item set owner = 60 where id in (61, 62);", target=target)
    assert "R107" == met.decision.fault
    met.choose("quarantine")

    assert ("R113", ["quarantine", "placeholders", "null"]) == (met.decision.fault, _about_rows(met))
    foretold, done = _take(met, option)

    is_held = option == "quarantine"
    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert {"owner": (100, 99, 1, 0, 0), "item": (100, 97, 3, 0, 0) if is_held else _ALL} == met.counts()
    assert (3 if option == "placeholders" else 0) == _connected(bench, (60, 61, 62))
    assert foretold == done
    assert _is_all_taken_back(bench, met)


@pytest.mark.fault("R114")
@pytest.mark.parametrize("option", ["quarantine", "placeholders", "null"])
def test_way_out_of_parents_that_are_nowhere_does_what_it_foretold(
    option: str, bench: Bench, tmp_path: Path
) -> None:
    """Nothing can be moved first that is not there."""
    met = _meet(bench, tmp_path, "update item set owner = 777 where id in (61, 62);")

    assert ("R114", ["quarantine", "placeholders", "null"]) == (met.decision.fault, _about_rows(met))
    foretold, done = _take(met, option)

    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert {"owner": _ALL, "item": (100, 98, 2, 0, 0) if option == "quarantine" else _ALL} == met.counts()
    assert (2 if option == "placeholders" else 0) == _connected(bench, (61, 62))
    assert foretold == done
    assert _is_all_taken_back(bench, met)


_LATER = {
    "parents": ({"rows": 2, "brought": 1}, (101, 100, 0, 0, 1), 2),
    "quarantine": ({"rows": 2, "set_aside": 2, "written": 18}, (100, 98, 2, 0, 0), 0),
    "null": ({"rows": 2, "changed": 2, "written": 20}, _ALL, 0),
}


@pytest.mark.fault("R112")
@pytest.mark.parametrize("option", _LATER)
def test_way_out_of_parents_that_come_later_does_what_it_foretold(
    option: str, bench: Bench, tmp_path: Path
) -> None:
    """Two people of the first batch whose boss is in the last."""
    effect, owners, connected = _LATER[option]
    met = _meet(bench, tmp_path, "update owner set boss = 95 where id in (10, 11);")

    assert "R112" == met.decision.fault
    foretold, done = _take(met, option)
    if option == "quarantine":
        # What belongs to the two waits beside them.
        assert ("R113", 2) == (met.decision.fault, met.diagnosis.offending)
        met.choose("quarantine")

    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert {"owner": owners, "item": (100, 98, 2, 0, 0) if option == "quarantine" else _ALL} == met.counts()
    assert connected == len(query(bench.target_url, "select 1 from owner where boss = 95"))
    assert effect == foretold == done
    assert _is_all_taken_back(bench, met)


def test_no_placeholder_is_made_for_a_row_that_comes_by_itself(bench: Bench, tmp_path: Path) -> None:
    """It would stand in its way."""
    met = _meet(bench, tmp_path, "update owner set boss = 95 where id in (10, 11);")

    assert ["parents", "quarantine", "null"] == _about_rows(met)
    assert "1 of them is moved later in this run" == met.option("placeholders").unavailable


_BONDS = """
create table person (id integer primary key, name text);
create table bond (id integer primary key, a integer, b integer);
insert into person values (1, 'one');
"""
_BOND_TARGET = """
create table person (id bigint primary key, name text);
create table bond (id bigint primary key, a bigint references person, b bigint references person);
"""


def _meet_bonds(bench: Bench, tmp_path: Path, *, target: str = _BOND_TARGET) -> Met:
    """Two bonds that name the same person, each in another column."""
    sources = {
        "old": make_source(tmp_path / "old.db", _BONDS + "insert into bond values (1, 7, 1), (2, 1, 7);"),
        "archive": make_source(tmp_path / "archive.db", _BONDS + "insert into person values (7, 'seven');"),
    }
    tables = [{"from": f"old.{table}", "to": table} for table in ("person", "bond")]
    return meet(bench, sources, tables, target=target)


@pytest.mark.parametrize("option", ["parents", "placeholders"])
def test_parent_two_columns_refer_to_is_foretold_and_made_once(
    option: str, bench: Bench, tmp_path: Path
) -> None:
    """One person, whichever way out is taken."""
    met = _meet_bonds(bench, tmp_path)

    foretold, done = _take(met, option)

    assert {"rows": 2, "brought" if option == "parents" else option: 1} == foretold == done
    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert [(1,), (7,)] == query(bench.target_url, "select id from person order by id")


def test_placeholder_a_trigger_lets_fall_is_told_and_not_counted(bench: Bench, tmp_path: Path) -> None:
    """Who held it back is said, and nothing stands that was not made."""
    met = _meet_bonds(bench, tmp_path)
    query(
        bench.target_url,
        "create function swallow() returns trigger language plpgsql as"
        " $$ begin if new.id = 7 then return null; end if; return new; end $$;"
        "create trigger swallow before insert on person for each row execute function swallow()",
    )

    stored = met.choose("placeholders")

    assert stored.outcome is not None
    assert "failed" == stored.outcome["state"]
    assert "1 row of the batch did not arrive in the target table person" in stored.outcome["why"]
    assert "swallow" in stored.outcome["why"]
    assert [] == query(bench.target_url, "select 1 from fordway.chunk where origin is not null")


@pytest.mark.parametrize("option", ["parents", "placeholders"])
def test_row_that_misses_two_parents_is_helped_to_each(option: str, bench: Bench, tmp_path: Path) -> None:
    """The second one shows when the first is there, and the same way out is open again."""
    sources = {
        "old": make_source(tmp_path / "old.db", _BONDS + "insert into bond values (1, 7, 8);"),
        "archive": make_source(
            tmp_path / "archive.db", _BONDS + "insert into person values (7, ''), (8, '');"
        ),
    }
    tables = [{"from": f"old.{table}", "to": table} for table in ("person", "bond")]
    met = meet(bench, sources, tables, target=_BOND_TARGET)

    for _ in range(2):
        foretold, done = _take(met, option)
        assert {"rows": 1, "brought" if option == "parents" else option: 1} == foretold == done

    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert [(1,), (7,), (8,)] == query(bench.target_url, "select id from person order by id")
