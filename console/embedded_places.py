"""Where the embedded services keep their files, and who owns them.

An ordinary user's services live under ``<data_dir>/services``. PostgreSQL refuses
to run as root, and root's home is closed to every other account: root's services
live under ``/var/lib/fordway`` instead, the cluster owned by an account without
privileges. Nothing that Fordway did not create ever changes its owner or mode.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from engine.model.errors import FordwayError, NotAllowed, TargetFull

__all__ = ["Account", "EmbeddedPlaces", "make_folder", "places_for"]

_SYSTEM_LIBRARY = Path("/var/lib")
_ACCOUNTS = ("fordway", "postgres", "nobody")
_LONGEST_SOCKET_BYTES = 90
"""Unix socket paths end at 104 bytes (macOS) or 108 (Linux); PostgreSQL writes a
``.lock`` file beside its socket. Longer paths go to a short folder under /tmp."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The system account PostgreSQL runs as when Fordway itself runs as root."""

    name: str
    """Login name."""
    uid: int
    """Numeric user id."""
    gid: int
    """Numeric id of its own group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedPlaces:
    """Every file and folder of one data folder's embedded services."""

    data_dir: Path
    """The user's data folder these places belong to, absolute."""
    state_dir: Path
    """Folder of everything below but the sockets, which may be elsewhere."""
    socket_dir: Path
    """Folder of PostgreSQL's socket, mode 0700, owned by the account that runs it."""
    account: Account | None
    """Who runs PostgreSQL; None means the current user."""

    @property
    def home(self) -> Path:
        """Folder above the state folder, shared by the services of several data folders as root."""
        return self.state_dir.parent

    @property
    def cluster_dir(self) -> Path:
        """PostgreSQL's data directory."""
        return self.state_dir / "postgresql"

    @property
    def redis_dir(self) -> Path:
        """Redis' working folder: append-only file, configuration, pid."""
        return self.state_dir / "redis"

    @property
    def postgres_socket(self) -> Path:
        """The socket PostgreSQL makes for its default port 5432."""
        return self.socket_dir / ".s.PGSQL.5432"

    @property
    def redis_socket(self) -> Path:
        """The socket Redis listens on."""
        folder = self.redis_dir if self.account else self.socket_dir
        return folder / "redis.sock"

    @property
    def holders_lock(self) -> Path:
        """Locked shared by everyone who needs the services, exclusively by a keeper that ends."""
        return self.state_dir / "holders.lock"

    @property
    def keeper_lock(self) -> Path:
        """Locked exclusively by the one keeper for its whole life."""
        return self.state_dir / "keeper.lock"

    @property
    def services_file(self) -> Path:
        """What runs now, as JSON; written by the keeper only."""
        return self.state_dir / "services.json"

    @property
    def failure_file(self) -> Path:
        """Why the last keeper gave up, as JSON."""
        return self.state_dir / "failure.json"

    @property
    def target_url(self) -> str:
        """The URL of the embedded database; it has no password to hide."""
        return f"postgresql://fordway@/fordway?host={quote(str(self.socket_dir))}&port=5432"

    @property
    def redis_url(self) -> str:
        """The URL of the embedded Redis."""
        return f"unix://{quote(str(self.redis_socket))}?db=0"

    def wanted_file(self, service: str) -> Path:
        """The marker by which a holder asks the keeper for a service."""
        return self.state_dir / f"wanted-{service}"

    def log_file(self, service: str) -> Path:
        """Where a service writes what it has to say."""
        return self.state_dir / f"{service}.log"


def places_for(data_dir: Path) -> EmbeddedPlaces:
    """The places of a data folder's services; the state folder exists, the servers' folders may not.

    Args:
        data_dir: the user's data folder; created when missing.

    Raises:
        NotAllowed: a folder belongs to someone else, or can't be made.
        TargetFull: the disk is full.
    """
    folder = data_dir.expanduser().absolute()
    if os.geteuid() == 0:
        return _root_places(folder)
    _make_parents(folder)
    state_dir = folder / "services"
    make_folder(state_dir, mode=0o700)
    socket_dir = state_dir / "sockets"
    if len(os.fsencode(socket_dir / ".s.PGSQL.5432")) >= _LONGEST_SOCKET_BYTES:
        socket_dir = Path(tempfile.gettempdir()) / f"fordway-{os.geteuid()}-{_digest(folder)}"
        if len(os.fsencode(socket_dir)) >= _LONGEST_SOCKET_BYTES:
            socket_dir = Path("/tmp") / socket_dir.name  # noqa: S108 - 0700, and its owner is checked
    return EmbeddedPlaces(data_dir=folder, state_dir=state_dir, socket_dir=socket_dir, account=None)


def make_folder(folder: Path, *, mode: int, account: Account | None = None) -> None:
    """The folder exists, is no link, and belongs to the account (or the current user).

    Mode and owner are set on a folder made here, and only then.

    Raises:
        NotAllowed: it belongs to someone else, is no folder, or can't be made.
        TargetFull: the disk is full.
    """
    owner = account.uid if account else os.geteuid()
    try:
        folder.mkdir(mode=mode)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
            raise NotAllowed(
                f"The folder {folder} is not Fordway's own",
                safe="Nothing in it was touched",
                todo="Remove it, or set FORDWAY_DATA_DIR to another folder",
            ) from None
        return
    except OSError as error:
        raise _cannot_make(folder, error) from error
    # The process's umask may have taken bits away; the account may be another.
    folder.chmod(mode)
    if account:
        os.chown(folder, account.uid, account.gid)


def _root_places(folder: Path) -> EmbeddedPlaces:
    account = _account()
    home = _SYSTEM_LIBRARY / "fordway"
    if not home.is_dir() and not os.access(_SYSTEM_LIBRARY, os.W_OK):
        home = Path(tempfile.gettempdir()).resolve() / "fordway-0"
    make_folder(home, mode=0o755)
    state_dir = home / _digest(folder)
    make_folder(state_dir, mode=0o755)
    socket_dir = state_dir / "sockets"
    return EmbeddedPlaces(data_dir=folder, state_dir=state_dir, socket_dir=socket_dir, account=account)


def _account() -> Account:
    for name in _ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
    raise NotAllowed(
        "PostgreSQL can't run as root, and this machine has no account fordway, postgres or nobody",
        safe="Nothing was started",
        todo="Create the account `fordway`, run as an ordinary user, or set FORDWAY_TARGET_URL",
    )


def _make_parents(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_make(folder, error) from error


def _cannot_make(folder: Path, error: OSError) -> FordwayError:
    kind = TargetFull if error.errno == 28 else NotAllowed  # 28 is ENOSPC on every Unix
    return kind(
        f"The folder {folder} can't be made: {error.strerror}",
        safe="Nothing was changed",
        todo="Mend that, or set FORDWAY_DATA_DIR to a folder you may write",
    )


def _digest(folder: Path) -> str:
    # 64 bits: two data folders of one machine never meet.
    return hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
