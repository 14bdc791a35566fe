"""Finds or starts the embedded PostgreSQL and Redis; they end with their last holder.

A holder keeps a shared lock on ``holders.lock`` for its life, so that the kernel
drops it even when the holder is killed. One detached keeper a data folder starts
and watches the servers and ends once nobody holds that lock (`console.keeper`).
The keeper's own lock is taken by the holder that starts it and inherited by it:
two holders that start at once end with one keeper.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from console.embedded_failures import failure_told, never_came, still_busy
from console.embedded_places import EmbeddedPlaces, places_for
from console.embedded_probe import postgres_says, redis_answers

__all__ = ["EmbeddedServices", "ServicePids", "acquire", "forget"]

_DEADLINE_SECONDS = 60.0
"""A cold start takes 1-2 s, crash recovery of a large cluster some ten; a minute means trouble."""
_LOOK_SECONDS = 0.02
_MOST_KEEPERS = 3
"""Keepers started within one wait; more would only repeat the same failure."""
_KEEPER_ENVIRONMENT = frozenset(
    {"PATH", "HOME", "TMPDIR", "LANG", "PYTHONPATH", "LD_LIBRARY_PATH", "FORDWAY_EMBEDDED_FAST"}
)
"""All a keeper inherits; a password in some other variable does not outlive its process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePids:
    """Process ids as the keeper last published them; None means not running."""

    keeper: int | None
    """The keeper's own."""
    postgres: int | None
    """PostgreSQL's parent process."""
    redis: int | None
    """The Redis server."""


