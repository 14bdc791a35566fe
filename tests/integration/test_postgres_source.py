# ruff: noqa: ANN401 - keyword arguments of many types are handed on
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psycopg
import pytest

from engine.model.catalog import Table
from engine.model.errors import CannotConnect, NotAllowed, StatementFailed
from engine.playbooks.brackets_sample import make_postgres, prepare_target
from engine.stores.connect import connect
from engine.stores.open_source import open_source
from engine.stores.postgres_catalog import read_postgres_catalog
from engine.stores.postgres_source import PAGE_ROWS, PostgresSource, open_postgres_source

Open = Callable[..., PostgresSource]


@pytest.fixture
def open_it(source_pg_url: str) -> Iterator[Open]:
    """Runs statements, and opens the database as a source."""
    opened: list[PostgresSource] = []

    def open_after(*statements: str, **more: Any) -> PostgresSource:
        run(source_pg_url, *statements)
        opened.append(open_postgres_source("old", source_pg_url, **more))
        return opened[-1]

    yield open_after
    for source in opened:
        source.close()


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]  # SQL of the tests' own


def fingerprint(source: PostgresSource) -> str:
    """Of table t; the source is closed, for its locks would stop ALTER TABLE and VACUUM FULL."""
    try:
        return source.fingerprint(["t"])
    finally:
        source.close()


def table_of(source: PostgresSource, name: str = "t") -> Table:
    found = source.read_catalog().table(name)
    assert found is not None
    return found


def read_all(
    source: PostgresSource, columns: Sequence[str], rows: int, where: str = ""
) -> list[tuple[object, ...]]:
    key = table_of(source).chunk_key
    return [
        row
        for span in source.cut_ranges("t", key=key, rows=rows, where=where)
        for page in source.read_range("t", columns=columns, key=key, span=span, where=where)
        for row in page
    ]


def test_open_unreachable_server_is_a_sentence_without_the_password() -> None:
    """Nobody there, and the secret stays secret."""
    with pytest.raises(CannotConnect) as caught:
        open_source("old", "postgresql://u:hunter2@127.0.0.1:1/d")

    assert "hunter2" not in str(caught.value)


def test_read_catalog_describes_columns_as_declared(open_it: Open) -> None:
    """Types with their limits, identity and serial, defaults, generated columns."""
    source = open_it(
        "create table t (a bigint generated always as identity primary key, b serial, c numeric(10,2) default 1.5,"
        " d varchar(20) not null default 'x', e int generated always as (b * 2) stored, f timestamptz)"
    )

    found = [
        (column.declared_type, column.is_identity, column.generated, column.is_nullable)
        for column in table_of(source).columns
    ]

    assert [
        ("bigint", True, "", False),
        ("integer", True, "", False),
        ("numeric(10,2)", False, "", True),
        ("character varying(20)", False, "", False),
        ("integer", False, "stored", True),
        ("timestamp with time zone", False, "", True),
    ] == found


def test_read_catalog_dropped_column_leaves_no_trace(open_it: Open) -> None:
    """Positions count what is there."""
    source = open_it("create table t (a int, b int, c int)", "alter table t drop column b")

    assert [("a", 1), ("c", 2)] == [(column.name, column.position) for column in table_of(source).columns]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("select 1", 1),
        ("insert into t default values", 2),
        ("select setval('t_id_seq', 40)", 41),
        ("select setval('t_id_seq', 40, false)", 40),
    ],
)
def test_read_catalog_next_number_is_what_the_sequence_gives_next(
    open_it: Open, statement: str, expected: int
) -> None:
    """A sequence nobody has called yet is told from one that has been."""
    assert expected == table_of(open_it("create table t (id bigserial primary key)", statement)).sequence_next


