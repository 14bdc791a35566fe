"""Whole runs over hostile rows: odd keys, filters, narrow columns, sequences at their end."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engine.playbooks.spec import Defaults, Playbook, TableSpec
from tests.fix_merging import failed_checks, merge, state_of
from tests.fix_runs import Bench, make_source, query, value


def _checks(bench: Bench, table: str) -> dict[str, tuple[str, str, str]]:
    body = value(
        bench.target_url,
        "select body from fordway.event where kind = 'table_verified' and body->>'table' = %s"
        " order by number desc limit 1",
        [table],
    )
    return {check["name"]: (check["status"], check["expected"], check["actual"]) for check in body["checks"]}


def _state(bench: Bench, run_id: str) -> str:
    return str(bench.ledger.runs.read(run_id).state)


def _quarantined(bench: Bench) -> list[tuple[Any, ...]]:
    return query(
        bench.target_url,
        "select source_key, column_name, reason from fordway.quarantine where pass = 'move' order by 1",
    )


def _run(bench: Bench, source: Path, *tables: TableSpec) -> str:
    playbook = Playbook(
        playbook="test", title="Test", target=bench.target_url, sources={"source": str(source)},
        defaults=Defaults(names="keep"), tables=tables,
    )  # fmt: skip
    run_id = bench.new_run(playbook)
    bench.work(run_id, playbook.sources)
    return run_id


def test_text_keys_postgres_cant_hold_are_set_aside_and_the_others_verified(
    bench: Bench, tmp_path: Path
) -> None:
    """A NUL or broken UTF-8 in a WITHOUT ROWID key ends neither the cutting nor the comparison."""
    source = make_source(
        tmp_path / "s.db",
        "create table item (k text primary key, n integer) without rowid;"
        "insert into item values ('', 1), ('a', 2), ('a' || char(0) || 'b', 3),"
        " (cast(x'c3' as text), 4), (cast(x'ff41' as text), 5), ('z', 6);",
    )

    run_id = _run(bench, source, TableSpec(**{"from": "item", "batch_rows": 1}))

    assert "complete" == _state(bench, run_id)
    assert [("",), ("a",), ("z",)] == query(bench.target_url, "select k from item order by k")
    assert [{"text": "610062"}, {"text": "c3"}, {"text": "ff41"}] == [
        key for ([key], _, _) in _quarantined(bench)
    ]
    assert {"pass"} == {status for status, _, _ in _checks(bench, "item").values()}
    assert ("pass", "3", "3") == _checks(bench, "item")["50 samples"]


def test_row_with_an_empty_text_as_its_key_is_sampled(bench: Bench, tmp_path: Path) -> None:
    """An empty text is a value, alone and as a part of a key."""
    source = make_source(
        tmp_path / "s.db",
        "create table one (k text primary key, n integer); insert into one values ('', 1), ('b', 2);"
        "create table two (a text, b text, n integer, primary key (a, b));"
        "insert into two values ('', '', 1), ('', 'x', 2), ('x', '', 3), ('x', 'x', 4);",
    )

    run_id = bench.copy(source)

    assert "complete" == _state(bench, run_id)
    assert ("pass", "2", "2") == _checks(bench, "one")["50 samples"]
    assert ("pass", "4", "4") == _checks(bench, "two")["50 samples"]


def test_samples_of_a_filtered_table_are_drawn_from_the_rows_moved(bench: Bench, tmp_path: Path) -> None:
    """Rows left out or set aside are none of the fifty."""
    source = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, t text);"
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000)"
        " insert into item select i, case i % 100 when 0 then 'nul' || char(0) else 't' || i end from n;",
    )

    run_id = _run(bench, source, TableSpec(**{"from": "item", "where": "id > 930", "batch_rows": 100}))

    assert "complete" == _state(bench, run_id)
    assert ("pass", "50", "50") == _checks(bench, "item")["50 samples"]
    assert ("pass", "69", "69") == _checks(bench, "item")["count match"]


def test_table_whose_key_the_target_makes_has_no_sample_check(bench: Bench, tmp_path: Path) -> None:
    """There is nothing to fetch single rows by; no check stands there as if it had passed."""
    query(bench.target_url, "create table item (id bigserial primary key, name text)")
    source = make_source(
        tmp_path / "s.db", "create table item (name text); insert into item values ('a'), ('b');"
    )

    run_id = bench.copy(source)

    assert "complete" == _state(bench, run_id)
    assert "50 samples" not in _checks(bench, "item")
    assert "pass" == _checks(bench, "item")["full digests"][0]


def test_number_a_real_column_would_round_is_set_aside(bench: Bench, tmp_path: Path) -> None:
    """An existing float4 column takes what it holds exactly."""
    query(bench.target_url, "create table item (id bigint primary key, r real)")
    source = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, r real);"
        "insert into item values (1, 0.5), (2, 0.1), (3, 1e300), (4, 16777217), (5, 9e999), (6, null);",
    )

    run_id = bench.copy(source)

    assert "complete" == _state(bench, run_id)
    assert [[2], [3], [4]] == [key for key, _, _ in _quarantined(bench)]
    assert [(1, 0.5), (5, float("inf")), (6, None)] == query(
        bench.target_url, "select id, r from item order by id"
    )


def test_json_postgres_refuses_is_set_aside_row_by_row(bench: Bench, tmp_path: Path) -> None:
    """Half a surrogate pair, a number beyond numeric and a NUL cost their rows, not the batch."""
    query(bench.target_url, "create table item (id bigint primary key, meta jsonb)")
    source = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, meta text);"
        """insert into item values (1, '"\\ud800"'), (2, '1e999999'), (3, '"\\u0000"'), (4, '"\\\\u0000"'), (5, '{}');""",
    )

    run_id = bench.copy(source)

    assert "complete" == _state(bench, run_id)
    assert [[1], [2], [3]] == [key for key, _, _ in _quarantined(bench)]


@pytest.mark.parametrize("name", ["plain", "a.b", 'Odd "quoted" name'])
@pytest.mark.parametrize("exists", [False, True], ids=["made", "filled"])
def test_sequence_ends_at_its_end_and_undo_sets_it_back(
    name: str, exists: bool, bench: Bench, tmp_path: Path
) -> None:
    """After the largest number there is no next one; the sequence says so instead of failing the run."""
    quoted = '"' + name.replace('"', '""') + '"'
    if exists:
        query(
            bench.target_url,
            f"create table {quoted} (id bigint generated by default as identity primary key)",
        )
    source = make_source(
        tmp_path / "s.db",
        f"create table {quoted} (id integer primary key autoincrement); insert into {quoted} values (9223372036854775807);",
    )

    run_id = bench.copy(source)
    found = query(
        bench.target_url,
        "select last_value from pg_sequences where schemaname = 'public'",
    )

    assert "complete" == _state(bench, run_id)
    assert [(2**63 - 1,)] == found
    if exists:
        bench.undo(run_id)
        assert [(None,)] == query(
            bench.target_url, "select last_value from pg_sequences where schemaname = 'public'"
        )


def test_row_set_aside_is_kept_whole_with_columns_the_plan_leaves(bench: Bench, tmp_path: Path) -> None:
    """What is not moved is not lost either: the quarantine has every column of the source."""
    source = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, name text, secret text, raw blob);"
        "insert into item values (1, 'a', 'x', x'00ff'), (2, 'b' || char(0), 'y', x'01'), (3, cast(x'ff' as text), null, null);",
    )

    run_id = _run(bench, source, TableSpec(**{"from": "item", "leave": ["secret", "raw"]}))

    assert "complete" == _state(bench, run_id)
    assert [
        {"id": 2, "name": {"text": "6200"}, "secret": "y", "raw": {"bytes": "01"}},
        {"id": 3, "name": {"text": "ff"}, "secret": None, "raw": None},
    ] == [
        row
        for (row,) in query(
            bench.target_url, "select row_data from fordway.quarantine where pass = 'move' order by 1"
        )
    ]


def test_reals_beside_escaped_texts_arrive_to_the_last_digit(bench: Bench, tmp_path: Path) -> None:
    """Escapes are for texts: what SQLite would make a text of on the way loses digits."""
    numbers = [0.1 + 0.2, 1e21, 1 / 3, 5e-324, -0.0, float("inf")]
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table setting (key text primary key, value)")
        rows = [("path", "C:\\temp"), *((f"n{place}", number) for place, number in enumerate(numbers))]
        connection.executemany("insert into setting values (?, ?)", rows)
        connection.commit()

    run_id = bench.copy(path)

    assert "complete" == str(bench.ledger.runs.read(run_id).state)
    found = query(bench.target_url, "select value from setting where key like 'n%' order by key")
    assert [repr(number) for number in numbers] == [text for (text,) in found]


def test_times_finer_than_an_existing_column_keeps_are_set_aside(bench: Bench, tmp_path: Path) -> None:
    """timestamp(0) rounds without a word; the row waits in the quarantine instead."""
    query(bench.target_url, "create table seen (id bigint primary key, at timestamp(0), day time(0))")
    source = make_source(
        tmp_path / "s.db",
        "create table seen (id integer primary key, at timestamp, day time);"
        " insert into seen values (1, '2024-01-01 10:00:00.4', '10:00:00'), (2, '2024-01-01 10:00:00.0', '10:00'),"
        " (3, '2024-01-01 10:00:00', '10:00:00.6');",
    )

    bench.copy(source)

    assert [(2,)] == query(bench.target_url, "select id from seen")
    assert 2 == value(bench.target_url, "select count(*) from fordway.quarantine where pass = 'move'")


def test_composite_with_an_empty_field_is_compared_like_any_other(bench: Bench, source_pg_url: str) -> None:
    """IS NULL says of a row with an empty field what it says of NULL; the comparison must not."""
    make = "create type pt as (x int, y text); create table nk (id int, v pt)"
    query(source_pg_url, f"{make}; insert into nk values (1, row(1, null)), (2, row(null, 's')), (3, null)")
    query(
        bench.target_url,
        f"{make}; create function spoil() returns trigger language plpgsql as"
        " 'begin if new.id = 1 then new.v := row(999, null); end if; return new; end';"
        " create trigger spoil before insert on nk for each row execute function spoil()",
    )

    bench.copy(source_pg_url)

    rows = query(
        bench.target_url,
        "select body ->> 'strength' from fordway.event where kind = 'table_verified' order by number desc limit 1",
    )
    assert [("different",)] == rows


def test_composite_with_an_empty_field_arrives_and_is_proven(bench: Bench, source_pg_url: str) -> None:
    """Keys of such rows are found again, too."""
    query(
        source_pg_url,
        "create type pt as (x int, y text); create table nk (id int primary key, v pt);"
        " insert into nk values (1, row(1, null)), (2, row(null, null)), (3, null), (4, row(4, 'd'))",
    )

    run_id = bench.copy(source_pg_url)

    assert "complete" == str(bench.ledger.runs.read(run_id).state)


def test_names_that_are_empty_get_one(bench: Bench, tmp_path: Path) -> None:
    """SQLite takes a table and a column without a name; PostgreSQL does not."""
    source = make_source(
        tmp_path / "s.db",
        'create table "" (id integer primary key, "" text); insert into "" values (1, \'x\');',
    )

    bench.copy(source)

    assert [(1, "x")] == query(bench.target_url, "select id, unnamed from unnamed")


@pytest.mark.parametrize("there", [True, False], ids=["existing column", "cast"])
def test_times_without_a_zone_taken_as_utc_are_told_with_their_number(
    there: bool, bench: Bench, tmp_path: Path
) -> None:
    """The moment is a guess of the plan's, so whoever approves it reads how many there are."""
    if there:
        query(bench.target_url, "create table visit (id int primary key, at timestamptz)")
    source = make_source(
        tmp_path / "s.db",
        "create table visit (id integer primary key, at datetime);"
        "insert into visit values (1, '2024-07-01 12:00:00'), (2, '2024-07-01 12:00:00+02:00'), (3, '2024-07-01'), (4, null);",
    )
    columns = {} if there else {"at": {"from": "at", "cast": "timestamptz"}}

    run_id = merge(bench, {"old": source}, [{"from": "visit", "columns": columns}])

    plan = bench.ledger.runs.plan(run_id).plan
    assert plan is not None
    (told,) = [finding for finding in plan.findings if finding.code == "F122"]
    assert ("warning", "visit.at") == (str(told.severity), told.place)
    assert "2 of 4 rows" in told.evidence
    assert "taken as UTC" in told.what
    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [(1, 12), (2, 10), (3, 0), (4, None)] == query(
        bench.target_url, "select id, extract(hour from at at time zone 'UTC')::int from visit order by id"
    )


def test_expression_the_warning_of_guessed_zones_names_gives_the_moment(bench: Bench, tmp_path: Path) -> None:
    """What the remedy says works as it stands."""
    query(bench.target_url, "create table visit (id int primary key, at timestamptz)")
    source = make_source(
        tmp_path / "s.db",
        "create table visit (id integer primary key, at datetime); insert into visit values (1, '2024-07-01 12:00:00');",
    )
    columns = {"at": {"expr": "\"at\" at time zone 'Europe/Berlin'"}}

    run_id = merge(bench, {"old": source}, [{"from": "visit", "columns": columns}])

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert 10 == value(bench.target_url, "select extract(hour from at at time zone 'UTC')::int from visit")
