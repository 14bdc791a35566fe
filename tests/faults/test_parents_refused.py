"""Parents that could not be brought in, or are not promised: what that leaves, and that their connections are checked."""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg.rows import dict_row

from engine.model.undo import Part
from engine.stores.recovery_writes import open_late_chunk
from tests.fix_faults import Met, brought, meet
from tests.fix_runs import Bench, make_source, query

_BOND = "create table bond (id integer primary key, a integer references person); insert into bond values (1, 1), (2, 7);"


def _refused(bench: Bench, tmp_path: Path) -> Met:
    """A bond whose person is in another file, and can't be written when it is to be brought in."""
    sources = {
        "old": make_source(
            tmp_path / "old.db",
            "create table person (id integer primary key); insert into person values (1);" + _BOND,
        ),
        "extra": make_source(
            tmp_path / "extra.db",
            "create table person (id integer primary key); insert into person values (7);",
        ),
    }
    met = meet(
        bench,
        sources,
        [{"from": "old.person", "to": "person"}, {"from": "old.bond", "to": "bond"}],
        target="create table person (id bigint primary key);"
        "create table bond (id bigint primary key, a bigint references person);",
    )
    query(bench.target_url, "alter table person add constraint no_7 check (id <> 7)")
    return met


_OPEN_LATE = "select chunk_number from fordway.chunk where origin is not null and state = 'pending'"


def test_parents_that_could_not_be_brought_in_leave_a_run_that_can_be_completed(
    bench: Bench, tmp_path: Path
) -> None:
    """No batch waits for rows that nobody brings in any more."""
    met = _refused(bench, tmp_path)

    assert "failed" == (met.choose("parents").outcome or {})["state"]
    assert [] == query(bench.target_url, _OPEN_LATE)
    met.choose("quarantine")

    assert ("complete", True, []) == (met.state, met.balances(), met.differences())
    assert {"person": (1, 1, 0, 0, 0), "bond": (2, 1, 1, 0, 0)} == met.counts()


def test_return_to_the_checkpoint_forgets_what_was_only_to_be_brought_in(
    bench: Bench, tmp_path: Path
) -> None:
    """A batch that a killed runner had opened goes as if it had never been."""
    met = _refused(bench, tmp_path)
    place = {"run_id": met.run_id, "table_number": 1, "target_table": "person"}
    origin = {"kind": "brought", "source": "extra", "table": "person", "for_table": 2, "for_chunk": 1}
    with psycopg.connect(bench.target_url, row_factory=dict_row) as connection:
        open_late_chunk(connection.cursor(), place, {**origin, "decision": "gone"}, [[7]])

    bench.work(met.run_id, met.sources, part=Part(phase=None, by="tester"))

    assert [] == query(bench.target_url, _OPEN_LATE)
    assert [] == query(bench.target_url, "select source_key from fordway.late_row")


_OFFICES = "create table office (id integer primary key, head integer);"
_WORKERS = "create table person (id integer primary key, office integer);"


def test_parents_that_refer_to_each_other_through_two_tables_are_not_promised(
    bench: Bench, tmp_path: Path
) -> None:
    """No batch of one table can be written before the other's."""
    sources = {
        "old": make_source(tmp_path / "old.db", _OFFICES + _WORKERS + _BOND + "insert into person values (1, null);"),
        "extra": make_source(
            tmp_path / "extra.db",
            _OFFICES + _WORKERS + "insert into office values (9, 7); insert into person values (7, 9);",
        ),
    }  # fmt: skip
    met = meet(
        bench,
        sources,
        [{"from": f"old.{table}", "to": table} for table in ("office", "person", "bond")],
        target="create table office (id bigint primary key, head bigint);"
        "create table person (id bigint primary key, office bigint references office);"
        "alter table office add foreign key (head) references person;"
        "create table bond (id bigint primary key, a bigint references person);",
    )

    assert "R111" == met.decision.fault
    assert (
        "one of them can't be written: it waits for itself, or for more than 20 generations before it"
        == met.option("parents").unavailable
    )


def test_connections_are_looked_at_by_the_keys_the_tables_have(bench: Bench, tmp_path: Path) -> None:
    """The plan knows of no foreign key of tables that were there; the target does."""
    met = _refused(bench, tmp_path)
    query(bench.target_url, "alter table person drop constraint no_7")

    met.choose("parents")

    (look,) = [event for event in met.events("looked_again") if "connection" in event.what]
    assert ("1 connection of bond", True, ()) == (look.what, look.is_well, look.findings)


def test_row_without_its_parent_stops_a_run_that_brought_parents_in(bench: Bench, tmp_path: Path) -> None:
    """Somebody removed another row's parent meanwhile, with the keys switched off: that is asked about."""
    met = _refused(bench, tmp_path)
    query(
        bench.target_url,
        "alter table person drop constraint no_7;"
        "create function remove_1() returns trigger language plpgsql as $$ begin"
        " if exists (select 1 from person where id = 1) then"
        "   perform set_config('session_replication_role', 'replica', true);"
        "   delete from person where id = 1;"
        "   perform set_config('session_replication_role', 'origin', true);"
        " end if; return null; end $$;"
        "create constraint trigger remove_1 after insert on bond initially deferred for each row"
        " execute function remove_1()",
    )

    met.choose("parents")

    assert ("waiting", "R406") == (met.state, met.decision.fault)
    assert "1 row of bond without person by a" in met.decision.headline
    query(bench.target_url, "insert into person values (1)")
    met.choose("retry")
    assert "R405" == met.decision.fault


def test_cure_that_could_not_be_done_can_be_taken_again_and_is_not_advised(
    bench: Bench, tmp_path: Path
) -> None:
    """Once nothing stands in its way any more, it does what it foretells."""
    met = _refused(bench, tmp_path)
    assert met.option("parents").is_recommended
    met.choose("parents")
    query(bench.target_url, "alter table person drop constraint no_7")
    met.choose("retry")

    again = met.option("parents")
    assert ("", False) == (again.unavailable, again.is_recommended)
    assert again.consequence.endswith("It could not be done before.")
    assert (1, 1) == brought(met)
    assert ("complete", True, []) == (met.state, met.balances(), met.differences())


def test_run_that_takes_the_recommended_ends_though_the_cure_can_not_be_done(
    bench: Bench, tmp_path: Path
) -> None:
    """It does not try the same for ever: the next best is taken."""
    met = _refused(bench, tmp_path)
    query(bench.target_url, 'update fordway.run set settings = settings || \'{"on_error": "recommended"}\'')

    met.choose("parents")

    assert "complete" == met.state
    assert [[2]] == met.held()
