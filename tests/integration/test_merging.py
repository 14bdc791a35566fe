"""Several sources into one table, and a source into a table that holds rows: each policy keeps its word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.moving.copy_chunk import copy_chunk
from engine.stores.ledger.ids import LegacyKey
from engine.stores.target_session import TargetSession
from engine.undoing.preview_undo import preview_undo
from tests.fix_merging import checks_of, counts_of, failed_checks, merge, merging_playbook, state_of
from tests.fix_runs import Bench, make_source, query, schema_of, value

_CUSTOMERS = "create table customers (id integer primary key, name text not null, updated_at timestamp);"
_ALL = "select id, name, source_database from customers order by id"


def _shops(tmp_path: Path) -> dict[str, Path]:
    """Two shops; ids 2 and 3 are in both, 2 newer in the first, 3 newer in the second."""
    return {
        "shop_a": make_source(
            tmp_path / "a.db",
            _CUSTOMERS + "insert into customers values (1, 'Ada', '2020-01-01 00:00:00'),"
            " (2, 'Bob', '2024-01-01 00:00:00'), (3, 'Cem', '2020-01-01 00:00:00');",
        ),
        "shop_b": make_source(
            tmp_path / "b.db",
            _CUSTOMERS + "insert into customers values (2, 'Bea', '2021-01-01 00:00:00'),"
            " (3, 'Cleo', '2024-01-01 00:00:00'), (4, 'Dora', null);",
        ),
    }


def _tables(**more: object) -> list[dict[str, Any]]:
    return [{"from": f"{shop}.customers", "to": "customers", **more} for shop in ("shop_a", "shop_b")]


def _findings(bench: Bench, run_id: str) -> dict[str, tuple[str, str]]:
    plan = bench.ledger.runs.plan(run_id).plan
    assert plan is not None
    return {f.code: (str(f.severity), f.sentence()) for f in plan.findings}


@pytest.mark.parametrize(
    ("policy", "rows"),
    [
        ("keep_target", [(1, "Ada", "shop_a"), (2, "Bob", "shop_a"), (3, "Cem", "shop_a"), (4, "Dora", "shop_b")]),
        ("skip", [(1, "Ada", "shop_a"), (2, "Bob", "shop_a"), (3, "Cem", "shop_a"), (4, "Dora", "shop_b")]),
        ("keep_source", [(1, "Ada", "shop_a"), (2, "Bea", "shop_b"), (3, "Cleo", "shop_b"), (4, "Dora", "shop_b")]),
        ("newest", [(1, "Ada", "shop_a"), (2, "Bob", "shop_a"), (3, "Cleo", "shop_b"), (4, "Dora", "shop_b")]),
    ],
)  # fmt: skip
def test_two_sources_merge_as_the_policy_says(
    policy: str, rows: list[tuple[Any, ...]], bench: Bench, tmp_path: Path
) -> None:
    """Every row is written or counted as merged, says where it came from, and is proven."""
    run_id = merge(bench, _shops(tmp_path), _tables(on_conflict=policy), rehearse=True)

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert rows == query(bench.target_url, _ALL)
    counted = {"customers (from shop_a)": (3, 3, 0, 0, 0), "customers (from shop_b)": (3, 1, 0, 0, 2)}
    assert (counted, counted) == (counts_of(bench, run_id, "rehearse"), counts_of(bench, run_id))
    assert "pass" == checks_of(bench, "customers (from shop_b)")["full digests"]["status"]


def test_two_sources_without_collisions_merge_without_a_policy(bench: Bench, tmp_path: Path) -> None:
    """Ids that never meet need no decision."""
    sources = {
        "a": make_source(tmp_path / "a.db", _CUSTOMERS + "insert into customers values (1, 'Ada', null);"),
        "b": make_source(tmp_path / "b.db", _CUSTOMERS + "insert into customers values (2, 'Bob', null);"),
    }
    tables = [{"from": f"{name}.customers", "to": "customers"} for name in sources]

    run_id = merge(bench, sources, tables)

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [(1, "Ada", "a"), (2, "Bob", "b")] == query(bench.target_url, _ALL)


def test_colliding_ids_without_a_policy_forbid_the_move_and_name_the_policies(
    bench: Bench, tmp_path: Path
) -> None:
    """Nothing is dropped in silence: the plan can't be approved before somebody chose."""
    run_id = merge(bench, _shops(tmp_path), _tables())

    assert "complete" != state_of(bench, run_id)
    severity, sentence = _findings(bench, run_id)["F307"]
    assert ("blocker", True) == (severity, "2 between the source rows, e.g. 2, 3" in sentence)
    assert "skip, keep_target, keep_source or newest" in sentence
    assert value(bench.target_url, "select to_regclass('public.customers') is null")


