"""Questions to people: every option with its consequence, the safe one named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.agents.questions import ask_approval, ask_to_move
from engine.guidance.fault_catalogue import FAULTS
from engine.model.decisions import Decision
from engine.model.faults import WayBack
from engine.model.findings import Finding, Severity
from engine.model.plan import Estimate, Plan, Risk
from engine.model.run import Counts, Rehearsal, TableOutcome, Unlinked
from engine.recovering.ask_about_fault import ask_about_fault
from engine.recovering.circumstances import Circumstances
from screens.actions import ACTIONS

_PLAN = Plan(
    playbook="p",
    title="P",
    noun="brackets",
    target="t",
    target_fingerprint="f",
    sources=(),
    tables=(),
    phases=(),
    findings=(),
    estimate=Estimate(low_seconds=1, high_seconds=2, basis="b"),
    risk=Risk(level="low", reasons=()),
    undo="Undo removes them",
    digest="d" * 64,
)


def _outcome(quarantined: int, unlinked: int = 0) -> Rehearsal:
    counts = Counts(read=10, written=10 - quarantined, quarantined=quarantined)
    missing = (Unlinked(table="t", parent="p", rows=unlinked),) if unlinked else ()
    return Rehearsal(tables=(TableOutcome(table="t", planned=10, counts=counts),), unlinked=missing)


def _fault(code: str, *, rows_written: int) -> Circumstances:
    return Circumstances(
        run_id="r", fault=FAULTS[code], words="something failed", plan=_PLAN, rows_written=rows_written
    )


def _all() -> list[Decision]:
    return [
        ask_approval(_PLAN, number=1, run_id="r"),
        ask_to_move(_PLAN, _outcome(0), seconds=1.0, number=1, run_id="r"),
        ask_to_move(_PLAN, _outcome(3), seconds=1.0, number=2, run_id="r"),
        *(ask_about_fault(_fault(code, rows_written=10), number=1) for code in FAULTS),
        ask_about_fault(_fault("R308", rows_written=0), number=2),
    ]


@pytest.mark.parametrize("decision", _all(), ids=lambda d: f"{d.decision_id}-{d.fault}")
def test_question_has_one_key_an_option_and_a_safest_that_can_be_chosen(decision: Decision) -> None:
    """Keys and names differ, each option states its consequence, the safest exists."""
    names = [option.name for option in decision.options]
    keys = [option.key for option in decision.options]

    assert len(set(names)) == len(names)
    assert len(set(keys)) == len(keys)
    assert all(option.consequence for option in decision.options)
    assert decision.safest in names
    assert 1 == sum(option.is_recommended for option in decision.options)


@pytest.mark.parametrize(
    ("option", "way_back"),
    [
        ("retry", WayBack.NOT_NEEDED),
        ("pause", WayBack.NOT_NEEDED),
        ("undo", WayBack.NONE),
        ("stop", WayBack.UNDO),
        ("lead", WayBack.NOT_NEEDED),
    ],
)
def test_option_can_be_undone_only_where_undo_takes_it_back(option: str, way_back: WayBack) -> None:
    """An undo is for good, and what changes nothing has nothing to be taken back."""
    asked = ask_about_fault(_fault("R301", rows_written=10), number=1).option(option)

    assert asked is not None
    assert asked.effect is not None
    assert way_back == asked.effect.way_back


@pytest.mark.parametrize(
    ("code", "headline"),
    [
        ("R301", "The connection to the server of t was lost"),
        ("R302", "The server of t was restarted, or is just starting"),
        ("R303", "The server of t takes no writes: something failed"),
        ("R308", "The disk of the server of t is full"),
        ("R309", "The server of t has no memory left: something failed"),
        ("R310", "The server of t can't hold more locks: something failed"),
        ("R311", "The server of t has no free connection"),
        ("R313", "The server of t does not let us in: something failed"),
    ],
)
def test_headline_about_a_server_has_its_capital_where_it_begins(code: str, headline: str) -> None:
    """And nowhere else."""
    circumstances = replace(_fault(code, rows_written=10), facts={"server": "the server of t"})

    assert headline == ask_about_fault(circumstances, number=1).headline


def test_question_about_a_plan_with_blockers_offers_only_to_leave() -> None:
    """A plan with an unexplained violation cannot be approved, and says why."""
    finding = Finding(code="F101", severity=Severity.BLOCKER, what="text in an integer column", place="t.c")
    decision = ask_approval(replace(_PLAN, findings=(finding,)), number=1, run_id="r")

    open_options = [option.name for option in decision.options if not option.unavailable]
    assert ["decline"] == open_options
    assert "F101" in decision.options[0].unavailable


def test_question_about_rows_to_set_aside_has_the_answers_first_and_no_key_of_the_console() -> None:
    """On a small screen the answers are seen, and the key that leaves approves nothing."""
    finding = Finding(code="F110", severity=Severity.BLOCKER, what="a NUL", place="t.c", violates=1)
    decision = ask_approval(replace(_PLAN, findings=(finding,)), number=1, run_id="r")

    names = [option.name for option in decision.options]
    assert ["approve-aside", "approve-aside-move", "decline", "approve", "approve-move"] == names
    assert "Set this row aside, rehearse first" == decision.options[0].label
    assert "1 row would be set aside, see F110: say that this is meant" == decision.options[3].unavailable
    assert set() == {option.key for option in decision.options} & {action.key for action in ACTIONS}


def test_question_after_a_rehearsal_with_rows_aside_recommends_to_wait() -> None:
    """The safe answer has the focus."""
    assert "decline" == ask_to_move(_PLAN, _outcome(3), seconds=1.0, number=1, run_id="r").safest
    assert "move" == ask_to_move(_PLAN, _outcome(0), seconds=1.0, number=1, run_id="r").safest


@pytest.mark.parametrize(("asks", "safest"), [(True, "move"), (False, "decline")])
def test_question_after_a_rehearsal_counts_rows_whose_parents_are_missing(asks: bool, safest: str) -> None:
    """The target refuses their batch; where the move asks about it, nothing is lost by moving."""
    decision = ask_to_move(_PLAN, _outcome(0, 6), seconds=1.0, number=1, run_id="r", asks=asks)

    assert "6 rows of t name no row of p" in decision.situation
    assert asks is ("The move will ask about them" in decision.situation)
    assert safest == decision.safest


def test_question_after_a_rehearsal_says_that_the_move_will_ask_about_rows_nobody_foresaw() -> None:
    """Then moving loses nothing: whoever answers sees each of these rows first."""
    decision = ask_to_move(_PLAN, _outcome(3), seconds=1.0, number=1, run_id="r", asks=True)

    assert "move" == decision.safest
    assert "The move will ask what shall become of 3 of these." in decision.situation


def test_question_about_a_fault_says_what_happened_what_it_means_and_what_is_safe() -> None:
    """A full disk at night: the headline, the impact, the cause, what stands, and why to wait."""
    decision = ask_about_fault(_fault("R308", rows_written=10), number=1)

    assert "The disk of the server is full" == decision.headline
    assert (
        "Nothing more can be written there",
        "Cause: Rows, indexes or the write-ahead log filled it",
    ) == decision.facts
    assert "The open batch was rolled back, every committed batch stands" == decision.safe
    assert decision.why.startswith("Free space on that disk, then resume")
    assert decision.situation.startswith("The disk of the server is full. Nothing more can be written there.")


def test_undo_is_no_choice_before_anything_was_written() -> None:
    """An unavailable option stays visible with its reason."""
    decision = ask_about_fault(_fault("R308", rows_written=0), number=1)

    assert {"undo": "nothing was written yet"} == {
        option.name: option.unavailable for option in decision.options if option.unavailable
    }