def test_read_catalog_indexes_and_keys_are_whole(open_it: Open) -> None:
    """Composite keys, constraints, partial, expression, covering and descending indexes."""
    source = open_it(
        "create table p (a text, b int, primary key (b, a))",
        "create table t (x int, y text, z int unique, foreign key (x, y) references p (b, a) on delete cascade)",
        "create index part on t (z) where z > 5",
        "create index expr on t (lower(y))",
        "create index down on t (x desc, z) include (y)",
    )

    table = table_of(source)
    found = {index.name: index for index in table.indexes}

    assert (("x", "y"), "p", ("b", "a"), "cascade") == (
        table.foreign_keys[0].columns,
        table.foreign_keys[0].parent_table,
        table.foreign_keys[0].parent_columns,
        table.foreign_keys[0].on_delete,
    )
    assert (True, (), ("x", "z"), (True, False)) == (
        found["part"].is_partial,
        found["expr"].columns,
        found["down"].columns,
        found["down"].descending,
    )
    assert (True, True) == (found["t_z_key"].is_constraint, found["t_z_key"].is_unique)


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        ("a int primary key, b int unique", ("a",)),
        ("a int, b int not null unique, c int unique", ("b",)),
        ("a int unique", ("ctid",)),
        ("a citext_like primary key", ("ctid",)),
    ],
)
def test_read_catalog_chunk_key_covers_every_row(
    open_it: Open, declaration: str, expected: tuple[str, ...]
) -> None:
    """Primary key, else a unique index without NULLs, else the row's address; never a type of users."""
    source = open_it("create domain citext_like as text", f"create table t ({declaration})")

    assert expected == table_of(source).chunk_key


def test_read_catalog_others_are_listed(open_it: Open) -> None:
    """Views, materialized views, triggers, partitions."""
    source = open_it(
        "create table t (a int) partition by range (a)",
        "create table t1 partition of t for values from (0) to (10)",
        "create view v as select 1 as one",
        "create materialized view m as select 1 as one",
        "create function f() returns trigger language plpgsql as 'begin return new; end'",
        "create trigger tr before insert on t for each row execute function f()",
    )

    catalog = source.read_catalog()

    assert ["t"] == [table.name for table in catalog.tables]
    assert {"view", "materialized view", "partition", "partitioned table", "trigger", "function"} == {
        other.kind for other in catalog.others
    }


def test_read_catalog_of_a_schema_that_is_not_there_is_empty(target_url: str) -> None:
    """A target schema may be made later."""
    with connect(target_url, purpose="test") as connection:
        catalog = read_postgres_catalog(connection, name="target", label="x", schema="nowhere")

    assert ((), ()) == (catalog.tables, catalog.others)


@pytest.mark.parametrize(
    "declaration",
    [
        "a bigint primary key, b text",
        "a bigint, b text, primary key (b, a)",
        "a bigint, b text",
        "a bigint, b text primary key",
        "a numeric primary key, b text",
    ],
)
def test_cut_ranges_cover_each_row_once_for_any_key(open_it: Open, declaration: str) -> None:
    """Numbers, texts, composites and addresses: no row is lost, none read twice."""
    source = open_it(
        f"create table t ({declaration})",
        "insert into t select n, md5(n::text) from generate_series(1, 2500) as n",
    )

    found = [int(str(row[0])) for row in read_all(source, ["a"], 700)]

    assert list(range(1, 2_501)) == sorted(found)


def test_cut_ranges_of_a_partitioned_table_cover_each_row_once(open_it: Open) -> None:
    """Two partitions have the same addresses; the partition is part of the key."""
    source = open_it(
        "create table t (a int) partition by hash (a)",
        "create table t0 partition of t for values with (modulus 2, remainder 0)",
        "create table t1 partition of t for values with (modulus 2, remainder 1)",
        "insert into t select generate_series(1, 1000)",
    )

    assert list(range(1, 1_001)) == sorted(int(str(row[0])) for row in read_all(source, ["a"], 300))


def test_read_all_of_an_inherited_table_leaves_the_children_alone(open_it: Open) -> None:
    """Children are tables of their own; their rows would come twice."""
    source = open_it(
        "create table t (a int)",
        "create table child () inherits (t)",
        "insert into t values (1)",
        "insert into child values (2)",
    )

    assert [("1",)] == read_all(source, ["a"], 10)
    assert 1 == table_of(source).row_count


def test_cut_ranges_labels_are_ordinals(open_it: Open) -> None:
    """The documents' four batches."""
    source = open_it("create table t (a int primary key)", "insert into t select generate_series(1001, 2569)")

    spans = source.cut_ranges("t", key=["a"], rows=500, where="")

    assert ["1-500", "501-1000", "1001-1500", "1501-1569"] == [span.label for span in spans]


