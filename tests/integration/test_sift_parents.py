"""Rows of a failed batch that refer to rows which are not there: which they are, and where those are instead."""

from __future__ import annotations

from pathlib import Path

from engine.model.faults import MissingParents, Offence
from engine.model.remedies import Action
from engine.recovering.sifted import Sifted
from tests.fix_runs import Bench, make_source, query
from tests.fix_sifting import failing, group_of, remedy, rows_of, told

_CASES = "create table cases (id integer primary key, name text, city text);"
_NOTES = "create table notes (id integer primary key, case_id integer, text text);"
_OLD = f"""
{_CASES} {_NOTES}
insert into cases values (1, 'one', 'Ulm'), (2, 'two', 'Bonn'), (3, 'three', 'Ulm'), (4, 'four', 'hidden'), (5, null, 'Ulm'),
 (6, 'six', 'Ulm');
insert into notes values (10, 1, 'fine'), (11, 3, 'pending'), (12, 3, 'pending too'), (13, 4, 'filtered'), (14, 5, 'aside'),
 (15, 77, 'elsewhere'), (16, 99, 'nowhere'), (17, 99, 'nowhere'), (18, null, 'free'), (19, 6, 'pending');
"""
_ELSE = "create table cases (id primary key, name, city); insert into cases values (77, 'x', 'y'), (1, 'another one', 'z');"
_MADE = {"id": {"generate": "uuid5"}, "legacy_id": "id"}


def _places(parents: MissingParents | None) -> list[tuple[str, int, int, str, str]]:
    assert parents is not None
    return sorted((str(p.whereabouts), p.keys, p.rows, p.source, p.source_table) for p in parents.places)


def _each(sifted: Sifted) -> list[tuple[object, ...]]:
    return sorted((m.key, str(m.whereabouts), m.rows, m.source, m.at) for m in sifted.missing)


_PLACES = [
    ("elsewhere", 1, 1, "other", "cases"),
    ("filtered", 1, 1, "old", "cases"),
    ("nowhere", 1, 2, "", ""),
    ("pending", 2, 3, "old", "cases"),
    ("quarantined", 1, 1, "", ""),
]
_EACH = [
    (("3",), "pending", 2, "old", (3,)),
    (("4",), "filtered", 1, "old", (4,)),
    (("5",), "quarantined", 1, "old", (5,)),
    (("6",), "pending", 1, "old", (6,)),
    (("77",), "elsewhere", 1, "other", (77,)),
    (("99",), "nowhere", 2, "", None),
]


def _sources(folder: Path) -> dict[str, Path]:
    return {
        "old": make_source(folder / "old.db", _OLD),
        "other": make_source(folder / "else.db", _ELSE),
        "bare": make_source(folder / "bare.db", "create table cases (id integer primary key); insert into cases values (99)"),
    }  # fmt: skip


