"""The registry of everything an operator can do."""

from __future__ import annotations

from itertools import chain

import pytest

from engine.model.run import RunState
from screens.actions import ACTIONS, action_of, allowed
from screens.run_view import RunView, fold_all
from tests.screens.scripted_journal import RUN, STAGES

KEYS_TERMINALS_SWALLOW = {f"ctrl+{letter}" for letter in "hijmsz"}


def view_at(stage: str) -> RunView:
    return fold_all(RunView(run_id=RUN), STAGES[stage]().entries)


def test_keys_of_all_actions_are_used_once() -> None:
    """No key stands for two things."""
    keys = list(chain.from_iterable((action.key, *action.more_keys) for action in ACTIONS))

    assert len(keys) == len(set(keys))


def test_keys_of_all_actions_reach_the_console() -> None:
    """Keys that terminals send as something else, or keep for themselves, are not used."""
    keys = set(chain.from_iterable((action.key, *action.more_keys) for action in ACTIONS))

    assert set() == keys & KEYS_TERMINALS_SWALLOW


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
def test_help_of_an_action_is_one_sentence(action: object) -> None:
    """Help, footer and palette have something to say about each."""
    known = next(each for each in ACTIONS if each is action)

    assert known.help.endswith(".")
    assert "!" not in known.help


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.name)
@pytest.mark.parametrize("state", RunState)
def test_action_in_a_state_it_is_not_for_gives_a_reason(action: object, state: RunState) -> None:
    """What can't be done now says why."""
    known = next(each for each in ACTIONS if each is action)
    reason = allowed(known, RunView(run_id=RUN, state=state))

    assert (state in known.states) or reason


@pytest.mark.parametrize(
    ("name", "stage", "reason"),
    [
        ("pause-run", "moving", ""),
        ("pause-run", "paused", "only a running run can be paused"),
        ("resume-run", "paused", ""),
        ("resume-run", "moving", "only a paused run can be resumed"),
        ("undo-run", "planned", "nothing has been moved yet"),
        ("undo-run", "moving", ""),
        ("undo-run", "finished", ""),
        ("undo-run", "undone", "the run is undone already"),
        ("technical-plan", "connected", "there is no plan yet"),
        ("decide", "moving", "nothing is being asked"),
        ("decide", "faulted", ""),
        ("stop-run", "finished", "the run has ended already"),
    ],
)
def test_action_at_a_stage_is_allowed_or_says_why(name: str, stage: str, reason: str) -> None:
    """Each action knows when it makes sense."""
    assert reason == allowed(action_of(name), view_at(stage))
