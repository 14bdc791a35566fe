"""Real PostgreSQL and Redis for the tests: one embedded pair a session, a fresh database a test.

``FORDWAY_TEST_TARGET_URL`` and ``FORDWAY_TEST_REDIS_URL`` name other servers instead.
A machine where the embedded ones can't run skips what needs them; with ``CI`` set it fails.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import hypothesis
import psutil
import psycopg
import pytest
import redis
from psycopg.sql import SQL, Identifier

from console.embedded import EmbeddedServices, acquire, forget
from console.embedded_places import places_for
from engine.model.errors import FordwayError
from engine.stores.ledger import Ledger

_SESSION = "FORDWAY_TEST_SESSION_DIR"
_KEPT = (
    _SESSION,
    "FORDWAY_TEST_TARGET_URL",
    "FORDWAY_TEST_REDIS_URL",
    "FORDWAY_TEST_SOAK",
    "FORDWAY_TEST_KILLS",
    "TEXTUAL_SNAPSHOT_TEMPDIR",  # the snapshot plugin tells its workers where the report is made
)
_MEMORY = Path("/dev/shm")
_ROOM_BYTES = 2_000_000_000
_SCRUBBED_PREFIXES = ("TEXTUAL_", "PG", "FORDWAY_")
_SCRUBBED_NAMES = ("NO_COLOR", "FORCE_COLOR", "REDIS_URL", "COLORTERM", "COLUMNS", "LINES")

hypothesis.settings.register_profile("fordway", deadline=None, derandomize=True, database=None)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=2000, database=None)
hypothesis.settings.load_profile("fordway")


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """Where the session's servers are."""

    admin_url: str
    """A database in which databases may be created and dropped."""
    redis_url: str
    """Any database number of the Redis."""
    embedded: EmbeddedServices | None
    """The hold on the embedded pair; None when both servers are others."""


def pytest_configure(config: pytest.Config) -> None:
    """Nothing of the developer's environment, home or settings reaches a test."""
    for name in list(os.environ):
        is_setting = name.startswith(_SCRUBBED_PREFIXES) or name.endswith("_DSN") or name in _SCRUBBED_NAMES
        if is_setting and name not in _KEPT:
            del os.environ[name]
    if not _is_worker(config):
        os.environ[_SESSION] = tempfile.mkdtemp(prefix="fordway-tests-")
    home = Path(os.environ[_SESSION]) / f"home-{_worker()}"
    home.mkdir(exist_ok=True)
    os.environ["HOME"] = str(home)
    os.environ["FORDWAY_EMBEDDED_FAST"] = "1"
    # Each of the hundreds of commands and runners that tests start would compile the whole program anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        os.environ[f"XDG_{kind}_HOME"] = str(home / kind.lower())


def pytest_unconfigure(config: pytest.Config) -> None:
    """The session's servers and files are gone; with xdist the controller sees to it, last."""
    if _is_worker(config) or _SESSION not in os.environ:
        return
    folder = Path(os.environ.pop(_SESSION))
    _end_runners_of(str(folder))
    forget(folder / "data")
    shutil.rmtree(folder, ignore_errors=True)
    for left in _MEMORY.glob(f"{folder.name}-gw*"):
        shutil.rmtree(left, ignore_errors=True)


def _end_runners_of(session: str) -> None:
    """No detached runner a test started outlives the session; some still wait for a dropped database."""
    for process in psutil.process_iter(["cmdline"]):
        if "console.runner_process" not in (process.info["cmdline"] or ()):
            continue
        with suppress(psutil.Error):
            if process.environ().get(_SESSION) == session:
                process.kill()


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The session's servers, shared by all xdist workers."""
    target, bus = os.environ.get("FORDWAY_TEST_TARGET_URL"), os.environ.get("FORDWAY_TEST_REDIS_URL")
    if target and bus:
        yield Servers(admin_url=target, redis_url=bus, embedded=None)
        return
    data_dir = Path(os.environ[_SESSION]) / "data"
    with _or_skip(), acquire(data_dir, postgres=not target, redis=not bus) as embedded:
        yield Servers(
            admin_url=target or str(embedded.target_url),
            redis_url=bus or str(embedded.redis_url),
            embedded=embedded,
        )


