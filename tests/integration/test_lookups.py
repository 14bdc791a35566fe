"""Columns that take their values from another table, and what becomes of rows that find none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fix_merging import counts_of, failed_checks, merge, state_of
from tests.fix_runs import Bench, make_source, query

_PEOPLE = """
create table users (id integer primary key, name text not null);
create table posts (id integer primary key, user_id integer references users (id), title text);
insert into users values (1, 'Ada'), (2, 'Bob');
insert into posts values (10, 1, 'one'), (11, 2, 'two'), (12, null, 'nobody''s'), (13, 17, 'lost');
"""
_USERS = {"from": "users", "columns": {"id": {"generate": "uuid5"}, "legacy_id": "id"}}
_POSTS = {"from": "posts", "columns": {"user_id": {"from": "user_id", "lookup": "users"}}}


def test_lookup_gives_the_new_id_of_the_legacy_key(bench: Bench, tmp_path: Path) -> None:
    """Every post points at the new id of its author; one without an author stays without."""
    source = make_source(tmp_path / "s.db", _PEOPLE)

    run_id = merge(bench, {"old": source}, [_POSTS, _USERS], on_error="quarantine")

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [("nobody's", None), ("one", "Ada"), ("two", "Bob")] == query(
        bench.target_url,
        "select title, name from posts left join users on users.id = posts.user_id order by title",
    )


@pytest.mark.parametrize("exists", [False, True], ids=["new", "existing"])
def test_legacy_key_beside_a_made_id_is_told_with_the_ways_out_that_work(
    exists: bool, bench: Bench, tmp_path: Path
) -> None:
    """The made id takes the column's name; `leave`, or a column of its own, is what is missing."""
    if exists:
        query(bench.target_url, "create table users (id uuid primary key, legacy_id bigint, name text)")
    source = make_source(
        tmp_path / "s.db",
        "create table users (id integer primary key, name text); insert into users values (7, 'Ada');",
    )
    made = {"id": {"generate": "uuid5"}}

    blocked = merge(bench, {"old": source}, [{"from": "users", "columns": made}])
    plan = bench.ledger.runs.plan(blocked).plan
    assert plan is not None
    (told,) = [finding.sentence() for finding in plan.blockers]
    assert told.startswith("F403 users.id: the playbook fills the column id of users otherwise")
    assert "'leave', the id map keeps which id each of them got; or map it to a column of its own" in told

    way = {"leave": ["id"]} if exists else {}
    columns = made if exists else {**made, "legacy_id": "id"}
    run_id = merge(bench, {"old": source}, [{"from": "users", "columns": columns, **way}])

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))


def test_lookup_that_finds_nothing_sets_its_row_aside_with_the_legacy_key(
    bench: Bench, tmp_path: Path
) -> None:
    """The row is kept whole, counted, and says which key nobody has."""
    source = make_source(tmp_path / "s.db", _PEOPLE)

    run_id = merge(bench, {"old": source}, [_POSTS, _USERS], on_error="quarantine")

    assert (4, 3, 1, 0, 0) == counts_of(bench, run_id)["posts"]
    assert [
        (
            [13],
            "user_id",
            "17",
            "no row of users for legacy key 17",
            {"id": 13, "user_id": 17, "title": "lost"},
        )
    ] == query(
        bench.target_url,
        "select source_key, column_name, value, reason, row_data from fordway.quarantine where pass = 'move'",
    )


def test_lookup_rehearsed_foretells_the_rows_set_aside(bench: Bench, tmp_path: Path) -> None:
    """The rehearsal's own ids are looked up, and forgotten afterwards."""
    source = make_source(tmp_path / "s.db", _PEOPLE)

    run_id = merge(bench, {"old": source}, [_POSTS, _USERS], rehearse=True, on_error="quarantine")

    foretold = {"users": (2, 2, 0, 0, 0), "posts": (4, 3, 1, 0, 0)}
    assert (foretold, foretold) == (counts_of(bench, run_id, "rehearse"), counts_of(bench, run_id))
    assert [(0,)] == query(bench.target_url, "select count(*) from fordway.rehearsed_id")


