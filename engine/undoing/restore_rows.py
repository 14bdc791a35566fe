"""The first part of an undo: what the run overwrote is as it was, before anything is removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.errors import StatementFailed
from engine.model.plan import TablePlan
from engine.stores.target_restore import Restored, TargetRestore
from engine.undoing.find_table import find_table

if TYPE_CHECKING:
    from engine.stores.target_session import TargetSession
    from engine.undoing.undo_site import UndoSite

__all__ = ["merge_facts", "put_back"]

_ROWS_AT_ONCE = 1000


def put_back(site: UndoSite, run_xids: list[int]) -> None:
    """Every row the run overwrote is restored, or left because somebody changed or deleted it since.

    The ledger's images say which these are: the plan's policy may be another one by now.
    A crash in between is no harm: what was put back is marked in the same transaction.

    Raises:
        LeaseLost: another runner took over.
    """
    seen: set[tuple[str, str]] = set()
    for table in reversed(site.tables):
        name = (table.target_schema, table.target_table)
        if name in seen:
            continue
        seen.add(name)
        while ids := _restore_page(site, table, run_xids):
            for one in ids:
                _restore_one(site, table, one, run_xids)


def _restore_page(site: UndoSite, table: TablePlan, run_xids: list[int]) -> list[int]:
    """Pages are put back until none is left; the images of one that PostgreSQL refused are given back."""
    while True:
        with site.target.transaction(f"undoing {table.target_name}") as cursor:
            ids = TargetRestore.waiting(cursor, site.run_id, table, most=_ROWS_AT_ONCE)
            standing = find_table(cursor, site.run_id, table)
            if not ids or standing.is_lost or standing.missing:
                return []
            if standing.table is None:
                site.target.check_epoch(cursor, site.run_id, site.epoch)
                TargetRestore.lose(cursor, ids)
                return []
        try:
            with site.target.transaction(f"undoing {table.target_name}") as cursor:
                site.target.check_epoch(cursor, site.run_id, site.epoch)
                TargetRestore.restore(cursor, standing.table, ids, run_xids=run_xids, names=standing.columns)
        except StatementFailed:
            # One row of the page can't go back, such as for a key somebody took since: find which.
            return ids


def _restore_one(site: UndoSite, table: TablePlan, one: int, run_xids: list[int]) -> None:
    try:
        with site.target.transaction(f"undoing {table.target_name}") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            standing = find_table(cursor, site.run_id, table)
            if standing.table is not None and not standing.missing:
                TargetRestore.restore(
                    cursor, standing.table, [one], run_xids=run_xids, names=standing.columns
                )
    except StatementFailed:
        with site.target.transaction(f"undoing {table.target_name}") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            TargetRestore.keep(cursor, [one])


def merge_facts(target: TargetSession, run_id: str) -> tuple[dict[int, Restored], dict[int, int]]:
    """By table number: what became of overwritten rows, and rows that changed hands inside the run."""
    with target.transaction("undo of merged rows") as cursor:
        return TargetRestore.outcome(cursor, run_id), TargetRestore.shifts(cursor, run_id)