@pytest.fixture(scope="session")
def services(servers: Servers) -> EmbeddedServices:
    """The hold on the shared embedded services. Never kill these: other tests use them now."""
    if servers.embedded is None:
        pytest.skip("the servers of this session are not embedded ones")
    return servers.embedded


@pytest.fixture
def own_services(data_dir: Path) -> Iterator[EmbeddedServices]:
    """A pair of servers for one test alone, which may kill them."""
    with _or_skip(), acquire(data_dir) as embedded:
        yield embedded


@pytest.fixture(scope="session")
def tablespace(servers: Servers) -> str:
    """Where the databases of tests are: in memory where there is room, for hundreds of files a test are slow on disks."""
    if servers.embedded is None or not _has_memory():
        return "pg_default"
    folder = Path(f"{_MEMORY / Path(os.environ[_SESSION]).name}-{_worker()}")
    folder.mkdir(mode=0o700)
    account = places_for(Path(os.environ[_SESSION]) / "data").account
    if account:
        os.chown(folder, account.uid, account.gid)
    name = f"memory_{_worker()}"
    with psycopg.connect(servers.admin_url, autocommit=True) as admin:
        admin.execute(SQL("create tablespace {} location {}").format(Identifier(name), str(folder)))
    return name


def _has_memory() -> bool:
    return _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM_BYTES


@pytest.fixture(scope="session")
def with_ledger(servers: Servers, tablespace: str) -> Iterator[str]:
    """The name of a database with a ledger and nothing else, to be copied: that is quicker than to migrate each."""
    with _fresh_database(servers.admin_url, "ledger", tablespace=tablespace) as url:
        ledger = Ledger(url, purpose="test")
        ledger.migrate()
        ledger.close()
        yield urlsplit(url).path.lstrip("/")


@pytest.fixture
def target_url(servers: Servers, tablespace: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh database: an empty one, one with a ledger where the test works at a bench, or with a run."""
    template = "template0"
    if "filled" in request.fixturenames:
        template = request.getfixturevalue("filled").database
    elif "bench" in request.fixturenames:
        template = request.getfixturevalue("with_ledger")
    with _fresh_database(servers.admin_url, "target", template=template, tablespace=tablespace) as url:
        yield url


@pytest.fixture
def source_pg_url(servers: Servers, tablespace: str) -> Iterator[str]:
    """The URL of another fresh, empty database."""
    with _fresh_database(servers.admin_url, "source", tablespace=tablespace) as url:
        yield url


@pytest.fixture
def redis_url(servers: Servers) -> Iterator[str]:
    """The URL of an empty Redis database that no other worker uses."""
    number = 1 + int(_worker().removeprefix("gw"))
    url = f"{servers.redis_url.partition('?')[0]}?db={number}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data folder of the test's own; embedded services started for it are gone afterwards."""
    folder = tmp_path / "data"
    yield folder
    forget(folder)


@pytest.fixture
def eventually() -> Callable[..., None]:
    """Waits until a claim holds, and fails when it does not within its seconds."""

    def wait(claim: Callable[[], object], *, seconds: float = 10.0) -> None:
        deadline = time.monotonic() + seconds
        while not claim():
            assert time.monotonic() < deadline, f"still not so after {seconds} s"
            time.sleep(0.02)

    return wait


@contextmanager
def _fresh_database(
    admin_url: str, role: str, *, template: str = "template0", tablespace: str = "pg_default"
) -> Iterator[str]:
    name = f"test_{role}_{uuid4().hex[:12]}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(
            SQL("create database {} template {} tablespace {}").format(
                Identifier(name), Identifier(template), Identifier(tablespace)
            )
        )
    try:
        yield urlunsplit(urlsplit(admin_url)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(SQL("drop database if exists {} with (force)").format(Identifier(name)))


@contextmanager
def _or_skip() -> Iterator[None]:
    try:
        yield
    except FordwayError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(error))


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "gw0")
