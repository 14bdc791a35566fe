"""Whose undo it is, and which transactions tell the run's rows from strangers'."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.model.events import Event
from engine.model.plan import Plan, TablePlan
from engine.stores.ledger import Ledger
from engine.stores.target_session import TargetSession

__all__ = ["UndoSite", "recent_xids", "removal_values"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoSite:
    """Whose undo this is, and through what."""

    run_id: str
    epoch: int
    plan: Plan
    ledger: Ledger
    target: TargetSession
    emit: Callable[[Event], None]


def recent_xids(ledger: Ledger, run_id: str, table: TablePlan) -> list[int]:
    """Transactions that may still be told apart; older ones would name strangers' rows."""
    return sorted({chunk.xid32 for chunk in ledger.chunks.written(run_id, table.number) if chunk.is_recent})


def removal_values(ledger: Ledger, run_id: str, plan: Plan, table: TablePlan) -> dict[str, object]:
    """What the removal's statements need: the table's transactions and all of the run's, and whose id map."""
    return {
        "xids": recent_xids(ledger, run_id, table),
        "run_xids": [xid for other in plan.tables for xid in recent_xids(ledger, run_id, other)],
        "run_id": run_id,
        "target_table": table.target_name,
        "source_name": table.source,
        "source_table": table.source_table,
    }
