"""What a recovery says of itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from console.narrator import in_words
from engine.guidance.recovery_words import Mood, answer_words, recovery_words, retry_words
from engine.guidance.words import batch_name
from engine.model import events as ev
from engine.model.decisions import Decision, DecisionKind, Option
from engine.model.faults import ChunkAddress, Diagnosis, Effect, Offence, OffenceGroup
from engine.model.roles import Role
from engine.model.run import LATE_BATCHES, Counts, Pass

AT = ChunkAddress(pass_=Pass.MOVE, table="links", table_number=4, chunk=15, label="7001-7500")
RETRY = ev.ChunkRetried(
    pass_=Pass.MOVE, table="links", chunk=15, label="batch 15", attempt=2, wait_seconds=4.0, cause="deadlock detected",
    rows_before=500, rows_after=250, pool="5 of 100 connections in use",
)  # fmt: skip
GROUP = OffenceGroup(
    kind=Offence.NO_PARENT, place="case_id", columns=("case_id",), rows=23, reason="no row of cases for this legacy key"
)  # fmt: skip
FOUND = Diagnosis(at=AT, rows=500, offending=23, groups=(GROUP,), seconds=0.4)
ASKED = Decision(
    decision_id="d1", kind=DecisionKind.FAULT, question="?", situation="", safest="pause", repeats_for="every link without its case",
    options=(Option(name="parents", key="m", label="Move the 7 missing cases first", consequence=""),),
)  # fmt: skip
DAY = datetime(2026, 3, 14, 3, 20, tzinfo=UTC)


def finished(option: str, predicted: Effect, actual: Effect, *, is_done: bool = True) -> ev.RecoveryFinished:
    return ev.RecoveryFinished(
        decision_id="d1",
        option=option,
        is_done=is_done,
        predicted=predicted,
        actual=actual,
        text="it is done",
    )


def test_retry_says_try_wait_size_cause_and_pool() -> None:
    """Which try of how many, when, with how many rows, because of what, and that the connections were looked at."""
    assert (
        "  migration-execution: retry 2 of 3 in 4 s, batch 500 -> 250: links batch 15, deadlock detected",
        "    pool checked: 5 of 100 connections in use",
    ) == in_words(RETRY)


@pytest.mark.parametrize(
    ("wait", "words"),
    [
        (None, "retry 2 of 3 in 4 s, batch 500 -> 250"),
        (2.6, "retry 2 of 3 in 3 s, batch 500 -> 250"),
        (0.42, "retry 2 of 3 in 0.4 s, batch 500 -> 250"),
        (0.0, "retry 2 of 3 now, batch 500 -> 250"),
        (-9.0, "retry 2 of 3 now, batch 500 -> 250"),
    ],
)
def test_retry_counts_down_to_now(wait: float | None, words: str) -> None:
    """A wait that is over is no wait any more."""
    assert words == retry_words(RETRY, wait)


@pytest.mark.parametrize("after", [0, 500])
def test_retry_of_a_batch_that_stays_as_it_is_says_no_size(after: int) -> None:
    """One row can't be halved, and of older journals nobody knows."""
    assert "retry 2 of 3 in 4 s" == retry_words(replace(RETRY, rows_after=after))


def test_second_level_says_who_looks_at_what() -> None:
    """The orchestrator's step of an escalation names its level."""
    event = ev.LevelRaised(level=2, fault="R304", text="links batch 15 is held", at=AT)

    assert ("  orchestrator: level 2: links batch 15 is held",) == in_words(event)


def test_third_level_is_the_worst() -> None:
    """A person is needed, and the feed says it loudly."""
    assert Mood.BAD is recovery_words(ev.LevelRaised(level=3, fault="R304", text="a person decides")).mood


@pytest.mark.parametrize(
    ("findings", "found"),
    [
        ((), "as it should be"),
        (("links has no column b", "it is locked"), "links has no column b; it is locked"),
    ],
)
def test_second_look_says_what_it_found(findings: tuple[str, ...], found: str) -> None:
    """That nothing was found is said too."""
    event = ev.LookedAgain(role=Role.VALIDATION, what="the rows", is_well=not findings, findings=findings)

    assert (f"  validation looked again at the rows: {found}",) == in_words(event)


def test_diagnosis_says_how_many_rows_and_why() -> None:
    """The whole batch, then each kind of fault on a line of its own."""
    assert (
        "  schema-analysis looked through links batch 15: 23 of 500 rows can't be written",
        "    23 rows, case_id: no row of cases for this legacy key",
    ) == in_words(ev.FaultDiagnosed(fault="R111", diagnosis=FOUND))


def test_diagnosis_that_found_nothing_says_so() -> None:
    """A batch that would go through by now is no batch of bad rows."""
    event = ev.FaultDiagnosed(fault="R111", diagnosis=replace(FOUND, offending=0, groups=()))

    assert (
        "  schema-analysis looked through links batch 15: every row can be written as it stands now",
    ) == in_words(event)


def test_answer_says_who_what_for_what_and_from_where() -> None:
    """Everything that was said with an answer is said again."""
    event = ev.DecisionAnswered(
        decision_id="d1",
        option="parents",
        by="kim",
        from_where="watch on db-2",
        for_every=True,
        value="2026-03-14",
    )

    assert (
        "  kim chose: Move the 7 missing cases first (2026-03-14), for every link without its case (from watch on db-2)",
    ) == in_words(event, asked=ASKED)


