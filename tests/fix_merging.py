"""Playbooks of several SQLite files for tests of mapping and merging."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine.playbooks.spec import Playbook
from tests.fix_runs import Bench, query

Tables = list[dict[str, Any]]


def merging_playbook(bench: Bench, sources: Mapping[str, Path | str], tables: Tables) -> Playbook:
    """A playbook that moves these tables and keeps every name."""
    return Playbook.model_validate(
        {
            "playbook": "test", "title": "Test", "target": bench.target_url,
            "sources": {name: str(url) for name, url in sources.items()},
            "defaults": {"names": "keep"}, "tables": tables,
        }
    )  # fmt: skip


def merge(
    bench: Bench, sources: Mapping[str, Path | str], tables: Tables, **settings: bool | str | int
) -> str:
    """The id of a run that moved these tables as far as it could."""
    playbook = merging_playbook(bench, sources, tables)
    run_id = bench.new_run(playbook, **settings)  # type: ignore[arg-type]  # by name
    bench.work(run_id, playbook.sources)
    return run_id


def state_of(bench: Bench, run_id: str) -> str:
    """The run's state, with the reason where it did not end well."""
    record = bench.ledger.runs.read(run_id)
    return str(record.state) if str(record.state) == "complete" else f"{record.state}: {record.reason}"


def counts_of(bench: Bench, run_id: str, pass_: str = "move") -> dict[str, tuple[int, int, int, int, int]]:
    """Read, written, quarantined, filtered and merged rows by table."""
    rows = query(
        bench.target_url,
        "select target_table, rows_read, rows_written, rows_quarantined, rows_filtered, rows_merged"
        " from fordway.table_progress where run_id = %s and pass = %s order by table_number",
        [run_id, pass_],
    )
    return {table: tuple(map(int, counts)) for table, *counts in rows}  # type: ignore[misc]  # five of them


def checks_of(bench: Bench, table: str) -> dict[str, dict[str, str]]:
    """The latest verification of one table, by check."""
    rows = query(
        bench.target_url,
        "select body from fordway.event where kind = 'table_verified' and body->>'table' = %s"
        " order by number desc limit 1",
        [table],
    )
    return {check["name"]: check for check in rows[0][0]["checks"]}


def failed_checks(bench: Bench) -> list[tuple[str, str, str]]:
    """Table, check and detail of everything that failed."""
    rows = query(
        bench.target_url,
        "select body->>'table', item->>'name', item->>'detail'"
        " from fordway.event, jsonb_array_elements(body->'checks') as item"
        " where kind = 'table_verified' and item->>'status' = 'fail'",
    )
    return [(table, name, detail) for table, name, detail in rows]