def test_colliding_ids_with_a_policy_are_a_warning_that_says_what_stays(bench: Bench, tmp_path: Path) -> None:
    """The operator reads how many rows the policy will decide."""
    run_id = merge(bench, _shops(tmp_path), _tables(on_conflict="newest"))

    severity, sentence = _findings(bench, run_id)["F307"]
    assert ("warning", True) == (severity, "The newest row stays" in sentence)


def test_uuid5_ids_of_two_sources_never_collide(bench: Bench, tmp_path: Path) -> None:
    """The same legacy key of two sources becomes two ids, and the id map knows both."""
    columns = {"id": {"generate": "uuid5"}, "legacy_id": "id"}

    run_id = merge(bench, _shops(tmp_path), _tables(columns=columns))

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert 6 == value(bench.target_url, "select count(distinct id) from customers")
    assert "F307" not in _findings(bench, run_id)


def test_sources_of_different_columns_and_types_share_a_table_that_holds_both(
    bench: Bench, tmp_path: Path
) -> None:
    """Columns unite, a narrower type widens, and what a source lacks is NULL."""
    sources = {
        "a": make_source(
            tmp_path / "a.db",
            "create table item (id integer primary key, code integer, price integer, only_a text);"
            "insert into item values (1, 7, 3, 'x');",
        ),
        "b": make_source(
            tmp_path / "b.db",
            "create table item (id integer primary key, code text, price real, only_b text);"
            "insert into item values (2, 'seven', 2.5, 'y');",
        ),
    }

    run_id = merge(bench, sources, [{"from": f"{name}.item", "to": "item"} for name in sources])

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [(1, "7", 3.0, "x", None, "a"), (2, "seven", 2.5, None, "y", "b")] == query(
        bench.target_url, "select id, code, price, only_a, only_b, source_database from item order by id"
    )


def test_types_no_column_holds_forbid_the_move(bench: Bench, tmp_path: Path) -> None:
    """Bytes and numbers have no common type, and neither is turned into the other."""
    sources = {
        "a": make_source(tmp_path / "a.db", "create table t (id integer primary key, v blob); insert into t values (1, x'00');"),
        "b": make_source(tmp_path / "b.db", "create table t (id integer primary key, v integer); insert into t values (2, 1);"),
    }  # fmt: skip

    run_id = merge(bench, sources, [{"from": f"{name}.t", "to": "t"} for name in sources])

    assert "complete" != state_of(bench, run_id)
    assert "bytea from a, bigint from b" in _findings(bench, run_id)["F308"][1]


@pytest.mark.parametrize(
    ("policy", "rows"),
    [
        ("keep_target", [("a", 1), ("b", 3)]),
        ("keep_source", [("a", 4), ("b", 5)]),
        ("newest", [("a", 2), ("b", 3)]),
    ],
)
@pytest.mark.parametrize("batch_rows", [1, 2, 100])
def test_duplicates_obey_the_policy_inside_a_batch_and_across_batches(
    batch_rows: int, policy: str, rows: list[tuple[str, int]], bench: Bench, tmp_path: Path
) -> None:
    """First, last or newest of the source's order, however the rows fall into batches; the rest is merged."""
    source = make_source(
        tmp_path / "s.db",
        "create table log (code text, n integer, created_at timestamp);"
        "insert into log values ('a', 1, '2020-01-01 00:00:00'), ('a', 2, '2024-01-01 00:00:00'),"
        " ('b', 3, '2022-01-01 00:00:00'), ('a', 4, '2021-01-01 00:00:00'), ('b', 5, '2022-01-01 00:00:00');",
    )
    query(bench.target_url, "create table log (code text primary key, n bigint, created_at timestamp)")
    table = {"from": "log", "on_conflict": policy, "batch_rows": batch_rows}

    run_id = merge(bench, {"old": source}, [table], rehearse=True)

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert rows == query(bench.target_url, "select code, n from log order by code")
    assert (5, 2, 0, 0, 3) == counts_of(bench, run_id)["log"] == counts_of(bench, run_id, "rehearse")["log"]


def test_duplicates_in_several_batches_obey_the_policy(bench: Bench, tmp_path: Path) -> None:
    """A row a later batch overwrites is compared where it ended, and nowhere else."""
    source = make_source(
        tmp_path / "s.db",
        "create table log (code text, n integer);"
        "insert into log values ('a', 1), ('a', 2), ('b', 3), ('a', 4), ('b', 5);",
    )
    query(bench.target_url, "create table log (code text primary key, n bigint)")
    table = {"from": "log", "on_conflict": "newest", "newest_by": "n", "batch_rows": 1}

    run_id = merge(bench, {"old": source}, [table])

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [("a", 4), ("b", 5)] == query(bench.target_url, "select code, n from log order by code")
    assert (5, 2, 0, 0, 3) == counts_of(bench, run_id)["log"]


