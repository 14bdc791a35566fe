"""Whole runs from PostgreSQL to PostgreSQL beyond the corpus: one database, other names, strangers' use."""

from __future__ import annotations

import psycopg

from engine.playbooks.spec import ColumnSpec, Defaults, Playbook, TableSpec
from tests.fix_runs import Bench, in_schema, query, value


def _run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]  # the test's own text


def _state(bench: Bench, run_id: str) -> str:
    return str(bench.ledger.runs.read(run_id).state)


def test_schema_is_copied_beside_itself_in_one_database(bench: Bench) -> None:
    """Source, target and ledger share a server and a database; only the schema differs."""
    _run(
        bench.target_url,
        "create schema old",
        "create type old.mood as enum ('sad', 'ok')",
        "create table old.t (id serial primary key, v old.mood, w int generated always as (id * 2) stored)",
        "insert into old.t (v) values ('ok'), ('sad'), (null)",
        "create view old.v as select v, count(*) from old.t group by v",
    )

    run_id = bench.copy(in_schema(bench.target_url, "old"), schema="new")

    assert "complete" == _state(bench, run_id)
    assert query(bench.target_url, "select id, v::text, w from old.t order by 1") == query(
        bench.target_url, "select id, v::text, w from new.t order by 1"
    )
    assert "new.mood" == value(bench.target_url, "select pg_typeof(v)::text from new.t limit 1")
    assert 3 == value(bench.target_url, "select count(*) from new.v")


def test_partitioned_table_with_a_renamed_column_moves_whole_as_an_ordinary_one(
    bench: Bench, source_pg_url: str
) -> None:
    """Its partition key would name a column that is not there; every row moves all the same."""
    _run(
        source_pg_url,
        "create table t (id int, day date, primary key (id, day)) partition by range (day)",
        "create table t_1 partition of t for values from ('2024-01-01') to ('2025-01-01')",
        "create table t_2 partition of t default",
        "insert into t select n, date '2023-12-01' + n from generate_series(1, 500) as n",
    )
    playbook = Playbook(
        playbook="test", title="Test", target=bench.target_url, sources={"source": source_pg_url},
        defaults=Defaults(names="keep"),
        tables=(TableSpec(**{"from": "t", "to": "visit", "columns": {"seen_on": ColumnSpec(**{"from": "day"})}}),),
    )  # fmt: skip
    run_id = bench.new_run(playbook)
    bench.work(run_id, playbook.sources)

    assert "complete" == _state(bench, run_id)
    assert "r" == value(bench.target_url, "select relkind::text from pg_class where relname = 'visit'")
    assert query(source_pg_url, "select id, day from t order by 1") == query(
        bench.target_url, "select id, seen_on from visit order by 1"
    )


def test_undo_keeps_a_type_someone_uses_by_now_and_lists_it(bench: Bench, source_pg_url: str) -> None:
    """What depends on an object of the run is never dropped with it."""
    _run(
        source_pg_url,
        "create type mood as enum ('sad', 'ok')",
        "create sequence drawn",
        "create table t (id int primary key default nextval('drawn'), v mood)",
        "insert into t values (1, 'ok')",
    )
    run_id = bench.copy(source_pg_url)
    _run(bench.target_url, "create table mine (v mood)", "insert into mine values ('sad')")

    state = bench.undo(run_id)
    kept = query(
        bench.target_url, "select object ->> 'name', note <> '' from fordway.undo_action where state = 'kept'"
    )

    assert ("undone", [("mood", True)]) == (state, kept)
    assert [("sad",)] == query(bench.target_url, "select v::text from mine")
    assert [] == query(bench.target_url, "select 1 from pg_class where relname in ('t', 'drawn')")


def test_rows_of_a_partitioned_table_someone_changed_are_left_by_undo(
    bench: Bench, source_pg_url: str
) -> None:
    """The table stays for the changed row; every other row goes, from every partition."""
    _run(
        source_pg_url,
        "create table t (id int primary key, v text) partition by range (id)",
        "create table t_1 partition of t for values from (0) to (100)",
        "create table t_2 partition of t for values from (100) to (1000)",
        "insert into t select n, 'x' from generate_series(1, 300) as n",
    )
    run_id = bench.copy(source_pg_url)
    _run(bench.target_url, "update t set v = 'mine' where id = 250")

    bench.undo(run_id)

    assert [(250, "mine")] == query(bench.target_url, "select id, v from t")


def test_table_without_columns_to_copy_stays_behind_and_the_others_move(
    bench: Bench, source_pg_url: str
) -> None:
    """Rows of no values can't go through COPY; they are named with their number, and what rests on them too."""
    _run(
        source_pg_url,
        "create table bare ()",
        "insert into bare default values",
        "insert into bare default values",
        "create table computed (one int generated always as (1) stored primary key)",
        "insert into computed default values",
        "create table t (id int primary key references computed)",
        "insert into t values (1)",
        "create view counted as select count(*) from bare",
    )

    run_id = bench.copy(source_pg_url)

    plan = bench.ledger.runs.plan(run_id).plan
    assert plan is not None
    assert "complete" == _state(bench, run_id)
    told = {finding.place: finding.sentence() for finding in plan.findings if finding.code == "F243"}
    assert ["bare", "computed"] == sorted(told)
    assert "2 rows" in told["bare"]
    assert "1 row" in told["computed"]
    assert {"F305", "F210"} <= {finding.code for finding in plan.findings}
    assert [1] == [number for (number,) in query(bench.target_url, "select id from t")]
    assert value(bench.target_url, "select to_regclass('bare') is null and to_regclass('computed') is null")
