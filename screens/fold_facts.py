"""The fold's share: what was found, planned and decided, and how it ended."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from engine.guidance.recovery_words import answer_words
from engine.model.events import (
    ConnectionsChecked,
    DecisionAnswered,
    DecisionAsked,
    FindingRaised,
    GateChanged,
    PlanApproved,
    PlanProposed,
    PlanVoided,
    RunFinished,
    TableDiscovered,
    TableUndone,
    TableVerified,
    UndoFinished,
    UndoStarted,
)
from engine.model.run import RunState
from screens.fold_rows import compared, healed
from screens.fold_talk import say, say_told
from screens.view_model import Mood, PassView, RunView

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Facts", "Outcome", "fold_facts", "fold_outcome"]

Facts = (
    ConnectionsChecked
    | TableDiscovered
    | FindingRaised
    | PlanProposed
    | PlanApproved
    | PlanVoided
    | DecisionAsked
    | DecisionAnswered
)
Outcome = TableVerified | GateChanged | UndoStarted | TableUndone | UndoFinished | RunFinished


def fold_facts(view: RunView, event: Facts, at: datetime) -> RunView:
    """The view after something was found, planned or decided."""
    match event:
        case ConnectionsChecked():
            return replace(view, checks=event.checks)
        case TableDiscovered():
            return replace(view, discovered=_with_table(view.discovered, event))
        case FindingRaised():
            others = tuple(
                f for f in view.findings if (f.code, f.place) != (event.finding.code, event.finding.place)
            )
            return replace(view, findings=(*others, event.finding))
        case PlanProposed():
            return replace(
                view,
                plan=event.plan,
                approved_digest="",
                approved_by="",
                rehearsal=PassView(),
                rehearsed=None,
            )
        case PlanApproved():
            approved = replace(view, approved_digest=event.digest, approved_by=event.by, voided=())
            return say(approved, at, event.by, f"approved the plan {event.digest[:8]}", Mood.GOOD)
        case PlanVoided():
            voided = replace(view, approved_digest="", approved_by="", voided=event.differences)
            return say(
                voided, at, "planning", "the plan no longer holds: " + "; ".join(event.differences), Mood.CARE
            )
        case DecisionAsked():
            return replace(view, decision=event.decision, asked_at=at, answered="", handed_by="")
        case DecisionAnswered():
            return _answered(view, event, at)
        case _:
            assert_never(event)


def _with_table(known: tuple[TableDiscovered, ...], table: TableDiscovered) -> tuple[TableDiscovered, ...]:
    others = tuple(t for t in known if (t.source, t.table) != (table.source, table.table))
    return (*others, table)


def _answered(view: RunView, event: DecisionAnswered, at: datetime) -> RunView:
    asked = view.decision
    is_open = asked is not None and asked.decision_id == event.decision_id
    told = answer_words(event, asked if is_open else None)
    if is_open:
        view = replace(view, decision=None, asked_at=None)
    said = told.line if told.is_deed else told.text.capitalize()
    return say_told(replace(view, answered=said, settled=(event.decision_id, said)), at, told)


def fold_outcome(view: RunView, event: Outcome, at: datetime) -> RunView:
    """The view after a comparison, a gate, an undo's step or the end."""
    match event:
        case TableVerified():
            return compared(healed(view), event)
        case GateChanged():
            gates = tuple(g for g in view.gates if g.gate != event.gate)
            return replace(view, gates=(*gates, event))
        case UndoStarted():
            started = replace(view, undo_by=event.by, undone=(), undo_outcome=None, decision=None)
            return say(started, at, event.by, "started the undo", Mood.CARE)
        case TableUndone():
            return replace(view, undone=(*(t for t in view.undone if t.table != event.table), event))
        case UndoFinished():
            return say(
                replace(view, undo_outcome=event), at, "run", "everything that could be taken back was"
            )
        case RunFinished():
            mood = Mood.GOOD if event.state is RunState.COMPLETE else Mood.CARE
            return say(replace(view, outcome=event), at, "run", f"finished: {event.state}", mood)
        case _:
            assert_never(event)
