"""The ledger refuses what must not be: constraints, not code, keep it true."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, UniqueViolation

from engine.agents.questions import ask_approval
from engine.guidance.fault_catalogue import FAULTS
from engine.model.decisions import Decision
from engine.model.errors import CannotConnect, LeaseLost, StatementFailed
from engine.model.events import GateChanged, GuidanceSpoken
from engine.model.run import NEXT_STATES, Pass, RunState, Step
from engine.moving.copy_chunk import copy_chunk
from engine.recovering.ask_about_fault import ask_about_fault
from engine.recovering.circumstances import Circumstances
from engine.stores.ledger import Ledger
from engine.stores.target_session import TargetSession
from tests.fix_runs import Bench, PreparedRun, journal_numbers, make_source, query, value


@pytest.fixture
def ledger(target_url: str) -> Iterator[Ledger]:
    """A migrated ledger in a fresh database."""
    opened = Ledger(target_url, purpose="test", patience_seconds=5)
    opened.migrate()
    yield opened
    opened.close()


@pytest.fixture
def run_id(ledger: Ledger) -> str:
    """A new run."""
    return _new_run(ledger)


@pytest.fixture
def prepared(bench: Bench, tmp_path: Path) -> PreparedRun:
    """A run with an approved plan and one pending chunk."""
    source = make_source(
        tmp_path / "s.db", "create table item (id integer primary key); insert into item values (1);"
    )
    return bench.planned(source)


def _new_run(ledger: Ledger) -> str:
    places: dict[str, Any] = {"target": "t", "sources": {}, "settings": {}}
    return ledger.runs.create(title="t", playbook="p", playbook_body={}, places=places, created_by="me")


def test_migrations_run_twice_change_nothing(target_url: str) -> None:
    """The second time there is nothing left to do."""
    ledger = Ledger(target_url, purpose="test")

    assert ledger.migrate() >= 1
    assert 0 == ledger.migrate()
    ledger.close()


def test_migrations_started_at_once_are_applied_once(target_url: str) -> None:
    """Eight consoles that open a new target together make one ledger."""
    applied: list[int] = []
    barrier = threading.Barrier(8)

    def work() -> None:
        ledger = Ledger(target_url, purpose="test")
        barrier.wait()
        applied.append(ledger.migrate())
        ledger.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    versions = value(target_url, "select count(*) from fordway.schema_version")
    assert [0] * 7 + [versions] == sorted(applied)


def test_journal_written_by_many_at_once_has_no_gaps(ledger: Ledger, run_id: str, target_url: str) -> None:
    """Numbers follow commit order, and a rolled-back entry takes no number with it."""

    def work(who: int) -> None:
        own = Ledger(target_url, purpose="test")
        for number in range(25):
            own.journal.record(run_id, GuidanceSpoken(about="progress", lines=(f"{who} {number}",)))
        with psycopg.connect(target_url) as connection:
            connection.execute("select fordway.record_event(%s, 'lost', '{}')", [run_id])
            connection.rollback()
        own.close()

    threads = [threading.Thread(target=work, args=(who,)) for who in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert list(range(1, 151)) == journal_numbers(target_url, run_id)


def test_journal_reader_that_asks_for_more_never_misses_an_entry(
    ledger: Ledger, run_id: str, target_url: str
) -> None:
    """An entry still open keeps later ones waiting, so "after n" is safe to ask."""
    with psycopg.connect(target_url) as slow:
        slow.execute(
            "select fordway.record_event(%s, 'guidance_spoken', %s)",
            [run_id, '{"kind": "guidance_spoken", "about": "plan", "lines": ["first"]}'],
        )
        thread = threading.Thread(
            target=ledger.journal.record, args=(run_id, GuidanceSpoken(about="plan", lines=("second",)))
        )
        thread.start()
        reader = Ledger(target_url, purpose="reader")
        before = reader.journal.after(run_id, 0, most=10)
        slow.commit()
    thread.join(timeout=10)
    after = reader.journal.after(run_id, 0, most=10)
    reader.close()

    assert [] == before
    assert [("first",), ("second",)] == [e.event.lines for e in after]  # type: ignore[union-attr]


@pytest.mark.parametrize("old", list(RunState))
def test_run_goes_only_where_the_table_of_transitions_says(
    old: RunState, ledger: Ledger, target_url: str
) -> None:
    """The trigger and ``NEXT_STATES`` are one rule."""
    allowed = set()
    for new in RunState:
        run_id = _new_run(ledger)
        with psycopg.connect(target_url, autocommit=True) as connection:
            connection.execute("alter table fordway.run disable trigger guard_run_state")
            connection.execute(
                "update fordway.run set plan = '{}', plan_digest = 'd', approved_digest = 'd', approved_by = 'me', approved_at = now(), finished_at = now(), state = %s where run_id = %s",
                [old, run_id],
            )
            connection.execute("alter table fordway.run enable trigger guard_run_state")
            try:
                connection.execute("update fordway.run set state = %s where run_id = %s", [new, run_id])
            except CheckViolation:
                continue
        allowed.add(new)

    assert NEXT_STATES[old] | {old} == allowed


_IMPOSSIBLE = {
    "a run complete without an approval": "update fordway.run set state = 'running'; update fordway.run set state = 'complete', finished_at = now(), approved_digest = ''",
    "a plan without a digest": "update fordway.run set plan_digest = ''",
    "an approval by nobody": "update fordway.run set approved_by = null",
    "rows that vanish inside a chunk": "update fordway.chunk set state = 'committed', rows_read = 2, rows_written = 1, epoch = 1, xid = pg_current_xact_id(), committed_at = now(), seconds = 0",
    "a committed chunk without its transaction": "update fordway.chunk set state = 'committed'",
    "rows in a chunk that never committed": "update fordway.chunk set rows_read = 1, rows_written = 1",
    "a chunk that ends before it begins": "update fordway.chunk set last_row = 0",
    "a failed step without a reason": "insert into fordway.step (run_id, step_key, state, finished_at) select run_id, 'x', 'failed', now() from fordway.run",
    "a step done that never ended": "insert into fordway.step (run_id, step_key, state) select run_id, 'x', 'done' from fordway.run",
    "a handoff completed that nobody took": "insert into fordway.handoff (handoff_id, run_id, epoch, from_agent, to_agent, task, context, context_sha256, state, closed_at) select gen_random_uuid(), run_id, 1, 'a', 'b', 't', '{}', '', 'completed', now() from fordway.run",
    "a handoff failed without an error": "insert into fordway.handoff (handoff_id, run_id, epoch, from_agent, to_agent, task, context, context_sha256, state, closed_at) select gen_random_uuid(), run_id, 1, 'a', 'b', 't', '{}', '', 'failed', now() from fordway.run",
    "a message delivered at no time": "insert into fordway.message (message_id, run_id, from_agent, to_agent, message_type, version, priority, body, expires_at, status) select gen_random_uuid(), run_id, 'a', 'b', 't', 1, 1, '{}', now(), 'delivered' from fordway.run",
    "an answer given by nobody": "insert into fordway.decision (decision_id, run_id, kind, body, state) select 'd', run_id, 'fault', '{}', 'answered' from fordway.run",
    "an epoch of zero": "update fordway.lease set epoch = 0",
}  # fmt: skip


@pytest.mark.parametrize("statement", _IMPOSSIBLE.values(), ids=_IMPOSSIBLE.keys())
def test_impossible_state_is_refused_by_the_database(
    statement: str, prepared: PreparedRun, target_url: str
) -> None:
    """Whoever writes the ledger by hand meets the same rules as the code."""
    with pytest.raises(CheckViolation):
        query(target_url, statement)


def test_audit_log_and_journal_take_no_change(ledger: Ledger, run_id: str, target_url: str) -> None:
    """What was written about people and events stays as it was written."""
    ledger.runs.audit(run_id, who="me", did="something")
    ledger.journal.record(run_id, GuidanceSpoken(about="plan", lines=("one",)))

    for statement in (
        "update fordway.audit_log set who = 'you'",
        "delete from fordway.audit_log",
        "update fordway.event set kind = 'other'",
    ):
        with pytest.raises(InsufficientPrivilege, match="append-only"):
            query(target_url, statement)


def _question(prepared: PreparedRun, *, rows_written: int) -> Decision:
    return ask_about_fault(
        Circumstances(
            run_id=prepared.run_id,
            fault=FAULTS["R308"],
            words="no space",
            plan=prepared.plan,
            rows_written=rows_written,
        ),
        number=1,
    )


def test_second_open_question_of_a_run_is_refused(
    bench: Bench, prepared: PreparedRun, target_url: str
) -> None:
    """A run waits for one answer at a time."""
    first = ask_approval(prepared.plan, number=1, run_id=prepared.run_id)
    bench.ledger.decisions.ask(prepared.run_id, first)

    with pytest.raises(StatementFailed):
        bench.ledger.decisions.ask(prepared.run_id, replace(first, decision_id="another"))
    with pytest.raises(UniqueViolation):
        query(
            target_url,
            "insert into fordway.decision (decision_id, run_id, kind, body) select 'x', run_id, 'fault', '{}' from fordway.run",
        )


def test_first_of_many_answers_wins_and_the_others_are_told_whose_it_was(
    bench: Bench, prepared: PreparedRun, target_url: str
) -> None:
    """Operator and lead answer in the same instant: one counts, the other reads who was first."""
    question = _question(prepared, rows_written=1)
    bench.ledger.decisions.ask(prepared.run_id, question)
    answers: dict[str, str] = {}
    barrier = threading.Barrier(4)

    def work(who: str, option: str) -> None:
        own = Ledger(target_url, purpose="test")
        own.decisions.read(question.decision_id)
        barrier.wait()
        answers[who] = own.decisions.answer(question.decision_id, option, who=who)
        own.close()

    people = {"ann": "retry", "ben": "stop", "cem": "undo", "dora": "pause"}
    threads = [threading.Thread(target=work, args=item) for item in people.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    winners = [who for who, refused in answers.items() if not refused]
    assert 1 == len(winners)
    chosen = question.option(people[winners[0]])
    assert chosen is not None
    told = f"{winners[0]} answered first: {chosen.label}."
    assert {told} == {refused for refused in answers.values() if refused}
    told_of = (
        "select count(*) from fordway.event where kind = 'decision_answered' and body ->> 'by' <> 'tester'"
    )
    assert 1 == value(target_url, told_of)
    assert 1 == value(target_url, "select count(*) from fordway.audit_log where did = 'answered fault'")


def test_answer_to_another_plan_than_the_proposed_one_is_refused(
    bench: Bench, prepared: PreparedRun, target_url: str
) -> None:
    """Approving a plan that was replaced meanwhile approves nothing."""
    run_id = prepared.run_id
    question = ask_approval(prepared.plan, number=1, run_id=run_id)
    bench.ledger.decisions.ask(run_id, question)
    query(target_url, "update fordway.run set plan_digest = 'another', approved_digest = ''")

    refused = bench.ledger.decisions.answer(question.decision_id, "approve", who="me")

    assert "The question is closed: the plan it was asked about is no longer the proposed one." == refused
    assert not bench.ledger.runs.plan(run_id).is_approved
    assert [("open",)] == query(
        target_url, "select state from fordway.decision where decision_id = %s", [question.decision_id]
    )


def test_option_that_is_unavailable_or_unknown_is_refused_with_the_reason(
    bench: Bench, prepared: PreparedRun
) -> None:
    """Nobody undoes what has not begun, and nobody invents an option."""
    question = _question(prepared, rows_written=0)
    bench.ledger.decisions.ask(prepared.run_id, question)
    answer = bench.ledger.decisions.answer

    assert "Undo the run can't be chosen now: nothing was written yet." == answer(
        question.decision_id, "undo", who="me"
    )
    assert "fly is no answer to this question. Choose one of: retry, pause, undo, stop, lead." == answer(
        question.decision_id, "fly", who="me"
    )
    assert "There is no question nope." == answer("nope", "undo", who="me")


def test_state_and_its_event_commit_together(ledger: Ledger, run_id: str, target_url: str) -> None:
    """A refused transition leaves no event behind."""
    with pytest.raises(StatementFailed):
        ledger.runs.set_state(run_id, RunState.COMPLETE, step=Step.FINISH)

    assert [] == journal_numbers(target_url, run_id)


def test_lease_that_was_given_back_is_renewed_by_no_late_heartbeat(ledger: Ledger, run_id: str) -> None:
    """The next runner need not wait for one that has ended."""
    epoch = ledger.leases.take(run_id, owner="one", host="here", pid=1, seconds=60)
    assert epoch is not None
    ledger.leases.release(run_id, owner="one", epoch=epoch)

    with pytest.raises(LeaseLost):
        ledger.leases.renew(run_id, owner="one", epoch=epoch, seconds=60)

    assert epoch + 1 == ledger.leases.take(run_id, owner="two", host="here", pid=2, seconds=60)


def test_gate_set_to_what_it_is_tells_no_news(ledger: Ledger, run_id: str, target_url: str) -> None:
    """The journal hears of a gate when it changes, not when it is looked at."""
    red = GateChanged(gate="conservation", state="failed", reason="failed: item read")
    for event in (red, red, GateChanged(gate="conservation", state="passed", reason="2 checks passed")):
        ledger.runs.set_gate(run_id, event)

    assert [1, 2] == journal_numbers(target_url, run_id)
    assert [("conservation", "passed", "2 checks passed")] == ledger.runs.gates(run_id)


def test_ledger_call_goes_on_after_its_connection_was_cut(
    ledger: Ledger, run_id: str, target_url: str
) -> None:
    """A terminated backend costs one retry, not the call."""
    ledger.runs.read(run_id)
    query(
        target_url,
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'fordway test' and datname = current_database()",
    )

    assert run_id == ledger.runs.read(run_id).run_id


def test_ranges_cut_anew_behind_a_committed_one_are_refused(bench: Bench, tmp_path: Path) -> None:
    """Their numbers would hide ranges: rows would be lost or doubled. Every chunk stays as it was."""
    source = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key); insert into item values (1), (2), (3), (4), (5), (6);",
    )
    run = bench.planned(source, batch_rows=1)
    tools, target = run.tools(), TargetSession(bench.target_url, purpose="test")
    copy_chunk(run.task(3), target=target, **tools)
    table, chunks = run.plan.tables[0], bench.ledger.chunks
    before = list(chunks.all(run.run_id, Pass.MOVE, table.number))
    spans = tools["source"].cut_ranges("item", key=table.chunk_key, rows=2, where="", begin=before[0].span)

    with pytest.raises(StatementFailed):
        chunks.cut_anew(run.run_id, Pass.MOVE, table, spans, after_number=1)

    assert before == list(chunks.all(run.run_id, Pass.MOVE, table.number))
    tools["source"].close()
    target.close()


@pytest.mark.parametrize(("has_answered", "least"), [(False, 0.0), (True, 0.4)])
def test_server_that_has_answered_elsewhere_is_waited_for_from_the_first_call(
    has_answered: bool, least: float
) -> None:
    """A heartbeat whose first beat falls into a restart does not end the run; a wrong address is told at once."""
    ledger = Ledger(
        "postgresql://someone@127.0.0.1:1/nowhere",
        purpose="test",
        patience_seconds=0.4,
        has_answered=has_answered,
    )
    began = time.monotonic()

    with pytest.raises(CannotConnect):
        ledger.runs.find("")

    assert least <= time.monotonic() - began
