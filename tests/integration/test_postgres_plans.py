"""What a plan makes of a PostgreSQL schema: what it carries, what it names, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest

from engine.agents.look_ahead import look_ahead, plan_from, read_everything
from engine.model.plan import Lane, Plan, TablePlan
from engine.playbooks.copy_playbook import playbook_for_copy
from engine.playbooks.spec import Defaults, Playbook, TableSpec
from tests.fix_runs import in_schema

PlanOf = Callable[..., Plan]


def _run(url: str, statements: tuple[str, ...]) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]  # the test's own text


@pytest.fixture
def plan_of(source_pg_url: str, target_url: str) -> PlanOf:
    """The plan of a copy of schema ``old`` into schema ``new``."""

    def make(
        *statements: str, there: tuple[str, ...] = (), only: tuple[str, ...] = (), names: str = "keep"
    ) -> Plan:
        _run(source_pg_url, ("create schema if not exists old", "set search_path = old, public", *statements))
        _run(target_url, ("create schema if not exists new", "set search_path = new, public", *there))
        playbook = playbook_for_copy(in_schema(source_pg_url, "old"), in_schema(target_url, "new"), only=only)
        playbook = playbook.model_copy(update={"defaults": Defaults(names=names)})
        return look_ahead(
            playbook,
            target_url=playbook.target,
            target_label="target",
            source_urls=playbook.sources,
            on_error="ask",
        )

    return make


def _table(plan: Plan, name: str = "t") -> TablePlan:
    return next(table for table in plan.tables if table.target_table == name)


def _types(plan: Plan, name: str = "t") -> dict[str, str]:
    return {column.target: column.target_type for column in _table(plan, name).columns}


def _told(plan: Plan, code: str) -> list[str]:
    return [finding.sentence() for finding in plan.findings if finding.code == code]


def test_type_of_an_extension_the_target_lacks_becomes_text_and_says_why(plan_of: PlanOf) -> None:
    """The values keep PostgreSQL's text form; the index that needs the extension is named too."""
    plan = plan_of(
        "create extension vector with schema public",
        "create table t (id int primary key, v vector(2))",
        "create index t_v on t using hnsw (v vector_l2_ops)",
    )

    assert {"id": "integer", "v": "text"} == _types(plan)
    assert "the extension vector, which the target does not have" in _told(plan, "F114")[0]
    assert "the extension vector" in _told(plan, "F239")[0]


def test_type_of_an_extension_in_another_schema_of_the_target_becomes_text(plan_of: PlanOf) -> None:
    """A definition that names the schema the source has it in would not be found."""
    plan = plan_of(
        "create extension vector with schema public",
        "create table t (id int primary key, v vector(2))",
        there=("create schema tools", "create extension vector with schema tools"),
    )

    assert "text" == _types(plan)["v"]
    assert "which the target has in the schema tools" in _told(plan, "F114")[0]


def test_renamed_columns_keep_plain_indexes_and_name_the_others(plan_of: PlanOf) -> None:
    """SQL texts that name columns can't follow a new name; columns alone can."""
    plan = plan_of(
        'create table t ("userId" int primary key, "fullName" text check ("fullName" <> \'\'), s int generated always as ("userId" * 2) stored)',
        'create index plain on t ("fullName" desc)',
        'create index odd on t (lower("fullName"))',
        'create view v as select "userId" from t',
        names="snake",
    )
    table = _table(plan)

    assert [("plain", ("full_name",), (True,))] == [(i.name, i.columns, i.descending) for i in table.indexes]
    assert ((), (), ()) == (table.constraints, table.generated, plan.views)
    assert "odd" in _told(plan, "F205")[0]
    assert "t_fullName_check" in _told(plan, "F215")[0]
    assert ("s", "integer") == (table.columns[-1].target, table.columns[-1].target_type)
    assert "t.s: a generated column becomes an ordinary one" in _told(plan, "F204")[0]
    assert "whose column" in _told(plan, "F210")[0]


def test_picked_tables_bring_only_the_types_and_sequences_they_need(plan_of: PlanOf) -> None:
    """A domain's enum comes along; what other tables need does not, nor do views."""
    plan = plan_of(
        "create type used as enum ('a')",
        "create domain wrapped as used",
        "create type unused as enum ('b')",
        "create sequence drawn",
        "create sequence idle",
        "create table t (id int primary key default nextval('drawn'), v wrapped)",
        "create table o (id int primary key, v unused)",
        "create view v as select id from t",
        only=("t",),
    )

    assert ["used", "wrapped", "drawn"] == [thing.name for thing in plan.types]
    assert () == plan.views


def test_function_someone_made_on_the_target_lets_what_rests_on_it_stand(plan_of: PlanOf) -> None:
    """Defaults and checks over functions are carried where the function is there."""
    function = "create function f(n int) returns int language sql immutable as 'select n'"
    plan = plan_of(
        function,
        "create table t (id int primary key default f(1), v int check (f(v) > 0))",
        there=(function,),
    )
    table = _table(plan)

    assert ("f(1)", ["t_v_check"]) == (table.columns[0].default, [c.name for c in table.constraints])
    assert [] == _told(plan, "F208") + _told(plan, "F215")


def test_partition_whose_name_is_taken_makes_an_ordinary_table_and_says_so(plan_of: PlanOf) -> None:
    """Every row moves; nothing of the target's is touched."""
    plan = plan_of(
        "create table t (id int primary key) partition by range (id)",
        "create table t_1 partition of t for values from (0) to (10)",
        there=("create table t_1 (x int)",),
    )

    assert ("", ()) == (_table(plan).partition_by, _table(plan).partitions)
    assert "the name of the partition t_1 is taken" in _told(plan, "F214")[0]


