"""Rows whose parents are missing: where these are, and that each way out leads to what it foretold."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.model.faults import Whereabouts
from tests.fix_faults import Met, meet
from tests.fix_runs import Bench, make_source, query, value

_LEGACY = """
create table office (id integer primary key, name text not null);
create table person (id integer primary key, office_id integer not null references office (id), name text not null);
create table visit (id integer primary key, person_id integer not null references person (id), day text);
insert into office values (1, 'North'), (2, 'South');
with recursive n (i) as (select 1 union all select i + 1 from n where i < 50)
insert into person select i, 1 + i % 2, 'person ' || i from n;
with recursive n (i) as (select 1 union all select i + 1 from n where i < 200)
insert into visit select i, 1 + i % 50, '2024-02-01' from n;
update visit set person_id = 901 where id in (110, 111, 112);
update visit set person_id = 902 where id in (120, 121);
"""
_ARCHIVE = """
create table office (id integer primary key, name text not null);
create table person (id integer primary key, office_id integer not null references office (id), name text not null);
insert into office values (9, 'Closed'), (8, 'Nobody''s');
insert into person values (901, 9, 'Ada'), (902, 1, 'Bob'), (903, 8, 'not missed');
"""
_IDS = {"id": {"generate": "uuid5"}, "legacy_id": "id"}
_TABLES = [
    {"from": "old.office", "to": "office", "columns": _IDS},
    {
        "from": "old.person", "to": "person",
        "columns": {**_IDS, "office_id": {"from": "office_id", "lookup": "office"}},
    },
    {
        "from": "old.visit", "to": "visit", "batch_rows": 50,
        "columns": {**_IDS, "person_id": {"from": "person_id", "lookup": "person"}},
    },
]  # fmt: skip


def _elsewhere(bench: Bench, tmp_path: Path) -> Met:
    old = make_source(tmp_path / "old.db", _LEGACY)
    archive = make_source(tmp_path / "archive.db", _ARCHIVE)
    return meet(bench, {"old": old, "archive": archive}, _TABLES)


def _places(met: Met) -> list[tuple[str, int, int]]:
    parents = met.diagnosis.groups[0].parents
    assert parents is not None
    return [(str(place.whereabouts), place.keys, place.rows) for place in parents.places]


@pytest.mark.fault("R111")
def test_missing_parents_in_another_source_are_moved_with_their_own_parents_and_no_other_row(
    bench: Bench, tmp_path: Path
) -> None:
    """Two people and the office of one of them come over; nobody else of the archive does."""
    met = _elsewhere(bench, tmp_path)

    assert ("waiting", "R111", [(Whereabouts.ELSEWHERE, 2, 5)]) == (
        met.state,
        met.decision.fault,
        _places(met),
    )
    assert met.option("parents").is_recommended
    foretold = met.option("parents").effect
    stored = met.choose("parents")

    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert {
        "office": (3, 3, 0, 0, 0),
        "person": (52, 52, 0, 0, 0),
        "visit": (200, 200, 0, 0, 0),
    } == met.counts()
    assert foretold is not None
    assert foretold.brought == stored.outcome["actual"]["brought"] == 3  # type: ignore[index]  # it was done
    assert ["Ada", "Ada", "Ada", "Bob", "Bob"] == [
        name
        for (name,) in query(
            bench.target_url,
            "select person.name from visit join person on person.id = person_id"
            " where visit.legacy_id in (110, 111, 112, 120, 121) order by 1",
        )
    ]
    assert [] == query(bench.target_url, "select 1 from person where name = 'not missed'")
    assert value(
        bench.target_url,
        "select bool_and(convalidated) from pg_constraint where contype = 'f' and conrelid = 'visit'::regclass",
    )


def test_parents_of_which_none_could_be_written_themselves_are_not_promised(
    bench: Bench, tmp_path: Path
) -> None:
    """The archive's people have no names, and names are required: said before anybody says yes."""
    archive = make_source(
        tmp_path / "archive.db",
        "create table person (id integer primary key, office_id integer, name text);"
        "insert into person values (901, 1, null), (902, 1, null);",
    )
    met = meet(bench, {"old": make_source(tmp_path / "old.db", _LEGACY), "archive": archive}, _TABLES)

    assert "none of them can be written, such as person, name: a required column is empty" == (
        met.option("parents").unavailable
    )
    assert met.option("quarantine").is_recommended


def test_parents_brought_in_are_taken_back_with_the_run(bench: Bench, tmp_path: Path) -> None:
    """Undo knows them as the run's own."""
    met = _elsewhere(bench, tmp_path)
    met.choose("parents")

    assert "undone" == bench.undo(met.run_id)
    assert [(None, None, None)] == query(
        bench.target_url, "select to_regclass('office'), to_regclass('person'), to_regclass('visit')"
    )


