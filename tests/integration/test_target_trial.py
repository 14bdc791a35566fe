"""Soft objects tried on a real target before the plan is shown, and nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from engine.agents.look_ahead import look_ahead
from engine.model.objects import ConstraintPlan, GeneratedColumn, IndexPlan, ObjectKind, ObjectPlan
from engine.model.plan import MadeBy, Plan
from engine.planning.without_refused import without_refused
from engine.playbooks.copy_playbook import playbook_for_copy
from engine.stores.target_trial import try_on_target
from tests.fix_runs import Bench, make_source, query, schema_of

_SCRIPT = (
    "create table item (id integer primary key, name text, day date, year text as (strftime('%Y', day)) stored,"
    " twice int as (id * 2), check (id > 0)); insert into item (id, name, day) values (1, 'a', '2024-02-29');"
    "create view shown as select id, year, twice from item;"
)


def _plan(source: Path, url: str) -> Plan:
    playbook = playbook_for_copy(str(source), url)
    return look_ahead(
        playbook, target_url=url, target_label="target", source_urls=playbook.sources, on_error="ask"
    )


@pytest.fixture
def plan(tmp_path: Path, target_url: str) -> Plan:
    return _plan(make_source(tmp_path / "s.db", _SCRIPT), target_url)


def test_generated_column_postgres_refuses_becomes_a_copied_one(plan: Plan) -> None:
    """Its expression is not immutable to PostgreSQL; the finding gives the server's own reason."""
    (table,) = plan.tables
    (finding,) = [f for f in plan.findings if f.code == "F217"]

    assert ["id", "name", "day", "year"] == [column.target for column in table.columns]
    assert ("year", MadeBy.COPY, "year") == (
        table.columns[3].target,
        table.columns[3].made_by,
        table.columns[3].source,
    )
    assert [("twice", 4)] == [(made.name, made.place) for made in table.generated]
    assert ("item.year", "generation expression is not immutable") == (finding.place, finding.evidence)


def test_copied_column_that_was_refused_arrives_with_its_values(bench: Bench, tmp_path: Path) -> None:
    """The view reads from it all the same."""
    bench.copy(make_source(tmp_path / "s.db", _SCRIPT))

    assert [(1, "2024", 2)] == query(bench.target_url, "select * from shown")


def test_each_object_is_tried_alone_and_leaves_nothing(plan: Plan, target_url: str) -> None:
    """One that is refused takes no other with it."""
    before = schema_of(target_url)
    (table,) = plan.tables
    bad = replace(
        table,
        columns=(table.columns[0], replace(table.columns[1], default="(no_such_function())"), *table.columns[2:]),
        constraints=(*table.constraints, ConstraintPlan(name="odd", kind="check", definition="check (nothing > 1)")),
        indexes=(
            IndexPlan(name="good", columns=("name",), tail='(lower("name"))'),
            IndexPlan(name="bad", columns=("name",), tail="(soundex(name))"),
        ),
        generated=(*table.generated, GeneratedColumn(name="g", target_type="bigint", expression="random()", place=4)),
    )  # fmt: skip
    view = ObjectPlan(
        kind=ObjectKind.VIEW, schema="public", name="broken", definition="as select nothing from item"
    )
    tried = replace(plan, tables=(bad,), views=(*plan.views, view))

    refusals = try_on_target(target_url, tried)
    left = without_refused(tried, refusals)

    assert {
        ("default", "name"), ("generated", "g"), ("index", "bad"), ("constraint", "odd"), ("view", "broken"),
    } == {(refusal.kind, refusal.name) for refusal in refusals}  # fmt: skip
    assert (["good"], ["shown"]) == ([i.name for i in left.tables[0].indexes], [v.name for v in left.views])
    assert [None] == [c.default for c in left.tables[0].columns if c.target == "name"]
    assert before == schema_of(target_url)


@pytest.fixture
def weak_url(target_url: str) -> Iterator[str]:
    """The target's URL with a role that may read and make no schema."""
    query(target_url, "create role weak login password 'weak'")
    parts = urlsplit(target_url)
    place = parts.netloc.rpartition("@")[2]
    try:
        yield urlunsplit(parts._replace(netloc=f"weak:weak@{place}"))
    finally:
        query(target_url, "drop owned by weak; drop role weak")


def test_role_that_may_make_no_schema_gets_a_note(weak_url: str, tmp_path: Path) -> None:
    """The plan stands, and says that nothing was tried."""
    found = _plan(make_source(tmp_path / "s.db", _SCRIPT), weak_url)

    assert ["F218"] == [f.code for f in found.findings if f.code in {"F217", "F218"}]
    assert ["shown"] == [view.name for view in found.views]


_NO_VIEWS = """
create function no_views() returns event_trigger language plpgsql as $$
declare made record;
begin
    for made in select object_identity from pg_event_trigger_ddl_commands() loop
        raise exception 'nobody makes % here', made.object_identity;
    end loop;
end $$;
create event trigger no_views on ddl_command_end when tag in ('CREATE VIEW', 'CREATE INDEX')
    execute function no_views();
"""


def test_plan_is_the_same_however_often_it_is_tried(tmp_path: Path, target_url: str) -> None:
    """A message of the target names the object as it would be made, and not the schema it was tried in."""
    source = make_source(tmp_path / "s.db", _SCRIPT + "create index low on item (lower(name));")
    query(target_url, _NO_VIEWS)

    first, again = (_plan(source, target_url) for _ in range(2))

    told = {finding.place: finding.evidence for finding in first.findings if finding.code == "F217"}
    assert "nobody makes public.shown here" == told["shown"]
    assert "nobody makes public.low here" == told["item.low"]
    assert first.digest == again.digest


def test_tables_without_soft_objects_are_not_tried(tmp_path: Path, target_url: str) -> None:
    """A file of plain tables costs no statement."""
    plain = _plan(
        make_source(tmp_path / "p.db", "create table a (id integer primary key, t text default 'x');"),
        target_url,
    )

    assert () == try_on_target("postgresql://nobody@127.0.0.1:1/none", plain)


def test_defaults_that_would_break_later_inserts_are_left_out_and_told(bench: Bench, tmp_path: Path) -> None:
    """SQLite takes 1e400 for infinity and enforces no digits; PostgreSQL would refuse each row that asks for them."""
    defaults = (
        "a double default 1e400, b double default 1e-400, c numeric(4,2) default 12345, d numeric(4,2) default 1.005,"
        " e date default '2024-W01-1', f timestamp default '2024-01-01 10:00:00+02:00', g json default 'NaN',"
        " h double default (1e300 * 1e300), i time default '10',"
        " j double default 1e30, k numeric(4,2) default 12.5, l date default '2024-02-29', m json default '[1]'"
    )
    source = make_source(
        tmp_path / "s.db",
        f"create table item (id integer primary key, {defaults}); "
        "insert into item values (1, 1, 1, 1, 1, null, null, null, 1, null, 1, 1, null, null);",
    )
    query_of = "select j::text, k::text, l::text, m::text from item where id = 2"

    found = _plan(source, bench.target_url)
    bench.copy(source)
    query(bench.target_url, "insert into item (id) values (2)")

    told = {f.place.rpartition(".")[2] for f in found.findings if f.code in {"F208", "F217"}}
    assert set("abcdefghi") == told
    assert [("1e+30", "12.50", "2024-02-29", "[1]")] == query(bench.target_url, query_of)
    nulls = " and ".join(f"{name} is null" for name in "abcdefghi")
    assert [(2,)] == query(bench.target_url, f"select id from item where {nulls} and id = 2")
