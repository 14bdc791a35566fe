"""What others need for the same rows: each returns seconds, or None where it is not installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

import psycopg
from psycopg.sql import SQL, Identifier

_BLOCK = 1 << 18


def database(url: str, name: str) -> str:
    """The URL of a fresh database on the same server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(SQL("drop database if exists {} with (force)").format(Identifier(name)))
        connection.execute(SQL("create database {} template template0").format(Identifier(name)))
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def make_table(url: str, name: str, columns: str) -> None:
    """The table every contestant fills."""
    with psycopg.connect(url, autocommit=True, options="-c search_path=public") as connection:
        connection.execute(f"create table public.{name} ({columns})")  # type: ignore[call-overload]  # ours


def raw_copy(url: str, table: str, rendered: Path) -> float:
    """One COPY of rows rendered beforehand: no reading, no encoding, no checkpoint."""
    with psycopg.connect(url) as connection:
        began = time.perf_counter()
        with (
            connection.cursor() as cursor,
            cursor.copy(f"copy public.{table} from stdin") as copy,  # type: ignore[arg-type]  # ours
            rendered.open("rb") as file,
        ):
            while block := file.read(_BLOCK):
                copy.write(block)
        connection.commit()
        return time.perf_counter() - began


def render(url: str, table: str, path: Path) -> Path:
    """The table's rows as COPY text in a file."""
    statement = SQL("copy {} to stdout").format(Identifier("public", table))
    with (
        psycopg.connect(url) as connection,
        path.open("wb") as file,
        connection.cursor().copy(statement) as copy,
    ):
        for block in copy:
            file.write(block)
    return path


def pgloader(source: Path, url: str, *, data_only: bool) -> float | None:
    """pgloader's own defaults but for the number of workers, which is the number of cores."""
    if shutil.which("pgloader") is None:
        return None
    parts = urlsplit(url)
    where = parse_qs(parts.query)
    host, port = where.get("host", ["localhost"])[0], where.get("port", ["5432"])[0]
    address = f"{parts.scheme}://{parts.username or ''}@unix:{host}:{port}{parts.path}"
    what = "data only, workers = 2, concurrency = 1" if data_only else "workers = 2, concurrency = 1"
    commands = source.with_suffix(".load")
    commands.write_text(f"load database from sqlite://{source} into {address} with {what};", "utf-8")
    done = subprocess.run(["pgloader", str(commands)], capture_output=True, text=True, check=False)
    found = re.search(r"Total import time\s+\S+\s+\d+\s+\S+ \S+\s+(?:(\d+)m)?([\d.]+)s", done.stdout)
    if done.returncode or found is None:
        print(f"    pgloader failed: {(done.stderr or done.stdout)[-300:]}", file=sys.stderr)
        return None
    return 60 * int(found[1] or 0) + float(found[2])


def sqlite_csv(source: Path, table: str, url: str) -> float | None:
    """``sqlite3 -csv | psql``; NULL and the empty text are the same to it."""
    if shutil.which("sqlite3") is None or shutil.which("psql") is None:
        return None
    return _pipe(
        ["sqlite3", "-csv", str(source), f"select * from {table}"],
        ["psql", url, "-qc", f"copy public.{table} from stdin (format csv)"],
    )


def psql_psql(source_url: str, table: str, url: str, *, form: str) -> float | None:
    """``psql | psql``, text or binary."""
    if shutil.which("psql") is None:
        return None
    return _pipe(
        ["psql", source_url, "-qc", f"copy public.{table} to stdout (format {form})"],
        ["psql", url, "-qc", f"copy public.{table} from stdin (format {form})"],
    )


def dump_psql(source_url: str, table: str, url: str) -> float | None:
    """``pg_dump --data-only | psql``."""
    if shutil.which("pg_dump") is None or shutil.which("psql") is None:
        return None
    return _pipe(["pg_dump", "--data-only", f"--table=public.{table}", source_url], ["psql", "-q", url])


def pgcopydb(source_url: str, url: str) -> float | None:
    """``pgcopydb clone``: the whole database, schema included."""
    if shutil.which("pgcopydb") is None:
        return None
    began = time.perf_counter()
    done = subprocess.run(
        ["pgcopydb", "clone", "--source", source_url, "--target", url, "--restart"],
        capture_output=True,
        check=False,
    )
    return time.perf_counter() - began if done.returncode == 0 else None


def _pipe(giver: list[str], taker: list[str]) -> float | None:
    began = time.perf_counter()
    with subprocess.Popen(giver, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as left:
        right = subprocess.run(taker, stdin=left.stdout, capture_output=True, check=False)
    seconds = time.perf_counter() - began
    if left.returncode or right.returncode:
        words = (left.stderr.read() if left.stderr and not left.stderr.closed else b"") + right.stderr
        print(f"    {giver[0]} | {taker[0]} failed: {words.decode()[-200:].strip()}", file=sys.stderr)
        return None
    return seconds
