"""The command line on a terminal of its own, which somebody reads."""

from __future__ import annotations

import os
import pty
import signal
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

__all__ = ["OnTerminal"]


class OnTerminal:
    """One command; a terminal nobody reads fills up, and then the console waits for it, not for a signal."""

    def __init__(self, *arguments: str, environment: Mapping[str, str]) -> None:
        """Starts ``fordway`` with these arguments."""
        fordway = str(Path(sys.executable).with_name("fordway"))
        self.pid, self._terminal = pty.fork()
        if self.pid == 0:
            os.execve(fordway, [fordway, *arguments], {**environment, "TERM": "xterm-256color"})
        self._seen = bytearray()
        self._reader = threading.Thread(target=self._read_on, daemon=True)
        self._reader.start()

    def wait_for(self, words: str, *, seconds: float = 20) -> None:
        """Returns once the words were drawn."""
        deadline = time.monotonic() + seconds
        while words.encode() not in self._seen:
            assert time.monotonic() < deadline, f"the console never drew {words}"
            time.sleep(0.02)

    def end(self, number: signal.Signals = signal.SIGKILL) -> None:
        """The signal is sent, and the command is over."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)
        os.waitpid(self.pid, 0)
        # The number is soon another file's: it is closed when nobody reads from it any more.
        self._reader.join(timeout=20)
        os.close(self._terminal)

    def _read_on(self) -> None:
        with suppress(OSError):
            while read := os.read(self._terminal, 65536):
                self._seen += read
