"""One server process of the keeper's: started or adopted, watched, stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

import psutil

from console.embedded_places import Account

__all__ = ["ServerProcess", "adopt", "run_once", "start"]

_LARGEST_LOG_BYTES = 10_000_000
"""A log beyond this starts anew when its server starts; what came before helps nobody."""
_LOOK_SECONDS = 0.01


class _Identity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


class ServerProcess:
    """A server and whether it lives; a child of this process or of an earlier keeper."""

    def __init__(self, process: psutil.Process, *, child: subprocess.Popen[bytes] | None) -> None:
        """Watches a process that exists.

        Args:
            process: the process, bound to its start time, so a reused pid is never mistaken for it.
            child: the same process when this one started it, and so must reap it.
        """
        self._process = process
        self._child = child

    @property
    def pid(self) -> int:
        """Its process id."""
        return int(self._process.pid)

    def is_alive(self) -> bool:
        """Whether it still runs; a zombie does not."""
        if self._child:
            return self._child.poll() is None
        return _is_alive(self._process)

    def stop(self, steps: Sequence[tuple[signal.Signals, float]]) -> None:
        """Gone, by the gentlest of the steps that works.

        Args:
            steps: signals in order, each with the seconds it is given to work.
        """
        for what, seconds in steps:
            if not self.is_alive():
                return
            self._process.send_signal(what)
            self._wait(seconds)

    def _wait(self, seconds: float) -> None:
        # Not psutil's wait: to it a zombie nobody reaps lives on.
        deadline = time.monotonic() + seconds
        while self.is_alive() and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS)


def start(
    command: Sequence[str | Path], *, folder: Path, log: Path, account: Account | None
) -> ServerProcess:
    """The server runs, with the folder as its working directory and the log for its output."""
    if log.exists() and log.stat().st_size > _LARGEST_LOG_BYTES:
        log.unlink()
    with log.open("ab") as out:
        child = subprocess.Popen(
            [os.fspath(part) for part in command],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **_identity(account),
        )
    return ServerProcess(psutil.Process(child.pid), child=child)


def run_once(
    command: Sequence[str | Path], *, account: Account | None, seconds: float
) -> subprocess.CompletedProcess[str]:
    """A command of the server's, run to its end as the account.

    Raises:
        PermissionError: the account may not run the program.
        subprocess.TimeoutExpired: it took longer than allowed.
    """
    return subprocess.run(
        [os.fspath(part) for part in command],
        cwd="/",
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=seconds,
        check=False,
        **_identity(account),
    )


def adopt(pid_file: Path, *, name: str, folder: Path) -> ServerProcess | None:
    """The living server a pid file speaks of, or None.

    Args:
        pid_file: its first line is the pid.
        name: what the program's name starts with.
        folder: the server's working directory; a stranger with a reused pid has another.
    """
    try:
        process = psutil.Process(int(pid_file.read_text("utf-8").split()[0]))
        is_ours = process.name().startswith(name) and Path(process.cwd()) == folder.resolve()
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return ServerProcess(process, child=None) if is_ours and _is_alive(process) else None


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _environment() -> dict[str, str]:
    # PG* and locale variables would change what the servers do; secrets stay out of them.
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _identity(account: Account | None) -> _Identity:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}
