"""Everything an operator can do: one registry behind footer, help and command palette."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.run import RunState
from screens.action import Action, Group
from screens.action_list import ACTIONS
from screens.sight import Viewer

if TYPE_CHECKING:
    from screens.sight import Sight
    from screens.view_model import RunView

__all__ = [
    "ACTIONS",
    "ACTS",
    "Action",
    "Group",
    "action_of",
    "actions_on",
    "allowed",
    "key_name",
    "not_from_here",
]

ACTS = frozenset(
    {
        "decide",
        "pause-run",
        "resume-run",
        "stop-run",
        "undo-run",
        "edit-row",
        "replay-rows",
        "discard-rows",
        "revoke-rule",
    }
)
"""Actions that change the run, or what becomes of its rows; a watcher has none of them."""

_BY_NAME = {action.name: action for action in ACTIONS}

_KEY_NAMES = {
    "question_mark": "?",
    "left": "←",
    "right": "→",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "f1": "F1",
    "f6": "F6",
}


def actions_on(screen: str) -> tuple[Action, ...]:
    """The actions of a screen, in the registry's order."""
    return tuple(action for action in ACTIONS if action.only_on in ("", screen))


def action_of(name: str) -> Action:
    """The action of that name.

    Raises:
        KeyError: there is none.
    """
    return _BY_NAME[name]


def key_name(key: str) -> str:
    """The key as people write it: ``?``, ``^p``."""
    return _KEY_NAMES.get(key, key.replace("ctrl+", "^"))


def allowed(action: Action, view: RunView) -> str:
    """Empty when the action is allowed now, else the reason why not."""
    if view.state not in action.states:
        return action.why_not
    match action.name:
        case "decide":
            return "" if view.decision is not None else "nothing is being asked"
        case "undo-run":
            return _why_no_undo(view)
        case "technical-plan":
            return "" if view.plan is not None else "there is no plan yet"
        case "pause-run" if view.pause_asked_by:
            return "a pause is asked for already; the open batch ends first"
        case "stop-run" if not view.run_id:
            return "no run is open yet"
        case _:
            return ""


def not_from_here(action: Action, sight: Sight) -> str:
    """Why this console, whatever the run's state, must not do it; empty when it may."""
    if action.name not in ACTS or sight.can_act:
        return ""
    if sight.viewer is Viewer.WATCHER:
        return "this console only watches"
    if action.name != "decide":
        return "the lead's console answers questions about faults, and asks nothing else of the run"
    decision = sight.view.decision
    if decision is not None and not sight.may_answer(decision):
        return "the operator answers this one"
    return ""


def _why_no_undo(view: RunView) -> str:
    if view.state is RunState.UNDONE:
        return "the run is undone already"
    if view.state is RunState.UNDOING:
        return ""
    return "" if view.has_moved else "nothing has been moved yet"
