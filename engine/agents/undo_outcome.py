"""What came of an answer that asked for an undo: known when that is over."""

from __future__ import annotations

from engine.agents.context import RunContext
from engine.guidance.words import count_of
from engine.model.events import RecoveryFinished
from engine.model.faults import Effect

__all__ = ["tell_undone"]


def tell_undone(context: RunContext, option: str, *, removed: int) -> None:
    """The answer has its outcome, and the journal says so; nothing where nobody answered so.

    Args:
        context: of the run.
        option: ``undo``, or ``checkpoint``.
        removed: rows taken back, or marked as deleted.
    """
    stored = context.ledger.decisions.armed(context.run_id, option)
    chosen = stored.decision.option(option) if stored is not None else None
    if stored is None or chosen is None:
        return
    finished = RecoveryFinished(
        decision_id=stored.decision.decision_id,
        option=option,
        is_done=True,
        predicted=chosen.effect or Effect(),
        actual=Effect(removed=removed),
        text=f"{count_of(removed, 'rows')} taken back",
        at=stored.decision.at,
    )
    context.ledger.decisions.finish(context.run_id, finished)
