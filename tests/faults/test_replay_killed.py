"""kill -9 of a replay: rows set aside are in the target with their counts, or still set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fix_faults import Met
from tests.fix_held import holding
from tests.fix_row_cases import CASES, ROWS, meet_case
from tests.fix_runs import Bench, CommandLine, kill_tree, query, value


@pytest.mark.faults
def test_replay_that_is_killed_before_its_commit_can_simply_be_done_again(
    bench: Bench, tmp_path: Path, fordway: CommandLine
) -> None:
    """Rows, counts and the quarantine are of one transaction; the run is complete all the while."""
    met = meet_case(CASES["R107"], bench, tmp_path, "", on_error="quarantine")
    assert ("complete", 3) == (met.state, len(met.held()))
    query(
        bench.target_url,
        "alter table item drop constraint positive;"
        "create function public.wait_there() returns trigger language plpgsql as"
        " $$ begin perform pg_advisory_xact_lock(4711); return new; end $$;"
        "create trigger wait_there before update on fordway.quarantine for each row"
        " execute function public.wait_there()",
    )
    with holding(bench.target_url) as hold:
        replay = fordway.start("quarantine", "replay", met.run_id, "--all")
        hold.wait()
        kill_tree(replay.pid)
        assert -9 == replay.wait(timeout=10)
    query(bench.target_url, "drop function public.wait_there() cascade")

    assert ("complete", (ROWS, ROWS - 3, 3, 0, 0)) == (met.state, met.counts()["item"])
    done = fordway.run("quarantine", "replay", met.run_id, "--all", "--json")
    assert (0, 3, 0) == (done.code, done.last["rows"], done.last["left"])
    assert ("complete", (ROWS, ROWS, 0, 0, 0)) == (met.state, met.counts()["item"])
    assert (True, []) == (met.balances(), met.differences())
    assert [] == query(bench.target_url, "select id from item group by id having count(*) > 1")


@pytest.mark.faults
def test_run_whose_replay_was_killed_before_it_was_compared_does_not_count_as_proven_until_it_is(
    bench: Bench, tmp_path: Path, fordway: CommandLine
) -> None:
    """Neither its gate nor the report speaks of proof for rows nobody compared; resume compares."""
    met = meet_case(CASES["R107"], bench, tmp_path, "", on_error="quarantine")
    query(bench.target_url, "alter table item drop constraint positive;" + _WAIT_WHEN_COMPARED)
    with holding(bench.target_url) as hold:
        replay = fordway.start("quarantine", "replay", met.run_id, "--all")
        hold.wait()
        kill_tree(replay.pid)
        assert -9 == replay.wait(timeout=10)
    query(bench.target_url, "drop function public.wait_there() cascade")

    assert ("complete", (ROWS, ROWS, 0, 0, 0)) == (met.state, met.counts()["item"])
    assert "PROVEN" not in _report(fordway, met, tmp_path)
    assert "open" == _gate(met)
    resumed = fordway.run("resume", met.run_id, "--json")
    assert (0, ["proven"]) == (resumed.code, [table["strength"] for table in resumed.last["tables"]])
    assert ("complete", "passed") == (met.state, _gate(met))
    assert "PROVEN" in _report(fordway, met, tmp_path)


_WAIT_WHEN_COMPARED = """
create function public.wait_there() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(4711); return new; end $$;
create trigger wait_there before insert on fordway.event for each row
    when (new.kind = 'table_verified') execute function public.wait_there()
"""
"""The journal waits before it says that a table was compared: by then the replay is committed."""


def _report(fordway: CommandLine, met: Met, folder: Path) -> str:
    done = fordway.run("report", met.run_id, "--out", folder, "--json")
    return Path(done.last["markdown"]).read_text("utf-8")


def _gate(met: Met) -> str:
    return str(value(met.bench.target_url, "select state from fordway.gate where gate = 'verified item'"))
