"""The fold's share: a run's life - created, started, at a step, paused, failed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from engine.model.events import (
    FaultMet,
    PauseAsked,
    RunCreated,
    RunnerStarted,
    RunnerStopped,
    StateChanged,
    StepFinished,
    StepStarted,
)
from engine.model.run import STEP_ORDER, RunState, Step
from screens.fold_talk import say
from screens.view_model import Mood, RailState, RailStep, RunView

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Life", "begun_at", "fold_life"]

Life = (
    RunCreated
    | RunnerStarted
    | RunnerStopped
    | StateChanged
    | StepStarted
    | StepFinished
    | PauseAsked
    | FaultMet
)


def fold_life(view: RunView, event: Life, at: datetime) -> RunView:
    """The view after an event of the run's own life."""
    match event:
        case RunCreated():
            return _created(view, event, at)
        case RunnerStarted():
            where = f"runner started on {event.host}, process {event.pid}"
            return say(replace(view, epoch=event.epoch), at, "runner", where)
        case RunnerStopped():
            return say(
                view, at, "runner", f"runner stopped: {event.reason}" if event.reason else "runner stopped"
            )
        case StateChanged():
            return _state(view, event, at)
        case StepStarted():
            rail = begun_at(view.rail, event.step)
            return replace(view, step=event.step, rail=rail, step_started_at=at, fault=None)
        case StepFinished():
            rail = _marked(view.rail, event.step, RailState.DONE, event.seconds)
            level = None if event.step is view.level_step else view.level
            return replace(view, rail=rail, level=level)
        case PauseAsked():
            return say(
                replace(view, pause_asked_by=event.by), at, event.by, "asked for a pause at the batch's end"
            )
        case FaultMet():
            rail = _marked(view.rail, view.step, RailState.FAILED, None)
            text = f"{event.what} ({event.where})" if event.where else event.what
            return say(replace(view, rail=rail, fault=event), at, "run", text, Mood.BAD)
        case _:
            assert_never(event)


def _created(view: RunView, event: RunCreated, at: datetime) -> RunView:
    return replace(
        view,
        title=event.title,
        playbook=event.playbook,
        sources=event.sources,
        target=event.target,
        operator=event.operator,
        created_at=at,
    )


_SAID = {
    RunState.WAITING: (Mood.CARE, "waits for an answer"),
    RunState.PAUSED: (Mood.CARE, "paused"),
    RunState.COMPLETE: (Mood.GOOD, "complete"),
    RunState.STOPPED: (Mood.CARE, "stopped"),
    RunState.UNDOING: (Mood.CARE, "is being undone"),
    RunState.UNDONE: (Mood.GOOD, "undone"),
}


def _state(view: RunView, event: StateChanged, at: datetime) -> RunView:
    resting = event.state in (RunState.WAITING, RunState.PAUSED)
    rail = (
        _rested(view.rail, view.step, is_asked=event.state is RunState.WAITING)
        if resting
        else _woken(view.rail)
    )
    is_fresh = event.state not in (RunState.PAUSED, RunState.WAITING)
    changed = replace(
        view,
        state=event.state,
        reason=event.reason,
        rail=rail,
        pause_asked_by="" if event.state is not RunState.RUNNING else view.pause_asked_by,
        fault=None if is_fresh else view.fault,
        decision=None
        if event.state in (RunState.COMPLETE, RunState.STOPPED, RunState.UNDOING)
        else view.decision,
    )
    if event.state not in _SAID:
        return changed
    mood, word = _SAID[event.state]
    return say(changed, at, "run", f"{word}: {event.reason}" if event.reason else word, mood)


def _marked(
    rail: tuple[RailStep, ...], step: Step, state: RailState, seconds: float | None
) -> tuple[RailStep, ...]:
    return tuple(
        replace(mark, state=state, seconds=mark.seconds if seconds is None else seconds)
        if mark.step is step
        else mark
        for mark in rail
    )


def begun_at(rail: tuple[RailStep, ...], step: Step) -> tuple[RailStep, ...]:
    """The step is being done; earlier steps nobody did were skipped, later ones are to do again.

    A resumed run connects anew and then goes on where it was: what was done stays known.
    """
    if step is Step.UNDO:
        return rail
    here = STEP_ORDER.index(step)
    marks = tuple(_restarted(mark, place - here) for place, mark in enumerate(rail))
    if step is not Step.CONNECT:
        return marks
    return tuple(
        replace(new, seconds=old.seconds) if new.state is RailState.TODO else new
        for new, old in zip(marks, rail, strict=True)
    )


def _restarted(mark: RailStep, distance: int) -> RailStep:
    if distance == 0:
        return replace(mark, state=RailState.DOING, seconds=None)
    if distance > 0:
        return RailStep(step=mark.step)
    if mark.state is RailState.TODO and mark.seconds is None:
        return replace(mark, state=RailState.SKIPPED)
    return mark if mark.state is RailState.SKIPPED else replace(mark, state=RailState.DONE)


def _rested(rail: tuple[RailStep, ...], step: Step, *, is_asked: bool) -> tuple[RailStep, ...]:
    """The step rests; one that failed says so until somebody is asked what to do about it."""
    waiting = {RailState.DOING, RailState.DONE, RailState.TODO} | ({RailState.FAILED} if is_asked else set())
    return tuple(
        replace(mark, state=RailState.WAITING) if mark.step is step and mark.state in waiting else mark
        for mark in rail
    )


def _woken(rail: tuple[RailStep, ...]) -> tuple[RailStep, ...]:
    """Steps that rested go on: done when they had finished before, else being done."""
    return tuple(
        replace(mark, state=RailState.DOING if mark.seconds is None else RailState.DONE)
        if mark.state is RailState.WAITING or (mark.state is RailState.FAILED and mark.seconds is None)
        else mark
        for mark in rail
    )
