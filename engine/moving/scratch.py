"""Where a run rehearses: a schema that is made, and gone again, a few tables at a time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from engine.model.plan import TablePlan
from engine.moving.prepare_target import prepare_scratch
from engine.stores.target_session import TargetSession
from engine.stores.target_statements import create_schema, drop_schema, drop_scratch_table

__all__ = [
    "clear_scratch",
    "drop_schema_of",
    "drop_scratch",
    "make_scratch",
    "make_scratch_tables",
    "scratch_schema",
]

_TABLES_AT_ONCE = 10
"""A table made or dropped holds some locks until the commit, its indexes' and its TOAST table's among them;
the server has room for ``max_locks_per_transaction`` times its connections (manual, 20.12)."""


def scratch_schema(run_id: str) -> str:
    """Where the run rehearses."""
    return f"fordway_rehearsal_{run_id}"


def make_scratch(scratch: str, *, run_id: str, epoch: int, target: TargetSession) -> None:
    """The schema is there, and empty.

    Raises:
        LeaseLost: another runner took over.
    """
    with target.transaction("making the scratch schema") as cursor:
        target.check_epoch(cursor, run_id, epoch)
        target.run(cursor, create_schema(scratch))


def make_scratch_tables(
    tables: Sequence[TablePlan],
    paths: Sequence[Sequence[str]],
    *,
    run_id: str,
    epoch: int,
    target: TargetSession,
) -> None:
    """The rehearsal's copies of the plan's tables are in its schema.

    Args:
        tables: in load order.
        paths: for each table where its types are looked up; the first is the scratch schema.
        run_id: the run.
        epoch: since when it is ours.
        target: writes them.

    Raises:
        LeaseLost: another runner took over.
    """
    both = iter(list(zip(tables, paths, strict=True)))
    while some := list(islice(both, _TABLES_AT_ONCE)):
        with target.transaction("making the scratch tables") as cursor:
            target.check_epoch(cursor, run_id, epoch)
            for table, path in some:
                target.look_up_in(cursor, path)
                prepare_scratch(table, scratch_schema(run_id), cursor=cursor, target=target)


def drop_scratch(run_id: str, *, epoch: int, target: TargetSession) -> None:
    """Nothing of the run's rehearsal is left in the target.

    Raises:
        LeaseLost: another runner took over, and the schema may be its own.
    """
    drop_schema_of(scratch_schema(run_id), run_id=run_id, epoch=epoch, target=target)
    with target.transaction("forgetting rehearsed ids") as cursor:
        target.check_epoch(cursor, run_id, epoch)
        target.forget_rehearsed_ids(cursor, run_id)


def drop_schema_of(scratch: str, *, run_id: str, epoch: int, target: TargetSession) -> None:
    """A scratch schema of the run is gone, with all that stood in it.

    Raises:
        LeaseLost: another runner took over, and the schema may be its own.
    """
    is_empty = False
    while not is_empty:
        with target.transaction("dropping the scratch tables") as cursor:
            target.check_epoch(cursor, run_id, epoch)
            names = target.list_tables(cursor, scratch, most=_TABLES_AT_ONCE)
            for name in names:
                target.run(cursor, drop_scratch_table(scratch, name))
            is_empty = not names
    with target.transaction("dropping the scratch schema") as cursor:
        target.check_epoch(cursor, run_id, epoch)
        target.run(cursor, drop_schema(scratch))


def clear_scratch(target_url: str, run_id: str, *, epoch: int) -> None:
    """What a runner killed in the middle of a rehearsal left behind is gone.

    Raises:
        LeaseLost: another runner took over.
    """
    target = TargetSession(target_url, purpose="runner")
    try:
        drop_scratch(run_id, epoch=epoch, target=target)
    finally:
        target.close()
