"""What an undo would remove, before anybody is asked to confirm it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.plan import Plan, TablePlan
from engine.model.undo import TableUndoPreview, UndoPreview
from engine.stores.ledger import Ledger
from engine.stores.target_restore import Restored, TargetRestore
from engine.stores.target_session import TargetSession
from engine.stores.target_undo import TargetUndo
from engine.undoing.find_table import Standing, find_table
from engine.undoing.restore_rows import merge_facts
from engine.undoing.settle_table import but_for, cannot_tell, joined
from engine.undoing.take_detached import detached
from engine.undoing.undo_site import recent_xids, removal_values, tables_of

__all__ = ["preview_undo"]


def preview_undo(
    *, run_id: str, plan: Plan | None, ledger: Ledger, target: TargetSession, phase: int | None = None
) -> UndoPreview:
    """What an undo would remove, counted now, newest table first.

    Args:
        run_id: whose undo.
        plan: its plan; None: there is none yet.
        ledger: knows what it wrote.
        target: is looked at.
        phase: only this phase and those behind it; None: the whole run.
    """
    with target.transaction("undo preview") as cursor:
        name = target.database_name(cursor)
    if plan is None:
        return UndoPreview(run_id=run_id, target_name=name, tables=(), unavailable="Nothing was planned yet")
    made = ledger.undo.made_tables(run_id)
    images, shifts = merge_facts(target, run_id)
    part = tables_of(plan, phase) if phase is not None else None
    look = _Look(run_id=run_id, plan=plan, ledger=ledger, target=target, part=part)
    tables = []
    for table in reversed(plan.tables):
        if part is not None and table.number not in part:
            continue
        is_made = (table.target_schema, table.target_table) in made
        found = look.at(table, is_made=is_made, images=images, shift=shifts.get(table.number, 0))
        tables += [found] if found is not None else []
    nothing = "This run has written nothing that is still there"
    of_phase = "" if phase is None else f", in phase {phase} and those behind it"
    unavailable = "" if tables else f"{nothing}{of_phase}"
    return UndoPreview(run_id=run_id, target_name=name, tables=tuple(tables), unavailable=unavailable)


class _Look:
    """Counts one table after another; nothing is changed by it."""

    def __init__(
        self, *, run_id: str, plan: Plan, ledger: Ledger, target: TargetSession, part: frozenset[int] | None
    ) -> None:
        self._run_id = run_id
        self._plan = plan
        self._ledger = ledger
        self._target = target
        self._part = part

    def at(
        self, table: TablePlan, *, is_made: bool, images: Mapping[int, Restored], shift: int
    ) -> TableUndoPreview | None:
        """The table's part; None when the run left nothing in it."""
        has_images = any(other.number in images for other in self._plan.sharing(table))
        ledger, run_id = self._ledger, self._run_id
        written = ledger.chunks.written(run_id, table.number, with_earlier=True)
        count = sum(chunk.written for chunk in written) + shift
        with self._target.transaction(f"undo preview of {table.name}") as cursor:
            standing = find_table(cursor, run_id, table)
            there = standing.table
            if there is None:
                is_ours = is_made or table.exists_already
                return _lost(table, count) if standing.is_lost and is_ours and count else None
            if not written and not is_made:
                return None
            marked = ledger.undo.marked_xids(run_id)
            xids = [xid for other in self._plan.sharing(table) for xid in recent_xids(ledger, run_id, other)]
            rows, ours = TargetUndo.count_rows(cursor, there, [*xids, *marked])
            is_soft = any(other.soft_delete is not None for other in self._plan.sharing(table))
            drops = is_made and rows == ours and not is_soft
            if standing.missing and not (drops and not has_images):
                overwritten = images.get(table.number, Restored())
                waiting = overwritten.images - overwritten.restored - overwritten.gone
                return _unlike(table, standing, written=count, kept=count + waiting, foreign=rows - ours)
            values = removal_values(ledger, run_id, table, part=self._part)
            values["run_xids"] = [*recent_xids(ledger, run_id, part=self._part), *marked]
            here = TargetUndo.count_removable(cursor, there, values)
            parts = list(detached(cursor, run_id, table, there))
            removable = here + sum(TargetUndo.count_removable(cursor, part, values) for part in parts)
            left = max(0, count - removable)
            if there.keeps_id_map and there.primary_key:
                kept, keys = _mapped_staying(cursor, there, values, left)
            else:
                # No more rows can have been changed than stand there beside those that go.
                kept = min(left, max(0, rows - here))
                has_others = removable < count or rows > ours
                keys = TargetUndo.changed_keys(cursor, there, [*xids, *marked]) if has_others else ()
            overwritten = self._foresee(cursor, table, there) if has_images else Restored()
        return TableUndoPreview(
            table=table.name,
            written=count,
            removable=removable,
            kept=kept + overwritten.kept,
            gone=left - kept + overwritten.gone,
            kept_keys=(*overwritten.kept_keys, *keys)[:10],
            foreign=rows - ours,
            drops_table=drops,
            restores=overwritten.restored,
            is_marked=table.soft_delete is not None,
            note=_note(standing, overwritten),
        )

    def _foresee(self, cursor: Any, table: TablePlan, there: TablePlan) -> Restored:  # noqa: ANN401 - a cursor
        """What would become of the rows this plan overwrote."""
        run_id = self._run_id
        run_xids = recent_xids(self._ledger, run_id, part=self._part)
        found = TargetRestore.foresee(
            cursor, there, run_id=run_id, target_name=table.target_name, run_xids=run_xids
        )
        return found.get(table.number, Restored())


def _mapped_staying(
    cursor: Any,  # noqa: ANN401 - a cursor
    there: TablePlan,
    values: dict[str, object],
    left: int,
) -> tuple[int, tuple[str, ...]]:
    """How many rows of one plan stay, by its id map, and up to ten of their keys."""
    staying, keys = TargetUndo.staying(cursor, there, values, goes=TargetUndo.guards(cursor, there, values))
    kept = min(left, staying)
    return kept, keys[:kept]


def _note(standing: Standing, overwritten: Restored) -> str:
    return joined(
        f"it is called {standing.now} now" if standing.now else "",
        f"put back: {but_for(standing)}" if overwritten.restored and standing.dropped else "",
    )


def _lost(table: TablePlan, count: int) -> TableUndoPreview:
    return TableUndoPreview(
        table=table.name,
        written=count,
        removable=0,
        kept=count,
        gone=0,
        kept_keys=(),
        foreign=0,
        drops_table=False,
        note="there is no table of that name; if it was renamed, give it its name back first",
    )


def _unlike(
    table: TablePlan, standing: Standing, *, written: int, kept: int, foreign: int
) -> TableUndoPreview:
    return TableUndoPreview(
        table=table.name,
        written=written,
        removable=0,
        kept=kept,
        gone=0,
        kept_keys=(),
        foreign=foreign,
        drops_table=False,
        note=cannot_tell(standing),
    )
