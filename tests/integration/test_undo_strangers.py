"""What others hung on a run's rows is theirs: an undo never takes or changes it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fix_runs import Bench, make_source, query, value

_PARENTS = """
create table parent (id integer primary key, name text not null);
insert into parent values (1, 'one'), (2, 'two'), (3, 'three');
"""


@pytest.mark.parametrize(
    ("rule", "kept"),
    [("cascade", [(100, 1)]), ("set null", [(100, 1)]), ("set default", [(100, 1)])],
)
def test_undo_keeps_a_row_whose_going_would_touch_a_strangers(
    bench: Bench, tmp_path: Path, target_url: str, rule: str, kept: list[tuple[int, int]]
) -> None:
    """The stranger's order is as it was, and the parent it hangs on stays with it."""
    query(target_url, "create table parent (id bigint primary key, name text not null)")
    query(
        target_url,
        f"create table orders (id int primary key, parent_id bigint default 2 references parent on delete {rule})",
    )
    run_id = bench.copy(make_source(tmp_path / "s.db", _PARENTS))
    query(target_url, "insert into orders values (100, 1)")

    bench.undo(run_id)

    assert kept == query(target_url, "select id, parent_id from orders")
    assert [(1,)] == query(target_url, "select id from parent where id in (1, 3)")


def test_undo_in_tables_the_run_made_keeps_a_strangers_child(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """A row an application added under a parent of ours survives the undo, with its parent."""
    script = _PARENTS + (
        "create table kid (id integer primary key, parent_id integer references parent (id) on delete cascade);"
        "insert into kid values (10, 1), (11, 2);"
    )
    run_id = bench.copy(make_source(tmp_path / "s.db", script))
    query(target_url, "insert into kid values (99, 1)")

    bench.undo(run_id)

    assert [(99, 1)] == query(target_url, "select id, parent_id from kid")
    assert [(1,)] == query(target_url, "select id from parent")


def test_undo_of_a_partitioned_table_removes_the_rows_from_its_partitions(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Rows that went into partitions are taken back from there."""
    query(
        target_url, "create table parent (id bigint primary key, name text not null) partition by range (id)"
    )
    query(target_url, "create table parent_low partition of parent for values from (0) to (2)")
    query(target_url, "create table parent_high partition of parent for values from (2) to (100)")
    query(target_url, "insert into parent values (50, 'before')")
    run_id = bench.copy(make_source(tmp_path / "s.db", _PARENTS))
    assert 4 == value(target_url, "select count(*) from parent")

    state = bench.undo(run_id)

    assert "undone" == state
    assert [(50,)] == query(target_url, "select id from parent")


def test_rehearsal_draws_no_number_from_a_real_sequence(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """A serial column nobody maps is filled from scratch sequences while rehearsing."""
    query(target_url, "create table parent (serial_no bigserial, id bigint primary key, name text not null)")

    bench.copy(make_source(tmp_path / "s.db", _PARENTS), rehearse=True)

    assert [(1,), (2,), (3,)] == query(target_url, "select serial_no from parent order by 1")
