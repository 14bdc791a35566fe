"""Level 2 of the escalation: is the target as it was planned, and are the rows as they were written?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from engine.guidance.words import count_of, duration
from engine.model.plan import Plan, Policy, TablePlan
from engine.stores.ledger import Ledger
from engine.stores.look_again import list_lockers, read_columns, read_writability, table_stands
from engine.stores.target_checks import TargetChecks
from engine.stores.target_session import TargetSession

__all__ = ["look_at_rows", "look_at_target"]

_MOST_FINDINGS = 8


def _tables(plan: Plan, number: int) -> tuple[TablePlan, ...]:
    """The table meant, or all of them for 0."""
    return tuple(table for table in plan.tables if number in (0, table.number))


def look_at_target(
    plan: Plan, number: int, *, run_id: str, target: TargetSession, ledger: Ledger
) -> tuple[str, ...]:
    """What of the target is not as it was planned, in words; empty when all is.

    Args:
        plan: what was approved.
        number: the table that matters; 0: all of them.
        run_id: the run.
        target: asked.
        ledger: knows which tables the run has made.

    Raises:
        FordwayError: the target does not answer.
    """
    made = ledger.undo.made_tables(run_id)
    findings: list[str] = []
    with target.transaction("looking at the target again") as cursor:
        standby, read_only = read_writability(cursor)
        if standby or read_only:
            findings.append("The target's server takes no writes" + (": it is a standby" if standby else ""))
        for table in _tables(plan, number):
            is_due = table.exists_already or (table.target_schema, table.target_table) in made
            if is_due:
                findings += _of_table(table, partial(read_columns, cursor), partial(table_stands, cursor))
            if is_due and table_stands(cursor, table):
                findings += [
                    f"{who} holds {table.target_name} for {duration(seconds)} ({mode})"
                    for who, mode, seconds in list_lockers(cursor, table)
                ]
    return tuple(findings[:_MOST_FINDINGS])


def _of_table(
    table: TablePlan,
    columns_of: Callable[[TablePlan], dict[str, str]],
    stands: Callable[[TablePlan], bool],
) -> Iterator[str]:
    if not stands(table):
        yield f"The table {table.target_name} is not there under its name"
        return
    found = columns_of(table)
    for column in table.columns:
        if column.target not in found:
            yield f"{table.target_name} has no column {column.target} any more"
        elif table.exists_already and found[column.target] != column.target_type:
            yield (
                f"{table.target_name}.{column.target} is {found[column.target]} now, "
                f"planned was {column.target_type}"
            )


def look_at_rows(
    plan: Plan, number: int, *, run_id: str, checks: TargetChecks, ledger: Ledger
) -> tuple[str, ...]:
    """What became of rows the run committed, in words; empty when they are as it wrote them.

    Raises:
        FordwayError: the target does not answer.
    """
    findings = []
    for table in _tables(plan, number):
        written = ledger.chunks.written(run_id, table.number)
        if not written or table.on_conflict is not Policy.ASK or table.merged_from:
            continue
        xids = sorted({chunk.xid32 for chunk in written})
        there = checks.streams.stretches(table, xids)
        found = sum(stretch.rows for stretches in there.values() for stretch in stretches)
        missing = sum(chunk.written for chunk in written) - found
        if missing > 0:
            findings.append(
                f"{count_of(missing, 'rows')} of {table.target_name} that this run wrote "
                f"{'was' if missing == 1 else 'were'} changed or removed by somebody since"
            )
    return tuple(findings[:_MOST_FINDINGS])
