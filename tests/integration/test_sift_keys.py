"""Keys of a failed batch's rows: taken, repeated, overlapping, by whatever index the target has."""

from __future__ import annotations

from pathlib import Path

from tests.fix_runs import Bench, make_source, query, value
from tests.fix_sifting import failing, group_of, rows_of, told

_ITEMS = "create table item (id integer primary key, a text, b integer);"


def _source(folder: Path, *rows: str) -> Path:
    return make_source(folder / "s.db", f"{_ITEMS} insert into item values {', '.join(rows)};")


def test_unique_keys_are_found_inside_and_against_the_target(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """The first row of a key stays, every later one and every one the target has is told; also of keys that are
    checked at the commit."""
    query(
        target_url,
        "create table item (id bigint primary key, a text, b bigint, unique (a, b) deferrable initially deferred);"
        "insert into item values (100, 'there', 1)",
    )
    source = _source(tmp_path, "(1, 'x', 1)", "(2, 'x', 1)", "(3, 'there', 1)", "(4, null, 1)", "(5, null, 1)",
                     "(6, 'x', 1)", "(7, 'x', 2)", "(100, 'y', 1)")  # fmt: skip
    with failing(bench, source) as run:
        sifted = run.sift()

    assert [
        ((2,), "duplicate-inside", "item_a_b_key"),
        ((3,), "duplicate-other", "item_a_b_key"),
        ((6,), "duplicate-inside", "item_a_b_key"),
        ((100,), "duplicate-key", "item_pkey"),
    ] == rows_of(sifted)
    assert ("duplicate-inside", "item_a_b_key", 2) == told(sifted)[0]
    inside = sifted.diagnosis.groups[0]
    assert ("an earlier row of the batch has the same item_a_b_key", ("a", "b")) == (
        inside.reason,
        inside.columns,
    )
    assert ("2", "x, 1") == (inside.examples[0].key, inside.examples[0].value)
    assert "the target holds this primary key already" == group_of(sifted, "duplicate-key").reason


_KINDS = {
    "(lower(a))": [2, 3, 4, 5, 10, 11],
    "(a) where b > 1": [5, 10],
    '(a collate "C", (b % 2))': [5, 10, 11],
    "(b desc) include (a) where a like 'z%'": [10],
    "(a text_pattern_ops)": [4, 5, 10, 11],
    "(a) nulls not distinct": [4, 5, 6, 7, 8, 10, 11],
}
_ROWS = """(1, 'x', 11), (2, 'X', 12), (3, 'there', 13), (4, 'w', 1), (5, 'w', 14), (6, null, 15), (7, null, 16),
(8, null, 17), (9, 'z', 8), (10, 'z', 8), (11, 'v', 18)"""


def test_unique_indexes_of_every_kind_are_asked(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """Expressions, conditions, collations, equal NULLs: the index's own rules decide."""
    kinds = dict(list(_KINDS.items())[: 6 if value(target_url, "show server_version_num") >= "150000" else 5])
    script = ""
    for number, index in enumerate(kinds):
        query(
            target_url,
            f"create table t{number} (id bigint primary key, a text, b bigint);"
            f"create unique index one on t{number} {index};".replace("index one", f"index one{number}"),
        )
        query(
            target_url,
            f"insert into t{number} values (100, 'There', 1), (101, 'w', 2), (102, null, 7), (103, 'v', 0)",
        )
        script += f"create table t{number} (id integer primary key, a text, b integer);"
        script += f"insert into t{number} values {_ROWS};"
    with failing(bench, make_source(tmp_path / "s.db", script)) as run:
        sifted = [run.sift(table=f"t{number}") for number in range(len(kinds))]
        written = [run.move_rest(each, table=f"t{number}") for number, each in enumerate(sifted)]

    assert list(kinds.values()) == [[offender.key[0] for offender in each.offenders] for each in sifted]
    assert [11 - len(expected) for expected in kinds.values()] == written
    assert [{f"one{number}"} for number in range(len(kinds))] == [
        {offender.place for offender in each.offenders} for each in sifted
    ]


def test_rows_meet_one_after_another_where_several_keys_repeat(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """A row that is out of the way itself stands in nobody's: exactly the rows go that would have failed."""
    query(target_url, "create table item (id bigint primary key, a text unique, b bigint unique)")
    source = _source(tmp_path, "(1, 'x', 1)", "(2, 'x', 2)", "(3, 'y', 2)", "(4, 'y', 3)", "(5, 'z', 3)")
    with failing(bench, source) as run:
        sifted = run.sift()
        assert 3 == run.move_rest(sifted)

    assert [((2,), "duplicate-inside", "item_a_key"), ((4,), "duplicate-inside", "item_a_key")] == rows_of(
        sifted
    )


def test_rows_that_overlap_are_told(bench: Bench, source_pg_url: str, target_url: str) -> None:
    """Against the target and inside the batch, each as if the rows came one after another."""
    query(
        source_pg_url,
        "create table item (id integer primary key, during int4range);"
        "insert into item values (1, '[1,5)'), (2, '[4,9)'), (3, '[8,12)'), (4, '[100,110)'), (5, null)",
    )
    query(
        target_url,
        "create table item (id integer primary key, during int4range, constraint apart exclude using gist (during with &&)"
        " deferrable); insert into item values (50, '[105,106)')",
    )
    with failing(bench, source_pg_url) as run:
        sifted = run.sift()
        assert 3 == run.move_rest(sifted)

    assert [(("2",), "exclusion", "apart"), (("4",), "exclusion", "apart")] == rows_of(sifted)
    assert "another row is in its way by apart" == group_of(sifted, "exclusion").reason


def test_taken_keys_are_no_fault_where_the_policy_says_what_becomes_of_them(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Only what stands in the way of the row the policy would write is told."""
    script = ""
    for name in ("kept", "taken"):
        query(
            target_url,
            f"create table {name} (id bigint primary key, a text unique, b bigint check (b > 0));"
            f"insert into {name} values (1, 'one', 1), (2, 'two', 1)",
        )
        script += f"create table {name} (id integer primary key, a text, b integer);"
        script += f"insert into {name} values (1, 'one', 5), (2, 'one', 5), (3, 'three', 5), (4, 'three', 5), (5, 'five', -1);"
    with failing(
        bench, {"old": make_source(tmp_path / "s.db", script)},
        {"from": "kept", "on_conflict": "skip"}, {"from": "taken", "on_conflict": "keep_source"},
    ) as run:  # fmt: skip
        kept, taken = run.sift(table="kept"), run.sift(table="taken")
        assert [1, 1] == [run.move_rest(kept, "kept"), run.move_rest(taken, "taken")]

    assert [((4,), "duplicate-inside", "kept_a_key"), ((5,), "check", "kept_b_check")] == rows_of(kept)
    assert [
        ((2,), "duplicate-other", "taken_a_key"),
        ((4,), "duplicate-inside", "taken_a_key"),
        ((5,), "check", "taken_b_check"),
    ] == rows_of(taken)


def test_rows_this_run_wrote_in_earlier_chunks_are_the_targets(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """A chunk is looked through as it stands now."""
    query(target_url, "create table item (id bigint primary key, a text unique, b bigint)")
    source = _source(tmp_path, "(1, 'x', 1)", "(2, 'y', 1)", "(3, 'x', 1)", "(4, 'z', 1)")
    with failing(bench, source, batch_rows=2) as run:
        run.move("item", 1)
        again, second = run.sift(chunk=1), run.sift(chunk=2)

    assert ([], 0) == (rows_of(again), again.diagnosis.offending)
    assert [((3,), "duplicate-other", "item_a_key")] == rows_of(second)
    assert "3-4" == second.diagnosis.at.label


def test_legacy_keys_that_would_be_recorded_twice_are_told(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """The id map has one id a legacy key."""
    with failing(
        bench, {"old": _source(tmp_path, "(1, 'a', 1)", "(2, 'b', 1)")},
        {"from": "item", "columns": {"id": {"generate": "uuid5"}}, "leave": ["id"]},
    ) as run:  # fmt: skip
        query(
            target_url,
            "insert into fordway.id_map values (%s, 'old', 'item', '2', 'item', 'some')",
            [run.run_id],
        )
        sifted = run.sift()

    assert [((2,), "duplicate-other", "id_map_pkey")] == rows_of(sifted)
