"""The embedded PostgreSQL: makes the cluster, starts, adopts and stops the server."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from console.embedded_binaries import POSTGRES_MAJOR, runnable_postgres
from console.embedded_places import EmbeddedPlaces, make_folder
from console.embedded_probe import postgres_says
from console.embedded_process import ServerProcess, adopt, run_once, start
from engine.model.errors import CannotConnect, FordwayError, TargetFull
from sql import load

__all__ = ["EmbeddedPostgres"]

_NO_SUCH_DATABASE = "3D000"
_EXISTS_ALREADY = "42P04"
_INITDB_SECONDS = 120.0
_STOP_STEPS = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 3.0))
"""Fast shutdown, then immediate, then the last resort (PostgreSQL manual, "Shutting Down the Server")."""
_SMALL_SHARED_MEMORY_BYTES = 256 * 1024 * 1024
"""Below this much of /dev/shm (containers have 64 MB) a parallel query could fail for
want of it; dynamic shared memory then lives in files, a little slower."""

_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "timezone": "UTC",
    # The role is named like the ledger's schema; unqualified names must not land there.
    "search_path": "public",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # Details, contexts and statements of an error quote row values: no log may hold those.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
_FAST_SETTINGS = {"fsync": "off", "full_page_writes": "off"}
"""For tests: a crash of the machine would lose data, a killed process loses nothing. With
synchronous_commit off it would: the last commits are still in PostgreSQL's own buffers then."""


class EmbeddedPostgres:
    """PostgreSQL on a cluster of Fordway's own, reachable through one socket."""

    name = "postgres"
    title = f"PostgreSQL {POSTGRES_MAJOR}"

    def __init__(self, places: EmbeddedPlaces, *, is_fast: bool, say: Callable[[str], None]) -> None:
        """Adopts the server if it runs already.

        Args:
            places: where cluster and socket are, and who runs the server.
            is_fast: trade durability for speed; only for tests.
            say: told what takes time, in plain words.
        """
        self._places = places
        self._is_fast = is_fast
        self._say = say
        self._process: ServerProcess | None = adopt(
            self._pid_file, name="postgres", folder=places.cluster_dir
        )

    @property
    def pid(self) -> int | None:
        """Process id of the server's parent process; None when it does not run."""
        return self._process.pid if self._process else None

    @property
    def url(self) -> str:
        """The URL of its database."""
        return self._places.target_url

    def is_alive(self) -> bool:
        """Whether the process lives, ready or not."""
        return self._process is not None and self._process.is_alive()

    def answers(self) -> bool:
        """Whether a connection to the database ``fordway`` succeeds; the database is made if missing."""
        code = postgres_says(self._places.postgres_socket, database="fordway")
        if code == _NO_SUCH_DATABASE:
            statement = load("embedded/create_database")
            code = postgres_says(self._places.postgres_socket, database="postgres", statement=statement)
        return code in {"", _EXISTS_ALREADY}

    def start(self) -> None:
        """The server process runs; the cluster is made when there is none.

        Raises:
            CannotConnect: the cluster is of another version, or can't be made.
            TargetFull: the disk is full.
        """
        programs = runnable_postgres(self._places, self._say)
        make_folder(self._places.socket_dir, mode=0o700, account=self._places.account)
        if not (self._places.cluster_dir / "PG_VERSION").exists():
            self._make_cluster(programs)
        self._check_version()
        self._drop_stale_locks()
        settings = _SETTINGS | self._own_settings() | (_FAST_SETTINGS if self._is_fast else {})
        command: list[str | Path] = [programs / "postgres", "-D", self._places.cluster_dir]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self._process = start(
            command,
            folder=self._places.cluster_dir,
            log=self._places.log_file(self.name),
            account=self._places.account,
        )

    def stop(self) -> None:
        """The server is gone, its data flushed if it let itself be asked."""
        if self._process:
            self._process.stop(_STOP_STEPS)

    @property
    def _pid_file(self) -> Path:
        return self._places.cluster_dir / "postmaster.pid"

    def _own_settings(self) -> dict[str, str]:
        settings = {"unix_socket_directories": str(self._places.socket_dir)}
        shared = Path("/dev/shm")  # noqa: S108 - only asked for its size
        if shared.is_dir() and shutil.disk_usage(shared).free < _SMALL_SHARED_MEMORY_BYTES:
            settings["dynamic_shared_memory_type"] = "mmap"
        return settings

    def _make_cluster(self, programs: Path) -> None:
        """The cluster is whole, or not there: it is made beside and renamed."""
        self._say(f"Making the embedded {self.title} database (first time only)")
        draft = self._places.state_dir / "postgresql.draft"
        shutil.rmtree(draft, ignore_errors=True)
        make_folder(draft, mode=0o700, account=self._places.account)
        command: list[str | Path] = [programs / "initdb", "--pgdata", draft, "--username=fordway"]
        command += ["--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        try:
            done = run_once(command, account=self._places.account, seconds=_INITDB_SECONDS)
        except subprocess.TimeoutExpired as error:
            raise _cluster_failed("it took longer than two minutes") from error
        if done.returncode != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise _cluster_failed(done.stderr)
        draft.rename(self._places.cluster_dir)

    def _check_version(self) -> None:
        found = (self._places.cluster_dir / "PG_VERSION").read_text("utf-8").strip()
        if found != str(POSTGRES_MAJOR):
            raise CannotConnect(
                f"The embedded database was made by PostgreSQL {found}, this Fordway brings {self.title}",
                where=str(self._places.cluster_dir),
                safe="Nothing in it was touched",
                todo="Move that folder away, or use the Fordway version that made it",
            )

    def _drop_stale_locks(self) -> None:
        """Removes the lock files of a server that is certainly dead.

        PostgreSQL takes a zombie (nobody reaps one in many containers) or a stranger
        with the same pid for a living server. Backends that are still around are
        found by it all the same, through the shared memory of the data directory.
        """
        socket_lock = self._places.postgres_socket.with_name(".s.PGSQL.5432.lock")
        for lock in (self._pid_file, socket_lock):
            if not adopt(lock, name="postgres", folder=self._places.cluster_dir):
                lock.unlink(missing_ok=True)


def _cluster_failed(output: str) -> FordwayError:
    lines = [line for line in output.strip().splitlines() if "error" in line.lower()] or [output.strip()]
    if os.strerror(28) in output:  # 28 is ENOSPC on every Unix
        return TargetFull(
            "The disk is full: the embedded database can't be made",
            safe="Nothing was left behind",
            todo="Free about 50 MB, or set FORDWAY_DATA_DIR to another disk",
        )
    return CannotConnect(
        f"The embedded database can't be made: {lines[0]}",
        safe="Nothing was left behind",
        todo="Mend that, or set FORDWAY_TARGET_URL to a PostgreSQL server",
    )
