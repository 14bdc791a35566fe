"""Takes back exactly what a run wrote: newest table first, checkpointed, never a foreign row.

A row is the run's while ``xmin``, the transaction that wrote its present version, is one of
the run's committed chunks. Whoever updates a row gives it another ``xmin``, and from then on
it is theirs: it is listed and left alone (PostgreSQL manual, 5.5 "System Columns").
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from engine.model.errors import FordwayError, StatementFailed
from engine.model.events import Event, TableUndone, UndoFinished
from engine.model.plan import Plan, TablePlan
from engine.model.undo import TableUndoPreview, UndoPreview
from engine.stores.ledger import Ledger
from engine.stores.ledger.undo import UndoAction
from engine.stores.target_restore import Restored
from engine.stores.target_session import TargetSession
from engine.stores.target_undo import Guards, TargetUndo
from engine.undoing.restore_rows import merge_facts, put_back

__all__ = ["UndoSite", "preview_undo", "undo_run"]

BLOCKS_AT_ONCE = 1024
"""Table blocks (8 kB each) walked in one transaction: about 100,000 narrow rows, well under a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoSite:
    """Whose undo this is, and through what."""

    run_id: str
    epoch: int
    plan: Plan
    ledger: Ledger
    target: TargetSession
    emit: Callable[[Event], None]


def preview_undo(*, run_id: str, plan: Plan | None, ledger: Ledger, target: TargetSession) -> UndoPreview:
    """What an undo would remove, counted now, newest table first."""
    with target.transaction("undo preview") as cursor:
        name = target.database_name(cursor)
    if plan is None:
        return UndoPreview(run_id=run_id, target_name=name, tables=(), unavailable="Nothing was planned yet")
    made = ledger.undo.made_tables(run_id)
    images, shifts = merge_facts(target, run_id)
    tables = []
    for table in reversed(plan.tables):
        written = ledger.chunks.written(run_id, table.number)
        with target.transaction(f"undo preview of {table.name}") as cursor:
            if not target.exists(
                cursor, "table_exists", schema=table.target_schema, relation=table.target_table
            ):
                continue
            xids = [xid for other in plan.sharing(table) for xid in _xids(ledger, run_id, other)]
            rows, ours = TargetUndo.count_rows(cursor, table, xids)
            removable = TargetUndo.count_removable(cursor, table, _values(ledger, run_id, plan, table))
            count = sum(chunk.written for chunk in written) + shifts.get(table.number, 0)
            keys = (
                TargetUndo.kept_keys(cursor, table, xids, run_id=run_id)
                if removable < count or rows > ours
                else ()
            )
        is_made = (table.target_schema, table.target_table) in made
        if not written and not is_made:
            continue
        tables.append(
            TableUndoPreview(
                table=table.name,
                written=count,
                removable=removable,
                kept=max(0, count - removable),
                kept_keys=keys,
                foreign=rows - ours,
                drops_table=is_made and rows == ours,
                restores=images.get(table.number, Restored()).images,
            )
        )
    unavailable = "" if tables else "This run has written nothing that is still there"
    return UndoPreview(run_id=run_id, target_name=name, tables=tuple(tables), unavailable=unavailable)


def undo_run(site: UndoSite) -> UndoFinished:
    """Everything of the run that nobody changed since is gone; what was kept is listed.

    May be called again after a crash at any instant: it goes on at its own checkpoint.

    Raises:
        LeaseLost: another runner took over.
    """
    began = time.monotonic()
    actions = site.ledger.undo.actions(site.run_id)
    _break_cycles(site)
    _undo_actions(site, actions, _is_view)
    put_back(site, [xid for table in site.plan.tables for xid in _xids(site.ledger, site.run_id, table)])
    removed = kept = 0
    for table in reversed(site.plan.tables):
        done = _undo_table(site, table, actions)
        removed, kept = removed + done.removed, kept + done.kept
    _undo_actions(site, actions, lambda action: action.kind != "create_table" and not _is_view(action))
    event = UndoFinished(removed=removed, kept=kept, seconds=time.monotonic() - began)
    site.emit(event)
    return event


def _break_cycles(site: UndoSite) -> None:
    """Foreign keys to tables loaded later are dropped first; no order of drops would do otherwise."""
    numbers = {(t.target_schema, t.target_table): t.number for t in site.plan.tables}
    made = site.ledger.undo.made_tables(site.run_id)
    for table in site.plan.tables:
        if (table.target_schema, table.target_table) not in made:
            continue
        for key in table.foreign_keys:
            if numbers.get((key.parent_schema, key.parent_table), 0) > table.number:
                with site.target.transaction(f"undoing {table.name}") as cursor:
                    site.target.check_epoch(cursor, site.run_id, site.epoch)
                    TargetUndo.drop_constraint(cursor, table, key.name)


