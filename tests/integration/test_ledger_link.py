"""What a console's answer leaves in the ledger."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.attach import LedgerLink
from console.settings import load_settings
from console.wiring import open_services
from engine.model.decisions import Decision, DecisionKind, Option
from engine.model.run import RunState, Step
from engine.playbooks.copy_playbook import playbook_for_copy
from tests.fix_runs import Bench, Typed, make_source

_ASKED = Decision(
    decision_id="d1",
    kind=DecisionKind.FAULT,
    question="2 rows have no day",
    situation="Nothing is half-written",
    options=(
        Option(name="pause", key="p", label="Pause", consequence="It rests.", can_repeat=True, wants_value="a day"),
        Option(name="stop", key="x", label="Stop", consequence="It ends."),
        Option(name="undo", key="u", label="Undo", consequence="It is taken back."),
        Option(name="lead", key="h", label="Hand on", consequence="Somebody else is asked, too."),
    ),
    safest="pause",
)  # fmt: skip


@pytest.fixture
def link(bench: Bench, data_dir: Path, tmp_path: Path) -> Iterator[LedgerLink]:
    """A console on a run that waits with the question, and no runner."""
    source = make_source(tmp_path / "s.db", "create table item (id integer primary key);")
    run_id = bench.new_run(playbook_for_copy(str(source), bench.target_url))
    bench.ledger.decisions.ask(run_id, _ASKED)
    settings = load_settings(target_url=bench.target_url, redis_url=bench.redis_url, data_dir=data_dir)
    link = LedgerLink(open_services(settings), run_id)
    yield link
    link.close()


def test_answer_is_stored_with_what_was_said_and_where(link: LedgerLink, bench: Bench) -> None:
    """For every such fault, with which value, and from whose console."""
    assert "" == link.answer("d1", "pause", for_every=True, value="2026-03-14")

    stored = bench.ledger.decisions.read("d1")
    assert stored is not None
    assert ("pause", True, "2026-03-14", f"console on {socket.gethostname()}") == (
        stored.answer,
        stored.for_every,
        stored.value,
        stored.answered_from,
    )


def test_answer_that_lacks_its_value_is_refused_in_words(link: LedgerLink) -> None:
    """The ledger, not the screen, has the last word."""
    assert "Pause needs a day." == link.answer("d1", "pause")


def test_question_handed_to_the_lead_stays_open_and_can_be_answered(link: LedgerLink, bench: Bench) -> None:
    """Asking somebody else decides nothing; asking twice is refused."""
    handed, again = link.answer("d1", "lead"), link.answer("d1", "lead")

    asked = bench.ledger.decisions.open_one(link.run_id)
    assert asked is not None
    assert ("", "lead") == (handed, asked.handed_to)
    assert "handed on before" in again
    assert "" == link.answer("d1", "stop")


def _state(bench: Bench, link: LedgerLink) -> tuple[str, str]:
    record = bench.ledger.runs.read(link.run_id)
    return str(record.state), record.reason


@pytest.mark.parametrize(("option", "state"), [("pause", "paused"), ("stop", "stopped")])
def test_answer_that_lets_the_run_rest_is_carried_out_once_without_a_runner(
    option: str, state: str, link: LedgerLink, bench: Bench
) -> None:
    """It is done with the answer: a runner that comes later finds nothing left to do about it."""
    assert "" == link.answer("d1", option, value="Monday" if option == "pause" else "")

    stored = bench.ledger.decisions.read("d1")
    assert stored is not None
    assert (state, "done", None) == (
        _state(bench, link)[0],
        (stored.outcome or {})["state"],
        bench.ledger.decisions.unacted(link.run_id),
    )
    told = [entry.event for entry in bench.ledger.journal.of_kind(link.run_id, "recovery_finished")]
    assert [f"the run is {state}"] == [event.text for event in told]  # type: ignore[union-attr] # of that kind


def test_answer_after_the_deadline_is_none(link: LedgerLink, bench: Bench) -> None:
    """The run is paused, although no process was there to see the deadline pass."""
    run_id = link.run_id
    bench.ledger.decisions.withdraw(run_id)
    bench.ledger.decisions.ask(run_id, replace(_ASKED, decision_id="d2"), within_seconds=0.01)
    bench.ledger.runs.set_state(run_id, RunState.RUNNING, step=Step.MOVE)
    bench.ledger.runs.set_state(run_id, RunState.WAITING, step=Step.MOVE)
    time.sleep(0.05)

    refused = link.answer("d2", "stop")

    assert "the run is paused safely" in refused
    assert "paused" == _state(bench, link)[0]


def test_undo_as_an_answer_needs_the_targets_name(link: LedgerLink, bench: Bench) -> None:
    """Whoever forgets it, or mistypes it, has decided nothing."""
    refused = link.answer("d1", "undo", value="something")

    assert "its target's name is typed" in refused
    assert bench.ledger.decisions.open_one(link.run_id) is not None


def test_command_gives_a_value_with_its_answer(link: LedgerLink, bench: Bench, typed: Typed) -> None:
    """OPTION=VALUE, whatever stands in the value."""
    done = typed.run("decide", link.run_id, "open", "pause=2026-03-14 = pi", "--for-every")

    stored = bench.ledger.decisions.read("d1")
    assert stored is not None
    assert (0, "pause", "2026-03-14 = pi", True) == (done.code, stored.answer, stored.value, stored.for_every)
