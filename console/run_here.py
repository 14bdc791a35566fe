"""A runner in this process, told by signals to end its open batch first."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

from engine.runner import Runner

__all__ = ["run_here"]


async def run_here(runner: Runner) -> None:
    """Runs until the run rests; SIGTERM and SIGINT end the open batch first."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, runner.ask, "pause", signal.Signals(number).name)
    with suppress(ValueError):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    await runner.run()
