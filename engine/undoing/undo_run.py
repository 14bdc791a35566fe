"""Takes back exactly what a run wrote: newest table first, checkpointed, never a foreign row.

A row is the run's while ``xmin``, the transaction that wrote its present version, is one of
the run's committed chunks. Whoever updates a row gives it another ``xmin``, and from then on
it is theirs: it is listed and left alone (PostgreSQL manual, 5.5 "System Columns"). A table
is the run's by its oid, so that one with another name or schema is found there.
"""

from __future__ import annotations

import time

from engine.model.events import TableUndone, UndoFinished
from engine.stores.ledger.undo import UndoAction
from engine.stores.target_undo import TargetUndo
from engine.undoing.find_table import find_table
from engine.undoing.restore_rows import put_back
from engine.undoing.settle_table import Left, not_undone
from engine.undoing.undo_actions import is_view, undo_actions
from engine.undoing.undo_site import UndoSite, recent_xids
from engine.undoing.undo_table import undo_table

__all__ = ["take_back_tables", "undo_run"]


def undo_run(site: UndoSite) -> UndoFinished:
    """Everything of the run that nobody changed since is gone; what was kept is listed.

    May be called again after a crash at any instant: it goes on at its own checkpoint.

    Raises:
        LeaseLost: another runner took over.
        Terminal: a table the run wrote to can't be found, or its rows can't be told from others'; everything
            else was taken back.
    """
    began = time.monotonic()
    actions = site.ledger.undo.actions(site.run_id)
    done = take_back_tables(site, actions)
    undo_actions(site, actions, lambda action: action.kind != "create_table" and not is_view(action))
    event = UndoFinished(
        removed=sum(table.removed for table in done),
        kept=sum(table.kept for table in done),
        marked=sum(table.marked for table in done),
        seconds=time.monotonic() - began,
    )
    site.emit(event)
    return event


def take_back_tables(site: UndoSite, actions: list[UndoAction]) -> tuple[TableUndone, ...]:
    """The tables that are to be taken back are, newest first, and the run's views with them.

    Returns:
        What became of each.

    Raises:
        LeaseLost: another runner took over.
        Terminal: as ``undo_run``.
    """
    _break_cycles(site)
    undo_actions(site, actions, is_view)
    put_back(site, recent_xids(site.ledger, site.run_id, part=site.part))
    outcomes = [undo_table(site, table, actions) for table in reversed(site.tables)]
    left = [outcome for outcome in outcomes if isinstance(outcome, Left)]
    if left:
        raise not_undone(left)
    return tuple(outcome for outcome in outcomes if isinstance(outcome, TableUndone))


def _break_cycles(site: UndoSite) -> None:
    """Foreign keys to tables loaded later are dropped first; no order of drops would do otherwise."""
    numbers = {(t.target_schema, t.target_table): t.number for t in site.plan.tables}
    made = site.ledger.undo.made_tables(site.run_id)
    for table in site.tables:
        # Rows that stay, marked as deleted, go on referring to what they refer to.
        if (table.target_schema, table.target_table) not in made or table.soft_delete is not None:
            continue
        for key in table.foreign_keys:
            if numbers.get((key.parent_schema, key.parent_table), 0) > table.number:
                with site.target.transaction(f"undoing {table.name}") as cursor:
                    site.target.check_epoch(cursor, site.run_id, site.epoch)
                    there = find_table(cursor, site.run_id, table).table
                    if there is not None:
                        TargetUndo.drop_constraint(cursor, there, key.name)
