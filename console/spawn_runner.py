"""Starts the detached runner, without loading what it works with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

__all__ = ["VARIABLE", "spawn"]

VARIABLE = "FORDWAY_RUNNER"
"""Carries URLs with their secrets to the child: its environment is its owner's alone, its
command line is everyone's."""


def spawn(options: Mapping[str, object], *, data_dir: Path, is_embedded: bool) -> int:
    """The pid of a new runner that outlives this process, its terminal and its session."""
    logs = data_dir / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"runner-{options['run_id']}.log"
    environment = {
        **os.environ,
        VARIABLE: json.dumps(
            {"options": dict(options), "data_dir": str(data_dir), "is_embedded": is_embedded}
        ),
    }
    with log.open("ab") as sink:
        child = subprocess.Popen(
            [sys.executable, "-m", "console.runner_process"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
            close_fds=True,
        )
    # Reaped when it ends before this process does; it lives on when this process goes first.
    threading.Thread(target=child.wait, daemon=True, name="runner-reaper").start()
    return child.pid
