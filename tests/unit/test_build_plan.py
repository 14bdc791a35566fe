from __future__ import annotations

import pytest

from engine.model.catalog import Catalog, Engine, OtherObject
from engine.model.codec import plan_from_json, plan_to_json
from engine.model.errors import BadInput
from engine.model.findings import Severity
from engine.model.plan import Lane, MadeBy, Plan, TablePlan
from engine.planning.build_plan import target_fingerprint
from engine.playbooks.load import load_playbook

from .plan_facts import (
    catalog,
    column,
    empty_target,
    identity,
    index,
    plan,
    playbook,
    profile,
    references,
    table,
)

PROJECT = table("dispatch_project", rows=42)
BRACKET = table(
    "dispatch_bracket",
    identity(),
    column("name", is_nullable=False),
    column("type"),
    column("project_id", "INTEGER"),
    column("torque", "INTEGER"),
    column("remark"),
    rows=1_569,
    foreign_keys=(references("dispatch_project", "project_id"),),
)
LEGACY = catalog(PROJECT, BRACKET, name="legacy")
NEW_BRACKETS = table(
    "brackets",
    column("id", "uuid", is_nullable=False),
    column("legacy_id", "bigint"),
    column("name", "text", is_nullable=False),
    column("type", "text"),
    column("project_id", "bigint"),
    column("metadata", "jsonb", is_nullable=False, default="'{}'::jsonb"),
    column("created_at", "timestamp with time zone", is_nullable=False),
    column("updated_at", "timestamp with time zone", is_nullable=False),
    rows=0,
    primary_key=("id",),
    sequence_next=None,
)


def brackets_plan(target: Catalog | None = None) -> Plan:
    body = load_playbook("brackets", environment={}).model_dump(by_alias=True, exclude_unset=True)
    return plan(LEGACY, target or empty_target(NEW_BRACKETS), **body)


def only(found: Plan) -> TablePlan:
    (one,) = found.tables
    return one


def codes(found: Plan) -> list[str]:
    """Without the note that every plan of a SQLite source with numbers has."""
    return [finding.code for finding in found.findings if finding.code != "F118"]


def by_target(found: Plan, name: str) -> TablePlan:
    return next(one for one in found.tables if one.target_table == name)


def test_build_plan_brackets_has_the_documents_one_phase_of_four_batches() -> None:
    """One phase, 500 a batch, four batches, low risk."""
    found = brackets_plan()

    assert ("brackets_migration", ("dispatch_bracket -> brackets",)) == (
        found.phases[0].name,
        found.phases[0].tables,
    )
    assert (1, 500, 4, "low") == (
        len(found.phases),
        only(found).batch_rows,
        only(found).batches,
        found.risk.level,
    )


def test_build_plan_brackets_has_the_documents_transformations() -> None:
    """created_at, updated_at, metadata and the legacy id are transformations by name."""
    expected = {"add_created_at", "add_updated_at", "add_metadata_json", "preserve_legacy_id"}

    assert expected == set(only(brackets_plan()).transformations)


def test_build_plan_brackets_gathers_remaining_columns_into_metadata() -> None:
    """What has no column of its own goes into the JSON object, with the families of its values."""
    metadata = next(c for c in only(brackets_plan()).columns if c.target == "metadata")

    assert (MadeBy.JSON_OBJECT, ("torque", "remark"), ["integer", "text"]) == (
        metadata.made_by,
        metadata.inputs,
        [family.value for family in metadata.input_families],
    )


def test_build_plan_brackets_notices_the_empty_target_table() -> None:
    """The finding the operator came for."""
    assert ["F402 brackets: target table brackets is empty"] == [
        f.sentence() for f in brackets_plan().findings
    ]


def test_build_plan_brackets_says_how_it_is_undone() -> None:
    """The existing table stays, its new rows go."""
    expected = "removes the 1,569 rows this run writes; the table brackets was there before and stays"

    assert expected == only(brackets_plan()).undo


def test_build_plan_twice_gives_the_same_plan() -> None:
    """The same facts give the same plan, digest included."""
    assert brackets_plan() == brackets_plan()


def test_build_plan_survives_the_ledger() -> None:
    """A plan read back from JSON is the plan that was written."""
    found = brackets_plan()

    assert found == plan_from_json(plan_to_json(found))


def test_build_plan_digest_changes_with_one_row() -> None:
    """An approval never covers other numbers."""
    one, other = plan(catalog(table("a", rows=1))), plan(catalog(table("a", rows=2)))

    assert one.digest != other.digest


def test_build_plan_existing_table_lacking_a_column_is_blocked() -> None:
    """A column with values and no place is never dropped silently."""
    source = catalog(table("a", identity(), column("name"), column("extra")))
    target = empty_target(table("a", column("id", "bigint"), column("name", "text"), rows=0))

    assert [("F403", "a.extra", Severity.BLOCKER)] == [
        (f.code, f.place, f.severity) for f in plan(source, target).blockers
    ]