def test_read_range_leaves_the_connection_free_between_pages(open_it: Open) -> None:
    """Another question may be asked while a chunk is being read, and the rest still comes."""
    source = open_it("create table t (a int primary key)", "insert into t select generate_series(1, 2500)")
    (span,) = source.cut_ranges("t", key=["a"], rows=10_000, where="")

    pages = []
    for page in source.read_range("t", columns=["a"], key=["a"], span=span, where=""):
        pages.append(len(page))
        assert 2_500 == source.count_rows("t", where="")

    assert [PAGE_ROWS, PAGE_ROWS, 500] == pages


def test_read_range_gives_postgres_own_text(open_it: Open) -> None:
    """Every value as the server writes it, special signs and NULL kept apart."""
    source = open_it(
        "create table t (a int primary key, b text, c bytea, d timestamptz, e double precision, f text[], g text)",
        r"insert into t values (1, E'tab\t\n\\', '\x00ff', '2024-01-31 10:00+02', 'Infinity', '{a,NULL}', null)",
    )

    (row,) = read_all(source, ["b", "c", "d", "e", "f", "g"], 10)

    assert ("tab\t\n\\", "\\x00ff", "2024-01-31 08:00:00+00", "Infinity", "{a,NULL}", None) == row


def test_read_range_with_a_filter_stays_within_it(open_it: Open) -> None:
    """The playbook's condition may hold braces, percent signs and a comment."""
    source = open_it(
        "create table t (a int primary key, b jsonb)",
        """insert into t select n, jsonb_build_object('k', n) from generate_series(1, 20) as n""",
    )

    found = read_all(source, ["a"], 3, where="b @> '{\"k\": 4}' or a % 10 = 0 -- ends")

    assert [("4",), ("10",), ("20",)] == found


def test_read_row_finds_by_key_or_gives_none(open_it: Open) -> None:
    """One row by a text key, or None."""
    source = open_it("create table t (a text primary key, b int)", "insert into t values ('x''y', 5)")

    def read(key: str) -> object:
        return source.read_row("t", columns=["b"], key=["a"], at=(key,))

    assert (("5",), None) == (read("x'y"), read("z"))


def test_profile_gives_nulls_and_bounds(open_it: Open) -> None:
    """Nulls, smallest and largest integer, longest text."""
    source = open_it(
        "create table t (a int, b text)", "insert into t values (5, 'abc'), (null, ''), (-2, 'größe')"
    )

    numbers, texts = source.profile(table_of(source))

    assert (3, 1, 2, -2, 5) == (
        numbers.rows,
        numbers.nulls,
        numbers.integers,
        numbers.smallest,
        numbers.largest,
    )
    assert (3, 5, 1) == (texts.texts, texts.longest, texts.empty_texts)


def test_count_orphans_behind_an_unvalidated_key_are_counted(open_it: Open) -> None:
    """NOT VALID keys hide orphans; we count them."""
    source = open_it(
        "create table p (id int primary key)",
        "create table t (p int)",
        "insert into t values (1), (null), (2)",
        "insert into p values (1)",
        "alter table t add constraint k foreign key (p) references p not valid",
    )
    table = table_of(source)

    assert 1 == source.count_orphans(table, table.foreign_keys[0])


def test_source_keeps_its_snapshot_while_others_write(open_it: Open, source_pg_url: str) -> None:
    """Rows committed after opening are not seen, by those who share the snapshot either."""
    first = open_it("create table t (a int)", "insert into t values (1)")
    snapshot = first.export_snapshot()
    second = open_it("insert into t values (2)", snapshot=snapshot)
    third = open_it()

    assert [1, 1, 2] == [source.count_rows("t", where="") for source in (first, second, third)]


def test_open_with_a_snapshot_that_is_gone_is_refused(open_it: Open) -> None:
    """A snapshot dies with its session."""
    first = open_it()
    snapshot = first.export_snapshot()
    first.close()

    with pytest.raises(StatementFailed, match=r"snapshot .* does not exist"):
        open_it(snapshot=snapshot)


@pytest.mark.parametrize(
    "statement",
    [
        "insert into t values (2, 'b')",
        "update t set b = 'c'",
        "delete from t",
        "alter table t add column c int",
    ],
)
def test_fingerprint_changes_with_any_write(open_it: Open, statement: str) -> None:
    """Values count, not only numbers of rows."""
    before = fingerprint(open_it("create table t (a int, b text)", "insert into t values (1, 'a')"))

    assert before != fingerprint(open_it(statement))


