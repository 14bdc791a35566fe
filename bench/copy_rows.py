"""Rows a second: Fordway beside one raw COPY of the same rows, and pgloader where it is installed.

The raw limit is a single COPY from a file rendered beforehand, on the same server in the same run:
no reading of SQLite, no encoding, no checkpoint. Prints ratios; absolute figures are one machine's.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

from console.embedded import acquire, forget

ROWS = int(os.environ.get("FORDWAY_BENCH_ROWS", "300000"))
FORDWAY = str(Path(sys.executable).with_name("fordway"))


def make_source(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute(
        "create table item (id integer primary key, name text, price real, quantity integer, placed text)"
    )
    connection.executemany(
        "insert into item values (?, ?, ?, ?, ?)",
        (
            (n, f"item number {n}", n * 0.37, n % 97, f"2024-01-{n % 28 + 1:02d} 10:00:00")
            for n in range(1, ROWS + 1)
        ),
    )
    connection.commit()
    connection.close()


def render(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as connection, target.open("w", encoding="utf-8") as file:
        for row in connection.execute("select id, name, price, quantity, placed from item order by id"):
            file.write("\t".join(str(value) for value in row) + "\n")


def database(url: str, name: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SQL("drop database if exists {}").format(Identifier(name)))
        connection.execute(SQL("create database {}").format(Identifier(name)))
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def raw_copy(url: str, rendered: Path) -> float:
    with psycopg.connect(url) as connection:
        connection.execute(
            "create table item (id bigint, name text, price float8, quantity bigint, placed timestamp)"
        )
        began = time.perf_counter()
        with (
            connection.cursor() as cursor,
            cursor.copy("copy item from stdin") as copy,
            rendered.open("rb") as file,
        ):
            while block := file.read(1 << 20):
                copy.write(block)
        connection.commit()
        return time.perf_counter() - began


def fordway(url: str, source: Path, data_dir: Path) -> dict[str, float]:
    done = subprocess.run(
        [FORDWAY, "copy", str(source), url, "--json"],
        check=True, capture_output=True, text=True, env={**os.environ, "FORDWAY_DATA_DIR": str(data_dir)},
    )  # fmt: skip
    last = json.loads(done.stdout.splitlines()[-1])
    assert last["tables"][0]["strength"] == "proven", last
    return {str(name): float(seconds) for name, seconds in last["phases"].items()}


def pgloader(url: str, source: Path) -> float | None:
    if shutil.which("pgloader") is None:
        return None
    parts = urlsplit(url)
    began = time.perf_counter()
    subprocess.run(
        ["pgloader", str(source), url.replace("@/", f"@{parts.hostname or 'unix:/'}")],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return time.perf_counter() - began


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data_dir, source, rendered = (
            Path(folder) / "data",
            Path(folder) / "item.db",
            Path(folder) / "item.txt",
        )
        make_source(source)
        render(source, rendered)
        with acquire(data_dir) as services:
            assert services.target_url is not None
            raw = min(raw_copy(database(services.target_url, "bench_raw"), rendered) for _ in range(3))
            phases = fordway(database(services.target_url, "bench_fordway"), source, data_dir)
            peer = pgloader(database(services.target_url, "bench_peer"), source)
        forget(data_dir)
    whole = sum(phases.values())
    print(f"{ROWS:,} rows of 5 columns, SQLite to PostgreSQL")
    show("raw COPY of rendered rows", raw, raw)
    show("fordway, move alone", phases["move"], raw)
    show("fordway, profiled and proven", whole, raw)
    for name, seconds in phases.items():
        print(f"    {name:<10} {seconds:7.3f} s")
    if peer is None:
        print("pgloader is not installed here; no ratio to it")
    else:
        show("pgloader", peer, raw)
        print(f"fordway's move takes {phases['move'] / peer:.2f} of pgloader's time")


def show(what: str, seconds: float, raw: float) -> None:
    print(f"{what:<30} {ROWS / seconds:12,.0f} rows/s   {raw / seconds:.2f} of the limit")


if __name__ == "__main__":
    main()
