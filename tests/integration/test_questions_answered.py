"""A fault's question while no runner lives: looked at, answered, handed on and expired from other terminals."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.open_run import attach_run, watch_run
from console.settings import Settings, load_settings
from console.watch_link import WatchLink
from engine.model.held import HeldChoice
from engine.model.run import RunState
from tests.fix_faults import Met, meet
from tests.fix_filled import filled_by
from tests.fix_runs import Bench, Typed, make_source, query, value

_SOURCE = """
create table item (id integer primary key, amount integer);
insert into item values (1, 5), (2, 4), (3, 7), (4, -2), (5, -1), (6, 9);
"""
_TARGET = "create table item (id bigint primary key, amount bigint constraint positive check (amount > 0));"
_PLACE = socket.gethostname()


filled = filled_by(_SOURCE, [{"from": "item", "batch_rows": 3}], target=_TARGET)
"""A run that waits: two rows of its second batch break a check, and its runner has gone."""


@pytest.fixture
def met(filled_run: Met) -> Met:
    """The run in the test's own database."""
    assert "waiting" == filled_run.state
    return filled_run


@pytest.fixture
def settings(bench: Bench, data_dir: Path) -> Settings:
    return load_settings(target_url=bench.target_url, redis_url=bench.redis_url, data_dir=data_dir)


@pytest.fixture
def watching(met: Met, settings: Settings) -> Iterator[WatchLink]:
    """A lead's hold on it."""
    link = watch_run("", settings=settings, source_urls={}, tell=lambda _: None)
    assert met.run_id == link.run_id
    yield link
    link.close()


def _ended(met: Met, eventually: Callable[..., None], state: str = "complete") -> None:
    eventually(lambda: met.state == state, seconds=40)
    eventually(lambda: not _is_held(met), seconds=20)


def _is_held(met: Met) -> bool:
    lease = met.bench.ledger.leases.read(met.run_id)
    return lease is not None and lease.is_held


def test_leads_answer_starts_a_runner_that_carries_it_out(
    met: Met, watching: WatchLink, eventually: Callable[..., None]
) -> None:
    """Nobody was at work before, and the ledger has from where it was said."""
    decision = met.decision

    assert "" == watching.answer(decision.decision_id, "quarantine")

    _ended(met, eventually)
    stored = met.bench.ledger.decisions.read(decision.decision_id)
    assert stored is not None
    assert ("quarantine", f"watch on {_PLACE}", "done") == (
        stored.answer,
        stored.answered_from,
        (stored.outcome or {})["state"],
    )
    assert [[4], [5]] == met.held()


def test_watching_starts_no_runner(met: Met, watching: WatchLink) -> None:
    """Looking changes nothing."""
    watching.entries_after(0, limit=10)
    watching.heartbeats()

    lease = met.bench.ledger.leases.read(met.run_id)
    assert lease is not None
    assert (1, False) == (lease.epoch, lease.is_held)


def test_lead_can_ask_nothing_but_an_answer_of_a_run(met: Met, watching: WatchLink) -> None:
    """Whatever a screen would ask by mistake, the link refuses."""
    everything = HeldChoice()
    refused = {
        *(watching.ask(request) for request in ("pause", "resume", "stop", "park", "undo")),
        watching.confirm_undo("app"),
        watching.held.edit(1, "amount", "1"),
        watching.held.replay(everything),
        watching.held.discard(everything, typed="app"),
        watching.held.revoke_rule(1),
    }

    assert {"The lead's console answers questions about faults, and asks nothing else of the run."} == refused
    assert "waiting" == met.state


def test_lead_does_not_approve_plans(bench: Bench, settings: Settings, tmp_path: Path) -> None:
    """What is moved at all is the operator's decision."""
    source = make_source(tmp_path / "s.db", _SOURCE)
    met = meet(bench, {"old": source}, [{"from": "item"}], assume_yes=False)
    link = watch_run(met.run_id, settings=settings, source_urls={}, tell=lambda _: None)

    refused = link.answer(met.decision.decision_id, "approve-move")
    link.close()

    assert "The operator answers this one" in refused
    assert "waiting" == met.state