def test_lookup_carries_the_foreign_key_along(bench: Bench, tmp_path: Path) -> None:
    """What referenced the legacy id references the new one, validated."""
    source = make_source(tmp_path / "s.db", _PEOPLE)

    merge(bench, {"old": source}, [_POSTS, _USERS], on_error="quarantine")

    assert [("FOREIGN KEY (user_id) REFERENCES users(id)", True)] == query(
        bench.target_url,
        "select pg_get_constraintdef(oid), convalidated from pg_constraint where conrelid = 'posts'::regclass and contype = 'f'",
    )


def test_lookup_by_value_takes_a_column_of_any_target_table(bench: Bench, tmp_path: Path) -> None:
    """A name becomes the id of the target's row; an unknown or ambiguous one sets its row aside."""
    query(
        bench.target_url,
        "create table industries (id int primary key, name text);"
        " insert into industries values (7, 'Steel'), (8, 'Wood'), (9, 'Twin'), (10, 'Twin')",
    )
    source = make_source(
        tmp_path / "s.db",
        "create table firms (id integer primary key, industry text);"
        "insert into firms values (1, 'Wood'), (2, 'Steel'), (3, null), (4, 'Moon'), (5, 'Twin');",
    )

    run_id = merge(
        bench,
        {"old": source},
        [
            {
                "from": "firms",
                "columns": {
                    "industry_id": {
                        "from": "industry",
                        "lookup": {"table": "industries", "match": "name", "get": "id"},
                    }
                },
            }
        ],
        on_error="quarantine",
    )

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [(1, 8), (2, 7), (3, None)] == query(
        bench.target_url, "select id, industry_id from firms order by id"
    )
    assert ["no row of industries with name Moon", "2 rows of industries with name Twin"] == [
        reason
        for (reason,) in query(
            bench.target_url,
            "select reason from fordway.quarantine where pass = 'move' order by quarantine_id",
        )
    ]


def test_lookup_of_a_postgres_source_compares_postgres_own_text(bench: Bench) -> None:
    """Keys of every kind of source meet in the id map as text."""
    query(
        bench.target_url,
        "create schema old; create table old.users (id bigint primary key, name text);"
        " create table old.posts (id bigint primary key, user_id bigint, title text);"
        " insert into old.users values (1, 'Ada'), (2, 'Bob'); insert into old.posts values (10, 2, 'two'), (11, 5, 'lost')",
    )
    url = f"{bench.target_url}{'&' if '?' in bench.target_url else '?'}schema=old"

    run_id = merge(bench, {"old": url}, [_POSTS, _USERS], rehearse=True, on_error="quarantine")

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert [("two", "Bob")] == query(
        bench.target_url, "select title, name from public.posts join public.users on users.id = user_id"
    )
    assert (2, 1, 1, 0, 0) == counts_of(bench, run_id)["posts"]


def test_lookup_of_a_value_postgres_cant_hold_sets_its_row_aside(bench: Bench, tmp_path: Path) -> None:
    """Broken text and NUL are no legacy key; their rows cost nobody else anything."""
    source = make_source(
        tmp_path / "s.db",
        "create table users (id text primary key, name text) without rowid;"
        "create table posts (id integer primary key, user_id text, title text);"
        "insert into users values ('a', 'Ada');"
        "insert into posts values (1, 'a', 'one'), (2, 'a' || char(0), 'nul'), (3, cast(x'ff' as text), 'broken');",
    )

    run_id = merge(bench, {"old": source}, [_POSTS, _USERS], on_error="quarantine")

    assert ("complete", []) == (state_of(bench, run_id), failed_checks(bench))
    assert (3, 1, 2, 0, 0) == counts_of(bench, run_id)["posts"]
