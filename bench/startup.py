"""How long an operator waits: `fordway --help`, and the console's first content in a real terminal.

Prints the median of several runs beside the bare Python interpreter's own start, as a ratio.
"""

from __future__ import annotations

import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 7
FORDWAY = str(Path(sys.executable).with_name("fordway"))


def seconds_of(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def first_content_seconds(data_dir: str) -> float:
    """From exec until the word Fordway is on the screen."""
    environment = {
        **os.environ,
        "FORDWAY_DATA_DIR": data_dir,
        "TERM": "xterm-256color",
        "COLUMNS": "120",
        "LINES": "36",
    }
    began = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(FORDWAY, [FORDWAY, "demo"], environment)
    seen = b""
    try:
        while b"Connect" not in seen:
            ready, _, _ = select.select([terminal], [], [], 30)
            if not ready:
                raise SystemExit("the console drew nothing for 30 s")
            seen += os.read(terminal, 65536)
        return time.perf_counter() - began
    finally:
        leave(terminal, pid)


def leave(terminal: int, pid: int) -> None:
    """Presses q until the console has gone, reading what it still draws."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.write(terminal, b"q")
            while select.select([terminal], [], [], 0.2)[0]:
                os.read(terminal, 65536)
        except OSError:
            break
        if os.waitpid(pid, os.WNOHANG)[0]:
            break
    os.close(terminal)


def main() -> None:
    bare = statistics.median(seconds_of([sys.executable, "-c", "pass"]) for _ in range(RUNS))
    helped = statistics.median(seconds_of([FORDWAY, "--help"]) for _ in range(RUNS))
    with tempfile.TemporaryDirectory() as folder:
        first_content_seconds(folder)
        shown = statistics.median(first_content_seconds(folder) for _ in range(RUNS))
        from console.embedded import forget

        forget(Path(folder))
    print(f"python -c pass      {bare:6.3f} s")
    print(f"fordway --help      {helped:6.3f} s  {helped / bare:5.1f} x   (aim: within 0.3 s)")
    print(f"first content       {shown:6.3f} s  {shown / bare:5.1f} x   (aim: within 0.5 s)")


if __name__ == "__main__":
    main()
