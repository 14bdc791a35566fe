"""How the undo of a table ends: counted, listed, or left for a person because nobody could tell its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.guidance.words import count_of
from engine.model.errors import Terminal
from engine.model.events import TableUndone
from engine.model.plan import TablePlan
from engine.stores.ledger.undo import UndoAction
from engine.stores.target_restore import Restored
from engine.stores.target_undo import TargetUndo
from engine.undoing.find_table import Standing, find_table
from engine.undoing.undo_site import UndoSite, recent_xids, removal_values

__all__ = [
    "Left",
    "but_for",
    "cannot_tell",
    "deleted",
    "joined",
    "leave_lost",
    "leave_unlike",
    "not_undone",
    "settle_gone",
    "settle_table",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A table an undo could do nothing about."""

    done: TableUndone
    is_lost: bool
    """It can't be found. Otherwise it is there, and its rows can't be told from others'."""


def joined(*notes: str) -> str:
    """What there is to say, in one line."""
    return "; ".join(note for note in notes if note)


def deleted(rows: int) -> str:
    """That rows were gone before."""
    return f"{count_of(rows, 'rows')} had been deleted by someone before" if rows > 0 else ""


def but_for(standing: Standing) -> str:
    """What of overwritten rows can't come back."""
    names = ", ".join(standing.dropped)
    return f"all but what was in {names}, dropped since" if names else ""


def cannot_tell(standing: Standing) -> str:
    """Why the rows are left alone."""
    if standing.no_mark:
        return (
            f"the column {standing.no_mark} was dropped or renamed since, so no row can be marked as deleted"
        )
    names = ", ".join(standing.missing)
    one = len(standing.missing) == 1
    return (
        f"the {'column' if one else 'columns'} {names} {'was' if one else 'were'} dropped or renamed since, "
        "and without the run's rows can't be told from others'"
    )


def leave_lost(site: UndoSite, table: TablePlan, written: int) -> Left:
    """The table can't be found; its rows count as left."""
    note = "there is no table of that name; whether it was dropped or renamed is not known"
    return _leave(site, table, written, note=note, is_lost=True)


def leave_unlike(
    site: UndoSite, table: TablePlan, standing: Standing, *, written: int, images: Restored
) -> Left:
    """The table has not the columns any more that tell the run's rows; all that stand count as left."""
    with site.target.transaction(f"undoing {table.name}") as cursor:
        site.target.check_epoch(cursor, site.run_id, site.epoch)
        progress = TargetUndo.start_table(cursor, site.run_id, table)
    overwritten = images.images - images.restored - images.gone
    left = max(0, written - int(progress["rows_removed"])) + overwritten
    called = f"it is called {standing.now}" if standing.now else ""
    return _leave(site, table, left, note=joined(called, cannot_tell(standing)), is_lost=False)


def _leave(site: UndoSite, table: TablePlan, left: int, *, note: str, is_lost: bool) -> Left:
    done = TableUndone(table=table.name, removed=0, kept=left, kept_keys=(), dropped=False, note=note)
    site.emit(done)
    return Left(done=done, is_lost=is_lost)


def not_undone(left: Sequence[Left]) -> Terminal:
    """The error of an undo that could do nothing about some tables."""
    lost = [one.done for one in left if one.is_lost]
    unlike = [one.done for one in left if not one.is_lost]
    what, todo = [], []
    if lost:
        rows = count_of(sum(done.kept for done in lost), "rows")
        what.append(f"The undo can't find {count_of(len(lost), 'tables')} this run wrote {rows} to")
        todo.append(
            "Where one was renamed or moved, give it its name back and undo again; "
            "where it was dropped, its rows went with it"
        )
    if unlike:
        rows = count_of(sum(done.kept for done in unlike), "rows")
        tables = count_of(len(unlike), "tables")
        what.append(f"{rows} of this run stay in {tables}: {unlike[0].note}")
        todo.append(
            "Where a column of the key was renamed, give it its name back and undo again; "
            "where it was dropped, take the rows out yourself"
        )
    return Terminal(
        "; ".join(what),
        where=", ".join(one.done.table for one in left),
        safe="What was found has been taken back, and nothing of others was touched",
        todo=". ".join(todo),
        facts={"fault": "R407"},
    )