def test_question_handed_on_can_be_answered_by_whoever_is_first(
    met: Met, watching: WatchLink, settings: Settings, eventually: Callable[..., None]
) -> None:
    """The lead is first; the operator is told who chose what."""
    decision_id = met.decision.decision_id
    operator = attach_run(met.run_id, settings=settings, source_urls={}, tell=lambda _: None)
    assert "" == operator.answer(decision_id, "lead")
    assert "" == watching.answer(decision_id, "quarantine")

    late = operator.answer(decision_id, "pause")
    operator.close()

    assert "answered first: Set these 2 rows aside, go on." in late
    _ended(met, eventually)


def test_undo_as_an_answer_takes_the_run_back_once_the_name_was_typed(
    met: Met, watching: WatchLink, eventually: Callable[..., None]
) -> None:
    """By the runner that the answer starts, and in the name of who answered."""
    decision_id = met.decision.decision_id

    assert "" == watching.answer(decision_id, "undo", value=watching.opened.target_name())

    _ended(met, eventually, "undone")
    stored = met.bench.ledger.decisions.read(decision_id)
    assert stored is not None
    assert ("undo", "", "done") == (stored.answer, stored.value, (stored.outcome or {})["state"])
    assert 0 == value(met.bench.target_url, "select count(*) from item")


def test_command_lists_the_question_with_what_each_answer_does(met: Met, typed: Typed) -> None:
    """Code 4 says that one is open; words and JSON have the same answers."""
    words = typed.run("decide", "latest")
    body = typed.run("decide", "latest", "--json")

    assert (4, 4) == (words.code, body.code)
    assert "Set these 2 rows aside, go on" in words.out
    assert "1 written, 2 set aside" in words.out
    assert f"Answer with: fordway decide {met.run_id} open OPTION" in words.out
    told = json.loads(body.out.splitlines()[-1])
    assert (met.decision.decision_id, "quarantine") in [
        (told["decision"], option["option"]) for option in told["options"]
    ]


@pytest.mark.parametrize("name", ["open", "latest"])
def test_command_answers_the_open_question_for_every_such_error(
    name: str, met: Met, typed: Typed, eventually: Callable[..., None]
) -> None:
    """By its usual names, with the rule it makes, and from where."""
    decision_id = met.decision.decision_id

    done = typed.run("decide", "latest", name, "quarantine", "--for-every")

    assert 0 == done.code, done.err
    _ended(met, eventually)
    stored = met.bench.ledger.decisions.read(decision_id)
    assert stored is not None
    assert (True, f"command line on {_PLACE}") == (stored.for_every, stored.answered_from)
    assert 1 == len(met.bench.ledger.recovery.rules(met.run_id))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("open",), "No option was named"),
        (("open", "perhaps"), "Choose one of"),
        (("open", "undo"), "its target's name is typed"),
        (("open", "pause", "--for-every"), "say it for this one"),
        (("open", "quarantine=5"), "Set these 2 rows aside, go on takes no value"),
        (("open", "lead=bob"), "Hand to the lead takes no value"),
    ],
)
def test_command_that_decides_nothing_says_why(
    arguments: tuple[str, ...], words: str, met: Met, typed: Typed
) -> None:
    """A usage fault, and the question stays open."""
    refused = typed.run("decide", "latest", *arguments)

    assert 2 == refused.code
    assert words in refused.err
    assert "waiting" == met.state


def test_command_that_hands_a_question_on_says_that_it_stays_open(met: Met, typed: Typed) -> None:
    """Nothing was decided, and the second time it says by whom it was asked already."""
    words = typed.run("decide", "latest", "open", "lead")
    again = typed.run("decide", "latest", "open", "lead")

    assert 0 == words.code, words.err
    assert "Handed to the lead; the question stays open." in words.out
    assert "Answered" not in words.out
    assert ("waiting", "lead", 2) == (met.state, met.decision.handed_to, again.code)


