"""What rehearsals of an undo left when they were killed: a schema, and a run nobody sees."""

from __future__ import annotations

from collections.abc import Callable

from engine.drilling.drill_plan import drill_schema
from engine.model.errors import ServerBusy
from engine.moving.scratch import drop_schema_of
from engine.stores.ledger import Ledger
from engine.stores.target_session import TargetSession

__all__ = ["clear_drills", "remove_drill"]


def clear_drills(run_id: str, *, ledger: Ledger, target_url: str, take: Callable[[str], int]) -> bool:
    """Whether no rehearsal of the run's undo is left; one that another process works on is.

    Args:
        run_id: whose undo was rehearsed.
        ledger: knows the rehearsals.
        target_url: where their copies stand.
        take: the epoch under which this process owns a rehearsal's run. Raises: ServerBusy: another does.
    """
    target = TargetSession(target_url, purpose="undo drill")
    is_clear = True
    try:
        for drill_id in ledger.drills.runs_of(run_id):
            try:
                epoch = take(drill_id)
            except ServerBusy:
                is_clear = False
                continue
            remove_drill(run_id, drill_id, epoch=epoch, ledger=ledger, target=target)
    finally:
        target.close()
    return is_clear


def remove_drill(run_id: str, drill_id: str, *, epoch: int, ledger: Ledger, target: TargetSession) -> None:
    """Nothing of the rehearsal is left in the target; its run goes last, for it tells of the rest.

    Raises:
        LeaseLost: another process took it over.
    """
    drop_schema_of(drill_schema(run_id), run_id=drill_id, epoch=epoch, target=target)
    ledger.drills.remove_run(drill_id)
