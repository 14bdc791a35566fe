"""What a console's answer leaves in the ledger."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.attach import LedgerLink
from console.settings import load_settings
from console.wiring import open_services
from engine.model.decisions import Decision, DecisionKind, Option
from engine.playbooks.copy_playbook import playbook_for_copy
from tests.fix_runs import Bench, make_source

_ASKED = Decision(
    decision_id="d1",
    kind=DecisionKind.FAULT,
    question="2 rows have no day",
    situation="Nothing is half-written",
    options=(
        Option(name="pause", key="p", label="Pause", consequence="It rests.", can_repeat=True, wants_value="a day"),
        Option(name="stop", key="x", label="Stop", consequence="It ends."),
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
