"""A connection cut at the commit: what was said counts once, and whoever said it is told the truth."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from engine.guidance.fault_catalogue import FAULTS
from engine.recovering.ask_about_fault import ask_about_fault
from engine.recovering.circumstances import Circumstances
from engine.stores.ledger import Ledger
from tests.fix_runs import Bench, PreparedRun, make_source, query, value
from tests.fix_wire import Wire, wired

_SLOW = """
create function slow() returns trigger language plpgsql as 'begin perform pg_sleep(1); return null; end';
create {} trigger slow after update on fordway.decision {} for each row execute function slow();
"""


@pytest.fixture
def prepared(bench: Bench, tmp_path: Path) -> PreparedRun:
    """A run with a question about a fault, open."""
    source = make_source(
        tmp_path / "s.db", "create table item (id integer primary key); insert into item values (1);"
    )
    run = bench.planned(source)
    circumstances = Circumstances(
        run_id=run.run_id, fault=FAULTS["R308"], words="disk full", plan=run.plan, rows_written=1
    )
    bench.ledger.decisions.ask(run.run_id, ask_about_fault(circumstances, number=1))
    return run


@pytest.fixture
def wire(bench: Bench, prepared: PreparedRun) -> Iterator[Wire]:
    """To the server with that run."""
    with wired(bench.target_url) as wire:
        yield wire


def _cut_halfway(wire: Wire, work: Callable[[Ledger], str]) -> str:
    """What ``work`` comes to when the connection is cut while the server commits."""
    far = Ledger(wire.url, purpose="test", has_answered=True)
    far.runs.find("")
    threading.Timer(0.5, wire.cut).start()
    try:
        return work(far)
    finally:
        far.close()


def _slow_commits(bench: Bench) -> None:
    """A commit takes a second, and the server ends it though nobody listens any more."""
    query(bench.target_url, _SLOW.format("constraint", "deferrable initially deferred"))  # type: ignore[arg-type]  # a text of this file's


def _slow_statements(bench: Bench) -> None:
    """The statement before the commit takes a second, and nobody is left to say commit."""
    query(bench.target_url, _SLOW.format("", ""))  # type: ignore[arg-type]  # a text of this file's


def test_answer_whose_commit_was_cut_off_counts_and_nobody_else_is_said_to_have_come_first(
    bench: Bench, prepared: PreparedRun, wire: Wire
) -> None:
    """Else its own giver would read that somebody answered before."""
    _slow_commits(bench)
    question = bench.ledger.decisions.open_one(prepared.run_id)
    assert question is not None

    refused = _cut_halfway(wire, lambda far: far.decisions.answer(question.decision_id, "retry", who="kim"))

    assert "" == refused
    told = "select kind, body ->> 'by' from fordway.event where kind in ('decision_answered', 'fault_told') and body ->> 'by' is distinct from 'tester'"
    assert [("decision_answered", "kim")] == query(bench.target_url, told)


def test_question_handed_on_is_handed_on_once_though_the_commit_was_cut_off(
    bench: Bench, prepared: PreparedRun, wire: Wire
) -> None:
    """The lead has it, and the operator is told so."""
    _slow_commits(bench)
    question = bench.ledger.decisions.open_one(prepared.run_id)
    assert question is not None

    refused = _cut_halfway(
        wire, lambda far: far.decisions.hand_on(question.decision_id, to="lead", who="kim")
    )

    assert "" == refused
    handed = "select count(*) from fordway.event where kind = 'decision_handed_on'"
    assert 1 == value(bench.target_url, handed)


def test_work_whose_transaction_was_undone_by_the_cut_is_done_again(
    bench: Bench, prepared: PreparedRun, wire: Wire
) -> None:
    """Cut before the commit, nothing of it happened: the second try is the first that counts."""
    _slow_statements(bench)
    question = bench.ledger.decisions.open_one(prepared.run_id)
    assert question is not None

    refused = _cut_halfway(wire, lambda far: far.decisions.answer(question.decision_id, "retry", who="kim"))

    assert "" == refused
    answered = "select count(*) from fordway.event where kind = 'decision_answered' and body ->> 'by' = 'kim'"
    assert 1 == value(bench.target_url, answered)
