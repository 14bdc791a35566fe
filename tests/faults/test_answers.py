"""Answers to a question about rows: which one counts, which make no sense, and what is known of them afterwards."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from engine.stores.ledger import Ledger
from engine.stores.ledger.decisions import Said
from tests.fix_faults import Met
from tests.fix_row_cases import CASES, ROWS, meet_case
from tests.fix_runs import Bench, query

_MANY = 8


@pytest.fixture
def met(bench: Bench, tmp_path: Path) -> Met:
    """A run that asks about three rows that break a check."""
    return meet_case(CASES["R107"], bench, tmp_path, "")


@pytest.mark.fault("R404")
def test_first_of_many_answers_counts_and_everybody_else_hears_whose_it_was(met: Met) -> None:
    """All at once, each over a ledger of its own: no answer is taken twice, and none is lost in silence."""
    decision_id, url = met.decision.decision_id, met.bench.target_url
    options = ["quarantine", "stop"] * (_MANY // 2)
    heard: dict[str, str] = {}
    start = threading.Barrier(_MANY)

    def answer(who: str, option: str) -> None:
        ledger = Ledger(url, purpose="test")
        try:
            ledger.decisions.read(decision_id)
            start.wait(10)
            heard[who] = ledger.decisions.answer(decision_id, option, who=who)
        finally:
            ledger.close()

    threads = [
        threading.Thread(target=answer, args=(f"person {n}", option)) for n, option in enumerate(options)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    first = [who for who, said in heard.items() if said == ""]
    stored = met.bench.ledger.decisions.read(decision_id)
    assert stored is not None
    assert [stored.answered_by] == first
    assert {f"{first[0]} answered first: {stored.answer}."} == {said for said in heard.values() if said}
    assert ["R404"] * (_MANY - 1) == met.told
    assert [(first[0],)] == query(url, "select who from fordway.audit_log where did = 'answered fault'")
    assert first == [e.by for e in met.events("decision_answered") if e.decision_id == decision_id]
    met.go_on()
    assert {"quarantine": "complete", "stop": "stopped"}[stored.answer] == met.state


_SENSELESS = {
    "perhaps": (Said(), "perhaps is no answer to this question. Choose one of: quarantine, "),
    "null": (Said(), "null is no answer to this question."),
    "checkpoint": (
        Said(),
        "Return to the last checkpoint can't be chosen now: nothing was written or decided",
    ),
    "retry": (Said(for_every=True), "Try again can't be said for every such fault; say it for this one."),
}


@pytest.mark.parametrize("option", _SENSELESS)
def test_answer_that_makes_no_sense_is_refused_with_a_sentence_and_leaves_the_question_open(
    option: str, met: Met
) -> None:
    """Nobody is told that it was answered, and the next valid answer counts."""
    said, sentence = _SENSELESS[option]
    decision_id = met.decision.decision_id

    refused = met.bench.ledger.decisions.answer(decision_id, option, who="tester", said=said)

    assert refused.startswith(sentence)
    assert decision_id == met.decision.decision_id
    assert [] == query(met.bench.target_url, "select 1 from fordway.audit_log where did = 'answered fault'")
    assert "There is no question nonsense." == met.bench.ledger.decisions.answer(
        "nonsense", option, who="tester"
    )


def test_value_that_is_asked_for_must_be_given(bench: Bench, tmp_path: Path, source_pg_url: str) -> None:
    """The column has no default that could be proposed."""
    met = meet_case(CASES["R105"], bench, tmp_path, source_pg_url)

    refused = bench.ledger.decisions.answer(met.decision.decision_id, "default", who="tester")

    assert "Fill in a value needs the value to fill in." == refused
    assert not bench.ledger.decisions.answer(
        met.decision.decision_id, "default", who="tester", said=Said(value="{}")
    )


def test_value_that_does_not_fit_changes_nothing_and_another_may_be_given(
    bench: Bench, tmp_path: Path, source_pg_url: str
) -> None:
    """The question comes back with the same rows, and the first value is nowhere to be seen."""
    met = meet_case(CASES["R104"], bench, tmp_path, source_pg_url)
    first = met.decision.decision_id
    met.choose("default", value="many")

    assert ("waiting", "R104", 2) == (met.state, met.decision.fault, met.diagnosis.offending)
    met.choose("default", value="5")

    assert ("complete", (ROWS, ROWS, 0, 0, 0)) == (met.state, met.counts()["item"])
    assert [("5", 2)] == query(
        bench.target_url, "select new_value, count(*) from fordway.amended_value group by 1"
    )
    stored = bench.ledger.decisions.read(first)
    assert stored is not None
    assert {"state": "superseded"} == stored.outcome


def test_answer_is_in_the_audit_log_with_who_where_what_and_on_what_evidence(
    bench: Bench, tmp_path: Path, source_pg_url: str
) -> None:
    """Whoever asks later, why rows are otherwise than in the source, is told."""
    met = meet_case(CASES["R104"], bench, tmp_path, source_pg_url)
    decision_id = met.decision.decision_id
    met.choose("default", value="42", from_where="desk, console", for_every=True)

    ((who, detail),) = query(
        bench.target_url, "select who, detail from fordway.audit_log where did = 'answered fault'"
    )
    assert ("tester", decision_id, "default", "42", "desk, console", True, "R104") == (
        who,
        *(detail[name] for name in ("decision", "option", "value", "from", "for_every", "fault")),
    )
    diagnosis = detail["evidence"]["diagnosis"]
    assert (100, 2, "amount") == (
        diagnosis["rows"],
        diagnosis["offending"],
        diagnosis["groups"][0]["place"],
    )
    assert "3000000130" in detail["evidence"]["error"]["what"]
    (answered,) = [event for event in met.events("decision_answered") if event.decision_id == decision_id]
    assert ("tester", "default", "42", "desk, console", True) == (
        answered.by, answered.option, answered.value, answered.from_where, answered.for_every,
    )  # fmt: skip


@pytest.mark.fault("R409")
def test_question_nobody_answers_in_time_leaves_the_run_paused_with_nothing_decided(
    bench: Bench, tmp_path: Path
) -> None:
    """A late answer is refused; a resume asks anew, with what is known then."""
    met = meet_case(CASES["R107"], bench, tmp_path, "", decide_within_seconds=0.4)
    first = met.decision
    assert first.deadline is not None
    counts = met.counts()
    query(bench.target_url, "select pg_sleep(0.5)")

    late = bench.ledger.decisions.answer(first.decision_id, "quarantine", who="tester")

    assert late.startswith("The deadline passed at ")
    assert ("paused", ["R409"]) == (met.state, met.told)
    assert ("paused_timeout", None) == (
        bench.ledger.decisions.read(first.decision_id).state,  # type: ignore[union-attr]  # it was asked
        bench.ledger.decisions.open_one(met.run_id),
    )
    assert counts == met.counts()
    query(bench.target_url, "alter table item drop constraint positive")
    bench.ledger.runs.set_setting(met.run_id, "decide_within_seconds", value=0.0)
    met.go_on()
    assert "complete" == met.state


@pytest.mark.fault("R409")
def test_runner_that_waits_for_an_answer_pauses_the_run_when_the_time_is_over(
    bench: Bench, tmp_path: Path
) -> None:
    """It is there itself to see to it, and goes."""
    met = meet_case(CASES["R107"], bench, tmp_path, "", decide_within_seconds=0.4)
    query(bench.target_url, "select pg_sleep(0.5)")
    first = met.decision.decision_id
    bench.wait_seconds = 30.0
    met.go_on()

    assert ("paused", ["R409"]) == (met.state, met.told)
    asked = [event.decision.decision_id for event in met.events("decision_asked")]
    assert first == asked[-2]
    assert [asked[-1]] == [event.decision_id for event in met.events("decision_expired")]
    assert bench.ledger.runs.read(met.run_id).reason.endswith("paused safely, nothing was decided")
