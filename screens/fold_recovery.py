"""The fold's share: what went wrong, what was decided about it, and what came of that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from engine.model.events import (
    DecisionExpired,
    DecisionHandedOn,
    DrillFinished,
    FaultDiagnosed,
    FaultTold,
    LevelRaised,
    LookedAgain,
    PartUndone,
    QuarantineChanged,
    RecoveryFinished,
    RecoveryStarted,
    RuleMade,
    RuleRevoked,
)
from engine.model.run import Step
from screens.fold_life import begun_at
from screens.fold_rows import forget_moved
from screens.fold_talk import say
from screens.view_model import Mood, RunView

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["Recovery", "fold_recovery"]

Recovery = (
    LevelRaised
    | LookedAgain
    | FaultDiagnosed
    | FaultTold
    | RecoveryStarted
    | RecoveryFinished
    | RuleMade
    | RuleRevoked
    | DecisionExpired
    | DecisionHandedOn
    | QuarantineChanged
    | PartUndone
    | DrillFinished
)
_KEPT = 50
"""Recoveries kept for the screens; the ledger has them all."""


def fold_recovery(view: RunView, event: Recovery, at: datetime) -> RunView:
    """The view after a step of a recovery."""
    match event:
        case LevelRaised():
            mood = Mood.CARE if event.level < 3 else Mood.BAD
            levels = replace(view, level=event)
            return say(levels, at, "orchestrator", f"level {event.level}: {event.text}", mood)
        case LookedAgain():
            found = "; ".join(event.findings) or "as it should be"
            mood = Mood.PLAIN if event.is_well else Mood.CARE
            return say(view, at, event.role, f"looked again at {event.what}: {found}", mood)
        case FaultDiagnosed():
            diagnosis = event.diagnosis
            where = f"{diagnosis.at.table} batch {diagnosis.at.chunk}"
            found = f"{diagnosis.offending:,} of {diagnosis.rows:,} rows can't be written"
            view = replace(view, diagnosis=diagnosis)
            return say(view, at, "schema-analysis", f"looked through {where}: {found}", Mood.CARE)
        case RecoveryStarted():
            return say(view, at, event.by, f"{event.option} is being done")
        case RecoveryFinished():
            mood = Mood.GOOD if event.is_done else Mood.BAD
            kept = (*view.recoveries[-_KEPT + 1 :], event)
            return say(replace(view, recoveries=kept), at, "migration-execution", event.text, mood)
        case RuleMade():
            others = tuple(rule for rule in view.rules if rule.rule_id != event.rule_id)
            return say(replace(view, rules=(*others, event)), at, event.by, f"made a rule: {event.words}")
        case RuleRevoked():
            rules = tuple(rule for rule in view.rules if rule.rule_id != event.rule_id)
            return say(replace(view, rules=rules), at, event.by, f"revoked the rule: {event.words}")
        case _:
            return _fold_rest(view, event, at)


def _fold_rest(
    view: RunView,
    event: FaultTold | DecisionExpired | DecisionHandedOn | QuarantineChanged | PartUndone | DrillFinished,
    at: datetime,
) -> RunView:
    match event:
        case FaultTold():
            return say(view, at, "run", event.what, Mood.CARE)
        case DecisionExpired():
            if view.decision is not None and view.decision.decision_id == event.decision_id:
                said = "Nobody answered in time; the run is paused, safely"
                view = replace(view, decision=None, asked_at=None, answered=said)
            return say(view, at, "run", "nobody answered in time; paused safely", Mood.CARE)
        case DecisionHandedOn():
            if view.decision is not None and view.decision.decision_id == event.decision_id:
                view = replace(view, decision=replace(view.decision, handed_to=event.to))
            return say(view, at, event.by, f"handed the question to the {event.to}", Mood.CARE)
        case QuarantineChanged():
            return say(view, at, event.by, event.text)
        case PartUndone():
            words = f"took back {event.what}: {event.removed:,} rows removed, {event.kept:,} left alone"
            return say(_without(view, event), at, event.by, words, Mood.CARE)
        case DrillFinished():
            mood = Mood.GOOD if event.residual == 0 else Mood.BAD
            words = f"undo rehearsed: {event.moved:,} rows moved and taken back, {event.residual:,} left"
            return say(replace(view, drill=event, drilled_at=at), at, "run", words, mood)
        case _:
            assert_never(event)


def _without(view: RunView, event: PartUndone) -> RunView:
    """The view as if the part had not moved; of a phase, what came after the move is open again too."""
    move = forget_moved(view.move, event.anew, event.batches)
    view = replace(view, move=move, part_undone=event, undone=(), outcome=None)
    if not event.anew:
        return view
    return replace(
        view,
        step=Step.MOVE,
        rail=begun_at(view.rail, Step.MOVE),
        built=tuple(built for built in view.built if built.table not in event.anew),
        verified=tuple(table for table in view.verified if table.table not in event.anew),
    )