def test_build_plan_column_left_on_purpose_is_no_blocker() -> None:
    """The operator may leave a column behind by naming it."""
    source = catalog(table("a", identity(), column("name"), column("extra")))
    target = empty_target(table("a", column("id", "bigint"), column("name", "text"), rows=0))

    assert () == plan(source, target, tables=[{"from": "a", "leave": ["extra"]}]).blockers


def test_build_plan_required_target_column_without_source_is_blocked() -> None:
    """A NOT NULL column nobody fills would fail for every row."""
    target = empty_target(
        table(
            "a",
            column("id", "bigint"),
            column("name", "text"),
            column("tax", "text", is_nullable=False),
            rows=0,
        )
    )

    assert [("F404", "a.tax")] == [(f.code, f.place) for f in plan(catalog(table("a")), target).blockers]


def test_build_plan_existing_table_with_rows_warns() -> None:
    """Rows that are there are counted before anything is written."""
    target = empty_target(table("a", column("id", "bigint"), column("name", "text"), rows=7))

    found = plan(catalog(table("a")), target)

    assert (7, ["F401"], "medium") == (only(found).target_rows, codes(found), found.risk.level)


def test_build_plan_value_no_column_type_holds_is_blocked() -> None:
    """Text into an existing bigint column can't be meant."""
    target = empty_target(table("a", column("id", "bigint"), column("name", "bigint"), rows=0))

    assert ["F405"] == [f.code for f in plan(catalog(table("a")), target).blockers]


def test_build_plan_some_values_an_existing_column_cant_hold_are_announced() -> None:
    """The rows that will be quarantined are counted."""
    target = empty_target(table("a", column("id", "bigint"), column("n", "bigint"), rows=0))
    source = catalog(table("a", identity(), column("n", "INTEGER")))
    values = {"a": (profile("id", integers=10), profile("n", integers=7, texts=3, example_key="4"))}

    sentences = [f.sentence() for f in plan(source, target, profiles=values).findings if f.code == "F405"]

    assert [
        "F405 a.n: values a bigint column can't hold: 3 of 10 rows, e.g. id 4. "
        "Those rows would be quarantined, the others move; give the column another type (cast), a rule, "
        "or say 'on_misfit: quarantine'"
    ] == sentences


def test_build_plan_triggers_on_the_target_warn() -> None:
    """A trigger fires for every row, and the plan says so."""
    target = empty_target(
        table("a", column("id", "bigint"), column("name", "text"), rows=0),
        others=(OtherObject(kind="trigger", name="a_audit", table="a"),),
    )

    assert "F406" in codes(plan(catalog(table("a")), target))


def test_build_plan_name_of_a_view_in_the_target_is_blocked() -> None:
    """A table can't be made where a view has its name."""
    target = empty_target(others=(OtherObject(kind="view", name="a"),))

    assert ["F408"] == [f.code for f in plan(catalog(table("a")), target).blockers]


def test_build_plan_new_table_keeps_key_identity_and_next_number() -> None:
    """The identity goes on where the source stopped."""
    found = only(plan(catalog(table("a", rows=41, sequence_next=100))))

    assert (("id",), "id", 100, True) == (
        found.primary_key,
        found.identity_column,
        found.sequence_next,
        found.columns[0].is_identity,
    )


def test_build_plan_identity_of_an_existing_table_never_goes_back() -> None:
    """The higher of both next numbers holds."""
    target = empty_target(
        table(
            "a", column("id", "bigint", is_identity=True), column("name", "text"), rows=0, sequence_next=5_000
        )
    )

    assert 5_000 == only(plan(catalog(table("a", sequence_next=11)), target)).sequence_next


def test_build_plan_orphans_leave_the_key_not_valid() -> None:
    """Rows without a parent move, and the key holds for new rows only."""
    source = catalog(
        table("parent"),
        table(
            "child", identity(), column("p", "INTEGER"), foreign_keys=(references("parent", "p", name="k"),)
        ),
    )

    found = plan(source, orphans={("old", "child", "k"): 3})

    assert [False] == [key.is_validated for key in by_target(found, "child").foreign_keys]
    assert ["F301 child.p: rows that name no row of parent: 3 of 10 rows"] == [
        f.sentence().split(". They")[0] for f in found.findings if f.code == "F301"
    ]


def test_build_plan_child_takes_its_parents_type() -> None:
    """A key over text and integers would be no key."""
    source = catalog(
        table("parent", column("code", "TEXT", is_nullable=False), primary_key=("code",), sequence_next=None),
        table(
            "child",
            identity(),
            column("code", "INTEGER"),
            foreign_keys=(references("parent", "code", to=("code",)),),
        ),
    )

    child = by_target(plan(source), "child")

    assert (["bigint", "text"], 1) == ([c.target_type for c in child.columns], len(child.foreign_keys))