_EXISTING = """
create table customers (
    id bigint primary key, name text not null, updated_at timestamp, source_database text, note text default 'kept'
);
insert into customers values
    (2, 'Old Bob', '2022-01-01', 'before', 'mine'), (3, 'Old Cem', null, 'before', null),
    (9, 'Zoe', '2019-01-01', 'before', 'mine')
"""


@pytest.mark.parametrize(
    ("policy", "names"),
    [
        ("keep_target", ["Ada", "Old Bob", "Old Cem", "Dora", "Zoe"]),
        ("keep_source", ["Ada", "Bea", "Cleo", "Dora", "Zoe"]),
        ("newest", ["Ada", "Bob", "Cleo", "Dora", "Zoe"]),
    ],
)
def test_existing_rows_are_kept_or_overwritten_as_the_policy_says_and_undo_restores_them(
    policy: str, names: list[str], bench: Bench, tmp_path: Path
) -> None:
    """Rehearsed, moved, proven; and after the undo every row is as it was, in every column."""
    query(bench.target_url, _EXISTING)
    everything = "select * from customers order by id"
    before, schema = query(bench.target_url, everything), schema_of(bench.target_url)

    run_id = merge(bench, _shops(tmp_path), _tables(on_conflict=policy), rehearse=True)

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert names == [name for (name,) in query(bench.target_url, "select name from customers order by id")]
    assert counts_of(bench, run_id, "rehearse") == counts_of(bench, run_id)
    assert "undone" == bench.undo(run_id)
    assert (before, schema) == (query(bench.target_url, everything), schema_of(bench.target_url))


def test_undo_of_a_merge_lists_an_overwritten_row_somebody_changed_since(
    bench: Bench, tmp_path: Path
) -> None:
    """What is somebody's now stays as they left it; the others are put back."""
    query(bench.target_url, _EXISTING)
    run_id = merge(bench, _shops(tmp_path), _tables(on_conflict="keep_source"))
    query(bench.target_url, "update customers set note = 'changed' where id = 2")

    assert "undone" == bench.undo(run_id)
    assert [(2, "Bea", "changed"), (3, "Old Cem", None), (9, "Zoe", "mine")] == query(
        bench.target_url, "select id, name, note from customers order by id"
    )
    assert [["2"]] == [
        keys
        for (keys,) in query(
            bench.target_url,
            "select body->'kept_keys' from fordway.event where kind = 'table_undone' and body->>'kept' = '1'",
        )
    ]


@pytest.mark.parametrize("policy", ["keep_target", "keep_source", "newest"])
def test_undo_of_a_merge_into_a_made_table_leaves_the_schema_as_it_was(
    policy: str, bench: Bench, tmp_path: Path
) -> None:
    """The table goes, and the journal counts every row the run had written once."""
    before = schema_of(bench.target_url)
    run_id = merge(bench, _shops(tmp_path), _tables(on_conflict=policy))

    assert "undone" == bench.undo(run_id)
    assert before == schema_of(bench.target_url)
    assert [(4, 0)] == query(
        bench.target_url,
        "select sum((body->>'removed')::int), sum((body->>'kept')::int) from fordway.event where kind = 'table_undone'",
    )


def test_newest_without_a_column_to_compare_is_refused_in_words(bench: Bench, tmp_path: Path) -> None:
    """A playbook that can't decide is answered before anything is read twice."""
    source = make_source(tmp_path / "s.db", "create table t (id integer primary key, n integer);")

    run_id = merge(bench, {"old": source}, [{"from": "t", "on_conflict": "newest"}])

    assert "Name one of its columns as 'newest_by'" in value(
        bench.target_url, "select body->>'situation' from fordway.decision"
    )
    assert "complete" != state_of(bench, run_id)


def test_batch_that_runs_again_writes_and_records_nothing_twice(bench: Bench, tmp_path: Path) -> None:
    """A resumed run goes over its committed batches without touching them."""
    sources = _shops(tmp_path)
    tables = _tables(on_conflict="keep_source", batch_rows=1)
    run_id = merge(bench, sources, tables)
    rows = query(bench.target_url, "select xmin::text, id, name from customers order by id")
    merged = query(bench.target_url, "select target_key, became from fordway.merged_row order by merged_id")
    query(
        bench.target_url,
        "alter table fordway.run disable trigger guard_run_state;"
        " update fordway.run set state = 'paused', step = 'move', finished_at = null;"
        " delete from fordway.step where step_key in ('move', 'index');"
        " alter table fordway.run enable trigger guard_run_state",
    )

    bench.work(run_id, merging_playbook(bench, sources, tables).sources)

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert rows == query(bench.target_url, "select xmin::text, id, name from customers order by id")
    assert (
        [("2", "updated"), ("3", "updated")]
        == merged
        == query(bench.target_url, "select target_key, became from fordway.merged_row order by merged_id")
    )


