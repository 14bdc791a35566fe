"""``fordway copy`` as an operator starts it, with its phases and the memory of all its processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import psutil

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
