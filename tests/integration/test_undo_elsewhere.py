"""A target that a dump or a template carried into another database: an oid of the one means nothing there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from engine.stores.ledger import Ledger
from tests.fix_runs import Bench, make_source, query, value
from tests.fix_services import Servers

_ITEMS = """
create table item (id integer primary key, name text not null);
insert into item values (1, 'one'), (2, 'two'), (3, 'three');
create view short as select name from item;
"""


@pytest.fixture
def carried(
    bench: Bench, servers: Servers, source_pg_url: str, tmp_path: Path
) -> Iterator[tuple[Bench, str]]:
    """A finished run in a copy of its target, with the tables' oids."""
    run_id = bench.copy(make_source(tmp_path / "s.db", _ITEMS))
    bench.ledger.close()
    names = [str(conninfo_to_dict(url)["dbname"]) for url in (source_pg_url, bench.target_url)]
    with psycopg.connect(servers.admin_url, autocommit=True) as admin:
        admin.execute(SQL("drop database {}").format(Identifier(names[0])))
        admin.execute(SQL("create database {} template {}").format(*map(Identifier, names)))
    ledger = Ledger(source_pg_url, purpose="test")
    yield Bench(source_pg_url, bench.redis_url, ledger), run_id
    ledger.close()


def test_undo_in_another_database_does_not_say_gone_of_a_table_that_stands(
    carried: tuple[Bench, str],
) -> None:
    """A restored table has another oid and other transactions; its rows are there, and told as left."""
    bench, run_id = carried
    query(bench.target_url, "drop view short; create table again (like item including all)")
    query(bench.target_url, "insert into again select id, name from item")
    query(bench.target_url, "drop table item; alter table again rename to item")

    bench.undo(run_id)

    told = value(bench.target_url, "select body from fordway.event where kind = 'table_undone'")
    assert 3 == value(bench.target_url, "select count(*) from item")
    assert (0, 3, False) == (told["removed"], told["kept"], told["dropped"])
    assert "removed by someone else" not in told["note"]


def test_undo_in_another_database_leaves_what_has_the_oid_of_the_runs_table(
    carried: tuple[Bench, str],
) -> None:
    """Whose object has a number there by chance is nobody's to take."""
    bench, run_id = carried
    query(bench.target_url, "drop view short; alter table item rename to theirs")

    state = bench.undo(run_id)

    assert ("paused", 3) == (state, value(bench.target_url, "select count(*) from theirs"))


def test_undo_in_another_cluster_takes_no_row_for_a_transaction_of_the_same_number(
    bench: Bench, tmp_path: Path
) -> None:
    """A restored table was written whole by one transaction, others' rows too, and its number may be the run's."""
    query(bench.target_url, "create table item (id integer primary key, name text not null)")
    run_id = bench.copy(make_source(tmp_path / "s.db", _ITEMS))
    query(bench.target_url, "update fordway.object_identity set origin = '1' || origin")

    bench.undo(run_id)

    told = value(bench.target_url, "select body from fordway.event where kind = 'table_undone'")
    assert 3 == value(bench.target_url, "select count(*) from item")
    assert (0, 3) == (told["removed"], told["kept"])