def test_rows_without_parents_are_set_aside_as_foretold(bench: Bench, tmp_path: Path) -> None:
    """Each says whom it waits for."""
    met = _elsewhere(bench, tmp_path)

    met.choose("quarantine")

    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert (200, 195, 5, 0, 0) == met.counts()["visit"]
    assert [[110], [111], [112], [120], [121]] == met.held()
    assert {"no row of person for legacy key 901", "no row of person for legacy key 902"} == set(
        met.held("reason")
    )


@pytest.mark.fault("R111")
def test_missing_parents_left_out_by_a_filter_are_moved_all_the_same(bench: Bench, tmp_path: Path) -> None:
    """The filter holds for everybody else; those rows were asked for one by one."""
    old = make_source(tmp_path / "old.db", _LEGACY + "update visit set person_id = 1 where person_id > 900;")
    tables = [_TABLES[0], {**_TABLES[1], "where": "id <> 7"}, _TABLES[2]]
    met = meet(bench, {"old": old}, tables)

    assert ("R111", [(Whereabouts.FILTERED, 1, 1)]) == (met.decision.fault, _places(met))
    met.choose("parents")

    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert (51, 50, 0, 1, 0) == met.counts()["person"]


@pytest.mark.fault("R112")
def test_parents_of_a_later_batch_of_the_same_table_are_moved_first_and_only_once(
    bench: Bench, tmp_path: Path
) -> None:
    """A boss who comes three batches later is there before her people, and her own batch leaves her out."""
    source = make_source(
        tmp_path / "s.db",
        "create table staff (id integer primary key, boss integer, name text);"
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 200)"
        " insert into staff select i, null, 'n' || i from n;"
        "update staff set boss = 170 where id in (10, 11, 12); update staff set boss = 180 where id = 170;",
    )
    met = meet(
        bench,
        {"old": source},
        [{"from": "staff", "batch_rows": 50}],
        target="create table staff (id bigint primary key, boss bigint references staff, name text)",
    )

    assert ("R112", [(Whereabouts.PENDING, 1, 3)]) == (met.decision.fault, _places(met))
    met.choose("parents")

    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert (202, 200, 0, 0, 2) == met.counts()["staff"]
    assert [(200, 4)] == query(bench.target_url, "select count(*), count(boss) from staff")


@pytest.mark.fault("R114")
def test_parents_that_are_nowhere_get_placeholders_that_undo_takes_back(bench: Bench, tmp_path: Path) -> None:
    """Rows that hold their key and nothing else, counted as what they are."""
    old = make_source(
        tmp_path / "old.db",
        _LEGACY + "create table note (id integer primary key, office_id integer, text text);"
        "insert into note values (1, 1, 'a'), (2, 77, 'b'), (3, 77, 'c'), (4, 78, 'd');"
        "update visit set person_id = 1 where person_id > 900;",
    )
    note = {
        "from": "note", "columns": {**_IDS, "office_id": {"from": "office_id", "lookup": "office"}}
    }  # fmt: skip
    office = {"from": "office", "columns": {**_IDS, "name": "name"}}
    met = meet(bench, {"old": old}, [office, note])

    assert ("R114", [(Whereabouts.NOWHERE, 2, 3)]) == (met.decision.fault, _places(met))
    foretold = met.option("placeholders").effect
    stored = met.choose("placeholders")

    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert {"office": (2, 2, 0, 0, 0), "note": (4, 4, 0, 0, 0)} == met.counts()
    assert foretold is not None
    assert 2 == foretold.placeholders == stored.outcome["actual"]["placeholders"]  # type: ignore[index]  # done
    assert [("(placeholder)", 3)] == query(
        bench.target_url,
        "select office.name, count(*) from note join office on office.id = office_id where text <> 'a' group by 1",
    )
    assert "undone" == bench.undo(met.run_id)
    assert [(None,)] == query(bench.target_url, "select to_regclass('office')")


@pytest.mark.fault("R113")
def test_rows_whose_parents_were_set_aside_wait_beside_them(bench: Bench, tmp_path: Path) -> None:
    """The diagnosis says that this run set the parent aside."""
    old = make_source(tmp_path / "old.db", _LEGACY + "update visit set person_id = 1 where person_id > 900;")
    met = meet(
        bench,
        {"old": old},
        _TABLES,
        target="create table person (id uuid primary key, legacy_id bigint, office_id uuid, "
        "name text constraint no_seven check (name <> 'person 7'))",
    )
    assert "R107" == met.decision.fault
    met.choose("quarantine")

    assert ("R113", [(Whereabouts.QUARANTINED, 1, 1)]) == (met.decision.fault, _places(met))
    assert "they were set aside by this run: mend and replay them first" == met.option("parents").unavailable
    assert met.option("quarantine").is_recommended
