"""What a run asks of the id map costs the same however many runs are in it."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from tests.fix_merging import merge, state_of
from tests.fix_runs import Bench, make_source, query, value

_ROWS = 3_000
_MAKE = """
create table {0}_case (id integer primary key, name text not null);
create table {0}_link (
    case_id integer not null references {0}_case (id), other_id integer not null references {0}_case (id),
    primary key (case_id, other_id)
);
with recursive n (i) as (select 1 union all select i + 1 from n where i < {1})
    insert into {0}_case select i, 'case ' || i from n;
insert into {0}_link select id, 1 + id % {1} from {0}_case;
"""


def _copy(bench: Bench, folder: Path, name: str, *, rows: int = _ROWS) -> None:
    looked_up = {column: {"from": column, "lookup": f"{name}_case"} for column in ("case_id", "other_id")}
    tables = [
        {"from": f"{name}_link", "columns": looked_up},
        {"from": f"{name}_case", "columns": {"id": {"generate": "uuid5"}, "legacy_id": "id"}},
    ]
    source = make_source(folder / f"{name}.db", _MAKE.format(name, rows))
    assert "complete" == state_of(bench, merge(bench, {"old": source}, tables))


def _entries_read(url: str) -> int:
    """Index entries of the id map that were read so far, by sessions that have ended since."""
    return int(
        value(
            url,
            "select sum(idx_tup_read) from pg_stat_user_indexes"
            " where schemaname = 'fordway' and relname = 'id_map'",
        )
    )


@pytest.mark.slow
def test_lookups_of_a_second_run_are_as_cheap_as_those_of_the_first(bench: Bench, tmp_path: Path) -> None:
    """The server's statistics know the first run alone; a row of the second is found by its key all the same."""
    _copy(bench, tmp_path, "old")
    query(bench.target_url, "analyze fordway.id_map")

    _copy(bench, tmp_path, "new")

    assert _entries_read(bench.target_url) < 20 * _ROWS


def test_server_knows_the_ids_of_a_run_once_its_rows_are_moved(bench: Bench, tmp_path: Path) -> None:
    """An undo and its drill seek each row in the map, by the index that is right for so many."""
    _copy(bench, tmp_path, "old", rows=20)
    _copy(bench, tmp_path, "new", rows=20)

    runs = value(
        bench.target_url,
        "select n_distinct from pg_stats where schemaname = 'fordway' and tablename = 'id_map' and attname = 'run_id'",
    )
    assert 2 == runs


def test_run_does_not_wait_for_somebody_who_vacuums_the_id_map(bench: Bench, tmp_path: Path) -> None:
    """Statistics are no reason to hold a run up, let alone to stop it."""
    with psycopg.connect(bench.target_url) as other:
        other.execute("lock table fordway.id_map in share update exclusive mode")  # as VACUUM takes it

        _copy(bench, tmp_path, "old", rows=20)
