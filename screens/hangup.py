"""A terminal that goes away ends the console in an orderly way, never the run.

Textual handles neither SIGHUP nor SIGTERM: without this, a closed SSH line kills the process
before the terminal is restored.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["ignore_hangup", "notice_hangup"]

_NAMES = ("SIGTERM", "SIGHUP")


def notice_hangup(leave: Callable[[int], None]) -> None:
    """Calls ``leave`` with the exit code, 128 and the signal's number, when a signal comes.

    Where the loop can't listen (another thread, another system), nothing changes.
    """
    for name in _NAMES:
        with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
            number = getattr(signal, name)
            asyncio.get_running_loop().add_signal_handler(number, leave, 128 + int(number))


def ignore_hangup() -> None:
    """Gives the signals back."""
    for name in _NAMES:
        with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().remove_signal_handler(getattr(signal, name))