def test_id_map_of_made_ids_is_read_both_ways(bench: Bench, tmp_path: Path) -> None:
    """A legacy key leads to its id, and the id back to the row of that source alone."""
    columns = {"id": {"generate": "uuid5"}, "legacy_id": "id"}
    run_id = merge(bench, _shops(tmp_path), _tables(columns=columns))
    legacy = LegacyKey(source="shop_b", table="customers", key=("2",))

    found = bench.ledger.ids.new_id(run_id, legacy)

    assert found is not None
    table, key = found
    assert [(key[0],)] == query(
        bench.target_url, "select id::text from customers where source_database = 'shop_b' and legacy_id = 2"
    )
    assert (legacy,) == bench.ledger.ids.legacy_keys(run_id, table, key)


def test_id_map_of_a_merged_row_names_every_source_behind_it(bench: Bench, tmp_path: Path) -> None:
    """Two shops' rows became one: its id leads back to both."""
    query(bench.target_url, _EXISTING)
    run_id = merge(bench, _shops(tmp_path), _tables(on_conflict="keep_target"))

    found = bench.ledger.ids.legacy_keys(run_id, "customers", ("2",))

    assert ["shop_a", "shop_b"] == [legacy.source for legacy in found]


def test_order_decides_among_equal_keys_however_many_workers_there_are(bench: Bench, tmp_path: Path) -> None:
    """Batches whose rows may meet go one after another: the last row of the source stays."""
    source = make_source(
        tmp_path / "s.db",
        "create table log (code integer, n integer);"
        "with recursive k (i) as (select 1 union all select i + 1 from k where i < 400)"
        " insert into log select i % 7, i from k;",
    )
    query(bench.target_url, "create table log (code bigint primary key, n bigint)")
    table = {"from": "log", "on_conflict": "keep_source", "batch_rows": 10}

    run_id = merge(bench, {"old": source}, [table], workers=2)  # type: ignore[arg-type]  # a number

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [(code, max(i for i in range(1, 401) if i % 7 == code)) for code in range(7)] == query(
        bench.target_url, "select code, n from log order by code"
    )
    assert (400, 7, 0, 0, 393) == counts_of(bench, run_id)["log"]


def test_undo_preview_counts_what_goes_and_what_is_put_back(bench: Bench, tmp_path: Path) -> None:
    """Looking changes nothing and tells both numbers, source by source."""
    query(bench.target_url, _EXISTING)
    run_id = merge(bench, _shops(tmp_path), _tables(on_conflict="keep_source"))
    target = TargetSession(bench.target_url, purpose="test")

    plan = bench.ledger.runs.plan(run_id).plan
    found = preview_undo(run_id=run_id, plan=plan, ledger=bench.ledger, target=target)

    target.close()
    assert [("customers (from shop_b)", 1, 0, 0), ("customers (from shop_a)", 1, 0, 2)] == [
        (t.table, t.removable, t.kept, t.restores) for t in found.tables
    ]


def test_batch_cut_before_its_commit_leaves_nothing_and_merges_once_when_it_runs_again(
    bench: Bench, tmp_path: Path
) -> None:
    """Rows, images, id map and checkpoint stand or fall together."""
    query(bench.target_url, _EXISTING)
    everything = "select xmin::text, * from customers order by id"
    before = query(bench.target_url, everything)
    prepared = bench.planned(_shops(tmp_path)["shop_b"], on_conflict="keep_source")
    target = TargetSession(bench.target_url, purpose="test")
    tools = prepared.tools()

    with pytest.raises(ZeroDivisionError):
        copy_chunk(prepared.task(1), target=target, before_commit=lambda: 1 / 0, **tools)  # type: ignore[arg-type, return-value]  # it raises
    ledger = "select count(*) from fordway.merged_row union all select count(*) from fordway.id_map"
    assert (before, [(0,), (0,)]) == (query(bench.target_url, everything), query(bench.target_url, ledger))

    first = copy_chunk(prepared.task(1), target=target, **tools)
    again = copy_chunk(prepared.task(1), target=target, **tools)

    target.close()
    tools["source"].close()
    assert (True, None) == (first is not None and first.counts.merged == 2, again)
    assert [(2,), (3,)] == query(bench.target_url, ledger)


