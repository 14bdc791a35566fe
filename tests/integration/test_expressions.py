"""Columns the target computes, and what happens when it can't."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.fix_merging import checks_of, counts_of, failed_checks, merge, state_of
from tests.fix_runs import Bench, make_source, query, value

_GOODS = """
create table goods (id integer primary key, name text, "unitPrice" real, amount integer);
insert into goods values (1, 'bolt', 1.5, 4), (2, 'nut', 0.25, 8), (3, null, 2.0, 0);
"""


def _run(bench: Bench, tmp_path: Path, **columns: dict[str, Any]) -> str:
    source = make_source(tmp_path / "s.db", _GOODS)
    return merge(bench, {"old": source}, [{"from": "goods", "columns": columns}], rehearse=True)


def test_expression_is_computed_over_the_sources_columns_by_their_names(bench: Bench, tmp_path: Path) -> None:
    """Names of another case work quoted and not; NULL and types are PostgreSQL's."""
    run_id = _run(
        bench,
        tmp_path,
        label={"expr": "upper(name) || '-' || id", "type": "text"},
        total={"expr": 'unitPrice * amount + "unitPrice" * 0', "type": "numeric"},
    )

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [("BOLT-1", 6), ("NUT-2", 2), (None, 0)] == query(
        bench.target_url, "select label, total from goods order by id"
    )


def test_expression_column_is_named_as_not_covered_and_the_others_are_proven(
    bench: Bench, tmp_path: Path
) -> None:
    """The digest says what it says nothing about."""
    _run(bench, tmp_path, label={"expr": "upper(name)"})

    found = checks_of(bench, "goods")["full digests"]
    assert ("pass", "columns not covered: label") == (found["status"], found["detail"])


def test_expression_that_fails_stops_with_its_column_and_itself_in_the_sentence(
    bench: Bench, tmp_path: Path
) -> None:
    """No row of the batch is written, and the operator reads which expression to mend."""
    run_id = _run(bench, tmp_path, share={"expr": "id / amount", "type": "bigint"})

    assert state_of(bench, run_id).startswith("waiting")
    told = value(bench.target_url, "select body->>'situation' from fordway.decision where state = 'open'")
    assert "The playbook's expression for share fails" in told
    assert "division by zero" in told
    assert "Cause: id / amount can't be computed" in told
    assert 0 == value(bench.target_url, "select count(*) from goods")


def _told(bench: Bench, run_id: str) -> list[str]:
    plan = bench.ledger.runs.plan(run_id).plan
    assert plan is not None
    return sorted(f"{f.severity}: {f.sentence()}" for f in plan.findings if f.code in {"F502", "F503"})


def test_expression_that_is_no_sql_blocks_the_plan_with_the_databases_words(
    bench: Bench, tmp_path: Path
) -> None:
    """A slip of the pen is told before anything moves, with the column and the entry it belongs to."""
    run_id = _run(
        bench,
        tmp_path,
        label={"expr": "uper(name) || '100%'"},
        other={"expr": "nothing + 1", "type": "bigint"},
        odd={"expr": "amount", "type": "date"},
    )

    told = _told(bench, run_id)
    assert ["blocker: F502 goods.label", "blocker: F502 goods.odd", "blocker: F502 goods.other"] == [
        sentence.partition(": the target")[0] for sentence in told
    ]
    assert "expr: uper(name) || '100%': function uper(text) does not exist. Mend 'expr' of label" in told[0]
    assert "entry 'from: goods'" in told[0]
    assert "cannot cast type bigint to date" in told[1]
    assert 'column "nothing" does not exist' in told[2]
    assert [] == query(bench.target_url, "select 1 from fordway.chunk")


def test_expressions_that_may_surprise_are_told_and_move(bench: Bench, tmp_path: Path) -> None:
    """What is stable, and a strict cast, is none of them; nothing of the trial is left behind."""
    query(bench.target_url, "create sequence numbers")
    run_id = _run(
        bench,
        tmp_path,
        number={"expr": "nextval('numbers')", "type": "bigint"},
        any_of={"expr": "generate_series(1, 2) + id", "type": "bigint"},
        today={"expr": "now()::date + id::int", "type": "date"},
        sure={"expr": 'lower(name) || coalesce("unitPrice", 0)::numeric(8,2)'},
    )

    told = _told(bench, run_id)
    assert ["complete", "warning: F503 goods.any_of", "warning: F503 goods.number"] == [
        state_of(bench, run_id), *(sentence.partition(": an ")[0] for sentence in told)
    ]  # fmt: skip
    assert "generate_series in generate_series(1, 2) + id" in told[0]
    assert "nextval in nextval('numbers')" in told[1]
    assert [] == query(bench.target_url, "select 1 from pg_namespace where nspname like 'fordway_trial%'")


