"""Settings a database gives its sessions change neither rows nor proof."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal

from tests.fix_runs import Bench, in_schema, query, value

_SETTINGS = {
    "bytea_output": "escape",
    "lc_monetary": "de_DE.UTF-8",
    "intervalstyle": "sql_standard",
    "datestyle": "SQL, DMY",
    "timezone": "Pacific/Apia",
    "extra_float_digits": "-15",
    "xmlbinary": "hex",
    "xmloption": "document",
    "quote_all_identifiers": "on",
    "standard_conforming_strings": "off",
    "array_nulls": "off",
    "transform_null_equals": "on",
}
_TABLE = """
create schema old;
create type old.pair as (raw bytea, since interval);
create table old.item (
    id integer primary key, raw bytea, price money, since interval, day date, at timestamptz, local timestamp,
    clock timetz, ratio float8, small real, raws bytea[], prices money[], pairs old.pair, spans interval[],
    days daterange, gaps integer[], note text default 'a''b\\c', doubled integer generated always as (id * 2) stored,
    check (note is null or note <> 'x\\y')
);
insert into old.item
select
    n, decode('00ff5c27', 'hex'), (n * 1234.5)::numeric::money, '-1 year 2 mons -3 days 04:05:06.7', '2020-02-03',
    '2020-02-03 04:05:06.789+00', '2020-02-03 04:05:06.789', '04:05:06+02', 1.0 / 3 + n, (1.0 / 3)::real,
    array['\\x00ff5c'::bytea], array[1.5::numeric::money], row('\\x00ff', '1 mon -1 day')::old.pair,
    array['-1 mon 1 day'::interval], '[2020-01-02,2020-03-04)', array[1, null]
from generate_series(1, 50) as n;
create index by_note on old.item (lower(note)) where note <> 'c\\d';
"""


def _alter(url: str, settings: dict[str, str]) -> None:
    name = value(url, "select current_database()")
    for setting, wanted in settings.items():
        statement = SQL("alter database {} set {} = {}").format(
            Identifier(name), Identifier(setting), Literal(wanted)
        )
        query(url, statement)  # type: ignore[arg-type]  # composed


def _known(url: str) -> dict[str, str]:
    """The settings, less a locale this server's machine lacks."""
    found = query(url, "select 1 from pg_collation where collname ilike 'de_DE%'")
    return _SETTINGS if found else {**_SETTINGS, "lc_monetary": "C.UTF-8"}


@pytest.mark.parametrize("sides", ["source", "target", "both"])
def test_postgres_database_with_settings_of_its_own_is_proven(
    sides: str, bench: Bench, source_pg_url: str, target_url: str
) -> None:
    """Both servers print every value alike, and definitions cross unchanged."""
    query(source_pg_url, _TABLE)
    if sides != "target":
        _alter(source_pg_url, _known(source_pg_url))
    if sides != "source":
        _alter(target_url, _known(target_url))

    run_id = bench.copy(in_schema(source_pg_url, "old"), schema="old")

    verified = query(
        target_url, "select body ->> 'strength' from fordway.event where kind = 'table_verified'"
    )
    assert "complete" == str(bench.ledger.runs.read(run_id).state)
    assert [("proven",)] == verified
    assert _texts(source_pg_url) == _texts(target_url)


def _texts(url: str) -> list[tuple[object, ...]]:
    """Every row as one text, printed by settings of the test's own."""
    with psycopg.connect(
        url, options="-c datestyle=ISO -c timezone=UTC -c intervalstyle=postgres -c extra_float_digits=1"
    ) as connection:
        connection.execute("set lc_monetary = 'C'")
        connection.execute("set bytea_output = 'hex'")
        return connection.execute("select item::text from old.item order by id").fetchall()


def test_sqlite_file_into_a_database_with_settings_of_its_own_is_proven_and_undone(
    bench: Bench, target_url: str, tmp_path: Path
) -> None:
    """Values read by the checker and by the undo are printed one way only."""
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(
            "create table item (id integer primary key, raw blob, day date, at timestamp, ratio real, note text)"
        )
        file.executemany(
            "insert into item values (?, ?, ?, ?, ?, ?)",
            [
                (n, b"\x00\xff\\'", "2020-02-03", "2020-02-03T04:05:06+02:00", 1 / 3 + n, "a\\b'c")
                for n in range(50)
            ],
        )
    _alter(target_url, _known(target_url))

    run_id = bench.copy(path)
    verified = query(
        target_url, "select body ->> 'strength' from fordway.event where kind = 'table_verified'"
    )
    state = bench.undo(run_id)

    assert [("proven",)] == verified
    assert "undone" == state
