"""Whose undo it is, and which transactions tell the run's rows from strangers'."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.model.events import Event
from engine.model.plan import Plan, TablePlan
from engine.stores.ledger import Ledger
from engine.stores.target_session import TargetSession

__all__ = ["UndoSite", "recent_xids", "removal_values", "tables_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoSite:
    """Whose undo this is, and through what."""

    run_id: str
    epoch: int
    plan: Plan
    ledger: Ledger
    target: TargetSession
    emit: Callable[[Event], None]
    part: frozenset[int] | None = None
    """Numbers of the tables that are taken back by themselves, to be moved again; None: the whole run is."""

    @property
    def tables(self) -> tuple[TablePlan, ...]:
        """What is taken back, in load order."""
        return tuple(t for t in self.plan.tables if self.part is None or t.number in self.part)


def recent_xids(
    ledger: Ledger, run_id: str, table: TablePlan | None = None, *, part: frozenset[int] | None = None
) -> list[int]:
    """Transactions of a table, or of the run, that may be told apart; others would name strangers'.

    Args:
        ledger: knows them.
        run_id: whose.
        table: of this table alone.
        part: of these tables' numbers alone; None: of all.
    """
    written = ledger.chunks.written(run_id, table.number if table else None, with_earlier=True)
    return sorted(
        {chunk.xid32 for chunk in written if chunk.is_recent and (part is None or chunk.table_number in part)}
    )


def removal_values(
    ledger: Ledger, run_id: str, table: TablePlan, *, part: frozenset[int] | None = None
) -> dict[str, object]:
    """What the removal's statements need: the table's transactions, all taken back, and whose id map."""
    return {
        "xids": recent_xids(ledger, run_id, table),
        "run_xids": recent_xids(ledger, run_id, part=part),
        "run_id": run_id,
        "target_table": table.target_name,
        "source_name": table.source,
        "source_table": table.source_table,
        "table_number": table.number,
    }


def tables_of(plan: Plan, phase: int) -> frozenset[int]:
    """Numbers of the tables that are taken back with a phase: its own and those of later ones."""
    return frozenset(table.number for table in plan.tables if table.phase >= phase)
