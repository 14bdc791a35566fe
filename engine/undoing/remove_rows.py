"""The run's rows leave a table that stays, or are marked in it, a checkpoint after some blocks each."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.errors import StatementFailed
from engine.model.plan import TablePlan
from engine.stores.target_marks import TargetMarks
from engine.stores.target_undo import Guards, TargetUndo
from engine.undoing.undo_site import UndoSite, removal_values

__all__ = ["remove_rows"]

BLOCKS_AT_ONCE = 1024
"""Table blocks (8 kB each) walked in one transaction: about 100,000 narrow rows, well under a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Some blocks of a table or partition, and what must hold for a row in them to go."""

    table: TablePlan
    leaf: TablePlan
    guards: Guards
    values: dict[str, object]
    next_block: int
    """The checkpoint once these blocks are walked, counted over all partitions."""


def remove_rows(
    site: UndoSite, table: TablePlan, *, there: TablePlan, first_block: int, is_apart: bool = False
) -> None:
    """Walks the table's blocks, or its partitions' one after another, from the checkpoint on.

    Args:
        site: whose undo it is.
        table: as the plan has it; its undo has started.
        there: what is walked, as it stands now.
        first_block: the checkpoint of the table's own blocks.
        is_apart: a partition outside its table is walked, all of it, and the checkpoint stays as it is.
            Walked a second time, it holds no row any more that could go.
    """
    values = removal_values(site.ledger, site.run_id, table, part=site.part)
    with site.target.transaction(f"undoing {table.name}") as cursor:
        guards = TargetUndo.guards(cursor, there, values)
        leaves = TargetUndo.leaves(cursor, there)
    walked = 0
    for leaf, blocks in leaves:
        for block in range(0 if is_apart else max(0, first_block - walked), blocks, BLOCKS_AT_ONCE):
            tids = {"first_tid": f"({block},0)", "end_tid": f"({block + BLOCKS_AT_ONCE},0)"}
            next_block = first_block if is_apart else walked + min(blocks, block + BLOCKS_AT_ONCE)
            stretch = _Stretch(
                table=table, leaf=leaf, guards=guards, values={**values, **tids}, next_block=next_block
            )
            try:
                _remove_stretch(site, stretch, gently=False)
            except StatementFailed:
                # A stranger's row needs one of ours: find which, keep it, remove the others.
                _remove_stretch(site, stretch, gently=True)
        walked += blocks


def _remove_stretch(site: UndoSite, stretch: _Stretch, *, gently: bool) -> None:
    if stretch.leaf.soft_delete is not None:
        remove = TargetMarks.mark_one_by_one if gently else TargetMarks.mark_stretch
    else:
        remove = TargetUndo.delete_one_by_one if gently else TargetUndo.delete_stretch
    with site.target.transaction(f"undoing {stretch.table.name}") as cursor:
        site.target.check_epoch(cursor, site.run_id, site.epoch)
        removed = remove(cursor, stretch.leaf, stretch.guards, stretch.values)
        TargetUndo.advance_table(
            cursor, site.run_id, stretch.table, next_block=stretch.next_block, removed=removed
        )
