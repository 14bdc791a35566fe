from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from engine.checking.compare_edges import SourceEdges, judge_edges
from engine.model.catalog import Table
from engine.model.errors import BadInput
from engine.model.plan import ColumnPlan, Lane, Plan, Policy
from engine.planning.build_plan import build_plan
from engine.planning.find_collisions import Collisions, collision_groups
from engine.planning.merge_types import widest
from engine.planning.plan_expressions import inputs_of
from engine.planning.target_types import family_of
from engine.playbooks.spec import Playbook

from .plan_facts import (
    catalog,
    column,
    empty_target,
    identity,
    index,
    plain_profiles,
    plan,
    references,
    table,
)


def merged(
    *sources: Table, target: Sequence[Table] = (), collisions: Collisions | None = None, **spec: object
) -> Plan:
    """The plan that merges these tables, each of a source of its own, into ``item``."""
    catalogs = {f"s{place}": catalog(one, name=f"s{place}") for place, one in enumerate(sources, start=1)}
    body = {
        "playbook": "test",
        "title": "Test",
        "sources": {name: f"{name}.db" for name in catalogs},
        "tables": [
            {"from": f"{name}.{found.tables[0].name}", "to": "item", **spec}
            for name, found in catalogs.items()
        ],
    }
    return build_plan(
        Playbook.model_validate(body),
        catalogs=catalogs,
        profiles={
            (name, found.tables[0].name): plain_profiles(found.tables[0]) for name, found in catalogs.items()
        },
        orphans={},
        fingerprints={},
        target=empty_target(*target),
        target_label="postgresql://h/d",
        collisions={"item": collisions} if collisions else None,
    )


def test_merged_plans_have_names_of_their_own_and_one_makes_the_table() -> None:
    """Batches, gates and reports can be told apart; the target has one table."""
    found = merged(table("item"), table("item"))

    assert [("item (from s1)", False), ("item (from s2)", True)] == [
        (t.name, t.is_extra) for t in found.tables
    ]
    assert ["item", "item"] == [t.target_name for t in found.tables]
    assert [("s1.item -> item", "s2.item -> item")] == [phase.tables for phase in found.phases]


def test_plan_that_merges_nothing_is_named_by_its_target_alone() -> None:
    """Nothing changes where nothing merges."""
    [found] = plan(catalog(table("item"))).tables

    assert ("item", "", False) == (found.name, found.merged_from, found.is_extra)
    assert found.lane is not Lane.STAGED


def test_tables_of_one_source_that_merge_are_told_apart_by_their_own_names() -> None:
    """The source's name alone would be the same twice."""
    found = plan(catalog(table("a"), table("b")), tables=[{"from": "a", "to": "x"}, {"from": "b", "to": "x"}])

    assert ["x (from old.a)", "x (from old.b)"] == [t.name for t in found.tables]


def test_merged_table_has_all_columns_and_tells_its_source() -> None:
    """What only one source has is nullable; every plan names where its rows come from."""
    found = merged(table("item", identity(), column("a")), table("item", identity(), column("b")))

    head, extra = found.tables
    assert ["id", "a", "source_database", "b"] == [c.target for c in head.made_columns]
    assert {"a", "b"} <= {c.target for c in head.made_columns if c.is_nullable}
    assert ["id", "b", "source_database"] == [c.target for c in extra.columns]


def test_merged_table_that_maps_its_source_itself_gets_no_second_column() -> None:
    """The playbook's own name for it stands."""
    found = merged(table("item"), table("item"), columns={"shop": {"generate": "source_name"}})

    assert ["shop", "id", "name"] == [c.target for c in found.tables[0].made_columns]


def test_merged_table_that_is_there_without_the_column_says_what_is_lost() -> None:
    """An existing table is never changed; the finding says what its rows won't tell."""
    found = merged(table("item"), table("item"), target=[table("item", rows=0)])

    assert "F311" in [f.code for f in found.findings]
    assert all("source_database" not in [c.target for c in t.columns] for t in found.tables)


def test_unique_index_of_merged_sources_becomes_an_ordinary_one() -> None:
    """Each source kept it for itself; all of them together may not."""
    one = table("item", indexes=(index("item_name", "name", is_unique=True),))
    found = merged(one, one)

    assert [(("name",), False)] == [(i.columns, i.is_unique) for i in found.tables[0].indexes]
    assert () == found.tables[1].indexes
    assert "F310" in [f.code for f in found.findings]