def test_answer_about_a_plan_is_not_repeated_to_who_gave_it() -> None:
    """Plans and starts are no recovery; who reads along is told of them by the guidance."""
    approved = replace(ASKED, kind=DecisionKind.APPROVE_PLAN)
    event = ev.DecisionAnswered(decision_id="d1", option="parents", by="ana")

    assert () == in_words(event, asked=approved)


def test_question_withdrawn_is_nobodys_choice() -> None:
    """Its ground is gone; no person and no program decided anything."""
    event = ev.DecisionAnswered(decision_id="d1", option="withdrawn", by="fordway")

    assert "the question is closed; what it was about has changed" == answer_words(event, ASKED).line


def test_recovery_that_begins_says_what_is_foretold() -> None:
    """In words, not by the option's name in scripts."""
    event = ev.RecoveryStarted(
        decision_id="d1", option="parents", by="kim", predicted=Effect(written=500, brought=8, high_seconds=3)
    )

    assert (
        "  orchestrator: now moving the missing parents first (foretold: 500 written, 8 brought in, up to 3 seconds)",
    ) == in_words(event)


@pytest.mark.parametrize(
    ("option", "predicted", "actual", "unlike"),
    [
        ("quarantine", Effect(written=477, set_aside=23), Effect(written=477, set_aside=23), ""),
        (
            "quarantine",
            Effect(written=477, set_aside=23),
            Effect(written=479, set_aside=21),
            "; otherwise than foretold: 479 written instead of 477, 21 set aside instead of 23",
        ),
        ("parents", Effect(written=500, brought=8), Effect(brought=8), ""),
        (
            "parents",
            Effect(written=500, brought=8),
            Effect(brought=7),
            "; otherwise than foretold: 7 brought in instead of 8",
        ),
        (
            "parents",
            Effect(high_seconds=3),
            Effect(high_seconds=14),
            "; otherwise than foretold: 14 seconds instead of 3 seconds at most",
        ),
        ("retry", Effect(written=500), Effect(), ""),
    ],
)
def test_recovery_that_ended_says_only_what_came_otherwise(
    option: str, predicted: Effect, actual: Effect, unlike: str
) -> None:
    """Counts are compared where they are counted; what came as foretold needs no words."""
    told = recovery_words(finished(option, predicted, actual))

    assert (f"it is done{unlike}", Mood.CARE if unlike else Mood.GOOD) == (told.text, told.mood)


def test_recovery_that_could_not_be_done_is_bad_news() -> None:
    """It is told as it is, without a comparison."""
    told = recovery_words(finished("quarantine", Effect(written=4), Effect(), is_done=False))

    assert ("it is done", Mood.BAD) == (told.text, told.mood)


@pytest.mark.parametrize(
    ("event", "lines"),
    [
        (
            ev.RuleMade(rule_id=1, words="links.case_id: set aside", by="ana"),
            ("  ana made rule 1: links.case_id: set aside",),
        ),
        (
            ev.RuleRevoked(rule_id=1, words="links.case_id: set aside", by="kim"),
            ("  kim revoked rule 1: links.case_id: set aside",),
        ),
        (
            ev.DecisionExpired(decision_id="d1", deadline=DAY),
            ("  nobody answered by 03:20 UTC; paused safely, nothing was decided",),
        ),
        (
            ev.DecisionHandedOn(decision_id="d1", to="lead", by="ana"),
            ("  ana handed the question to the lead; whoever answers first decides",),
        ),
        (
            ev.QuarantineChanged(
                what="replayed", table="links", rows=2, by="ana", text="replayed 2 rows of links"
            ),
            ("  ana replayed 2 rows of links",),
        ),
        (
            ev.PartUndone(what="phase 2", tables=("links",), removed=1, kept=0, by="ana"),
            ("  ana took back phase 2: 1 row removed",),
        ),
        (
            ev.FaultTold(
                code="R314",
                what="The disk is nearly full",
                safe="Nothing stopped",
                todo="Free space on the server",
            ),
            ("  The disk is nearly full", "    Nothing stopped.", "    Free space on the server."),
        ),
    ],
)
def test_step_beside_the_escalation_is_told(event: ev.Event, lines: tuple[str, ...]) -> None:
    """Rules, deadlines, handing on, rows set aside, parts taken back, and what nobody has to decide."""
    assert lines == in_words(event)


@pytest.mark.parametrize(
    ("number", "name"),
    [(1, "1"), (1_204, "1,204"), (LATE_BATCHES + 1, "+1"), (LATE_BATCHES + 12, "+12")],
)
def test_batch_that_was_brought_in_is_counted_from_one(number: int, name: str) -> None:
    """Nobody reads a number of ten digits."""
    assert name == batch_name(number)


def test_batch_that_was_brought_in_is_told_as_such() -> None:
    """It has no place in the order of keys."""
    event = ev.ChunkCommitted(
        pass_=Pass.MOVE, table="cases", chunk=LATE_BATCHES + 1, label="7 brought in",
        counts=Counts(read=7, written=7), seconds=0.1,
    )  # fmt: skip

    assert ("  cases batch +1: 7 brought in committed",) == in_words(event)
