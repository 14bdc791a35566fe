"""``fordway copy`` as an operator starts it, with its phases and the memory of all its processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil

from engine.agents.look_ahead import look_ahead
from engine.model.ports import BlockSource
from engine.moving.encode_rows import RowEncoder
from engine.playbooks.copy_playbook import playbook_for_copy
from engine.stores.open_source import open_source
from engine.stores.target_session import TargetSession
from engine.stores.target_statements import create_table

_EVERY_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ours:
    """One run."""

    whole: float
    phases: dict[str, float]
    peak_mb: float
    """Of all processes together, memory they share counted once (PSS)."""


def fordway(source: str, target: str, data_dir: Path, *, workers: int | None = None) -> Ours:
    """A copy that ends complete and proven.

    Raises:
        SystemExit: it did not.
    """
    arguments = [sys.executable, "-m", "console", "copy", source, target, "--json"]
    if workers:
        arguments += ["--workers", str(workers)]
    environment = {**os.environ, "FORDWAY_DATA_DIR": str(data_dir)}
    process = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    peak = _Peak(process.pid)
    out, err = process.communicate()
    peak.stop()
    if process.returncode != 0:
        sys.exit(err)
    last = json.loads(out.splitlines()[-1])
    unproven = [table["table"] for table in last["tables"] if table["strength"] != "proven"]
    if unproven:
        sys.exit(f"not proven: {unproven[:5]}")
    phases = {str(name): float(seconds) for name, seconds in last["phases"].items()}
    return Ours(whole=float(last["seconds"]), phases=phases, peak_mb=peak.megabytes)


class _Peak:
    """Looks at a process tree now and then."""

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._done.wait(_EVERY_SECONDS):
            try:
                parent = psutil.Process(self._pid)
                family = [parent, *parent.children(recursive=True)]
            except psutil.Error:
                continue
            total = 0
            for process in family:
                try:
                    total += process.memory_full_info().pss
                except psutil.Error:
                    continue
            self.megabytes = max(self.megabytes, total / 1e6)


def without_ledger(source: str, target: str) -> float:
    """Fordway's own reader and writer in one COPY: no batches, no checkpoints, no journal."""
    playbook = playbook_for_copy(source, target)
    plan = look_ahead(
        playbook, target_url=target, target_label="bench", source_urls=playbook.sources, on_error="ask"
    )
    table = plan.tables[0]
    opened, session = open_source("source", source), TargetSession(target, purpose="bench")
    encoder = RowEncoder(table, engine=opened.engine, run_time=datetime.now(UTC))
    [span] = opened.cut_ranges(table.source_table, key=table.chunk_key, rows=10**9, where="")
    assert isinstance(opened, BlockSource), "sources of the benchmarks hand blocks on"
    try:
        began = time.perf_counter()
        with session.transaction("bench") as cursor:
            session.run(cursor, create_table(table, table.target_schema))
            blocks = opened.read_blocks(
                table.source_table,
                columns=encoder.block_columns,
                key=table.chunk_key,
                span=span,
                is_binary=table.is_binary,
            )
            session.copy_blocks(cursor, table, table.target_schema, blocks)
        return time.perf_counter() - began
    finally:
        opened.close()
        session.close()