def test_fingerprint_of_an_untouched_table_stays(open_it: Open) -> None:
    """Another table's rows do not void the approval, and neither does a vacuum."""
    before = fingerprint(
        open_it("create table t (a int)", "create table o (a int)", "insert into t values (1)")
    )

    assert before == fingerprint(open_it("insert into o values (1)", "vacuum full t"))


def test_read_catalog_without_the_right_to_read_is_not_allowed(open_it: Open, source_pg_url: str) -> None:
    """A role that may not read a table is told so in a sentence."""
    run(
        source_pg_url,
        "create table t (a int)",
        "drop role if exists fordway_blind",
        "create role fordway_blind",
    )
    source = open_it()
    source._connection.execute("set role fordway_blind")

    try:
        with pytest.raises(NotAllowed):
            source.read_catalog()
    finally:
        source.close()
        run(source_pg_url, "drop role fordway_blind")


@pytest.mark.parametrize(
    "statement",
    [
        "reindex table t",
        "analyze t",
        "vacuum full t",
        "alter table t set (fillfactor = 50)",
        "comment on table t is 'new'",
        # A restored dump says the same check in other words.
        "alter table t drop constraint k, add constraint k check (b::text = any (array['a'::varchar::text, 'b']))",
    ],
)
def test_fingerprint_is_blind_to_what_changes_no_value(open_it: Open, statement: str) -> None:
    """Housekeeping and other words for the same rule void no approval."""
    before = fingerprint(
        open_it(
            "create table t (a int, b varchar(9), constraint k check (b in ('a', 'b')))",
            "create index i on t (a)",
            "insert into t values (1, 'a')",
        )
    )

    assert before == fingerprint(open_it(statement))


@pytest.mark.parametrize(
    "statement",
    [
        "alter type e add value 'c'",
        "select nextval('s')",
        "create view v as select 1 as one",
        "alter table t add check (a > 0)",
    ],
)
def test_fingerprint_changes_with_what_a_plan_carries(open_it: Open, statement: str) -> None:
    """Labels, sequences, views and constraints are part of what was approved."""
    before = fingerprint(
        open_it("create type e as enum ('a')", "create sequence s", "create table t (a int, b e)")
    )

    assert before != fingerprint(open_it(statement))


def test_layout_changes_when_rows_lie_elsewhere_with_the_same_values(open_it: Open) -> None:
    """An update that changes nothing moves a row, and so does VACUUM FULL after a delete."""

    def layout(*statements: str) -> str:
        source = open_it(*statements)
        try:
            return source.layout("t")
        finally:
            source.close()

    first = layout("create table t (a int)", "insert into t values (1), (2)")
    same, updated, packed = (
        layout("analyze t"),
        layout("update t set a = 1 where a = 1"),
        layout("vacuum full t"),
    )

    assert (first, 3) == (same, len({first, updated, packed}))


def test_catalog_of_many_tables_takes_one_count_a_table_and_a_fixed_number_of_queries(
    open_it: Open, source_pg_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of tables, indexes, keys and sequences are read by a few dozen statements."""
    asked: list[object] = []
    execute = psycopg.Cursor.execute
    monkeypatch.setattr(
        psycopg.Cursor,
        "execute",
        lambda self, query, *rest, **more: (asked.append(query), execute(self, query, *rest, **more))[1],
    )

    def queries(tables: range) -> int:
        run(
            source_pg_url,
            *(f"create table m{n} (id serial primary key, v text unique check (v <> ''))" for n in tables),
        )
        source = open_it()
        asked.clear()
        source.read_catalog()
        source.close()
        return len(asked)

    few, many = queries(range(3)), queries(range(3, 43))

    assert 40 == many - few
    assert few < 30


def test_brackets_sample_twice_is_the_same_in_postgres(source_pg_url: str, target_url: str) -> None:
    """1,569 brackets and 42 projects in the old system; projects only in the new one."""
    for _ in range(2):
        make_postgres(source_pg_url)
        prepare_target(target_url)

    counts = {}
    for url in (source_pg_url, target_url):
        with connect(url, purpose="test") as connection:
            catalog = read_postgres_catalog(connection, name="x", label="x", schema="public")
        counts.update({table.name: (table.row_count, table.sequence_next) for table in catalog.tables})

    assert {
        "dispatch_project": (42, 43),
        "dispatch_bracket": (1_569, 1_570),
        "projects": (42, None),
        "brackets": (0, None),
    } == counts