def test_sources_with_other_primary_keys_forbid_the_move() -> None:
    """One table has one key."""
    found = merged(table("item"), table("item", column("name", is_nullable=False), primary_key=("name",)))

    assert "F309" in [f.code for f in found.blockers]


def test_policy_without_a_key_forbids_the_move() -> None:
    """Conflicts are found by the primary key; without one there are none to find."""
    source = catalog(table("log", column("a"), primary_key=(), sequence_next=None))

    found = plan(source, tables=[{"from": "log", "on_conflict": "skip"}])

    assert ["F313"] == [f.code for f in found.blockers]


@pytest.mark.parametrize(
    ("policy", "severity"), [("ask", "blocker"), ("keep_source", "warning"), ("skip", "warning")]
)
def test_collisions_forbid_the_move_only_while_nobody_chose(policy: str, severity: str) -> None:
    """Count and examples stand in the finding either way."""
    collisions = Collisions(between=1204, with_target=3, examples=("7", "9"))

    found = merged(table("item"), table("item"), collisions=collisions, on_conflict=policy)

    [finding] = [f for f in found.findings if f.code == "F307"]
    assert (severity, "1,204 between the source rows, 3 with rows of the target, e.g. 7, 9") == (
        finding.severity,
        finding.evidence,
    )


def test_collisions_are_counted_where_rows_may_meet_only() -> None:
    """A plan that merges nothing costs no scan."""
    assert [] == list(collision_groups(plan(catalog(table("item")))))
    assert [2] == [len(group) for group in collision_groups(merged(table("item"), table("item")))]


def test_newest_compares_the_first_moment_that_is_moved() -> None:
    """updated_at before created_at, without anybody saying so."""
    one = table("item", identity(), column("created_at"), column("updated_at"))

    found = plan(catalog(one), tables=[{"from": "item", "on_conflict": "newest"}])

    assert (Policy.NEWEST, "updated_at", Lane.STAGED) == (
        found.tables[0].on_conflict, found.tables[0].newest_by, found.tables[0].lane,
    )  # fmt: skip


def test_order_matters_only_where_two_rows_of_a_source_may_have_one_key() -> None:
    """A primary key that is copied is met once; any other key may come again in a later batch."""
    rows = table("item", identity(), column("name", is_nullable=False), column("at"))
    target = table("item", identity(), column("name", is_nullable=False), column("at"), primary_key=("name",))

    once = plan(catalog(rows), tables=[{"from": "item", "on_conflict": "skip"}])
    again = plan(catalog(rows), empty_target(target), tables=[{"from": "item", "on_conflict": "skip"}])

    assert (False, True) == (once.tables[0].keeps_order, again.tables[0].keeps_order)


def test_looked_up_table_comes_first_and_keeps_its_id_map() -> None:
    """No foreign key is needed: the lookup itself is the order."""
    source = catalog(table("posts", identity(), column("author", "INTEGER")), table("users"))
    posts = {"from": "posts", "columns": {"author": {"from": "author", "lookup": "users"}}}

    found = plan(source, tables=[posts, {"from": "users"}])

    assert [("users", True, True), ("posts", False, False)] == [
        (t.name, t.keeps_id_map, t.is_looked_up) for t in found.tables
    ]
    assert "bigint" == {c.target: c.target_type for c in found.tables[1].columns}["author"]


def test_foreign_key_over_legacy_ids_becomes_one_over_looked_up_ids() -> None:
    """The parent's new id is what is referenced."""
    source = catalog(
        table("posts", identity(), column("user_id", "INTEGER"), foreign_keys=(references("users", "user_id"),)),
        table("users"),
    )  # fmt: skip
    users = {"from": "users", "columns": {"id": {"generate": "uuid5"}, "legacy_id": "id"}}
    posts = {"from": "posts", "columns": {"user_id": {"from": "user_id", "lookup": "users"}}}

    found = plan(source, tables=[users, posts])

    [key] = found.tables[1].foreign_keys
    assert (("user_id",), "users", ("id",)) == (key.columns, key.parent_table, key.parent_columns)


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"name": {"from": "name", "lookup": "nowhere"}}, "No table of old goes into 'nowhere'"),
        ({"name": {"from": "name", "lookup": "posts"}}, "posts can't look up its own ids"),
        ({"name": {"from": "name", "lookup": "pairs"}}, "can't be looked up by one legacy key"),
        (
            {"name": {"from": "name", "lookup": {"table": "nowhere", "match": "a", "get": "b"}}},
            "There is no table 'nowhere' to look up",
        ),
        (
            {"name": {"from": "name", "lookup": {"table": "users", "match": "nmae", "get": "id"}}},
            "The table users has no column 'nmae'",
        ),
        ({"name": {"expr": "upper(name)", "type": "txet"}}, "'txet' is no built-in PostgreSQL type"),
        ({"name": {"expr": "1); drop table posts; select ('a;b'"}}, "holds a semicolon"),
    ],
)
def test_lookup_that_can_give_nothing_is_refused_in_words(columns: dict[str, Any], sentence: str) -> None:
    """A slip in the playbook is found before anything is read."""
    pairs = table(
        "pairs", column("a", is_nullable=False), column("b", is_nullable=False), primary_key=("a", "b")
    )
    source = catalog(table("posts"), table("users"), pairs)

    with pytest.raises(BadInput, match=sentence.replace("(", r"\(")):
        plan(source, tables=[{"from": "posts", "columns": columns}, {"from": "users"}, {"from": "pairs"}])


