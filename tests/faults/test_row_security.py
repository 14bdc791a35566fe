"""Rows that a policy of the target does not let this role write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from engine.stores.ledger import Ledger
from tests.fix_faults import meet
from tests.fix_runs import Bench, make_source, query, value

_ITEMS = """
create table item (id integer primary key, owner text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 200)
insert into item select i, case when i in (60, 70, 71) then 'them' else 'us' end from n;
"""
_TARGET = """
create table item (id bigint primary key, owner text);
alter table item enable row level security;
create policy ours on item using (true) with check (owner = 'us');
"""


@contextmanager
def _as_writer(target_url: str, redis_url: str) -> Iterator[Bench]:
    """The engine as a role that policies hold for: neither a superuser nor the table's owner."""
    parts = urlsplit(target_url)
    role = f"writer_{value(target_url, 'select oid from pg_database where datname = current_database()')}"
    query(target_url, f'create role {role} login; grant create on database "{parts.path[1:]}" to {role}')
    query(target_url, f"grant usage, create on schema public to {role}; grant all on item to {role}")
    url = urlunsplit(parts._replace(netloc=f"{role}@{parts.netloc.rpartition('@')[2]}"))
    ledger = Ledger(url, purpose="test")
    ledger.migrate()
    try:
        yield Bench(url, redis_url, ledger)
    finally:
        ledger.close()
        query(target_url, f"drop owned by {role} cascade; drop role {role}")


@pytest.mark.fault("R119")
def test_rows_that_row_security_refuses_are_set_aside_and_replayed_once_the_policy_lets_them_in(
    tmp_path: Path, target_url: str, redis_url: str
) -> None:
    """All of them are known, exactly; the others are written by the role that moves them."""
    source = make_source(tmp_path / "s.db", _ITEMS)
    query(target_url, _TARGET)
    with _as_writer(target_url, redis_url) as writer:
        met = meet(writer, {"old": source}, [{"from": "item", "batch_rows": 50}])

        assert ("waiting", "R119", 3) == (met.state, met.decision.fault, met.diagnosis.offending)
        assert ["60", "70", "71"] == [row.key for row in met.diagnosis.groups[0].examples]
        foretold = met.option("quarantine").effect
        stored = met.choose("quarantine")

        assert ("complete", (200, 197, 3, 0, 0)) == (met.state, met.counts()["item"])
        assert foretold is not None
        assert (47, 3) == (foretold.written, foretold.set_aside)
        assert (47, 3) == tuple(stored.outcome["actual"][name] for name in ("written", "set_aside"))  # type: ignore[index]  # it was done
        query(target_url, "alter policy ours on item with check (true)")
        met.replay(met.held("quarantine_id"))

        assert ("complete", (200, 200, 0, 0, 0)) == (met.state, met.counts()["item"])
        assert (True, []) == (met.balances(), met.differences())
        assert [("them", 3), ("us", 197)] == query(
            target_url, "select owner, count(*) from item group by 1 order by 1"
        )
