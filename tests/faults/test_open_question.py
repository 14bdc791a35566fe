"""A question may stay open for long; what was approved must still be what is there."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.playbooks.copy_playbook import playbook_for_copy
from engine.runner import Runner, RunnerOptions
from engine.stores.dsn import scrub
from tests.fix_runs import Bench, make_source, query, value

_ITEMS = "create table item (id integer primary key, v text); insert into item values (1, 'a'), (2, 'b');"


@pytest.mark.faults
@pytest.mark.parametrize(
    "change", ["update item set v = 'changed' where id = 1", "insert into item values (3, 'c')"]
)
def test_source_changed_while_the_question_was_open_is_asked_about_again(
    change: str, bench: Bench, tmp_path: Path, target_url: str, eventually: Callable[..., None]
) -> None:
    """The runner that waited moves nothing of the unapproved source, and asks anew."""
    source = make_source(tmp_path / "s.db", _ITEMS)
    playbook = playbook_for_copy(str(source), target_url)
    run_id = bench.new_run(playbook, assume_yes=False)
    options = RunnerOptions(
        run_id=run_id,
        target_url=target_url,
        redis_url=bench.redis_url,
        source_urls=dict(playbook.sources),
        target_label=scrub(target_url),
        wait_seconds=60.0,
    )
    thread = threading.Thread(target=_drive, args=(Runner(options, ledger=bench.ledger),))
    thread.start()
    eventually(lambda: bench.ledger.decisions.open_one(run_id) is not None)
    first = bench.ledger.decisions.open_one(run_id)
    assert first is not None
    make_source(source, change)

    refused = bench.ledger.decisions.answer(first.decision_id, "approve-move", who="tester")
    eventually(lambda: _asks_anew(bench, run_id, first.decision_id))

    bench.ledger.runs.ask(run_id, "park", who="tester")
    thread.join(30)
    voided = "select count(*) from fordway.event where kind = 'plan_voided'"
    assert ("", 1) == (refused, value(target_url, voided))
    assert [] == query(target_url, "select 1 from pg_class where relname = 'item'")


def _drive(runner: Runner) -> None:
    asyncio.run(runner.run())


def _asks_anew(bench: Bench, run_id: str, first: str) -> bool:
    question = bench.ledger.decisions.open_one(run_id)
    return question is not None and question.decision_id != first