def test_sequence_whose_name_is_taken_is_named_with_the_defaults_that_need_it(plan_of: PlanOf) -> None:
    """A default must not draw from a stranger's sequence."""
    plan = plan_of(
        "create sequence s",
        "create table t (id int primary key default nextval('s'))",
        there=("create sequence s",),
    )

    assert () == plan.types
    assert None is _table(plan).columns[0].default
    assert ("s, whose name" in _told(plan, "F232")[0], "nextval" in _told(plan, "F208")[0]) == (True, True)


def test_view_whose_name_is_taken_stays_behind_with_those_over_it(plan_of: PlanOf) -> None:
    """The target's own view is not replaced."""
    plan = plan_of(
        "create table t (id int primary key)",
        "create view v as select id from t",
        "create view w as select id from v",
        there=("create view v as select 1 as one",),
    )

    assert () == plan.views
    assert [
        "the target has something of this name" in _told(plan, "F210")[0],
        "v, which is not carried" in _told(plan, "F210")[1],
    ] == [True, True]


def test_invalid_index_is_named_and_not_made(plan_of: PlanOf, source_pg_url: str) -> None:
    """What a failed CREATE INDEX CONCURRENTLY left would fail again, or hide duplicates."""
    _run(
        source_pg_url,
        (
            "create schema old",
            "create table old.t (id int primary key, v int)",
            "insert into old.t values (1, 1), (2, 1)",
        ),
    )
    with pytest.raises(psycopg.errors.UniqueViolation):
        _run(source_pg_url, ("create unique index concurrently t_v on old.t (v)",))

    plan = plan_of()

    assert () == _table(plan).indexes
    assert "t_v" in _told(plan, "F216")[0]


def test_child_key_of_another_integer_type_keeps_its_own(plan_of: PlanOf) -> None:
    """PostgreSQL compares an integer with a bigint; nothing has to change its type."""
    plan = plan_of(
        "create table p (id bigint primary key)",
        "create table t (id int primary key, p int references p, q varchar(3))",
    )

    assert {"id": "integer", "p": "integer", "q": "character varying(3)"} == _types(plan)
    assert ["t_p_fkey"] == [key.name for key in _table(plan).foreign_keys]


def test_rows_of_every_kept_type_travel_untouched(plan_of: PlanOf) -> None:
    """Enums, domains and arrays need no look on their way; a type that became text does."""
    plan = plan_of(
        "create type e as enum ('a')",
        "create domain d as int",
        "create table t (id d primary key, v e, w e[])",
        "create table o (id int primary key, v regclass)",
    )

    assert (Lane.PIPED, Lane.DIRECT) == (_table(plan).lane, _table(plan, "o").lane)


def test_existing_table_whose_type_of_the_same_name_is_another_is_told(plan_of: PlanOf) -> None:
    """Equal names are no equal types; equal types need no word."""
    there = (
        "create type same as enum ('a')",
        "create type other as enum ('a', 'c')",
        "create table t (id int primary key, v same, w other)",
    )
    plan = plan_of(
        "create type same as enum ('a')",
        "create type other as enum ('a', 'b')",
        "create table t (id int primary key, v same, w other)",
        there=there,
    )

    (told,) = _told(plan, "F405")

    assert "t.w: the target's type other may not hold every value" in told


def test_default_an_older_target_may_not_know_is_named(source_pg_url: str, target_url: str) -> None:
    """A function of the source's PostgreSQL need not be in the target's."""
    _run(source_pg_url, ("create table t (id uuid primary key default uuidv7(), v int default 5)",))
    playbook = playbook_for_copy(source_pg_url, target_url)
    found = read_everything(playbook, source_urls=playbook.sources, target_url=target_url)
    older = replace(found, target=replace(found.target, version="14.9"))

    plan = plan_from(playbook, older, target_url=target_url, target_label="target", on_error="ask")

    assert [None, "5"] == [column.default for column in _table(plan).columns]
    assert "an older PostgreSQL" in _told(plan, "F208")[0]


def test_two_sources_with_types_of_one_name_share_it_only_when_equal(
    source_pg_url: str, target_url: str
) -> None:
    """The second source's column becomes text where its enum is another one."""
    _run(
        source_pg_url,
        (
            "create schema a", "create schema b",
            "create type a.same as enum ('x')", "create type b.same as enum ('x')",
            "create type a.other as enum ('x')", "create type b.other as enum ('y')",
            "create table a.one (id int primary key, s a.same, o a.other)",
            "create table b.two (id int primary key, s b.same, o b.other)",
        ),
    )  # fmt: skip
    sources = {"first": in_schema(source_pg_url, "a"), "second": in_schema(source_pg_url, "b")}
    playbook = Playbook(
        playbook="two", title="Two", target=target_url, sources=sources, defaults=Defaults(names="keep"),
        tables=(TableSpec(**{"from": "first.one"}), TableSpec(**{"from": "second.two"})),
    )  # fmt: skip

    plan = look_ahead(
        playbook, target_url=target_url, target_label="target", source_urls=sources, on_error="ask"
    )

    assert {"id": "integer", "s": "same", "o": "other"} == _types(plan, "one")
    assert {"id": "integer", "s": "same", "o": "text"} == _types(plan, "two")
    assert ["other", "same"] == sorted(thing.name for thing in plan.types)