def test_build_plan_composite_key_stays_whole() -> None:
    """Two columns of one key are not two keys."""
    source = catalog(
        table("parent", column("a"), column("b"), primary_key=("a", "b"), sequence_next=None),
        table(
            "child",
            identity(),
            column("x"),
            column("y"),
            foreign_keys=(references("parent", "x", "y", to=("a", "b")),),
        ),
    )

    (key,) = by_target(plan(source), "child").foreign_keys

    assert (("x", "y"), ("a", "b")) == (key.columns, key.parent_columns)


def test_build_plan_key_to_a_column_that_is_no_key_is_told_and_left() -> None:
    """PostgreSQL refuses such a key, so the plan does not promise it."""
    source = catalog(
        table("parent", identity(), column("code")),
        table(
            "child", identity(), column("code"), foreign_keys=(references("parent", "code", to=("code",)),)
        ),
    )

    found = plan(source)

    assert ((), ["F306"]) == (by_target(found, "child").foreign_keys, codes(found))


def test_build_plan_indexes_keep_what_postgres_can_keep() -> None:
    """Plain, unique, partial, computed and NOCASE indexes cross; one whose text has no counterpart is told."""
    source = catalog(
        table(
            "a",
            indexes=(
                index("plain", "name"),
                index("partial", "name", is_partial=True, statement="create index partial on a (name) where id > 3"),
                index("expression", statement="create index expression on a (id + 1)"),
                index("strange", statement="create index strange on a (soundex(name))"),
                index(
                    "blind", "name", "id", collations=("NOCASE", "BINARY"),
                    statement="create index blind on a (name collate nocase, id)",
                ),
                index("sqlite_autoindex_a_1", "name", is_unique=True, is_constraint=True),
            ),
        )
    )  # fmt: skip

    found = plan(source)

    assert {
        "plain": "", "partial": '("name") where ("id" > 3)', "expression": '((("id" + 1)))',
        "blind": '(lower("name"), "id")', "a_name_key": "",
    } == {each.name: each.tail for each in only(found).indexes}  # fmt: skip
    assert ["F202", "F203"] == sorted(codes(found))


def test_build_plan_index_names_never_collide_across_tables() -> None:
    """In PostgreSQL indexes of a schema share their names with its tables."""
    source = catalog(
        table("a", indexes=(index("by_name", "name"),)),
        table("b", indexes=(index("by_name", "name"), index("a", "name", "id"))),
    )

    names = [each.name for one in plan(source).tables for each in one.indexes]

    assert ["by_name", "by_name_2", "a_2"] == names


def test_build_plan_generated_column_is_made_by_the_target_or_copied() -> None:
    """PostgreSQL makes a column itself where the expression means the same; else its values are copied."""
    source = catalog(
        table(
            "a", identity(), column("name"), column("loud", generated="stored"), column("odd", generated="virtual"),
            statement="create table a (id integer primary key, name text, loud text as (upper(name)) stored,"
            " odd text as (soundex(name)))",
        )
    )  # fmt: skip

    found = plan(source)

    assert ["id", "name", "odd"] == [c.target for c in only(found).columns]
    assert [("loud", 'upper("name" collate "C")', 2)] == [
        (made.name, made.expression, made.place) for made in only(found).generated
    ]
    assert ["F204", "F204"] == codes(found)


def test_build_plan_tells_what_programs_may_notice() -> None:
    """Wider numbers and other names change no value, and are told once a source."""
    source = catalog(table("CamelCase", identity(), column("someName"), column("at", "TIMESTAMP")))
    values = {
        "CamelCase": (
            profile("id", integers=10),
            profile("someName", texts=10),
            profile("at", texts=10, iso_times=10, zoned_times=10),
        )
    }

    notes = {f.code: f.evidence for f in plan(source, profiles=values).findings}

    assert {
        "F118": "camel_case.id",
        "F119": "camel_case.at",
        "F242": "CamelCase is camel_case, CamelCase.someName is some_name",
    } == notes


def test_build_plan_views_and_triggers_are_told() -> None:
    """What is not carried is listed by name."""
    others = (OtherObject(kind="view", name="v"), OtherObject(kind="trigger", name="t", table="a"))

    evidence = {
        f.code: f.evidence for f in plan(catalog(table("a"), others=others)).findings if f.code != "F118"
    }

    assert {"F210": "its text can't be read", "F211": "t"} == evidence


def test_build_plan_postgres_to_postgres_without_changes_is_piped() -> None:
    """Nothing to look at: blocks are handed on."""
    source = catalog(
        table("a", column("id", "bigint", is_nullable=False), column("name", "text"), primary_key=("id",)),
        engine=Engine.POSTGRES,
    )

    assert Lane.PIPED is only(plan(source)).lane


