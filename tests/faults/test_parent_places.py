"""Rows whose parents are in more than one place: what is said of them, and what each way out cures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fix_faults import Met, meet
from tests.fix_runs import Bench, make_source, query

_TARGET = """
create table org (id int primary key, name text);
create table par (id int primary key, org_id int not null references org, name varchar(40) not null);
create table kid (id int primary key, par_id int references par);
"""
_OLD = """
create table org (id integer primary key, name text);
create table par (id integer primary key, org_id integer, name text);
create table kid (id integer primary key, par_id integer);
insert into org values (1, 'one');
insert into par values (1, 1, 'first');
with recursive n (i) as (select 1 union all select i + 1 from n where i < 50)
insert into kid select i, 1 from n;
"""
_ARCHIVE = """
create table org (id integer primary key, name text);
create table par (id integer primary key, org_id integer, name text);
insert into org values (500, 'of the archive');
insert into par values (100, 500, 'fine, with its own parent'), (103, 1, 'fine'), (101, 501, 'its parent is nowhere'),
 (102, 1, 'a name of more than forty characters, which is too long');
"""
_STAFF = """
create table staff (id integer primary key, boss integer, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 200) insert into staff select i, null, 'n' || i from n;
"""


def _kids(
    bench: Bench, folder: Path, *parents: tuple[int, int], on_error: str = "ask", target: str = _TARGET
) -> Met:
    """A run that moves kids of these parents, and what it asks; parents 100 to 103 are in the archive."""
    moved = "".join(f"update kid set par_id = {parent} where id = {kid};" for kid, parent in parents)
    sources = {
        "old": make_source(folder / "old.db", _OLD + moved),
        "archive": make_source(folder / "archive.db", _ARCHIVE),
    }
    tables = [{"from": f"old.{name}", "to": name, "batch_rows": 25} for name in ("org", "par", "kid")]
    return meet(bench, sources, tables, target=target, on_error=on_error)


def _staff(bench: Bench, folder: Path, *bosses: tuple[int, int], sql: str = "") -> Met:
    """A run that moves people of one table, twenty at a time, and what it asks."""
    moved = "".join(f"update staff set boss = {boss} where id = {person};" for person, boss in bosses)
    return meet(
        bench,
        {"old": make_source(folder / "old.db", _STAFF + moved + sql)},
        [{"from": "staff", "batch_rows": 20}],
        target="create table staff (id int primary key, boss int references staff, name varchar(9))",
    )


def test_parents_in_two_places_are_counted_by_where_they_are(bench: Bench, tmp_path: Path) -> None:
    """The headline promises nothing of a parent that is nowhere."""
    met = _kids(bench, tmp_path, (30, 100), (31, 103), (32, 103), (33, 999))

    assert (
        "4 rows reference 3 rows of par that are not there yet: 2 exist in the source archive, 1 exists nowhere"
        == met.decision.headline
    )


def test_parents_in_one_place_are_counted_once(bench: Bench, tmp_path: Path) -> None:
    """Where all of them are in one source, the sentence stays short."""
    met = _kids(bench, tmp_path, (30, 100), (31, 103))

    assert (
        "2 rows reference 2 rows of par that are not there yet; they exist in the source archive"
        == met.decision.headline
    )


@pytest.mark.fault("R123")
def test_parents_of_the_same_batch_are_not_said_to_come_later(bench: Bench, tmp_path: Path) -> None:
    """Person 3 can't be written, so neither can those below."""
    met = _staff(bench, tmp_path, (3, 999), (4, 3), (5, 4), (6, 4))

    assert (
        "R123",
        "4 rows reference 3 rows of staff that are not there yet: 2 are of this batch, 1 exists nowhere",
    ) == (met.decision.fault, met.decision.headline)
    assert "2 of them are in this batch" == met.option("placeholders").unavailable


