"""The fold's share: what went wrong, what was decided about it, and what came of that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.guidance.recovery_words import recovery_words
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
from screens.fold_rows import forget_moved, replayed
from screens.fold_talk import say_told
from screens.view_model import RunView

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
    """The view after a step of a recovery: what is known of it, then its sentence in the feed."""
    return say_told(_known(view, event, at), at, recovery_words(event))


def _known(view: RunView, event: Recovery, at: datetime) -> RunView:
    match event:
        case LevelRaised():
            return _raised(view, event)
        case LookedAgain():
            return replace(view, looks=(*view.looks, event)) if view.level is not None else view
        case FaultDiagnosed():
            return replace(view, diagnosis=event.diagnosis)
        case RecoveryFinished():
            return replace(view, recoveries=(*view.recoveries[-_KEPT + 1 :], event))
        case DecisionExpired() | DecisionHandedOn():
            return _asked(view, event)
        case PartUndone():
            return _without(view, event)
        case DrillFinished():
            return replace(view, drill=event, drilled_at=at)
        case FaultTold() | RecoveryStarted():
            return view
        case _:
            return _held(replace(view, held_news=view.held_news + 1), event)


def _held(view: RunView, event: RuleMade | RuleRevoked | QuarantineChanged) -> RunView:
    if isinstance(event, QuarantineChanged):
        return replayed(view, event)
    others = tuple(rule for rule in view.rules if rule.rule_id != event.rule_id)
    return replace(view, rules=(*others, event) if isinstance(event, RuleMade) else others)


def _raised(view: RunView, event: LevelRaised) -> RunView:
    """The view on that level; where an escalation goes on, what was found and its step stay known."""
    if view.level is not None and view.level.at == event.at:
        return replace(view, level=event, answered="")
    return replace(view, level=event, level_step=view.step, looks=(), answered="")


def _asked(view: RunView, event: DecisionExpired | DecisionHandedOn) -> RunView:
    """The view after its open question was closed or handed on; another's changes nothing."""
    decision = view.decision
    if decision is None or decision.decision_id != event.decision_id:
        return view
    if isinstance(event, DecisionHandedOn):
        return replace(view, decision=replace(decision, handed_to=event.to), handed_by=event.by)
    said = "Nobody answered in time; the run is paused, safely"
    return replace(view, decision=None, asked_at=None, answered=said, settled=(event.decision_id, said))


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
