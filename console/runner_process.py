"""The detached runner: a process of its own that owns one run until it rests."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from pathlib import Path

import structlog

from console.embedded import acquire
from console.run_here import run_here
from console.settings import load_settings
from console.spawn_runner import VARIABLE
from engine.model.errors import FordwayError
from engine.model.held import HeldChoice
from engine.runner import Runner, RunnerOptions
from engine.stores.dsn import scrub_text
from engine.stores.ledger import Ledger

__all__ = ["main"]


def main() -> int:
    """Entry of the child process."""
    given = json.loads(os.environ.pop(VARIABLE))
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