def _xids(ledger: Ledger, run_id: str, table: TablePlan) -> list[int]:
    """Transactions that may still be told apart; older ones would name strangers' rows."""
    return sorted({chunk.xid32 for chunk in ledger.chunks.written(run_id, table.number) if chunk.is_recent})


def _values(ledger: Ledger, run_id: str, plan: Plan, table: TablePlan) -> dict[str, object]:
    """What the removal's statements need: the table's transactions, and all of the run's."""
    return {
        "xids": _xids(ledger, run_id, table),
        "run_xids": [xid for other in plan.tables for xid in _xids(ledger, run_id, other)],
        "run_id": run_id,
        "target_table": table.target_name,
    }


def _undo_table(site: UndoSite, table: TablePlan, actions: list[UndoAction]) -> TableUndone:
    target, run_id = site.target, site.run_id
    images, shifts = merge_facts(target, run_id)
    written = sum(chunk.written for chunk in site.ledger.chunks.written(run_id, table.number))
    written += shifts.get(table.number, 0)
    made = next(
        (
            a
            for a in actions
            if a.kind == "create_table"
            and (a.object["schema"], a.object["table"]) == (table.target_schema, table.target_table)
        ),
        None,
    )
    with target.transaction(f"undoing {table.name}") as cursor:
        progress = TargetUndo.start_table(cursor, run_id, table)
        there = target.exists(cursor, "table_exists", schema=table.target_schema, relation=table.target_table)
    if there is None:
        return _gone(site, table, made, written, progress)
    # The table goes with the first plan that fills it, and never with rows the run only overwrote.
    made = None if table.is_extra else made
    is_whole = made is not None and not any(other.number in images for other in site.plan.sharing(table))
    xids = _xids(site.ledger, run_id, table)
    is_armed = made is not None and made.state == "armed" and is_whole
    dropped = _drop_if_untouched(site, table, made, xids) if made and is_armed else None
    if dropped is not None:
        gone = written - dropped
        note = f"{gone:,} rows had been deleted by someone before" if gone else ""
        done = TableUndone(table=table.name, removed=dropped, kept=0, kept_keys=(), dropped=True, note=note)
        site.emit(done)
        return done
    if not progress["is_done"] and xids:
        _remove_rows(site, table, first_block=progress["next_block"])
    images_of = images.get(table.number, Restored())
    return _settle_table(site, table, made, xids=xids, written=written, images=images_of)


def _gone(
    site: UndoSite, table: TablePlan, made: UndoAction | None, written: int, progress: dict[str, object]
) -> TableUndone:
    dropped = made is not None and made.state == "done"
    note = "" if dropped or written == 0 else "the table was removed by someone else"
    done = TableUndone(
        table=table.name, removed=written if dropped else 0, kept=0, kept_keys=(), dropped=dropped, note=note
    )
    if not progress["is_done"]:
        with site.target.transaction(f"undoing {table.name}") as cursor:
            TargetUndo.finish_table(cursor, site.run_id, table, kept=0)
    site.emit(done)
    return done


def _drop_if_untouched(site: UndoSite, table: TablePlan, made: UndoAction, xids: list[int]) -> int | None:
    """Rows that went with the table the run made; None when it stays.

    It stays while it holds a row of someone else, or something outside depends on it: a view,
    a foreign key. What someone put on the table itself, an index or a trigger, goes with it.
    """
    try:
        with site.target.transaction(f"undoing {table.name}") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            TargetUndo.lock_table(cursor, table)
            rows, ours = TargetUndo.count_rows(cursor, table, xids)
            if rows != ours:
                return None
            TargetUndo.drop_table(cursor, table)
            TargetUndo.close_action(cursor, site.run_id, made.number, state="done")
            TargetUndo.advance_table(cursor, site.run_id, table, next_block=0, removed=ours)
            TargetUndo.finish_table(cursor, site.run_id, table, kept=0)
            return ours
    except StatementFailed:
        # Something depends on the table: a view, or a stranger's foreign key.
        return None


