"""The embedded Redis: configures, starts, adopts and stops the server."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

from console.embedded_binaries import find_redis
from console.embedded_places import EmbeddedPlaces, make_folder
from console.embedded_probe import redis_answers
from console.embedded_process import ServerProcess, adopt, start

__all__ = ["EmbeddedRedis"]

_STOP_STEPS = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 3.0))


class EmbeddedRedis:
    """Redis with an append-only file of Fordway's own, reachable through one socket."""

    name = "redis"
    title = "Redis"

    def __init__(self, places: EmbeddedPlaces, *, is_fast: bool, say: Callable[[str], None]) -> None:
        """Adopts the server if it runs already.

        Args:
            places: where its files and its socket are.
            is_fast: trade durability for speed; only for tests.
            say: told what takes time, in plain words.
        """
        self._places = places
        self._is_fast = is_fast
        self._say = say
        self._process: ServerProcess | None = adopt(
            self._pid_file, name="redis-server", folder=places.redis_dir
        )

    @property
    def pid(self) -> int | None:
        """Process id of the server; None when it does not run."""
        return self._process.pid if self._process else None

    @property
    def url(self) -> str:
        """The URL of its database 0."""
        return self._places.redis_url

    def is_alive(self) -> bool:
        """Whether the process lives, ready or not."""
        return self._process is not None and self._process.is_alive()

    def answers(self) -> bool:
        """Whether it answers PING."""
        return redis_answers(self._places.redis_socket)

    def start(self) -> None:
        """The server process runs.

        Raises:
            CannotConnect: there is no redis-server on this machine.
            NotAllowed: its folder belongs to someone else.
        """
        program = find_redis()
        make_folder(self._places.redis_dir, mode=0o700)
        make_folder(self._places.socket_dir, mode=0o700, account=self._places.account)
        configuration = self._places.redis_dir / "redis.conf"
        configuration.write_text(self._configuration(), "utf-8")
        self._process = start(
            [program, configuration],
            folder=self._places.redis_dir,
            log=self._places.log_file(self.name),
            account=None,
        )

    def stop(self) -> None:
        """The server is gone, its file flushed if it let itself be asked."""
        if self._process:
            self._process.stop(_STOP_STEPS)

    @property
    def _pid_file(self) -> Path:
        return self._places.redis_dir / "redis.pid"

    def _configuration(self) -> str:
        lines = [
            "port 0",
            f"unixsocket {_quoted(self._places.redis_socket)}",
            "unixsocketperm 700",
            f"dir {_quoted(self._places.redis_dir)}",
            f"pidfile {_quoted(self._pid_file)}",
            "daemonize no",
            "databases 64",
            'save ""',
            "appendonly yes",
            f"appendfsync {'no' if self._is_fast else 'everysec'}",
            # Streams may never lose an entry silently: a full memory refuses writes instead.
            "maxmemory-policy noeviction",
        ]
        return "\n".join(lines) + "\n"


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
