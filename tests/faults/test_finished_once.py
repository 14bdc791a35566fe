"""A run says once that it is finished, whenever its last moment is cut short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.fix_held import IN_THIS_DATABASE
from tests.fix_runs import CommandLine, kill_tree, latest_run, make_source, query, value

pytestmark = pytest.mark.faults

_SMALL = (
    "create table item (id integer primary key, name text); insert into item values (1, 'one'), (2, 'two');"
)
_STOP_AT_THE_END = """
create function public.wait_at_the_end() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(4711); return new; end $$;
create trigger wait_at_the_end before update on fordway.run
    for each row when (new.state = 'complete') execute function public.wait_at_the_end();
"""
_WAITERS = (
    f"from pg_locks where locktype = 'advisory' and objid = 4711 and not granted and {IN_THIS_DATABASE}"
)
_WAITS = f"select count(*) {_WAITERS}"
_CUT = f"select count(pg_terminate_backend(pid)) {_WAITERS}"


@pytest.mark.parametrize("is_killed", [True, False], ids=["runner killed", "connection cut"])
def test_run_whose_last_transaction_is_cut_short_says_once_that_it_is_finished(
    is_killed: bool,
    fordway: CommandLine,
    target_url: str,
    tmp_path: Path,
    eventually: Callable[..., None],
) -> None:
    """The run's end and its state are one transaction, so that no resume tells of a second end."""
    source = make_source(tmp_path / "s.db", _SMALL)
    assert 0 == fordway.run("status").code  # makes the ledger
    query(target_url, _STOP_AT_THE_END)
    with psycopg.connect(target_url, autocommit=True) as keeper:
        keeper.execute("select pg_advisory_lock(4711)")
        process = fordway.start("copy", source, target_url, "--json")
        eventually(lambda: value(target_url, _WAITS) == 1, seconds=30)
        if is_killed:
            kill_tree(process.pid)
            process.wait(timeout=10)
        else:
            assert 1 == value(target_url, _CUT)
            eventually(lambda: value(target_url, _WAITS) == 1, seconds=30)

    done = fordway.run("resume", latest_run(target_url), "--json") if is_killed else fordway.finish(process)

    assert (0, "complete") == (done.code, done.last["state"])
    kinds = "select count(*) from fordway.event where kind = 'run_finished'"
    assert 1 == value(target_url, kinds)
    ended = "select count(*) from fordway.event where kind = 'state_changed' and body->>'state' = 'complete'"
    assert 1 == value(target_url, ended)
