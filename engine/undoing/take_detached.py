"""Partitions the run made that were taken out of their table since: the rows in them are the run's still."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.model.errors import StatementFailed
from engine.model.objects import PartitionPlan
from engine.model.plan import TablePlan
from engine.stores.target_identity import find_identity
from engine.stores.target_undo import TargetUndo
from engine.undoing.find_table import stand_as
from engine.undoing.remove_rows import remove_rows
from engine.undoing.undo_site import UndoSite, removal_values

__all__ = ["detached", "take_detached"]


def detached(cursor: Any, run_id: str, table: TablePlan, there: TablePlan | None) -> Iterator[TablePlan]:  # noqa: ANN401 - a cursor
    """The partitions that stand by themselves, under the names they have now.

    Args:
        cursor: the open transaction.
        run_id: the run that made them.
        table: as the plan has it.
        there: as it stands now; None when it is gone.
    """
    for partition in table.partitions:
        found = _alone(cursor, run_id, table, partition, there=there)
        if found is not None:
            yield found


def _alone(
    cursor: Any,  # noqa: ANN401 - a cursor
    run_id: str,
    table: TablePlan,
    partition: PartitionPlan,
    *,
    there: TablePlan | None,
) -> TablePlan | None:
    known = find_identity(cursor, run_id, "relation", schema=table.target_schema, name=partition.name)
    if known is None or known.is_gone:
        return None
    standing = stand_as(cursor, run_id, table, known)
    part = standing.table
    if part is None or standing.missing:
        return None
    return None if there is not None and TargetUndo.is_partition(cursor, part, of=there) else part


def take_detached(site: UndoSite, table: TablePlan, *, there: TablePlan | None, next_block: int) -> None:
    """The run's rows are out of detached partitions, and those that held no others are gone.

    Args:
        site: whose undo it is.
        table: as the plan has it; its undo has started.
        there: as it stands now; None when it is gone.
        next_block: the checkpoint of the table's own blocks, which stays as it is.
    """
    # Parents stand before their own partitions, which go with them.
    for partition in table.partitions:
        try:
            is_done = table.soft_delete is None and _drop_if_ours(
                site, table, partition, there=there, next_block=next_block
            )
        except StatementFailed:
            # Something depends on it: a view, or a stranger's foreign key.
            is_done = False
        if not is_done:
            _empty(site, table, partition, there=there, next_block=next_block)


def _drop_if_ours(
    site: UndoSite, table: TablePlan, partition: PartitionPlan, *, there: TablePlan | None, next_block: int
) -> bool:
    """Whether nothing is left to do: it is gone, for it held the run's rows alone, or is in its table."""
    values = removal_values(site.ledger, site.run_id, table, part=site.part)
    with site.target.transaction(f"undoing {table.name}, partition {partition.name}") as cursor:
        site.target.check_epoch(cursor, site.run_id, site.epoch)
        part = _alone(cursor, site.run_id, table, partition, there=there)
        if part is None:
            return True
        TargetUndo.lock_table(cursor, part)
        # Before the lock was ours its name may have gone to another, or it may have come back to its table.
        if _alone(cursor, site.run_id, table, partition, there=there) != part:
            return False
        rows, removed = TargetUndo.count_rows(cursor, part, list(values["xids"]))  # type: ignore[call-overload]  # a list
        if rows != removed:
            return False
        TargetUndo.drop_table(cursor, part)
        TargetUndo.advance_table(cursor, site.run_id, table, next_block=next_block, removed=removed)
        return True


def _empty(
    site: UndoSite, table: TablePlan, partition: PartitionPlan, *, there: TablePlan | None, next_block: int
) -> None:
    """The run's rows are out of the partition, some blocks a transaction, and others' rows stay in it."""
    with site.target.transaction(f"undoing {table.name}, partition {partition.name}") as cursor:
        part = _alone(cursor, site.run_id, table, partition, there=there)
    if part is not None:
        remove_rows(site, table, there=part, first_block=next_block, is_apart=True)
