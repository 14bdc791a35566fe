"""The detached runner: a process of its own that owns one run until it rests."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import structlog

from console.embedded import acquire
from console.settings import load_settings
from engine.model.errors import FordwayError
from engine.model.held import HeldChoice
from engine.runner import Runner, RunnerOptions
from engine.stores.dsn import scrub_text
from engine.stores.ledger import Ledger

__all__ = ["main", "run_here", "spawn"]

_VARIABLE = "FORDWAY_RUNNER"
"""Carries URLs with their secrets to the child: its environment is its owner's alone, its
command line is everyone's."""


def spawn(options: Mapping[str, object], *, data_dir: Path, is_embedded: bool) -> int:
    """The pid of a new runner that outlives this process, its terminal and its session."""
    logs = data_dir / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    log = logs / f"runner-{options['run_id']}.log"
    environment = {
        **os.environ,
        _VARIABLE: json.dumps(
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


async def run_here(runner: Runner) -> None:
    """Runs until the run rests; SIGTERM and SIGINT end the open batch first."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, runner.ask, "pause", signal.Signals(number).name)
    with suppress(ValueError):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    await runner.run()


def main() -> int:
    """Entry of the child process."""
    given = json.loads(os.environ.pop(_VARIABLE))
    level = load_settings().log_level.upper()
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)))
    log = structlog.get_logger().bind(run=given["options"]["run_id"])
    services = None
    try:
        if given["is_embedded"]:
            services = acquire(Path(given["data_dir"]))
        replay = given["options"].pop("replay", None)
        options = RunnerOptions(
            **given["options"], replay=HeldChoice.from_json(replay) if replay is not None else None
        )
        ledger = Ledger(options.target_url, purpose="runner")
        try:
            asyncio.run(run_here(Runner(options, ledger=ledger)))
        finally:
            ledger.close()
    except FordwayError as error:
        log.warning("runner ended", reason=scrub_text(error.sentence()))
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - outermost frame: a line in the log, no traceback with values
        log.critical("runner failed", kind=type(error).__name__, reason=scrub_text(str(error))[:500])
        return 1
    finally:
        if services is not None:
            services.release()
    return 0


if __name__ == "__main__":
    sys.exit(main())
