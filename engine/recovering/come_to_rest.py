"""A run rests because somebody said so about a fault: what that comes to."""

from __future__ import annotations

from engine.model.decisions import Option
from engine.model.events import RecoveryFinished, StateChanged
from engine.model.faults import Effect
from engine.model.run import RunRecord, RunState
from engine.stores.ledger.answers import StoredDecision

__all__ = ["RESTING", "come_to_rest"]

RESTING = {"pause": RunState.PAUSED, "stop": RunState.STOPPED}
"""By option: the state it leaves the run in, and that is all it does."""


def come_to_rest(
    option: Option, stored: StoredDecision, record: RunRecord, *, seconds: float
) -> tuple[StateChanged, RecoveryFinished]:
    """What the journal says of a pause or a stop after a fault.

    Args:
        option: one of ``RESTING``.
        stored: the answered question.
        record: the run as it stands.
        seconds: from the answer on.
    """
    state = RESTING[option.name]
    headline = stored.decision.headline or stored.decision.situation
    is_pause = state is RunState.PAUSED
    kept = 0 if is_pause else record.rows_written
    changed = StateChanged(state=state, reason=headline if is_pause else f"Stopped after a fault: {headline}")
    finished = RecoveryFinished(
        decision_id=stored.decision.decision_id,
        option=option.name,
        is_done=True,
        predicted=option.effect or Effect(),
        actual=Effect(written=kept, low_seconds=seconds, high_seconds=seconds),
        text=f"the run is {state}",
        at=stored.decision.at,
    )
    return changed, finished