def settle_gone(site: UndoSite, table: TablePlan, made: UndoAction | None, written: int) -> TableUndone:
    """The table is not there, by this undo or by somebody else."""
    dropped = made is not None and made.state == "done"
    note = "" if dropped or written == 0 else "the table was removed by someone else"
    with site.target.transaction(f"undoing {table.name}") as cursor:
        site.target.check_epoch(cursor, site.run_id, site.epoch)
        progress = TargetUndo.start_table(cursor, site.run_id, table)
        removed = int(progress["rows_removed"])
        if not progress["is_done"]:
            removed = TargetUndo.finish_table(cursor, site.run_id, table, kept=0)
    done = TableUndone(table=table.name, removed=removed, kept=0, kept_keys=(), dropped=dropped, note=note)
    site.emit(done)
    return done


def settle_table(
    site: UndoSite,
    table: TablePlan,
    made: UndoAction | None,
    *,
    xids: list[int],
    written: int,
    images: Restored,
) -> TableUndone | Left:
    """The table stays; what is left of the run in it is counted and listed.

    Args:
        site: whose undo it is.
        table: as the plan has it.
        made: that the run made it; None when it did not.
        xids: the transactions that wrote it.
        written: rows the run wrote.
        images: what became of those it overwrote.
    """
    values = removal_values(site.ledger, site.run_id, table, part=site.part)
    marked = site.ledger.undo.marked_xids(site.run_id)
    values["run_xids"] = [*recent_xids(site.ledger, site.run_id, part=site.part), *marked]
    with site.target.transaction(f"undoing {table.name}") as cursor:
        site.target.check_epoch(cursor, site.run_id, site.epoch)
        standing = find_table(cursor, site.run_id, table)
        there = standing.table
        if there is None:
            return (
                leave_lost(site, table, written)
                if standing.is_lost
                else settle_gone(site, table, made, written)
            )
        note = joined(
            f"it is called {standing.now}" if standing.now else "",
            _put_back_words(images),
            but_for(standing) if images.restored else "",
        )
        rows, ours = TargetUndo.count_rows(cursor, there, xids)
        progress = TargetUndo.start_table(cursor, site.run_id, table)
        left = max(0, written - int(progress["rows_removed"]))
        kept, keys = _staying(cursor, there, values, left, xids=marked if ours else [*xids, *marked])
        note = joined(note, deleted(left - kept))
        kept, keys = kept + images.kept, (*images.kept_keys, *keys)[:10]
        removed = TargetUndo.finish_table(cursor, site.run_id, table, kept=kept)
        if made is not None and made.state == "armed":
            note = joined(note, f"the table stays: {_why_it_stays(table, rows)}")
            # Of a part the table is still the run's: it is filled again, or dropped with the whole run.
            if site.part is None:
                TargetUndo.close_action(cursor, site.run_id, made.number, state="kept", note=note)
    done = _settled(there, removed, table=table.name, kept=kept, keys=keys, note=note)
    site.emit(done)
    return done


def _put_back_words(images: Restored) -> str:
    gone = count_of(images.gone, "rows")
    return joined(
        f"{images.restored:,} rows it had overwritten are as they were" if images.restored else "",
        f"{gone} it had overwritten: deleted or given another key since" if images.gone else "",
    )


def _why_it_stays(table: TablePlan, rows: int) -> str:
    if table.soft_delete is not None:
        return "its rows are marked as deleted"
    return "it holds rows of others" if rows else "something depends on it"


def _settled(
    there: TablePlan, taken: int, *, table: str, kept: int, keys: tuple[str, ...], note: str
) -> TableUndone:
    """What is told of a table that stays; ``taken`` rows are out of it, or marked in it."""
    mark = there.soft_delete
    if mark is not None:
        note = joined(f"{count_of(taken, 'rows')} marked as deleted in {mark.column}", note)
    return TableUndone(
        table=table,
        removed=0 if mark is not None else taken,
        marked=taken if mark is not None else 0,
        kept=kept,
        kept_keys=keys,
        dropped=False,
        note=note,
    )


def _staying(
    cursor: Any,  # noqa: ANN401 - a cursor
    there: TablePlan,
    values: dict[str, object],
    left: int,
    *,
    xids: list[int],
) -> tuple[int, tuple[str, ...]]:
    """How many of the rows not removed still stand, and up to ten of them; without an id map, all of them."""
    if not left:
        return 0, ()
    if not (there.keeps_id_map and there.primary_key):
        return left, TargetUndo.changed_keys(cursor, there, xids)
    count, keys = TargetUndo.staying(cursor, there, values)
    kept = min(left, count)
    # Where a row changed hands inside the run, both plans' id maps know it, and one has it to leave.
    return kept, keys[:kept]
