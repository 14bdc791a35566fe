"""The one process that keeps a data folder's embedded services running.

    python -m console.keeper --data-dir FOLDER --lock-fd N

It starts what holders ask for, restarts what dies, and ends, servers and all, as
soon as nobody holds ``holders.lock``: the kernel drops that lock when a holder
ends, however it ends. A keeper that follows one that was killed adopts its servers.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import signal
import sys
import time
import traceback
from pathlib import Path

from console.embedded_failures import crashed, gave_up, write_failure, write_whole
from console.embedded_places import EmbeddedPlaces, places_for
from console.embedded_postgres import EmbeddedPostgres
from console.embedded_redis import EmbeddedRedis
from engine.model.errors import FordwayError

__all__ = ["Keeper", "main"]

_IDLE_SECONDS = 0.5
"""Between looks at the holders and the servers; a holder's end is noticed this late."""
_STARTING_SECONDS = 0.02
"""Between looks while a server starts: someone waits for it."""
_PAUSE_SECONDS = 0.3
"""Between two starts of one server that does not come up."""
_MOST_STARTS = 20
"""Starts in a row that did not lead to an answer, six seconds in all: the backends of a
killed PostgreSQL may need some of them to notice and end, and no new server runs beside them."""
_STEADY_SECONDS = 10.0
"""A server that answered for this long starts with a clean slate when it dies."""

_Server = EmbeddedPostgres | EmbeddedRedis


class _Watch:
    """How one server's starts went so far."""

    def __init__(self, server: _Server) -> None:
        self.server = server
        self.starts = 0
        self.next_start = 0.0
        self.up_since: float | None = None


class Keeper:
    """Starts, watches and stops the services of one data folder."""

    def __init__(self, places: EmbeddedPlaces, *, is_fast: bool) -> None:
        """Adopts servers that run already.

        Args:
            places: whose services.
            is_fast: trade durability for speed; only for tests.
        """
        self._places = places
        self._progress = ""
        self._published = ""
        self._is_stopping = False
        self._holders = os.open(places.holders_lock, os.O_RDWR | os.O_CREAT, 0o600)
        self._watches = [
            _Watch(EmbeddedPostgres(places, is_fast=is_fast, say=self._say)),
            _Watch(EmbeddedRedis(places, is_fast=is_fast, say=self._say)),
        ]

    def ask_to_stop(self, *_: object) -> None:
        """The next look ends the keeper; fit for a signal handler."""
        self._is_stopping = True

    def keep(self) -> None:
        """Everything is stopped and ``services.json`` gone: nobody needs the services any more.

        Raises:
            FordwayError: a server can't be started; the others are stopped all the same.
        """
        try:
            while not self._is_stopping and not self._is_unneeded():
                is_settled = all([self._look_after(watch) for watch in self._watches])
                self._publish()
                time.sleep(_IDLE_SECONDS if is_settled else _STARTING_SECONDS)
        finally:
            self._stop_all()

    def _is_unneeded(self) -> bool:
        try:
            fcntl.flock(self._holders, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _look_after(self, watch: _Watch) -> bool:
        """Whether the server needs no attention: it is up, or nobody asked for it."""
        server, now = watch.server, time.monotonic()
        if server.is_alive():
            if watch.up_since is None and server.answers():
                watch.up_since = now
            elif watch.up_since is not None and now - watch.up_since > _STEADY_SECONDS:
                watch.starts = 0
            return watch.up_since is not None
        watch.up_since = None
        if not self._places.wanted_file(server.name).exists():
            return True
        if now >= watch.next_start:
            if watch.starts >= _MOST_STARTS:
                raise gave_up(self._places, service=server.name, title=server.title)
            self._say(f"Starting {server.title}")
            server.start()
            watch.next_start = now + _PAUSE_SECONDS
            watch.starts += 1
        return False

    def _say(self, progress: str) -> None:
        self._progress = progress
        self._publish()

    def _publish(self) -> None:
        """Holders read what is up; nothing is written when nothing changed."""
        services: dict[str, object] = {"keeper_pid": os.getpid(), "progress": self._progress}
        for watch in self._watches:
            if watch.up_since is not None:
                services[watch.server.name] = {"url": watch.server.url, "pid": watch.server.pid}
        text = json.dumps(services)
        if text != self._published:
            write_whole(self._places.services_file, text)
            self._published = text

    def _stop_all(self) -> None:
        for watch in self._watches:
            watch.server.stop()
            self._places.wanted_file(watch.server.name).unlink(missing_ok=True)
        self._places.services_file.unlink(missing_ok=True)


def main(arguments: list[str] | None = None) -> int:
    """The process's exit code: 0 when the services were needed no more, 1 when it gave up."""
    parser = argparse.ArgumentParser(prog="console.keeper")
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--lock-fd", type=int, required=True)
    options = parser.parse_args(arguments)
    os.set_inheritable(options.lock_fd, False)
    os.umask(0o077)
    places = places_for(options.data_dir)
    # The holder reaps the first process at once; the second belongs to nobody's terminal.
    if os.fork():
        return 0
    try:
        keeper = Keeper(places, is_fast=os.environ.get("FORDWAY_EMBEDDED_FAST") == "1")
        signal.signal(signal.SIGTERM, keeper.ask_to_stop)
        keeper.keep()
    except FordwayError as error:
        write_failure(places, error)
        return 1
    except Exception:  # noqa: BLE001 - the outermost loop: whoever waits must hear of it
        traceback.print_exc()
        write_failure(places, crashed(places))
        return 1
    finally:
        # First this lock, then (with the process) the holders': whoever gets in may start anew.
        os.close(options.lock_fd)
    return 0


if __name__ == "__main__":
    sys.exit(main())
