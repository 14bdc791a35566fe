"""A database with a run in it, made once for many tests and copied for each.

A module that has a fixture ``filled`` gets a copy of its database as ``target_url``, and the run as ``filled_run``.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from engine.stores.ledger import Ledger
from tests.fix_faults import Met, meet
from tests.fix_merging import Tables
from tests.fix_runs import Bench, kill_tree, make_source, query
from tests.fix_services import Servers, _fresh_database

__all__ = ["Filled", "Filling", "filled_by", "filled_run", "filling"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A run, and the database it is in."""

    admin_url: str
    database: str
    tablespace: str
    run_id: str
    sources: Mapping[str, str]

    @contextmanager
    def copied(self) -> Iterator[str]:
        """The URL of a copy of the database."""
        with _fresh_database(
            self.admin_url, "copy", template=self.database, tablespace=self.tablespace
        ) as url:
            try:
                yield url
            finally:
                _end_runner(url)


def _end_runner(url: str) -> None:
    """Every copy's run has the same id: a runner that still waits would take the next one's messages."""
    for pid, host in query(url, "select pid, host from fordway.lease where expires_at > now()"):
        if host == socket.gethostname() and int(pid) != os.getpid():
            kill_tree(int(pid))


Filling = Callable[[Callable[[Bench], Met]], AbstractContextManager[Filled]]
"""Called with what takes a run as far as the tests want it."""


@pytest.fixture(scope="session")
def filling(servers: Servers, tablespace: str) -> Filling:
    """Databases to be copied."""

    @contextmanager
    def fill(work: Callable[[Bench], Met]) -> Iterator[Filled]:
        with _fresh_database(servers.admin_url, "filled", tablespace=tablespace) as url:
            ledger = Ledger(url, purpose="test")
            ledger.migrate()
            met = work(Bench(url, f"{servers.redis_url.partition('?')[0]}?db=9", ledger))
            ledger.close()
            yield Filled(
                admin_url=servers.admin_url,
                database=urlsplit(url).path.lstrip("/"),
                tablespace=tablespace,
                run_id=met.run_id,
                sources=met.sources,
            )

    return fill


def filled_by(
    script: str, tables: Tables, *, target: str, **settings: str
) -> Callable[..., Iterator[Filled]]:
    """A module's fixture ``filled``: a run of a SQLite file that went as far as it could.

    Args:
        script: SQL that makes the file.
        tables: as a playbook lists them.
        target: SQL that makes what the target holds before.
        settings: of the run.
    """

    @pytest.fixture(scope="module")
    def filled(filling: Filling, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
        source = make_source(tmp_path_factory.mktemp("source") / "s.db", script)
        with filling(lambda bench: meet(bench, {"old": source}, tables, target=target, **settings)) as found:
            yield found

    return filled


@pytest.fixture
def filled_run(filled: Filled, bench: Bench) -> Iterator[Met]:
    """The run in the test's own copy."""
    yield Met(bench=bench, run_id=filled.run_id, sources=filled.sources)
    _end_runner(bench.target_url)