class EmbeddedServices:
    """A hold on running services: they stay up until the last hold is gone."""

    def __init__(self, places: EmbeddedPlaces, lock: int, *, postgres: bool, redis: bool) -> None:
        """Takes over an open, locked descriptor; `acquire` is the way to get one.

        Args:
            places: whose services.
            lock: descriptor that holds ``holders.lock`` shared.
            postgres: whether the holder needs PostgreSQL.
            redis: whether the holder needs Redis.
        """
        self._places = places
        self._lock: int | None = lock
        self.target_url = places.target_url if postgres else None
        """URL of the embedded database; None when PostgreSQL was not asked for."""
        self.redis_url = places.redis_url if redis else None
        """URL of the embedded Redis; None when it was not asked for."""
        # A forked child shares the lock: it would keep the services up after its parent.
        os.register_at_fork(after_in_child=self._let_go)

    @property
    def state_dir(self) -> Path:
        """Folder of the services' data, locks and logs."""
        return self._places.state_dir

    def pids(self) -> ServicePids:
        """The processes behind the services right now."""
        services = _read(self._places.services_file)
        return ServicePids(
            keeper=_number(services.get("keeper_pid")),
            postgres=_number(_entry(services, "postgres").get("pid")),
            redis=_number(_entry(services, "redis").get("pid")),
        )

    def renew(self, on_progress: Callable[[str], None] = lambda _: None) -> None:
        """The services answer again, with a new keeper should the old one have been killed.

        Raises:
            FordwayError: they don't come up; the sentence says why.
        """
        _wait_for_services(self._places, _needs(self), on_progress)

    def release(self) -> None:
        """This hold is gone; without another the services end within seconds. Twice is once."""
        if self._lock is None:
            return
        self._let_go()
        # A keeper that was killed stops nothing: a new one finds its servers and ends them.
        if self._places.services_file.exists():
            _start_keeper(self._places)

    def _let_go(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def acquire(
    data_dir: Path,
    *,
    postgres: bool = True,
    redis: bool = True,
    on_progress: Callable[[str], None] = lambda _: None,
) -> EmbeddedServices:
    """The services asked for answer, and stay up until the result is released.

    Args:
        data_dir: the user's data folder; created when missing.
        postgres: whether PostgreSQL is needed.
        redis: whether Redis is needed.
        on_progress: told what is going on, in plain words, when it takes time.

    Raises:
        CannotConnect: a server is missing on this machine or does not start.
        NotAllowed: a folder belongs to someone else.
        TargetFull: the disk is full.
        ServerBusy: services that are just ending did not end in time.
    """
    places = places_for(data_dir)
    lock = _hold(places)
    services = EmbeddedServices(places, lock, postgres=postgres, redis=redis)
    try:
        services.renew(on_progress)
    except BaseException:
        services.release()
        raise
    return services


def forget(data_dir: Path) -> None:
    """The services have ended and everything they kept for the data folder is gone.

    Raises:
        ServerBusy: someone still uses them.
    """
    places = places_for(data_dir)
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while (keeper_lock := _keeper_claim(places)) is None or places.services_file.exists():
        if keeper_lock is not None:
            os.close(keeper_lock)
            _start_keeper(places)
        if time.monotonic() > deadline:
            raise still_busy(places)
        time.sleep(_LOOK_SECONDS)
    for folder in (places.socket_dir, places.state_dir):
        shutil.rmtree(folder, ignore_errors=True)
    os.close(keeper_lock)


def _hold(places: EmbeddedPlaces) -> int:
    """A descriptor that holds the holders' lock; waits while a keeper is ending."""
    lock = os.open(places.holders_lock, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return lock
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(lock)
                raise still_busy(places) from None
        time.sleep(_LOOK_SECONDS)


def _wait_for_services(
    places: EmbeddedPlaces, needs: frozenset[str], on_progress: Callable[[str], None]
) -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    failure_before = _read(places.failure_file).get("id")
    keepers, told = 0, ""
    while True:
        for service in needs:
            places.wanted_file(service).touch(mode=0o600)
        if _start_keeper(places):
            keepers += 1
        services = _read(places.services_file)
        if all(service in services and _answers(places, service) for service in needs):
            return
        failure = _read(places.failure_file)
        if failure and failure.get("id") != failure_before:
            raise failure_told(failure)
        progress = str(services.get("progress", ""))
        if progress and progress != told:
            on_progress(progress)
            told = progress
        if keepers > _MOST_KEEPERS or time.monotonic() > deadline:
            raise never_came(places)
        time.sleep(_LOOK_SECONDS)


def _start_keeper(places: EmbeddedPlaces) -> bool:
    """Whether there was no keeper, and so one was started."""
    lock = _keeper_claim(places)
    if lock is None:
        return False
    try:
        # What a killed keeper last wrote is hearsay until the new one has looked.
        places.services_file.unlink(missing_ok=True)
        environment = {name: os.environ[name] for name in _KEEPER_ENVIRONMENT if name in os.environ}
        command = [sys.executable, "-P", "-m", "console.keeper"]
        command += ["--data-dir", str(places.data_dir), "--lock-fd", str(lock)]
        places.log_file("keeper").touch(mode=0o600)
        with places.log_file("keeper").open("ab") as log:
            # The command ends as soon as the keeper proper has left this process tree.
            subprocess.run(
                command,
                env=environment,
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(lock,),
                start_new_session=True,
                check=False,
            )
    finally:
        os.close(lock)
    return True


def _keeper_claim(places: EmbeddedPlaces) -> int | None:
    """A descriptor that holds the keeper's lock, or None while a keeper lives."""
    lock = os.open(places.keeper_lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _needs(services: EmbeddedServices) -> frozenset[str]:
    urls = {"postgres": services.target_url, "redis": services.redis_url}
    return frozenset(service for service, url in urls.items() if url)


def _answers(places: EmbeddedPlaces, service: str) -> bool:
    if service == "redis":
        return redis_answers(places.redis_socket)
    return not postgres_says(places.postgres_socket, database="fordway")


def _read(path: Path) -> dict[str, object]:
    try:
        value = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _entry(services: dict[str, object], name: str) -> dict[str, object]:
    value = services.get(name)
    return value if isinstance(value, dict) else {}


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
