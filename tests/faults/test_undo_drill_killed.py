"""kill -9 in the middle of a rehearsal of the undo: whoever comes next clears up, and the run is as it was."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.fix_runs import Bench, CommandLine, make_source, query, schema_of, value

pytestmark = [pytest.mark.faults]

_SOURCE = """
create table item (id integer primary key autoincrement, name text not null);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 40)
insert into item select i, 'name ' || i from n;
"""
_TARGET = """
create table item (id bigserial primary key, name text not null);
insert into item select 1000 + n, 'there before ' || n from generate_series(1, 5) as n;
"""
_WAITS = """
select count(*) from pg_stat_activity
where application_name = 'fordway undo drill' and wait_event_type = 'Lock' and datname = current_database()
"""
_RUNS = "select count(*) from fordway.run"


@pytest.mark.parametrize("next_", ["resume", "another drill"])
def test_drill_killed_in_the_middle_leaves_nothing_once_anybody_goes_on(
    next_: str,
    bench: Bench,
    fordway: CommandLine,
    tmp_path: Path,
    target_url: str,
    eventually: Callable[..., None],
) -> None:
    """The scratch copy and its run are gone with the next runner, or the next rehearsal."""
    query(target_url, _TARGET)
    source = make_source(tmp_path / "s.db", _SOURCE)
    run_id = bench.copy(source, assume_yes=False)
    before = (schema_of(target_url), query(target_url, "select * from item order by id"))
    with psycopg.connect(target_url) as keeper:
        keeper.execute("lock table fordway.chunk in share mode")
        process = fordway.start("undo", run_id, "--rehearse")
        eventually(lambda: value(target_url, _WAITS) == 1, seconds=30)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert 5 == value(target_url, f"select count(*) from fordway_drill_{run_id}.item")
    assert [run_id] == bench.ledger.runs.find("")

    if next_ == "resume":
        assert "waiting" == bench.work(run_id, {"source": str(source)})
    else:
        done = fordway.run("undo", run_id, "--rehearse", "--json")
        assert (0, 40) == (done.code, done.last["moved"]), done.err

    assert 1 == value(target_url, _RUNS)
    assert before == (schema_of(target_url), query(target_url, "select * from item order by id"))