def test_tables_that_look_each_other_up_are_refused() -> None:
    """Neither could be filled first."""
    source = catalog(table("a", identity(), column("b")), table("b", identity(), column("a")))
    tables = [
        {"from": "a", "columns": {"b": {"from": "b", "lookup": "b"}}},
        {"from": "b", "columns": {"a": {"from": "a", "lookup": "a"}}},
    ]

    with pytest.raises(BadInput, match="looks up"):
        plan(source, tables=tables)


@pytest.mark.parametrize(
    ("expression", "inputs"),
    [
        ("upper(name) || '-' || code", ("name", "code")),
        ("'name' || code", ("code",)),
        ('"Full Name" || NAME', ("name", "Full Name")),
        ("filename || now()", ()),
    ],
)
def test_inputs_of_an_expression_are_the_columns_it_names(expression: str, inputs: tuple[str, ...]) -> None:
    """Texts and longer words are none."""
    assert inputs == inputs_of(expression, table("t", column("name"), column("code"), column("Full Name")))


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (("integer", "bigint"), "bigint"),
        (("bigint", "numeric"), "numeric"),
        (("bigint", "double precision"), "double precision"),
        (("numeric(10,2)", "numeric(12,4)"), "numeric"),
        (("character varying(5)", "text"), "text"),
        (("date", "timestamp"), "timestamp"),
        (("bigint", "text"), "text"),
        (("uuid", "text"), "text"),
        (("bytea", "text"), None),
        (("boolean", "bigint"), None),
        (("timestamp", "timestamptz"), None),
    ],
)
def test_widest_type_holds_the_values_of_all_or_there_is_none(
    types: tuple[str, ...], expected: str | None
) -> None:
    """Nothing is rounded, shifted by a zone or turned from bytes into text."""
    columns = [ColumnPlan(target="a", target_type=name, family=family_of(name)) for name in types]
    expectation = (expected, family_of(expected)) if expected else None

    assert expectation == widest(columns, is_text_carried=True) == widest(columns[::-1], is_text_carried=True)


def test_edges_that_are_the_same_on_both_sides_pass() -> None:
    """Unmapped and collided links are told and do not turn the check red."""
    ours = SourceEdges(wanted={("1", "a"): ("x", "y"), ("2", "a"): ("x", "y")}, unmapped={("9", "a")})

    found = judge_edges(ours, {("1", "a"), ("2", "a")}, [{("1", "a"), ("2", "a")}])

    assert ("pass", "1 unmapped: 9-a; 1 collided: 2-a") == (found.status, found.detail)


@pytest.mark.parametrize(
    ("there", "written", "detail"),
    [
        (set(), [], "1 missing in target: 1-a"),
        ({("1", "a")}, [{("1", "a")}, {("1", "b")}], "1 extra in target: 1-b"),
        ({("1", "a")}, [{("1", "a")}, {(None, "a")}], "1 extra in target: ?-a"),
    ],
)
def test_edge_missing_or_extra_turns_the_check_red(
    there: set[tuple[str | None, ...]], written: list[set[tuple[str | None, ...]]], detail: str
) -> None:
    """Equal counts are not equal links."""
    found = judge_edges(SourceEdges(wanted={("1", "a"): ("x", "y")}), there, written)

    assert ("fail", detail) == (found.status, found.detail)


def test_edges_beyond_ten_are_counted_not_listed() -> None:
    """Enough to act on, few enough to read."""
    ours = SourceEdges(unmapped={(f"{number:02}", "a") for number in range(12)})

    detail = judge_edges(ours, set(), []).detail

    assert detail.startswith("12 unmapped: 00-a, ")
    assert detail.endswith("09-a and 2 more")