def _remove_rows(site: UndoSite, table: TablePlan, *, first_block: int) -> None:
    """Walks the table's blocks, or its partitions' one after another, from the checkpoint on."""
    values = _values(site.ledger, site.run_id, site.plan, table)
    with site.target.transaction(f"undoing {table.name}") as cursor:
        guards = TargetUndo.guards(cursor, table)
        leaves = TargetUndo.leaves(cursor, table)
    walked = 0
    for leaf, blocks in leaves:
        for block in range(max(0, first_block - walked), blocks, BLOCKS_AT_ONCE):
            tids = {"first_tid": f"({block},0)", "end_tid": f"({block + BLOCKS_AT_ONCE},0)"}
            next_block = walked + min(blocks, block + BLOCKS_AT_ONCE)
            stretch = _Stretch(
                table=table, leaf=leaf, guards=guards, values={**values, **tids}, next_block=next_block
            )
            try:
                _remove_stretch(site, stretch, gently=False)
            except StatementFailed:
                # A stranger's row needs one of ours: find which, keep it, remove the others.
                _remove_stretch(site, stretch, gently=True)
        walked += blocks


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Some blocks of a table or partition, and what must hold for a row in them to go."""

    table: TablePlan
    leaf: TablePlan
    guards: Guards
    values: dict[str, object]
    next_block: int
    """The checkpoint once these blocks are walked, counted over all partitions."""


def _remove_stretch(site: UndoSite, stretch: _Stretch, *, gently: bool) -> None:
    remove = TargetUndo.delete_one_by_one if gently else TargetUndo.delete_stretch
    with site.target.transaction(f"undoing {stretch.table.name}") as cursor:
        site.target.check_epoch(cursor, site.run_id, site.epoch)
        removed = remove(cursor, stretch.leaf, stretch.guards, stretch.values)
        TargetUndo.advance_table(
            cursor, site.run_id, stretch.table, next_block=stretch.next_block, removed=removed
        )


def _settle_table(
    site: UndoSite,
    table: TablePlan,
    made: UndoAction | None,
    *,
    xids: list[int],
    written: int,
    images: Restored,
) -> TableUndone:
    note = f"{images.restored:,} rows it had overwritten are as they were" if images.restored else ""
    with site.target.transaction(f"undoing {table.name}") as cursor:
        site.target.check_epoch(cursor, site.run_id, site.epoch)
        rows, ours = TargetUndo.count_rows(cursor, table, xids)
        progress = TargetUndo.start_table(cursor, site.run_id, table)
        kept = max(0, written - int(progress["rows_removed"]))
        keys = TargetUndo.kept_keys(cursor, table, [] if ours else xids, run_id=site.run_id) if kept else ()
        kept, keys = kept + images.kept, (*images.kept_keys, *keys)[:10]
        removed = TargetUndo.finish_table(cursor, site.run_id, table, kept=kept)
        if made is not None and made.state == "armed":
            stays = "it holds rows of others" if rows else "something depends on it"
            note = "; ".join(part for part in (note, f"the table stays: {stays}") if part)
            TargetUndo.close_action(cursor, site.run_id, made.number, state="kept", note=note)
    done = TableUndone(table=table.name, removed=removed, kept=kept, kept_keys=keys, dropped=False, note=note)
    site.emit(done)
    return done


def _undo_actions(site: UndoSite, actions: list[UndoAction], is_meant: Callable[[UndoAction], bool]) -> None:
    """What is armed and meant is taken back, newest first."""
    for action in actions:
        if action.state == "armed" and is_meant(action):
            _undo_action(site, action)


def _is_view(action: UndoAction) -> bool:
    return action.kind == "create_object" and action.object["kind"].endswith("view")


def _undo_action(site: UndoSite, action: UndoAction) -> None:
    """A sequence goes back if nobody drew from it since; a schema goes if it is empty."""
    thing = action.object
    try:
        with site.target.transaction("undoing what the run made") as cursor:
            site.target.check_epoch(cursor, site.run_id, site.epoch)
            state, note = "done", ""
            if action.kind == "create_schema":
                TargetUndo.drop_schema(cursor, thing["schema"])
            elif action.kind == "create_object":
                TargetUndo.drop_object(cursor, thing["kind"], thing["schema"], thing["name"])
            elif site.target.sequence_stands_at(cursor, thing["name"], thing["set_to"]):
                site.target.set_sequence(
                    cursor, thing["name"], thing["last_value"], is_called=thing["is_called"]
                )
            else:
                state, note = "kept", "numbers were drawn from it since"
            TargetUndo.close_action(cursor, site.run_id, action.number, state=state, note=note)
    except StatementFailed as error:
        with site.target.transaction("undoing what the run made") as cursor:
            TargetUndo.close_action(cursor, site.run_id, action.number, state="kept", note=_reason(error))


def _reason(error: FordwayError) -> str:
    return error.what
