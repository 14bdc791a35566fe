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


def recent_xids(ledger: Ledger, run_id: str, table: TablePlan | None = None) -> list[int]:
    """Transactions of a table, or of the run, that may be told apart; others would name strangers'."""
    written = ledger.chunks.written(run_id, table.number if table else None)
    return sorted({chunk.xid32 for chunk in written if chunk.is_recent})


def removal_values(ledger: Ledger, run_id: str, table: TablePlan) -> dict[str, object]:
    """What the removal's statements need: the table's transactions and all of the run's, and whose id map."""
    return {
        "xids": recent_xids(ledger, run_id, table),
        "run_xids": recent_xids(ledger, run_id),
        "run_id": run_id,
        "target_table": table.target_name,
        "source_name": table.source,
        "source_table": table.source_table,
    }
