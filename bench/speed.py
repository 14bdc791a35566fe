"""Fordway beside its peers and the raw limit: the same rows, the same server, in turn in one run.

``make bench`` runs it with a million rows, ``make bench SIZE=large`` adds ten million. Prints ratios;
seconds are one machine's. What is compared: Fordway's *move* phase (rows in the target, each batch
with its checkpoint) with what others need for the rows alone, and its whole run (profiled, moved,
indexed and proven row by row) with their whole run.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.data import ITEM, make_mixed, make_narrow, make_wide
from bench.ours import Ours, fordway, without_ledger
from bench.peers import (
    database,
    dump_psql,
    make_table,
    pgcopydb,
    pgloader,
    psql_psql,
    raw_copy,
    render,
    sqlite_csv,
)
from console.embedded import acquire, forget

ROWS = int(os.environ.get("FORDWAY_BENCH_ROWS", "1000000"))
LARGE_ROWS = 10 * ROWS
ROUNDS = 3


def best(measure: Callable[[], float | None], *, rounds: int = ROUNDS) -> float | None:
    """The least of some rounds: noise only ever adds."""
    found = [seconds for _ in range(rounds) if (seconds := measure()) is not None]
    return min(found) if found else None


def show(what: str, seconds: float | None, limit: float | None, rows: int) -> None:
    """One line of the table."""
    if seconds is None:
        print(f"  {what:<46} not installed, or refused")
        return
    ratio = f"{limit / seconds:6.2f}" if limit else "      "
    print(f"  {what:<46} {seconds:8.2f} s {rows / seconds:12,.0f} rows/s {ratio}")


def ours_at_best(source: str, url: Callable[[], str], data_dir: Path) -> Ours:
    """The run with the quickest move of three."""
    return min((fordway(source, url(), data_dir) for _ in range(ROUNDS)), key=lambda run: run.phases["move"])


def show_ours(run: Ours, limit: float | None, rows: int) -> None:
    """Its phases, then the whole."""
    show("fordway: move, every batch checkpointed", run.phases["move"], limit, rows)
    show("fordway: prove every row", run.phases["verify"], limit, rows)
    show("fordway: whole run, profiled and proven", run.whole, limit, rows)
    phases = ", ".join(f"{name} {seconds:.2f}" for name, seconds in run.phases.items())
    print(f"    phases: {phases}; peak memory of all processes {run.peak_mb:.0f} MB")


def sqlite_mixed(folder: Path, admin: str, data_dir: Path, rows: int) -> Ours:
    """A million rows x 9 columns out of SQLite."""
    source = make_mixed(folder / f"mixed{rows}.db", rows)
    first = fordway(str(source), database(admin, "bench_ours"), data_dir)
    rendered = render(database_url(admin, "bench_ours"), "item", folder / "item.txt")

    def fresh() -> str:
        url = database(admin, "bench_peer")
        make_table(url, "item", ITEM)
        return url

    print(f"\nSQLite to PostgreSQL, {rows:,} rows x 9 columns (ratio: of a raw COPY from a file)")
    rounds = ROUNDS if rows <= ROWS else 1
    limit = best(lambda: raw_copy(fresh(), "item", rendered), rounds=rounds)
    show("raw COPY of rendered rows from a file", limit, limit, rows)
    ours = (
        ours_at_best(str(source), lambda: database(admin, "bench_ours"), data_dir) if rows <= ROWS else first
    )
    show_ours(ours, limit, rows)
    bare = best(lambda: without_ledger(str(source), database(admin, "bench_peer")), rounds=rounds)
    show("fordway's reader and writer without its ledger", bare, limit, rows)
    loader = best(lambda: pgloader(source, fresh(), data_only=True), rounds=rounds)
    show("pgloader, data only, into the same table", loader, limit, rows)
    show(
        "pgloader, whole, nothing proven",
        best(lambda: pgloader(source, database(admin, "bench_peer"), data_only=False), rounds=rounds),
        limit,
        rows,
    )
    show(
        "sqlite3 -csv | psql, nothing proven",
        best(lambda: sqlite_csv(source, "item", fresh()), rounds=rounds),
        limit,
        rows,
    )
    if loader:
        print(f"    fordway moves {loader / ours.phases['move']:.2f} times as fast as pgloader")
    rendered.unlink()
    return ours


def database_url(admin: str, name: str) -> str:
    """The URL of a database that is there."""
    return (
        admin.replace("/fordway?", f"/{name}?")
        if "/fordway?" in admin
        else admin.rsplit("/", 1)[0] + f"/{name}"
    )


def postgres_mixed(folder: Path, admin: str, data_dir: Path) -> None:
    """The same rows out of PostgreSQL."""
    source = make_mixed(folder / "pg.db", ROWS)
    source_url = database(admin, "bench_source")
    fordway(str(source), source_url, data_dir)
    with psycopg.connect(source_url, autocommit=True) as connection:
        connection.execute("drop schema fordway cascade")
        connection.execute("vacuum analyze public.item")

    def fresh() -> str:
        url = database(admin, "bench_peer")
        make_table(url, "item", ITEM)
        return url

    print(f"\nPostgreSQL to PostgreSQL, {ROWS:,} rows x 9 columns (ratio: of psql | psql, binary)")
    limit = best(lambda: psql_psql(source_url, "item", fresh(), form="binary"))
    show("psql | psql, binary", limit, limit, ROWS)
    show_ours(ours_at_best(source_url, lambda: database(admin, "bench_ours"), data_dir), limit, ROWS)
    show("psql | psql, text", best(lambda: psql_psql(source_url, "item", fresh(), form="text")), limit, ROWS)
    show("pg_dump --data-only | psql", best(lambda: dump_psql(source_url, "item", fresh())), limit, ROWS)
    show("pgcopydb clone", best(lambda: pgcopydb(source_url, database(admin, "bench_peer"))), limit, ROWS)


def shapes(folder: Path, admin: str, data_dir: Path) -> None:
    """Many tables, many columns: what a table and a column cost."""
    print("\nOther shapes, whole runs (SQLite to PostgreSQL)")
    cases = [
        ("200 tables x 5,000 rows x 3 columns", make_narrow(folder / "narrow.db", 200, 5_000), 1_000_000),
        ("20,000 rows x 300 columns", make_wide(folder / "wide.db", 300, 20_000), 20_000),
        ("500 tables x 30 rows", make_narrow(folder / "some.db", 500, 30), 15_000),
        ("2,000 tables x 30 rows", make_narrow(folder / "many.db", 2_000, 30), 60_000),
    ]
    for what, source, rows in cases:
        run = fordway(str(source), database(admin, "bench_ours"), data_dir)
        show(f"fordway: {what}", run.whole, None, rows)
        show("    pgloader", pgloader(source, database(admin, "bench_peer"), data_only=False), None, rows)


@contextmanager
def server() -> Iterator[tuple[Path, str, Path]]:
    """A folder, the server's URL and a data folder, all gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with acquire(folder / "data") as services:
            assert services.target_url is not None
            yield folder, services.target_url, folder / "data"
        forget(folder / "data")


def main() -> None:
    """All tables, one after another."""
    began = time.perf_counter()
    with server() as (folder, admin, data_dir):
        small = sqlite_mixed(folder, admin, data_dir, ROWS)
        postgres_mixed(folder, admin, data_dir)
        shapes(folder, admin, data_dir)
        if os.environ.get("SIZE") == "large":
            large = sqlite_mixed(folder, admin, data_dir, LARGE_ROWS)
            ratio = large.peak_mb / small.peak_mb
            print(f"    memory at {LARGE_ROWS:,} rows is {ratio:.2f} of that at {ROWS:,}")
    print(f"\n{time.perf_counter() - began:.0f} s in all")


if __name__ == "__main__":
    main()
