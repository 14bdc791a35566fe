"""What a target table demands of whole rows of a failed batch: checks, partitions, policies, triggers, rules."""

from __future__ import annotations

from pathlib import Path

from psycopg.conninfo import make_conninfo

from engine.model.remedies import Action
from tests.fix_runs import Bench, make_source, query, value
from tests.fix_sifting import failing, group_of, remedy, rows_of, told

_NUMBERS = """
create table item (id integer primary key, name text, n integer);
with recursive i (i) as (select 1 union all select i + 1 from i where i < 30)
insert into item select i, 'item ' || i, i from i;
"""


def test_checks_and_required_columns_are_told_by_name(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """NULL passes a check, also in a column the table makes itself; a column nobody fills counts as well."""
    query(
        target_url,
        "create table item (id bigint primary key, name text, n bigint constraint price_positive check (n > 2),"
        " twice bigint generated always as (n * 2) stored check (twice <> 10), \"Odd % name\" text default 'x')",
    )
    source = make_source(tmp_path / "s.db", _NUMBERS + "update item set n = null where id = 30;")
    with failing(bench, source) as run:
        filled = run.sift()
        query(target_url, 'alter table item alter "Odd % name" drop default, alter "Odd % name" set not null')
        empty = run.sift()

    assert [("check", "price_positive", 2), ("check", "item_twice_check", 1)] == told(filled)
    assert [(1,), (2,), (5,)] == [offender.key for offender in filled.offenders]
    group = filled.diagnosis.groups[0]
    assert ("the check price_positive does not hold", "1", ("n",)) == (
        group.reason,
        group.examples[0].value,
        group.columns,
    )
    assert [("empty", "Odd % name", 30)] == told(empty)


def test_rows_no_partition_takes_are_told(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """Partitions beneath partitions too; keys are asked of all of them, and a partition's own index is known."""
    query(
        target_url,
        "create table item (id bigint, name text, n bigint, primary key (n, id)) partition by range (n);"
        "create table item_low partition of item for values from (1) to (20) partition by list (n);"
        "create table item_low_some partition of item_low for values in (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15);"
        "create table item_high partition of item for values from (20) to (29);"
        "create unique index high_name on item_high (name);"
        "insert into item values (3, 'there', 3), (99, 'item 22', 27)",
    )
    with failing(bench, make_source(tmp_path / "s.db", _NUMBERS)) as run:
        sifted = run.sift()

    assert [
        ("no-partition", "item", 6),
        ("duplicate-key", "item_pkey", 1),
        ("duplicate-other", "high_name", 1),
    ] == told(sifted)
    assert [3, 16, 17, 18, 19, 22, 29, 30] == [offender.key[0] for offender in sifted.offenders]


def test_errors_of_triggers_are_told_with_their_own_words(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Every row the trigger refuses, exactly, and none of the others; whatever code it raises with."""
    query(
        target_url,
        "create table item (id bigint primary key, name text, n bigint);"
        "create function no_sevens() returns trigger language plpgsql as $$ begin"
        " if new.n % 7 = 0 then raise exception 'no sevens, %', new.n; end if;"
        " if new.n = 9 then raise exception 'no nine' using errcode = 'unique_violation'; end if; return null; end $$;"
        "create trigger guard_sevens after insert on item for each row execute function no_sevens()",
    )
    with failing(bench, make_source(tmp_path / "s.db", _NUMBERS)) as run:
        sifted = run.sift()
        assert 25 == run.move_rest(sifted)

    assert [("trigger", "guard_sevens", 5)] == told(sifted)
    assert [7, 9, 14, 21, 28] == [offender.key[0] for offender in sifted.offenders]
    assert "no sevens, 7" == sifted.offenders[0].reason
    assert {"P0001", "23505"} == {offender.sqlstate for offender in sifted.offenders}


def test_rows_a_trigger_mends_are_no_offenders(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """What a trigger makes of a row counts, not what the row was before."""
    query(
        target_url,
        "create table item (id bigint primary key, name text unique, n bigint check (n < 100));"
        "insert into item values (50, 'item 5', 1);"
        "create function fill() returns trigger language plpgsql as $$ begin"
        " if new.id = 1 then new.name := coalesce(new.name, 'filled'); end if;"
        " if new.id in (2, 3) then new.n := least(new.n, 99); end if; return new; end $$;"
        "create trigger fill before insert on item for each row execute function fill()",
    )
    source = make_source(
        tmp_path / "s.db",
        _NUMBERS
        + "update item set name = null where id in (1, 4); update item set n = 500 where id in (2, 6);",
    )
    with failing(bench, source, then="alter table item alter name set not null") as run:
        sifted = run.sift()
        assert 27 == run.move_rest(sifted)

    assert [
        ((4,), "empty", "name"),
        ((5,), "duplicate-other", "item_name_key"),
        ((6,), "check", "item_n_check"),
    ] == rows_of(sifted)


def test_rows_that_fall_without_a_word_are_told(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """Which ones, and which trigger or rule may have let them fall; COPY passes rules by."""
    query(
        target_url,
        "create table item (id bigint primary key, name text, n bigint);"
        "create function no_thirds() returns trigger language plpgsql as"
        " $$ begin if new.id % 3 = 0 then return null; end if; return new; end $$;"
        "create trigger skip_thirds before insert on item for each row execute function no_thirds();"
        "create table ruled (id bigint primary key, name text, n bigint);"
        "create rule no_fifths as on insert to ruled where new.id % 5 = 0 do instead nothing;",
    )
    source = make_source(
        tmp_path / "s.db", _NUMBERS + "create table ruled (id integer primary key, name text, n integer);"
        "insert into ruled select id, name, n from item;"
    )  # fmt: skip
    with failing(
        bench,
        {"old": source},
        {"from": "item"},
        {"from": "ruled", "columns": {"name": {"expr": "upper(name)"}}},
    ) as run:
        item, ruled = run.sift(table="item"), run.sift(table="ruled")
        assert [20, 24] == [run.move_rest(item, "item"), run.move_rest(ruled, "ruled")]
    query(target_url, "truncate ruled")
    with failing(bench, {"old": source}, {"from": "ruled"}) as run:
        copied = run.sift()

    assert [("held-back", "skip_thirds", 10)] == told(item)
    assert [("held-back", "no_fifths", 6)] == told(ruled)
    assert {0} == {offender.key[0] % 5 for offender in ruled.offenders if isinstance(offender.key[0], int)}
    assert [] == told(copied)


def test_rows_that_row_security_refuses_are_told(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """For the role that writes, not for its owner."""
    role = f"writer_{value(target_url, 'select oid from pg_database where datname = current_database()')}"
    query(
        target_url,
        "create table item (id bigint primary key, name text, n bigint);"
        "alter table item enable row level security;"
        "create policy no_fourths on item using (true) with check (n % 4 <> 0);"
        f"create role {role} login; grant all on item to {role}; grant all on schema fordway to {role};"
        f"grant all on all tables in schema fordway to {role}",
    )
    try:
        with (
            failing(bench, make_source(tmp_path / "s.db", _NUMBERS)) as run,
            run.as_role(make_conninfo(bench.target_url, user=role)) as writer,
        ):
            sifted = writer.sift()
    finally:
        query(target_url, f"drop owned by {role}; drop role {role}")

    assert [("row-policy", "item", 7)] == told(sifted)


def test_parents_within_the_table_count_where_the_batch_has_them(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """In whatever order; rows whose parents can't be written are lost with them, down to the last."""
    query(
        target_url,
        "create table node (id bigint primary key, above bigint references node, name text unique);"
        "insert into node values (500, null, 'there')",
    )
    source = make_source(
        tmp_path / "s.db",
        "create table node (id integer primary key, above integer, name text);"
        "insert into node values (1, 9, 'a'), (2, 500, 'b'), (3, 77, 'c'), (4, 3, 'd'), (5, 4, 'e'), (6, 6, 'f'),"
        " (7, 8, 'g'), (8, 2, 'a'), (9, null, 'h'), (10, 11, 'i'), (11, 10, 'j');",
    )
    with failing(bench, source) as run:
        sifted = run.sift()
        nulled = run.sift(remedy(Action.NULL, place="node_above_fkey"))
        assert 10 == run.move_rest(nulled)

    assert [
        ((3,), "no-parent", "node_above_fkey"),
        ((4,), "no-parent", "node_above_fkey"),
        ((5,), "no-parent", "node_above_fkey"),
        ((7,), "no-parent", "node_above_fkey"),
        ((8,), "duplicate-inside", "node_name_key"),
    ] == rows_of(sifted)
    assert (("null", 4),) == group_of(sifted, "no-parent").mends
    assert [((8,), "duplicate-inside", "node_name_key")] == rows_of(nulled)
    # With its parent in place again, a row keeps it.
    assert [((3,), "above", "77", None), ((7,), "above", "8", None)] == [
        (a.key, a.column, a.old, a.new) for a in nulled.amendments if a.key in {(3,), (7,)}
    ]


def test_rows_of_one_table_find_their_parents_though_others_fail(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """A child before its parent is written with it, although a trigger refuses rows between them, or lets them fall."""
    script = ""
    for name, code in {"fallen": "return null", "raised": "raise exception 'no'"}.items():
        query(
            target_url,
            f"create table {name} (id bigint primary key, above bigint references {name}, name text);"
            f"create function stop_{name}() returns trigger language plpgsql as $$ begin if new.id in (2, 5) then {code};"
            f" end if; return new; end $$;"
            f"create trigger stop before insert on {name} for each row execute function stop_{name}()",
        )
        script += f"create table {name} (id integer primary key, above integer, name text);"
        script += (
            f"insert into {name} values (1, 6, 'a'), (2, null, 'b'), (3, 1, 'c'), (4, 5, 'd'), (5, null, 'e'),"
            " (6, 7, 'f'), (7, null, 'g');"
        )
    with failing(bench, make_source(tmp_path / "s.db", script)) as run:
        both = [run.sift(table=name) for name in ("fallen", "raised")]
        assert [4, 4] == [
            run.move_rest(sifted, name) for sifted, name in zip(both, ("fallen", "raised"), strict=True)
        ]

    assert [
        [(2, "held-back"), (4, "no-parent"), (5, "held-back")],
        [(2, "trigger"), (4, "no-parent"), (5, "trigger")],
    ] == [[(o.key[0], str(o.kind)) for o in sifted.offenders] for sifted in both]


def test_names_of_every_sort_are_quoted(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """Percent signs, quotes, braces, capitals, and the names this diagnosis would take itself."""
    query(
        target_url,
        'create table "O""dd %s {x}" ("Id" bigint primary key, "a %(b)s" varchar(3) unique, "{c}" text,'
        ' fordway_ordinal bigint check (fordway_ordinal > 0), "fordway_state" bigint, ordinal bigint)',
    )
    query(target_url, """insert into "O""dd %s {x}" values (5, 'x', '', 1, 1, 1)""")
    source = make_source(
        tmp_path / "s.db",
        'create table "O""dd %s {x}" ("Id" integer primary key, "a %(b)s" text, "{c}" text, fordway_ordinal integer,'
        " fordway_state integer, ordinal integer);"
        """insert into "O""dd %s {x}" values (1, 'a', '%', 1, 1, 1), (2, 'abcd', '', 1, 1, 1), (3, 'x', '', 1, 1, 1),
        (4, 'a', '', 1, 1, 1), (5, 'e', '', 1, 1, 1), (6, 'f', '', -1, 1, 1);""",
    )
    with failing(bench, source) as run:
        sifted = run.sift()
        assert 1 == run.move_rest(sifted)

    assert [2, 3, 4, 5, 6] == [offender.key[0] for offender in sifted.offenders]
