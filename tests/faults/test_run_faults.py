"""Faults of runs, caused for real: processes that die, comparisons that find something, ends that do not come."""

from __future__ import annotations

import signal
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from engine.agents import data_mapping
from tests.fix_faults import Met, meet
from tests.fix_held import ITEM, ITEMS, count, held_run, holding, items, trigger
from tests.fix_runs import (
    Bench,
    CommandLine,
    by_batches,
    kill_tree,
    latest_run,
    query,
    value,
    worker_processes,
)

_HELD = ITEM + trigger()


def _ends_well(met: Met) -> None:
    assert ("complete", True) == (met.state, met.balances())
    assert (200, 200, 0, 0, 0) == met.counts()["item"]
    assert 200 == count(met.bench)


def _told(url: str, kind: str, field: str) -> list[Any]:
    rows = query(url, "select body ->> %s from fordway.event where kind = %s order by number", [field, kind])
    return [found for (found,) in rows]


# --- processes ----------------------------------------------------------------------------------


@pytest.mark.fault("R401")
def test_runner_killed_in_the_middle_of_a_batch_is_followed_by_one_that_says_so(
    fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """What it had committed stands, what it had open is moved by the next one."""
    query(target_url, _HELD)
    with holding(target_url) as hold:
        process = fordway.start(*by_batches(items(tmp_path), target_url, rows=50, folder=tmp_path), "--json")
        hold.wait()
        kill_tree(process.pid)
        process.wait(timeout=10)
    assert 50 == value(target_url, "select count(*) from item")

    done = fordway.run("resume", latest_run(target_url), "--json")

    assert (0, "complete") == (done.code, done.last["state"]), done.err
    told = done.events("fault_told")
    assert ["R401"] == [event["code"] for event in told]
    assert f"process {process.pid} on" in told[0]["what"]
    assert 200 == value(target_url, "select count(*) from item")


@pytest.mark.fault("R402")
def test_worker_killed_in_the_middle_of_its_batch_costs_one_try(
    fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """The batch rolled back, and another worker moves it."""
    query(target_url, _HELD)
    with holding(target_url) as hold:
        arguments = by_batches(items(tmp_path), target_url, rows=50, folder=tmp_path)
        process = fordway.start(*arguments, "--json", "--workers", "2")
        hold.wait()
        for worker in worker_processes(process.pid):
            # The pool ends the others itself as soon as one is gone.
            with suppress(psutil.NoSuchProcess):
                worker.send_signal(signal.SIGKILL)
    done = fordway.finish(process)

    assert (0, "complete") == (done.code, done.last["state"]), done.err
    assert {"R402"} == {event["fault"] for event in done.events("chunk_retried")}
    assert 200 == value(target_url, "select count(*) from item")


@pytest.mark.fault("R408")
def test_fault_of_our_own_is_asked_about_without_a_row_s_value_and_gone_on_from(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An agent fails in a way nobody foresaw: no traceback, no dead run."""
    task = data_mapping.TASKS["prepare-mapping"]

    def fail(*_: object) -> dict[str, Any]:
        raise ZeroDivisionError("a row's secret")

    monkeypatch.setitem(data_mapping.TASKS, "prepare-mapping", replace(task, handler=fail))
    met = meet(bench, {"old": items(tmp_path)}, ITEMS)

    assert ("waiting", "R408") == (met.state, met.decision.fault)
    assert "ZeroDivisionError" in met.decision.headline
    assert "secret" not in met.decision.situation
    monkeypatch.setitem(data_mapping.TASKS, "prepare-mapping", task)
    met.choose("retry")
    _ends_well(met)


# --- what is compared ---------------------------------------------------------------------------


@pytest.mark.fault("R405")
def test_row_changed_in_the_target_is_found_by_the_comparison_and_asked_about(
    bench: Bench, tmp_path: Path
) -> None:
    """Somebody wrote into a moved row: the run is not called complete, and nothing is hidden."""
    met = held_run(
        bench,
        {"old": items(tmp_path)},
        ITEMS,
        target=ITEM + trigger(row=160),
        sabotage=lambda _: _do(bench, "update item set name = 'changed' where id = 7"),
    )

    assert ("waiting", "R405") == (met.state, met.decision.fault)
    assert met.option("retry").is_recommended
    assert any("7" in detail for _, _, detail in met.differences()), met.differences()
    met.choose("retry")
    assert ("waiting", "R405", True) == (met.state, met.decision.fault, met.option("pause").is_recommended)
    kept = met.option("stop").effect
    met.choose("stop")
    assert kept is not None
    assert ("stopped", kept.written) == (met.state, count(bench))


def _do(bench: Bench, change: str) -> None:
    assert [] == query(bench.target_url, change)


@pytest.mark.fault("R406")
def test_check_of_the_playbook_that_does_not_hold_keeps_the_run_from_its_end(
    bench: Bench, tmp_path: Path
) -> None:
    """Once what it names was put right, checking again is enough."""
    query(bench.target_url, "create table region (name text)")
    met = meet(
        bench,
        {"old": items(tmp_path)},
        ITEMS,
        checks=[{"name": "regions are there", "sql": "select count(*) from region", "expect": 1}],
    )

    assert ("waiting", "R406") == (met.state, met.decision.fault)
    assert "regions are there" in met.decision.headline
    _do(bench, "insert into region values ('North')")
    met.choose("retry")
    _ends_well(met)


# --- ends ---------------------------------------------------------------------------------------


@pytest.mark.fault("R407")
def test_undo_that_can_not_tell_its_rows_from_others_says_so_and_touches_none(
    bench: Bench, tmp_path: Path
) -> None:
    """Somebody dropped the key by which overwritten rows would be put back: the run is not called undone."""
    tables = [{**ITEMS[0], "on_conflict": "keep_source"}]
    target = ITEM + "insert into item values (1, 'old'), (900, 'of others');"
    met = meet(bench, {"old": items(tmp_path)}, tables, target=target)
    _do(bench, "alter table item drop column id")

    assert "paused" == bench.undo(met.run_id)

    assert ["R407"] == met.faults
    assert 201 == count(bench)
    assert "stay in 1 table" in bench.ledger.runs.read(met.run_id).reason


@pytest.mark.fault("R410")
def test_report_that_can_not_be_written_is_told_and_the_run_is_complete(
    fordway: CommandLine, target_url: str, tmp_path: Path
) -> None:
    """A file stands where the folder should be."""
    data = Path(fordway.environment["FORDWAY_DATA_DIR"])
    data.mkdir(parents=True)
    (data / "reports").write_text("no folder")

    done = fordway.run("copy", items(tmp_path), target_url, "--json")

    assert (0, "complete") == (done.code, done.last["state"]), done.err
    (told,) = done.events("fault_told")
    assert "R410" == told["code"]
    assert "fordway report" in told["todo"]
    assert 0 == fordway.run("report", latest_run(target_url), "--out", tmp_path / "elsewhere").code