def test_expression_that_asks_a_table_of_the_plan_is_no_blocker(bench: Bench, tmp_path: Path) -> None:
    """The table is yet to be made; with its schema's name no trial could find it."""
    source = make_source(
        tmp_path / "s.db",
        "create table kinds (id integer primary key, name text); insert into kinds values (1, 'tool');"
        "create table goods (id integer primary key references kinds, name text); insert into goods values (1, 'bolt');",
    )
    columns = {
        "kind": {"expr": "(select max(k.name) from kinds k)"},
        "again": {"expr": "(select max(k.name) from public.kinds k)"},
    }

    run_id = merge(bench, {"old": source}, [{"from": "kinds"}, {"from": "goods", "columns": columns}])

    assert ("complete", []) == (state_of(bench, run_id), _told(bench, run_id))
    assert [("tool", "tool")] == query(bench.target_url, "select kind, again from goods")


def test_filter_the_source_refuses_blocks_the_plan_with_the_databases_words(
    bench: Bench, tmp_path: Path, source_pg_url: str
) -> None:
    """The file is not to blame; the entry, the table and the filter are named, also where only some rows fail."""
    source = make_source(tmp_path / "s.db", _GOODS)
    query(source_pg_url, "create table people (id int primary key); insert into people values (0), (1)")
    tables = [
        {"from": "old.goods", "where": "amout > 1"},
        {"from": "server.people", "where": "1 / id > 0"},
    ]

    run_id = merge(bench, {"old": source, "server": source_pg_url}, tables)

    told = _told(bench, run_id)
    assert ["blocker: F502 old.goods", "blocker: F502 server.people"] == [
        sentence.partition(": the source")[0] for sentence in told
    ]
    assert (
        "where: amout > 1: no such column: amout. Mend 'where' in the playbook's entry 'from: goods'"
        in told[0]
    )
    assert "where: 1 / id > 0: division by zero" in told[1]
    assert [] == query(bench.target_url, "select 1 from fordway.chunk")


def test_expression_too_long_for_its_column_is_refused_rather_than_cut(bench: Bench, tmp_path: Path) -> None:
    """A cast would cut in silence; an assignment does not."""
    run_id = _run(bench, tmp_path, label={"expr": "name || name", "type": "character varying(6)"})

    assert state_of(bench, run_id).startswith("waiting")
    told = value(bench.target_url, "select body->>'situation' from fordway.decision where state = 'open'")
    assert "longer than label takes (character varying(6))" in told


def test_expression_that_is_empty_in_a_required_column_sets_the_row_aside(
    bench: Bench, tmp_path: Path
) -> None:
    """The row is counted and kept whole."""
    source = make_source(tmp_path / "s.db", _GOODS)
    table = {"from": "goods", "columns": {"label": {"expr": "upper(name)"}}, "required": ["label"]}

    run_id = merge(bench, {"old": source}, [table], on_error="quarantine")

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert (3, 2, 1, 0, 0) == counts_of(bench, run_id)["goods"]
    assert [([3], "label", "a required column is empty")] == query(
        bench.target_url, "select source_key, column_name, reason from fordway.quarantine where pass = 'move'"
    )


def test_rows_of_a_postgres_source_go_through_the_staging_table_too(bench: Bench) -> None:
    """Types stay what they are on the way, filters and set-aside rows are counted."""
    query(
        bench.target_url,
        "create schema old; create table old.people (id int primary key, name text, born date, tags text[]);"
        " insert into old.people values (1, 'Ada', '1815-12-10', '{x,y}'), (2, null, null, null), (3, 'Out', null, null)",
    )
    table = {
        "from": "people", "where": "id < 3",
        "columns": {"year": {"expr": "extract(year from born)", "type": "integer"}, "tag": {"expr": "tags[1]"}},
    }  # fmt: skip
    separator = "&" if "?" in bench.target_url else "?"

    run_id = merge(bench, {"old": f"{bench.target_url}{separator}schema=old"}, [table], rehearse=True)

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [(1, 1815, "x"), (2, None, None)] == query(
        bench.target_url, "select id, year, tag from people order by id"
    )
    assert (
        (3, 2, 0, 1, 0)
        == counts_of(bench, run_id)["people"]
        == counts_of(bench, run_id, "rehearse")["people"]
    )
