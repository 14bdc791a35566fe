"""A terminal that goes away: restored, with the exit code of its signal."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time

import pytest

CONSOLE = "import sys; from tests.screens.show import console_on; app = console_on('moving'); app.run(); sys.exit(app.return_code)"
RESTORED = b"\x1b[?1049l"


def read_until(terminal: int, wanted: bytes, seconds: float) -> bytes:
    """What the terminal was sent up to ``wanted``, or up to its end."""
    sent, until = b"", time.monotonic() + seconds
    while wanted not in sent and time.monotonic() < until:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                sent += os.read(terminal, 65536)
            except OSError:
                break
    return sent


@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129)])
def test_signal_while_rows_move_restores_the_terminal_and_tells_its_code(name: str, code: int) -> None:
    """A closed line ends the console in order, with 128 and the signal's number."""
    environment = {**os.environ, "TERM": "xterm-256color", "PYTHONPATH": os.pathsep.join(sys.path)}
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, [sys.executable, "-c", CONSOLE], environment)
    read_until(terminal, b"balances", 20)
    os.kill(child, getattr(signal, name))
    rest = read_until(terminal, RESTORED, 20)
    _, status = os.waitpid(child, 0)
    os.close(terminal)

    assert (code, True) == (os.waitstatus_to_exitcode(status), RESTORED in rest)