@pytest.mark.parametrize(
    ("given", "words"), [("bogus", 'invalid input syntax for type bigint: "bogus"'), ("7", "")]
)
def test_value_is_tried_in_its_column_before_it_is_taken(
    given: str, words: str, bench: Bench, tmp_path: Path, typed: Typed, eventually: Callable[..., None]
) -> None:
    """One that can't stand there decides nothing, and says what the target says."""
    source = make_source(tmp_path / "s.db", _SOURCE + "update item set amount = 'many' where id = 2;")
    target = _TARGET + "insert into item values (1, 1);"
    met = meet(bench, {"old": source}, [{"from": "item", "batch_rows": 3}], target=target)
    met.choose("keep-source")

    done = typed.run("decide", "latest", "open", f"default={given}")

    assert (2 if words else 0, words in done.err) == (done.code, True)
    answered = "select count(*) from fordway.decision where answer = 'default'"
    assert (0 if words else 1) == value(bench.target_url, answered)
    if not words:
        _ended(met, eventually, "waiting")


def _let_expire(met: Met) -> None:
    """The deadline passes while nobody is there."""
    query(
        met.bench.target_url,
        "update fordway.decision set deadline = clock_timestamp() - interval '1 second' where state = 'open'",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("status", "latest"), 0, "paused at"),
        (("decide", "latest"), 0, "Nobody answered in time"),
        (("decide", "latest", "open", "quarantine"), 2, "Nobody answered in time"),
    ],
)
def test_deadline_that_passed_while_nobody_was_there_pauses_the_run(
    arguments: tuple[str, ...], code: int, words: str, met: Met, typed: Typed
) -> None:
    """Whoever looks next closes the question; nothing was decided by anybody."""
    _let_expire(met)

    done = typed.run(*arguments)

    assert (code, "paused") == (done.code, met.state)
    assert words in done.out + done.err
    assert 1 == value(
        met.bench.target_url, "select count(*) from fordway.event where kind = 'decision_expired'"
    )


def test_deadline_is_noticed_by_who_attaches_or_watches(met: Met, settings: Settings) -> None:
    """Both consoles show a paused run, not one that waits for an answer that can't count."""
    _let_expire(met)
    for come in (watch_run, attach_run):
        come(met.run_id, settings=settings, source_urls={}, tell=lambda _: None).close()

    assert "paused" == met.state


def test_resume_after_the_deadline_asks_anew(met: Met, typed: Typed) -> None:
    """The old question stays closed; the new one has its own answers."""
    before = met.decision.decision_id
    _let_expire(met)

    done = typed.run("resume", "latest", "--json")

    assert (4, "waiting") == (done.code, met.state)
    assert before != met.decision.decision_id


def test_watch_in_words_follows_a_run_to_its_end(met: Met, settings: Settings, typed: Typed) -> None:
    """What was decided elsewhere, what became of it, and the run's own exit code."""

    def answer_later() -> None:
        deadline = time.monotonic() + 30
        while (
            time.monotonic() < deadline and met.bench.ledger.runs.read(met.run_id).state is RunState.WAITING
        ):
            time.sleep(0.5)
            link = attach_run(met.run_id, settings=settings, source_urls={}, tell=lambda _: None)
            link.answer(met.decision.decision_id, "quarantine")
            link.close()
            return

    thread = threading.Thread(target=answer_later)
    thread.start()
    done = typed.run("watch", "--plain")
    thread.join()

    assert 6 == done.code
    assert f"Watching run {met.run_id}" in done.out
    assert "Waits for an answer: " in done.out
    assert f"chose: Set these 2 rows aside, go on (from console on {_PLACE})" in done.out
    assert f"Run {met.run_id} is complete" in done.out


def test_watch_without_a_run_at_work_says_how_to_name_one(bench: Bench, typed: Typed) -> None:
    """An empty ledger is no crash, and no run of yesterday is shown as today's."""
    del bench
    refused = typed.run("watch", "--plain")

    assert 2 == refused.code
    assert "No run is at work here" in refused.err
