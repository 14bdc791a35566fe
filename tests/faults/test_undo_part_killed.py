"""kill -9 in the middle of a phase's undo: whoever takes the run up goes on with that, and moves nothing before."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.fix_runs import Bench, CommandLine, chunk_rows, make_source, query, schema_of, value

pytestmark = [pytest.mark.faults]

_SHOP = """
create table customer (id integer primary key autoincrement, name text not null);
create table sale (id integer primary key, customer_id integer not null references customer (id), amount integer);
create table line (sale_id integer not null references sale (id), place integer not null, primary key (sale_id, place));
with recursive n (i) as (select 1 union all select i + 1 from n where i < 40)
insert into customer select i, 'name ' || i from n;
insert into sale select id, 1 + id % 40, id from customer;
insert into line select id, 1 from sale;
"""
_WAITS = """
select count(*) from pg_stat_activity
where application_name = 'fordway undo' and wait_event_type = 'Lock' and datname = current_database()
"""
_ROWS = "select sale.id, sale.customer_id, amount, place from sale join line on sale_id = sale.id order by 1"


@pytest.mark.parametrize(
    ("lock", "gone"),
    [("select 1 from public.customer where id = 3 for update", ["line"]),
     ("select 1 from fordway.chunk where table_number = 2 for update", ["line", "sale"])],
    ids=["between two tables", "before it is forgotten"],
)  # fmt: skip
def test_phase_undo_killed_in_the_middle_goes_on_at_resume_and_moves_again_at_the_next(
    lock: str,
    gone: list[str],
    bench: Bench,
    fordway: CommandLine,
    tmp_path: Path,
    target_url: str,
    eventually: Callable[..., None],
) -> None:
    """Resumed, the phase is gone and the run rests; resumed again, all is as if nothing had happened."""
    source = make_source(tmp_path / "s.db", _SHOP)
    run_id = bench.copy(source)
    calm = (query(target_url, _ROWS), schema_of(target_url), chunk_rows(target_url, run_id))
    name = value(target_url, "select current_database()")
    with psycopg.connect(target_url) as keeper:
        keeper.execute(lock)  # type: ignore[call-overload]  # a test's own text
        process = fordway.start("undo", run_id, "--phase", "2", "--confirm", name)
        eventually(lambda: value(target_url, _WAITS) == 1, seconds=30)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert gone == [
        table for table in ("line", "sale") if value(target_url, "select to_regclass(%s)", [table]) is None
    ]
    assert "undoing" == str(bench.ledger.runs.read(run_id).state)

    assert "paused" == bench.work(run_id, {"source": str(source)})
    assert (
        "Phase 2 was taken back: 80 rows removed; resume moves it again"
        == bench.ledger.runs.read(run_id).reason
    )
    assert None is value(target_url, "select to_regclass('sale')")
    assert "complete" == bench.work(run_id, {"source": str(source)})

    assert calm == (query(target_url, _ROWS), schema_of(target_url), chunk_rows(target_url, run_id))
