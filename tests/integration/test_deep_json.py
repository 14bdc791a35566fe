"""JSON nested deeper than Python's own reader goes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from engine.moving.walk_deep_json import DEEPEST
from tests.fix_runs import Bench, CommandLine, in_schema, query, value

_DEPTHS = (200, 400, 900, 999, 1_000, 1_500, 6_000)


def _nested(depth: int) -> str:
    return '{"b": 1.50, "a": [' * (depth // 2) + "]}" * (depth // 2)


def _strengths(url: str, run_id: str) -> set[str]:
    found = query(
        url,
        "select body ->> 'strength' from fordway.event where run_id = %s and kind = 'table_verified'",
        [run_id],
    )
    return {strength for (strength,) in found}


@pytest.mark.parametrize("has_id_map", [False, True])
def test_deep_json_of_postgres_crosses_and_is_proven(
    has_id_map: bool, fordway: CommandLine, source_pg_url: str, target_url: str
) -> None:
    """As it is, row by row, and as a member of an object made by the plan."""
    query(source_pg_url, "create table t (id int primary key, raw json, doc jsonb)")
    for number, depth in enumerate(_DEPTHS):
        query(source_pg_url, "insert into t values (%s, %s, %s)", [number, _nested(depth), _nested(depth)])
    columns = "columns: {packed: {json: [raw, doc]}}" if has_id_map else "where: id >= 0"
    playbook = fordway.folder / "deep.yaml"
    playbook.write_text(
        f"playbook: deep\ntitle: Deep\ntarget: {target_url}\nsources: {{old: {source_pg_url!r}}}\n"
        f"tables: [{{from: t, to: t, {columns}}}]\n"
    )

    done = fordway.run("run", playbook, "--yes", "--json")

    assert 0 == done.code, done.err
    assert ["proven"] == [table["strength"] for table in done.last["tables"]]
    assert len(_DEPTHS) == value(target_url, "select count(*) from t")


def test_deep_json_of_postgres_handed_on_as_it_is_is_proven(
    bench: Bench, source_pg_url: str, target_url: str
) -> None:
    """The servers sum up what Python need not read."""
    query(source_pg_url, "create table t (id int primary key, raw json, doc jsonb)")
    for number, depth in enumerate(_DEPTHS):
        query(source_pg_url, "insert into t values (%s, %s, %s)", [number, _nested(depth), _nested(depth)])

    run_id = bench.copy(in_schema(source_pg_url, "public"))

    assert {"proven"} == _strengths(target_url, run_id)


@pytest.mark.parametrize("odd", ["", "a zone"])
def test_deep_json_of_sqlite_is_carried_alike_by_every_lane(
    odd: str, bench: Bench, target_url: str, tmp_path: Path
) -> None:
    """What SQLite itself calls JSON becomes jsonb and is proven, whichever way it goes."""
    path = tmp_path / "deep.db"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("create table t (id integer primary key, doc json, born date)")
        for number, depth in enumerate(depth for depth in _DEPTHS if depth < 1_600):
            # A zone sends the rows through Python, one by one.
            file.execute("insert into t values (?, ?, ?)", (number, _nested(depth), "2020-01-01"))
        if odd:
            file.execute("alter table t add column seen timestamp")
            file.execute("update t set seen = '2020-01-01T10:00:00+02:00'")

    run_id = bench.copy(path)

    assert "jsonb" == value(target_url, "select pg_typeof(doc)::text from t limit 1")
    assert {"proven"} == _strengths(target_url, run_id)


def test_json_too_deep_for_the_server_is_set_aside_with_the_reason(
    fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """One row, not the batch, and no crash."""
    path = tmp_path / "deep.db"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("create table t (id integer primary key, payload text)")
        for number, depth in enumerate((10, DEEPEST, DEEPEST + 2, 100_000)):
            file.execute("insert into t values (?, ?)", (number, _nested(depth)))
    playbook = fordway.folder / "deep.yaml"
    playbook.write_text(
        f"playbook: deep\ntitle: Deep\ntarget: {target_url}\nsources: {{old: {str(path)!r}}}\n"
        "tables: [{from: t, to: t, columns: {payload: {from: payload, cast: jsonb}}}]\n"
    )

    done = fordway.run("run", playbook, "--yes", "--json")

    assert 6 == done.code, done.err
    assert [(0,), (1,)] == query(target_url, "select id from t order by id")
    assert ["proven"] == [table["strength"] for table in done.last["tables"]]
    reasons = query(target_url, "select distinct reason from fordway.quarantine")
    assert [(True,)] == [("deeper than 10,000" in reason,) for (reason,) in reasons], reasons
