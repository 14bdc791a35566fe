"""Everything an operator can do: one registry behind footer, help and command palette."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from engine.model.run import RunState
from screens.sight import Viewer

if TYPE_CHECKING:
    from screens.sight import Sight
    from screens.view_model import RunView

__all__ = ["ACTIONS", "ACTS", "Action", "Group", "action_of", "allowed", "key_name", "not_from_here"]


class Group(StrEnum):
    """What an action is about; groups stand together in the footer and in the help."""

    RUN = "the run"
    GO = "where to look"
    APP = "Fordway"


ANY = frozenset(RunState)
"""Allowed in every state of a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that can be done with one key."""

    name: str
    key: str
    """The terminal's name of the key, as Textual spells it."""
    label: str
    """Two words at most, for the footer; empty joins the key with the next action's."""
    help: str
    """One sentence."""
    group: Group
    states: frozenset[RunState] = ANY
    """Run states in which it is allowed."""
    why_not: str = ""
    """The reason given in every other state."""
    is_destructive: bool = False
    """It asks by typing the target's name."""
    more_keys: tuple[str, ...] = ()


_RUNNING = frozenset({RunState.RUNNING})
_OPEN = frozenset({RunState.NEW, RunState.RUNNING, RunState.WAITING, RunState.PAUSED})

ACTIONS: tuple[Action, ...] = (
    Action(
        name="go-on",
        key="enter",
        label="go on",
        group=Group.RUN,
        help="Takes the marked answer, or goes to the next screen when nothing is asked.",
    ),
    Action(
        name="decide",
        key="d",
        label="answer",
        group=Group.RUN,
        help="Opens the question the run waits with, with its options and what each means.",
    ),
    Action(
        name="pause-run",
        key="p",
        label="pause",
        group=Group.RUN,
        states=_RUNNING,
        help="Ends the open batch, then pauses; nothing is left half-written.",
        why_not="only a running run can be paused",
    ),
    Action(
        name="resume-run",
        key="r",
        label="resume",
        group=Group.RUN,
        states=frozenset({RunState.PAUSED, RunState.NEW}),
        help="Goes on from the last checkpoint; before a run is open, tries again to open it.",
        why_not="only a paused run can be resumed",
    ),
    Action(
        name="stop-run",
        key="x",
        label="stop",
        group=Group.RUN,
        states=_OPEN,
        help="Ends the run at the batch's end; what is committed stays, and can be undone.",
        why_not="the run has ended already",
    ),
    Action(
        name="undo-run",
        key="u",
        label="undo",
        group=Group.RUN,
        is_destructive=True,
        help="Shows what an undo would remove; asks for the target's name before it does anything.",
    ),
    Action(
        name="technical-plan",
        key="t",
        label="technical plan",
        group=Group.GO,
        help="Switches between the plan in words and the technical plan.",
    ),
    Action(
        name="previous-step",
        key="left",
        more_keys=("left_square_bracket",),
        label="",
        group=Group.GO,
        help="Shows the step before; the run goes on undisturbed.",
    ),
    Action(
        name="next-step",
        key="right",
        more_keys=("right_square_bracket",),
        label="step",
        group=Group.GO,
        help="Shows the step after; the run goes on undisturbed.",
    ),
    *(
        Action(
            name=f"go-{step}",
            key=str(place),
            label=step,
            group=Group.GO,
            help=f"Shows the {step.capitalize()} step.",
        )
        for place, step in enumerate(
            ("connect", "discover", "plan", "rehearse", "move", "verify", "finish"), start=1
        )
    ),
    Action(
        name="follow-run",
        key="f",
        label="follow",
        group=Group.GO,
        help="Goes to where the run is, and follows it from step to step.",
    ),
    Action(
        name="coordination",
        key="c",
        more_keys=("f6",),
        label="agents",
        group=Group.GO,
        help="Shows the agents, their handoffs and their messages; again to go back.",
    ),
    Action(
        name="help",
        key="question_mark",
        more_keys=("f1",),
        label="help",
        group=Group.APP,
        help="Explains this screen and lists every key.",
    ),
    Action(
        name="commands",
        key="ctrl+p",
        label="commands",
        group=Group.APP,
        help="Lists every action by name; those not allowed now say why.",
    ),
    Action(
        name="next-theme",
        key="ctrl+t",
        label="theme",
        group=Group.APP,
        help="Changes the colours: dark, light, high contrast, colour-blind safe.",
    ),
    Action(
        name="quit",
        key="q",
        more_keys=("ctrl+q", "ctrl+c"),
        label="leave",
        group=Group.APP,
        help="Leaves the console; while rows move it asks whether the run goes on.",
    ),
)

ACTS = frozenset({"decide", "pause-run", "resume-run", "stop-run", "undo-run"})
"""Actions that change the run; a watcher has none of them."""

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