def test_parents_that_are_all_of_the_same_batch_have_a_sentence_of_their_own(
    bench: Bench, tmp_path: Path
) -> None:
    """Person 3 is refused for another reason than a boss."""
    met = _staff(
        bench, tmp_path, (4, 3), (5, 4), sql="update staff set name = 'much too long a name' where id = 3;"
    )

    told = [met.decision.headline, *met.decision.facts]
    assert "2 rows reference 2 rows of staff of this batch that are not there yet" in told


_MIXED = ((30, 100), (31, 101), (32, 102), (33, 103), (34, 999), (35, 100))
"""Two parents are fine, one of them with its own; one's own is nowhere, one is too long, one is nowhere."""


def test_parents_are_moved_for_the_rows_they_cure_and_only_the_others_are_asked_about(
    bench: Bench, tmp_path: Path
) -> None:
    """Each parent is judged by itself, its own parents included, and nothing moves that nobody is cured by."""
    met = _kids(bench, tmp_path, *_MIXED)
    option = met.option("parents")

    assert option.effect is not None
    assert ("", 3, 3) == (option.unavailable, option.effect.rows, option.effect.brought)
    assert (
        "Then 3 of 6 rows fit; 1 still names a row that is nowhere, 2 still name a row" in option.consequence
    )
    stored = met.choose("parents")
    assert 3 == stored.outcome["actual"]["brought"]  # type: ignore[index]  # it was done
    assert ("waiting", 3) == (met.state, met.diagnosis.offending)
    met.choose("quarantine")
    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert ["[31]", "[32]", "[34]"] == met.held("source_key::text")
    assert {"org": (2, 2, 0, 0, 0), "par": (3, 3, 0, 0, 0), "kid": (50, 47, 3, 0, 0)} == met.counts()


def test_no_placeholder_is_made_of_a_parent_that_must_name_a_row_of_its_own(
    bench: Bench, tmp_path: Path
) -> None:
    """A filler in its foreign key would be refused, or name whatever row has it."""
    met = _kids(bench, tmp_path, (34, 999))

    assert "a row of par needs its own org_id, and nobody can say which" == (
        met.option("placeholders").unavailable
    )


def test_placeholder_is_made_of_a_parent_that_may_name_no_row_of_its_own(
    bench: Bench, tmp_path: Path
) -> None:
    """Its foreign key is left empty."""
    loose = _TARGET.replace("org_id int not null", "org_id int")
    met = _kids(bench, tmp_path, (34, 999), target=loose)
    met.choose("placeholders")

    assert [(999, None, "(placeholder)")] == query(bench.target_url, "select * from par where id = 999")


def test_recommended_answers_bring_parents_of_all_kinds_to_an_end(bench: Bench, tmp_path: Path) -> None:
    """What can be cured is cured, what can't be is set aside, and nobody is waited for."""
    met = _kids(bench, tmp_path, *_MIXED, on_error="recommended")

    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert ["[31]", "[32]", "[34]"] == met.held("source_key::text")


def test_rows_of_one_batch_come_after_a_parent_that_one_of_them_misses(bench: Bench, tmp_path: Path) -> None:
    """Person 3 waits for one who comes later, and two of the same batch wait for person 3."""
    met = _staff(bench, tmp_path, (3, 190), (4, 3), (5, 4), (6, 999))
    met.choose("parents")

    assert ("waiting", ["6"]) == (met.state, [row.key for row in met.diagnosis.groups[0].examples])
    met.choose("quarantine")
    assert ("complete", True, ["[6]"]) == (met.state, met.balances(), met.held("source_key::text"))


def test_people_of_one_batch_whose_chain_ends_nowhere_can_not_be_moved_first(
    bench: Bench, tmp_path: Path
) -> None:
    """Moving those of the batch itself cures nobody, and nobody is told that it would."""
    met = _staff(bench, tmp_path, (3, 999), (4, 3), (5, 4))
    option = met.option("parents")

    assert "none of them can be written, such as staff: its own parent in staff, 999, is out of reach" == (
        option.unavailable
    )
    assert met.option("quarantine").is_recommended