_EVERY_TYPE = """
create type mood as enum ('ok', 'bad');
create table item (
    id bigint generated by default as identity primary key, name text, weight double precision, price numeric(10, 2),
    raw bytea, meta json, tags int[], seen_at timestamptz, mood mood, code char(5),
    loud text generated always as (name || '!') stored, spread int4range, pause interval
);
insert into item (id, name, weight, price, raw, meta, tags, seen_at, mood, code, spread, pause) values
    (1, 'x', 0.1::float8 + 0.2, 1.50, '\\xdeadbeef', '{"a":  1, "a": 2}', '{1,null,3}', 'infinity', 'bad', 'ab', '[1,4)', '1 mon 2 days'),
    (2, null, 'NaN', 'NaN', null, null, null, null, null, null, null, null)
"""


def test_undo_restores_overwritten_values_of_every_type_bit_by_bit(bench: Bench, tmp_path: Path) -> None:
    """Floats, json as it was written, ranges, enums, infinity, NaN and generated columns."""
    query(bench.target_url, _EVERY_TYPE)
    source = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, name text, weight real, raw blob);"
        "insert into item values (1, 'new', 1.5, x'00'), (2, 'two', null, null), (3, 'three', 2.5, x'01');",
    )
    everything = "select item::text from item order by id"
    before, schema = query(bench.target_url, everything), schema_of(bench.target_url)

    run_id = merge(bench, {"old": source}, [{"from": "item", "on_conflict": "keep_source"}], rehearse=True)

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert ["new!", "two!", "three!"] == [
        name for (name,) in query(bench.target_url, "select loud from item order by id")
    ]
    assert "undone" == bench.undo(run_id)
    assert (before, schema) == (query(bench.target_url, everything), schema_of(bench.target_url))


def test_odd_names_and_a_key_of_two_columns_merge_and_are_taken_back(bench: Bench, tmp_path: Path) -> None:
    """Percent signs, blanks, a schema of its own and a moment in the key."""
    script = (
        'create table "T %s" ("k %s" text, "at" timestamp, "v%%" text, updated_at timestamp, primary key ("k %s", "at"));'
        "insert into \"T %s\" values ('a', '2020-01-01 10:00:00.123456', 'x', '2022-01-01'), ('b', '2021-01-01 10:00:00', 'y', '{}');"
    )
    sources = {
        name: str(make_source(tmp_path / f"{name}.db", script.replace("{}", newest)))
        for name, newest in (("a", "2022-01-01"), ("b", "2023-01-01"))
    }
    before = schema_of(bench.target_url)
    bench.target_url += ("&" if "?" in bench.target_url else "?") + "schema=Odd %25s"
    tables = [
        {
            "from": f"{name}.T %s", "to": "T %s", "on_conflict": "newest",
            "columns": {"up %s": {"expr": "upper(\"v%%\") || '%'"}},
        }
        for name in sources
    ]  # fmt: skip

    run_id = merge(bench, sources, tables, rehearse=True)
    state = state_of(bench, run_id)
    bench_url, _, _ = bench.target_url.rpartition("schema=")
    rows = query(bench_url[:-1], 'select "k %s", source_database, "up %s" from "Odd %s"."T %s" order by 1')
    undone = bench.undo(run_id)

    assert ("complete", "undone") == (state, undone)
    assert [("a", "a", "X%"), ("b", "b", "Y%")] == rows
    assert before == schema_of(bench_url[:-1])


def test_undo_counts_a_row_that_changed_hands_inside_the_run_as_removed_once(
    bench: Bench, tmp_path: Path
) -> None:
    """One shop wrote it, the other overwrote it, and nobody else has touched it: nothing is left alone."""
    query(bench.target_url, _EXISTING)
    extra = _CUSTOMERS + "insert into customers values (5, '{}', null), (6, '{}', null);"
    sources = {name: make_source(tmp_path / f"{name}.db", extra.format(name, name)) for name in ("a", "b")}
    tables = [
        {"from": f"{name}.customers", "to": "customers", "on_conflict": "keep_source"} for name in sources
    ]
    run_id = merge(bench, sources, tables)
    assert "complete" == state_of(bench, run_id)

    assert "undone" == bench.undo(run_id)
    assert [("customers (from a)", 0, 0), ("customers (from b)", 2, 0)] == query(
        bench.target_url,
        "select body->>'table', (body->>'removed')::int, (body->>'kept')::int from fordway.event"
        " where kind = 'table_undone' order by 1",
    )