@pytest.mark.parametrize("body", [{"where": "id > 5"}, {"columns": {"id": {"from": "id", "cast": "text"}}}])
def test_build_plan_postgres_with_a_change_is_direct(body: dict[str, object]) -> None:
    """A filter or a cast needs a look at each row."""
    source = catalog(
        table("a", column("id", "bigint", is_nullable=False), column("name", "text"), primary_key=("id",)),
        engine=Engine.POSTGRES,
    )

    assert Lane.DIRECT is only(plan(source, tables=[{"from": "a", **body}])).lane


def test_build_plan_camel_case_becomes_snake_case() -> None:
    """Tables and columns get names that need no quotes."""
    source = catalog(table("CustomerOrders", identity("orderId"), column("fullName")))

    found = only(plan(source))

    assert ("customer_orders", ["order_id", "full_name"]) == (
        found.target_table,
        [c.target for c in found.columns],
    )


def test_build_plan_columns_that_collide_are_refused() -> None:
    """Two columns never silently become one."""
    with pytest.raises(BadInput, match="would both be called 'user_id'"):
        plan(catalog(table("a", identity(), column("userId"), column("user_id"))))


def test_build_plan_unknown_table_is_refused_with_those_that_are_there() -> None:
    """A misspelt name is answered with the right ones."""
    with pytest.raises(BadInput, match=r"No source has a table 'brakets'.*There are: a"):
        plan(catalog(table("a")), tables=[{"from": "brakets"}])


def test_build_plan_unknown_column_is_refused() -> None:
    """A misspelt column never becomes a column of strings."""
    with pytest.raises(BadInput, match="has no column 'nmae'"):
        plan(catalog(table("a")), tables=[{"from": "a", "columns": {"name": "nmae"}}])


def test_build_plan_two_tables_of_one_target_by_chance_are_refused() -> None:
    """Rows meet only where the playbook says so."""
    with pytest.raises(BadInput, match=r"Several tables would go into 'b'.*Say 'to: b' for each"):
        plan(catalog(table("a"), table("b")), tables=[{"from": "a", "to": "b"}, {"from": "b"}])


def test_build_plan_table_without_any_key_is_blocked() -> None:
    """Rows that can't be told apart can't be cut into chunks."""
    source = catalog(
        table("a", column("rowid"), column("oid"), primary_key=(), chunk_key=(), sequence_next=None)
    )

    assert ["F206"] == [f.code for f in plan(source).blockers]


def test_build_plan_without_tables_is_blocked() -> None:
    """An empty source can't be approved."""
    assert ["F501"] == [f.code for f in plan(catalog()).blockers]


def test_build_plan_circle_of_tables_says_how_it_is_broken() -> None:
    """Tables that need one another share a phase, and their keys come last."""
    source = catalog(
        table("a", identity(), column("b_id", "INTEGER"), foreign_keys=(references("b", "b_id"),)),
        table("b", identity(), column("a_id", "INTEGER"), foreign_keys=(references("a", "a_id"),)),
    )

    found = plan(source)

    assert ["a and b reference one another, their keys are added after all their rows are in"] == [
        phase.reason.split("; ")[1] for phase in found.phases
    ]


def test_target_fingerprint_changes_with_a_planned_tables_row() -> None:
    """A row written into a planned table voids the approval; one elsewhere does not."""
    before = empty_target(table("a", rows=1), table("b", rows=1))
    same = empty_target(table("a", rows=1), table("b", rows=2))
    other = empty_target(table("a", rows=2), table("b", rows=1))

    prints = [target_fingerprint(one, ["a"]) for one in (before, same, other)]

    assert (True, False) == (prints[0] == prints[1], prints[0] == prints[2])


def test_playbook_defaults_reach_the_plan() -> None:
    """Batch size and answer to errors come from the playbook."""
    found = plan(catalog(table("a")), defaults={"batch_rows": 7, "on_error": "stop"})

    assert (7, "stop") == (only(found).batch_rows, found.on_error)
    assert playbook().defaults.on_error == "ask"


@pytest.mark.parametrize(
    ("columns", "told"), [(1_600, []), (1_601, ["1,601 columns, and no table has more than 1,600"])]
)
def test_table_of_more_columns_than_postgres_allows_blocks_the_plan(columns: int, told: list[str]) -> None:
    """PostgreSQL would refuse to make it, after the tables before it were filled."""
    wide = table("wide", identity(), *(column(f"c{n}") for n in range(1, columns)))

    found = [finding for finding in plan(catalog(wide)).blockers if finding.code == "F409"]

    assert told == [finding.evidence for finding in found]
    assert all(finding.place == "wide" for finding in found)
