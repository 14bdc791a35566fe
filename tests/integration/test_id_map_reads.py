"""What a run asks of the id map costs the same however many runs are in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fix_drills import drill
from tests.fix_held import vacuumed
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


def _copy(bench: Bench, folder: Path, name: str, *, rows: int = _ROWS) -> str:
    looked_up = {column: {"from": column, "lookup": f"{name}_case"} for column in ("case_id", "other_id")}
    tables = [
        {"from": f"{name}_link", "columns": looked_up},
        {"from": f"{name}_case", "columns": {"id": {"generate": "uuid5"}, "legacy_id": "id"}},
    ]
    source = make_source(folder / f"{name}.db", _MAKE.format(name, rows))
    run_id = merge(bench, {"old": source}, tables)
    assert "complete" == state_of(bench, run_id)
    return run_id


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
    """What joins whole tables with the map is planned for as many ids as there are."""
    _copy(bench, tmp_path, "old", rows=20)
    _copy(bench, tmp_path, "new", rows=20)

    runs = value(
        bench.target_url,
        "select n_distinct from pg_stats where schemaname = 'fordway' and tablename = 'id_map' and attname = 'run_id'",
    )
    assert 2 == runs


@pytest.mark.slow
def test_drill_seeks_each_row_in_the_map_by_its_id_whatever_the_statistics_know(
    bench: Bench, tmp_path: Path
) -> None:
    """Here somebody vacuums the map all along, and the server knows nothing of the run that is taken back in a copy."""
    _copy(bench, tmp_path, "old")
    query(
        bench.target_url,
        "analyze fordway.id_map; create table new_case (id uuid primary key, name text, legacy_id bigint);"
        f"insert into new_case select gen_random_uuid(), 'there', -n from generate_series(1, {_ROWS}) as n",
    )
    with vacuumed(bench.target_url, "fordway.id_map"):
        run_id = _copy(bench, tmp_path, "new")
        drill(bench, run_id, {"old": str(tmp_path / "new.db")})

    assert _entries_read(bench.target_url) < 30 * _ROWS


@pytest.mark.parametrize("table", ["fordway.id_map", "old_case"])
def test_run_does_not_wait_for_somebody_who_vacuums(table: str, bench: Bench, tmp_path: Path) -> None:
    """Statistics are no reason to hold a run up, let alone to stop it."""
    query(
        bench.target_url,
        "create table old_case (id uuid primary key, name text, legacy_id bigint);"
        "create table old_link (case_id uuid, other_id uuid, primary key (case_id, other_id))",
    )
    with vacuumed(bench.target_url, table):
        run_id = _copy(bench, tmp_path, "old", rows=20)

    assert "complete" == state_of(bench, run_id)
