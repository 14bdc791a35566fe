"""A database with a run in it, made once for the tests of a module and copied for each.

A module that has a fixture ``filled`` gets a copy of its database as ``target_url``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from engine.stores.ledger import Ledger
from tests.fix_faults import Met
from tests.fix_runs import Bench
from tests.fix_services import Servers, _fresh_database

__all__ = ["Filled", "Filling", "filling"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A run, and the database it is in."""

    database: str
    run_id: str
    sources: Mapping[str, str]

    def met(self, bench: Bench) -> Met:
        """The run in a test's own copy."""
        return Met(bench=bench, run_id=self.run_id, sources=self.sources)


Filling = Callable[[Callable[[Bench], Met]], AbstractContextManager[Filled]]
"""Called with what takes a run as far as the tests of a module want it."""


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
            yield Filled(database=urlsplit(url).path.lstrip("/"), run_id=met.run_id, sources=met.sources)

    return fill
