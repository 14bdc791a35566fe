"""The shipped playbook case-files at its question: made once, copied for each test."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from engine.playbooks import case_files_sample
from engine.playbooks.load import load_playbook
from engine.stores.ledger import Ledger
from tests.fix_faults import Met
from tests.fix_runs import Bench, kill_tree, query
from tests.fix_services import Servers, _fresh_database

__all__ = ["AtQuestion", "at_question"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AtQuestion:
    """A database in which a run waits with the question about batch 15."""

    admin_url: str
    url: str
    run_id: str
    sources: dict[str, str]

    @contextmanager
    def copied(self) -> Iterator[str]:
        """The URL of a copy of it."""
        name = f"test_asked_{uuid4().hex[:12]}"
        template = urlsplit(self.url).path.lstrip("/")
        with psycopg.connect(self.admin_url, autocommit=True) as admin:
            admin.execute(
                SQL("create database {} template {}").format(Identifier(name), Identifier(template))
            )
        url = urlunsplit(urlsplit(self.admin_url)._replace(path=f"/{name}"))
        try:
            yield url
        finally:
            _end_runner(url)
            with psycopg.connect(self.admin_url, autocommit=True) as admin:
                admin.execute(SQL("drop database if exists {} with (force)").format(Identifier(name)))


def _end_runner(url: str) -> None:
    """Every copy's run has the same id: a runner that still waits would take the next one's messages."""
    for pid, host in query(url, "select pid, host from fordway.lease where expires_at > now()"):
        if host == socket.gethostname():
            kill_tree(int(pid))


@pytest.fixture(scope="session")
def at_question(
    servers: Servers, tablespace: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[AtQuestion]:
    """Both legacy files, and a run that came as far as the 23 links whose cases are not there."""
    folder: Path = tmp_path_factory.mktemp("case_files")
    sources = {"legacy": str(folder / "legacy.db"), "archive": str(folder / "archive.db")}
    case_files_sample.make_sqlite(Path(sources["legacy"]))
    case_files_sample.make_archive_sqlite(Path(sources["archive"]))
    playbook = load_playbook("case-files", environment={}).model_copy(update={"sources": sources})
    with _fresh_database(servers.admin_url, "question", tablespace=tablespace) as url:
        ledger = Ledger(url, purpose="test")
        ledger.migrate()
        bench = Bench(url, f"{servers.redis_url.partition('?')[0]}?db=9", ledger)
        met = Met(bench=bench, run_id=bench.new_run(playbook), sources=sources)
        met.go_on()
        assert ("waiting", "R111") == (met.state, met.decision.fault)
        ledger.close()
        yield AtQuestion(admin_url=servers.admin_url, url=url, run_id=met.run_id, sources=sources)