def test_missing_parents_of_a_lookup_are_found_wherever_they_are(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """By legacy key: not moved yet, left out, set aside, in another source, nowhere."""
    with failing(
        bench, _sources(tmp_path),
        {"from": "old.cases", "columns": _MADE, "where": "city <> 'hidden'", "batch_rows": 2, "required": ["name"]},
        {"from": "old.notes", "columns": {"case_id": {"from": "case_id", "lookup": "cases"}}},
    ) as run:  # fmt: skip
        run.move("cases", 1)
        query(target_url, "insert into fordway.quarantine (run_id, pass, table_number, chunk_number, target_table, source_key,"
              " row_data, column_name, reason, error) values (%s, 'move', 1, 1, 'cases', '[5]', '{}', 'name', 'r', 'e')",
              [run.run_id])  # fmt: skip
        sifted = run.sift(table="notes")

    assert [("no-parent", "case_id", 8)] == told(sifted)
    group = group_of(sifted, "no-parent")
    assert ("no row of cases for the legacy key", "23503", (("null", 8),)) == (
        group.reason,
        group.sqlstate,
        group.mends,
    )
    assert ("12", "3", "no row of cases for legacy key 3") == (
        group.examples[1].key,
        group.examples[1].value,
        group.examples[1].reason,
    )
    assert group.parents is not None
    assert ("cases", ("id",), 6, True) == (
        group.parents.parent, group.parents.columns, group.parents.keys, group.parents.is_planned,
    )  # fmt: skip
    assert _PLACES == _places(group.parents)
    assert _EACH == _each(sifted)
    assert {1} == {parent.table_number for parent in sifted.missing}


def test_missing_parents_of_a_foreign_key_are_found_by_its_columns(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """The parent's target columns lead back to the source columns they are copied from."""
    query(
        target_url,
        "create table cases (case_no bigint primary key, name text not null, city text);"
        "create table notes (id bigint primary key, case_id bigint constraint of_case references cases deferrable initially"
        " deferred, text text)",
    )
    with failing(
        bench, _sources(tmp_path),
        {"from": "old.cases", "columns": {"case_no": "id"}, "where": "city <> 'hidden'", "batch_rows": 2},
        {"from": "old.notes"},
    ) as run:  # fmt: skip
        run.move("cases", 1)
        query(target_url, "insert into fordway.quarantine (run_id, pass, table_number, chunk_number, target_table, source_key,"
              " row_data, column_name, reason, error) values (%s, 'move', 1, 1, 'cases', '[5]', '{}', 'name', 'r', 'e')",
              [run.run_id])  # fmt: skip
        sifted = run.sift(table="notes")
        nulled = run.sift(remedy(Action.NULL, kind=Offence.NO_PARENT), table="notes")
        query(target_url, "delete from cases where case_no = 1")
        gone = run.sift(table="notes")
        query(target_url, "insert into cases values (1, 'one', 'Ulm')")
        assert 10 == run.move_rest(nulled, "notes")

    assert (("1",), "nowhere", 1, "", None) in _each(gone)
    assert [("no-parent", "of_case", 8)] == told(sifted)
    group = group_of(sifted, "no-parent")
    assert group.parents is not None
    assert ("cases", ("case_no",), ("case_id",)) == (
        group.parents.parent,
        group.parents.columns,
        group.columns,
    )
    assert "no row of cases with case_no 3" == group.examples[0].reason
    assert _PLACES == _places(group.parents)
    assert _EACH == _each(sifted)
    assert ([], 8) == (told(nulled), len(nulled.amendments))


def test_parents_of_a_table_the_plan_does_not_fill_are_nowhere(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Nothing can be brought in; keys of several columns, some of them empty, match as the key says."""
    query(
        target_url,
        "create table place (land text, town text, primary key (land, town)); insert into place values ('de', 'Ulm');"
        "create table notes (id bigint primary key, land text, town text, foreign key (land, town) references place);"
        "create table strict (id bigint primary key, land text, town text,"
        " foreign key (land, town) references place match full)",
    )
    rows = "(1, 'de', 'Ulm'), (2, 'de', 'Bonn'), (3, 'de', null), (4, 'fr', 'Bonn'), (5, null, null)"
    script = "".join(
        f"create table {name} (id integer primary key, land text, town text); insert into {name} values {rows};"
        for name in ("notes", "strict")
    )
    with failing(bench, make_source(tmp_path / "s.db", script)) as run:
        simple, full = run.sift(table="notes"), run.sift(table="strict")

    assert [2, 4] == [offender.key[0] for offender in simple.offenders]
    assert [2, 3, 4] == [offender.key[0] for offender in full.offenders]
    parents = group_of(simple, "no-parent").parents
    assert parents is not None
    assert (False, 2, [("nowhere", 2, 2, "", "")]) == (parents.is_planned, parents.keys, _places(parents))
    assert {None} == {parent.table_number for parent in simple.missing}
    assert ("de", None) in [parent.key for parent in full.missing]


def test_lookups_by_value_tell_none_from_several(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """And values the looked-up column can't even be compared with."""
    query(
        target_url,
        "create table industries (id int primary key, name varchar(5));"
        " insert into industries values (7, 'Steel'), (8, 'Wood'), (9, 'Twin'), (10, 'Twin')",
    )
    source = make_source(
        tmp_path / "s.db",
        "create table firms (id integer primary key, industry text);"
        "insert into firms values (1, 'Wood'), (2, 'Moon'), (3, null), (4, 'Twin'), (5, 'Moon'), (6, 'Much too long');",
    )
    lookup = {"table": "industries", "match": "name", "get": "id"}
    with failing(
        bench,
        {"old": source},
        {"from": "firms", "columns": {"industry_id": {"from": "industry", "lookup": lookup}}},
    ) as run:
        sifted = run.sift()
        nulled = run.sift(remedy(Action.NULL, kind=Offence.AMBIGUOUS_PARENT), remedy(Action.QUARANTINE))
        assert 3 == run.move_rest(nulled)

    assert [
        ((2,), "no-parent", "industry_id"),
        ((4,), "ambiguous-parent", "industry_id"),
        ((5,), "no-parent", "industry_id"),
        ((6,), "too-long", "industry_id"),
    ] == rows_of(sifted)
    assert "2 rows of industries with name Twin" == sifted.offenders[1].reason
    assert "several rows of industries with this name" == group_of(sifted, "ambiguous-parent").reason
    assert [((4,), "industry_id", "Twin", None)] == [
        (a.key, a.column, a.old, a.new) for a in nulled.amendments
    ]
    assert [2, 5, 6] == [offender.key[0] for offender in nulled.offenders]


def test_rows_an_expression_fails_for_are_isolated(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """Exactly those, with the error of each; what others come to is judged like any value."""
    query(target_url, "create table item (id bigint primary key, share integer, name varchar(4))")
    source = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, a integer, b integer, name text);"
        "insert into item values (1, 10, 5, 'x'), (2, 10, 0, 'x'), (3, 10, 2, 'name'), (4, 1, 0, 'x'), (5, 8, 4, 'names');",
    )
    with failing(
        bench, {"old": source},
        {"from": "item", "leave": ["a", "b"],
         "columns": {"share": {"expr": "a / b", "type": "bigint"}, "name": {"expr": "name || '%'"}}},
    ) as run:  # fmt: skip
        sifted = run.sift()
        assert 1 == run.move_rest(sifted)

    assert [
        ((2,), "expression", "share"),
        ((3,), "too-long", "name"),
        ((4,), "expression", "share"),
        ((5,), "too-long", "name"),
    ] == rows_of(sifted)
    assert ("division by zero", "22012", ()) == (
        group_of(sifted, "expression").reason, group_of(sifted, "expression").sqlstate, group_of(sifted, "too-long").mends,
    )  # fmt: skip


def test_missing_parents_in_a_postgres_source_are_found(
    bench: Bench, tmp_path: Path, source_pg_url: str, target_url: str
) -> None:
    """By its own types where they read the key, else as text."""
    query(
        source_pg_url,
        "create table cases (id integer primary key, name text); insert into cases values (1, 'a'), (2, 'b'), (3, 'c');"
        "create table notes (id integer primary key, case_id text); insert into notes values (1, '1'), (2, '2'), (3, 'x'), (4, '3')",
    )
    query(
        target_url,
        "create table cases (id text primary key, name text);"
        "create table notes (id bigint primary key, case_id text references cases)",
    )
    sources = {"pg": source_pg_url, "old": make_source(tmp_path / "o.db", "create table cases (id text primary key, name text); insert into cases values ('x', 'y')")}  # fmt: skip
    with failing(bench, sources, {"from": "pg.cases", "batch_rows": 2}, {"from": "pg.notes"}) as run:
        run.move("cases", 1)
        sifted = run.sift(table="notes")

    assert [
        (("3",), "pending", 1, "pg", ("3",)),
        (("x",), "elsewhere", 1, "old", ("x",)),
    ] == _each(sifted)
