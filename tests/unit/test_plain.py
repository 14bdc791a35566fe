"""Questions as numbered prompts: what is shown, and what a typed line gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from console.plain import answer_at_prompt
from console.question_words import question_body
from tests.screens.scripted_faults import MISSING_PARENTS, TOO_LONG

if TYPE_CHECKING:
    from engine.model.decisions import Decision

NUMBERS = {option.name: number for number, option in enumerate(MISSING_PARENTS.decision.options, start=1)}


class Terminal:
    """A person who types these lines, and what was given and shown."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *lines: str, refuses: str = "") -> None:
        self.lines = list(lines)
        self.asked: list[str] = []
        self.given: list[tuple[object, ...]] = []
        self.refuses = refuses
        monkeypatch.setattr("builtins.input", self._type)

    def _type(self, words: str) -> str:
        self.asked.append(words)
        if not self.lines:
            raise EOFError
        return self.lines.pop(0)

    def give(self, decision_id: str, option: str, *, for_every: bool = False, value: str = "") -> str:
        self.given.append((decision_id, option, for_every, value))
        return self.refuses

    def answer(self, decision: Decision) -> bool:
        return answer_at_prompt(decision, self.give, target_name=lambda: "app")


def test_prompt_tells_of_each_answer_what_it_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What happened, what is safe, and of every answer the consequence and what it is foretold to come to."""
    Terminal(monkeypatch).answer(MISSING_PARENTS.decision)

    shown = capsys.readouterr().err
    assert "23 rows reference 7 cases that are not there yet" in shown
    assert "Safe: The batch was rolled back" in shown
    assert "  1.  Move the 7 missing cases first (recommended): 7 cases and 1 office are moved" in shown
    assert "500 written, 8 parents moved first · 1-3 s more · undo: taken back with the run" in shown
    assert "not now: case_id is part of the key and can't be empty" in shown


def test_number_gives_its_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """For this one alone, unless a star stands behind it."""
    terminal = Terminal(monkeypatch, "1")

    assert terminal.answer(MISSING_PARENTS.decision)
    assert [("d-R111", "parents", False, "")] == terminal.given


def test_star_behind_the_number_answers_every_such_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """What that means stands above the answers."""
    terminal = Terminal(monkeypatch, "2 *")

    assert terminal.answer(MISSING_PARENTS.decision)
    assert [("d-R111", "quarantine", True, "")] == terminal.given


def test_nothing_typed_leaves_the_question_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enter alone decides nothing, and neither does a terminal that went away."""
    for lines in (("",), ()):
        terminal = Terminal(monkeypatch, *lines)

        assert not terminal.answer(MISSING_PARENTS.decision)
        assert [] == terminal.given


def test_number_that_is_none_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong key is no answer."""
    terminal = Terminal(monkeypatch, "99", "x", "1")

    assert terminal.answer(MISSING_PARENTS.decision)
    assert "99 is none of 1 to 11." in capsys.readouterr().err


def test_answer_that_wants_a_value_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed goes with it; nothing takes what is proposed."""
    for typed, value in (("n/a", "n/a"), ("", "(name too long)")):
        terminal = Terminal(monkeypatch, "4", typed)

        assert terminal.answer(TOO_LONG.decision)
        assert [("d-R103", "default", False, value)] == terminal.given


def test_undo_asks_for_the_targets_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The number alone takes nothing back."""
    number = str(NUMBERS["undo"])
    left, typed = Terminal(monkeypatch, number, "", ""), None
    assert not left.answer(MISSING_PARENTS.decision)
    typed = Terminal(monkeypatch, number, "app")
    assert typed.answer(MISSING_PARENTS.decision)

    assert ([], [("d-R111", "undo", False, "app")]) == (left.given, typed.given)
    assert "Type app to undo the run" in typed.asked[1]


def test_question_handed_to_the_lead_is_no_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It stays open, so the run must not go on as if somebody had answered."""
    terminal = Terminal(monkeypatch, str(NUMBERS["lead"]))

    assert not terminal.answer(MISSING_PARENTS.decision)
    assert [("d-R111", "lead", False, "")] == terminal.given
    assert "the question stays open" in capsys.readouterr().err


def test_refused_answer_says_why_and_asks_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody else may have been first."""
    terminal = Terminal(monkeypatch, "1", "", refuses="kim answered first: Pause here.")

    assert not terminal.answer(MISSING_PARENTS.decision)
    assert "kim answered first: Pause here." in capsys.readouterr().err


def test_question_as_json_holds_every_answer_with_its_effect() -> None:
    """A script reads what a person reads."""
    body = question_body(MISSING_PARENTS.decision, run_id="r1", asked_at=None)

    first = body["options"][0]
    assert ("parents", True, 500, 8) == (
        first["option"],
        first["recommended"],
        first["effect"]["written"],
        first["effect"]["brought"],
    )
    assert 11 == len(body["options"])


def test_question_that_was_handed_on_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who is asked beside whoever reads."""
    Terminal(monkeypatch).answer(replace(MISSING_PARENTS.decision, handed_to="lead"))

    assert "The lead was asked; whoever answers first decides." in capsys.readouterr().err
