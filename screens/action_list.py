"""Every action there is, in the order of footer, help and command palette."""

from __future__ import annotations

from engine.model.run import RunState
from screens.action import Action, Group

__all__ = ["ACTIONS", "QUARANTINE"]

QUARANTINE = "quarantine"
"""The screen of rows set aside: some actions are only there."""

_RUNNING = frozenset({RunState.RUNNING})
_RESTING = frozenset({RunState.PAUSED, RunState.WAITING, RunState.STOPPED, RunState.COMPLETE})
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
        name="edit-row",
        key="e",
        label="edit",
        group=Group.HELD,
        only_on=QUARANTINE,
        help="Opens the marked row at the value that is in its way, to give it another one.",
    ),
    Action(
        name="replay-rows",
        key="w",
        label="replay",
        group=Group.HELD,
        states=_RESTING,
        only_on=QUARANTINE,
        help="Writes rows into the target after all: the marked one, its group, or all that are open.",
        why_not="rows are replayed while the run rests: paused, waiting, stopped or complete",
    ),
    Action(
        name="discard-rows",
        key="g",
        label="give up",
        group=Group.HELD,
        only_on=QUARANTINE,
        is_destructive=True,
        help="Gives rows up: they stay in the ledger and are not written. Asks for the target's name first.",
    ),
    Action(
        name="export-rows",
        key="o",
        label="export",
        group=Group.HELD,
        only_on=QUARANTINE,
        help="Writes the rows that are shown into a new file as CSV, each with its reason.",
    ),
    Action(
        name="revoke-rule",
        key="v",
        label="revoke",
        group=Group.HELD,
        only_on=QUARANTINE,
        help="Revokes the marked standing answer: the next such error asks again, what it did stays done.",
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
        name="quarantine",
        key="s",
        label="aside",
        group=Group.GO,
        help="Shows the rows set aside, to be looked at, mended, replayed or given up; again to go back.",
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
