"""The second look at a target names who keeps writers off a table, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from engine.recovering.look_again import look_at_target
from engine.stores.ledger import Ledger
from engine.stores.target_session import TargetSession
from tests.fix_held import ITEM, items
from tests.fix_runs import Bench, query
from tests.fix_services import Servers, _fresh_database


@pytest.fixture
def clones(servers: Servers, source_pg_url: str) -> Iterator[tuple[str, str]]:
    """URLs of two databases whose tables have the same object ids, as copies of a template do."""
    query(source_pg_url, ITEM)
    template = urlsplit(source_pg_url).path.lstrip("/")
    with (
        _fresh_database(servers.admin_url, "clone", template=template) as one,
        _fresh_database(servers.admin_url, "clone", template=template) as other,
    ):
        yield one, other


def test_session_that_locks_the_table_of_a_cloned_database_is_not_named(
    clones: tuple[str, str], redis_url: str, tmp_path: Path
) -> None:
    """Object ids are a database's own: the clone's table has the same one, and its lock keeps nobody off ours."""
    url, other_url = clones
    with (
        closing(Ledger(url, purpose="test")) as ledger,
        closing(TargetSession(url, purpose="test")) as target,
    ):
        ledger.migrate()
        run = Bench(url, redis_url, ledger).planned(items(tmp_path))

        def look() -> tuple[str, ...]:
            return look_at_target(run.plan, 0, run_id=run.run_id, target=target, ledger=ledger)

        with psycopg.connect(other_url) as stranger:
            stranger.execute("lock table item in exclusive mode")
            assert () == look()
        with psycopg.connect(url, application_name="nightly") as neighbour:
            neighbour.execute("lock table public.item in exclusive mode")
            (told,) = look()
            process = neighbour.info.backend_pid

    assert told.startswith(f"nightly (process {process}) holds item for ")
    assert told.endswith("(ExclusiveLock)")
