"""The scratch copy a rehearsal of the undo works on: the target's tables as they were before the run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.drilling.drill_plan import drill_schema
from engine.drilling.drill_site import DrillSite
from engine.guidance.words import count_of
from engine.model.plan import Plan, TablePlan
from engine.stores.ledger import Ledger
from engine.stores.target_copies import TargetCopies
from engine.stores.target_session import TargetSession
from engine.stores.target_statements import create_schema
from engine.undoing.undo_site import recent_xids

__all__ = ["Before", "Residue", "compare_with", "copy_target"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What stood in the scratch schema before anything was moved into it."""

    scratch: str
    copies: tuple[TablePlan, ...]
    """The tables that were copied, as the run's own plan has them."""
    objects: dict[tuple[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Residue:
    """What an undo left otherwise than it was."""

    rows: int = 0
    things: int = 0
    words: tuple[str, ...] = ()


def copy_target(site: DrillSite, target: TargetSession, *, drill_id: str, epoch: int) -> Before:
    """The scratch schema holds a copy of every table of the plan that is there, as it was before the run.

    Raises:
        LeaseLost: another process took the rehearsal over.
        FordwayError: the target refused; what stands there by then is the caller's to drop.
    """
    scratch = drill_schema(site.run_id)
    plan = site.plan
    copies = tuple(_existing(plan))
    with target.transaction("making the scratch copy") as cursor:
        target.check_epoch(cursor, drill_id, epoch)
        target.run(cursor, create_schema(scratch))
        for table in copies:
            target.look_up_in(cursor, [scratch, table.target_schema])
            TargetCopies.make_table(cursor, target, table, scratch)
    with target.transaction("filling the scratch copy") as cursor:
        TargetCopies.read_steadily(cursor)
        target.check_epoch(cursor, drill_id, epoch)
        xids = recent_xids(site.ledger, site.run_id)
        for table in copies:
            target.look_up_in(cursor, [scratch, table.target_schema])
            moved = _has_moved(site.ledger, site.run_id, plan, table)
            TargetCopies.fill(cursor, table, scratch, run_id=site.run_id, xids=xids, has_moved=moved)
    with target.transaction("linking the scratch copy") as cursor:
        target.check_epoch(cursor, drill_id, epoch)
        names = {table.target_table for table in copies}
        for table in copies:
            for key in TargetCopies.keys(cursor, table):
                if key.parent_table in names:
                    TargetCopies.add_key(cursor, table, key, scratch)
        for number, table in enumerate(copies):
            TargetCopies.keep_digests(cursor, scratch, table.target_table, _kept(number))
        objects = _objects(cursor, target, scratch, copies)
    return Before(scratch=scratch, copies=copies, objects=objects)


def _kept(number: int) -> str:
    """Where the digests of a copy are kept."""
    return f"fordway_before_{number}"


def _objects(
    cursor: Any,  # noqa: ANN401 - a cursor
    target: TargetSession,
    scratch: str,
    copies: tuple[TablePlan, ...],
) -> dict[tuple[str, str], str]:
    """What stands in the schema, and where the sequences stand that a move sets on.

    Others are only drawn from by defaults: a gap in their numbers is none of a row.
    """
    found = TargetCopies.objects(cursor, scratch)
    for table in copies:
        name, column = table.target_table, table.identity_column
        if not column or (name, f"table {name}") not in found:
            continue
        there = target.read_sequence(cursor, scratch, name, column)
        if there is not None:
            stands = f"{there['last_value']} {there['is_called']}"
            found[name, f"position of {name}.{column}"] = stands
    return found


def _existing(plan: Plan) -> Iterator[TablePlan]:
    """Of the plans that fill a table which is there the first."""
    seen: set[str] = set()
    for table in plan.tables:
        if table.exists_already and table.target_table not in seen:
            seen.add(table.target_table)
            yield table


def _has_moved(ledger: Ledger, run_id: str, plan: Plan, table: TablePlan) -> bool:
    return any(
        ledger.chunks.written(run_id, other.number, with_earlier=True) for other in plan.sharing(table)
    )


def compare_with(before: Before, target: TargetSession, *, plan: Plan, marked: list[int]) -> Residue:
    """What is otherwise than before, rows and objects, in words.

    Rows that the playbook wants marked as deleted are meant to stay, and so are tables the plan makes
    for them.

    Args:
        before: what stood there.
        target: is looked at.
        plan: what was moved.
        marked: transactions in which the undo marked rows as deleted.
    """
    meant = {t.target_table for t in plan.tables if t.soft_delete is not None and not t.exists_already}
    words: list[str] = []
    rows = 0
    with target.transaction("comparing the scratch copy") as cursor:
        now = _objects(cursor, target, before.scratch, before.copies)
        for number, table in enumerate(before.copies):
            name = table.target_table
            if (name, f"table {name}") not in now:
                continue
            more, less = TargetCopies.differences(cursor, before.scratch, name, _kept(number), marked=marked)
            if more or less:
                rows += max(more, less)
                words.append(f"{name}: {count_of(max(more, less), 'rows')} otherwise than before")
        new = [
            owner
            for owner, thing in now
            if thing == f"table {owner}" and (owner, thing) not in before.objects
        ]
        for owner in (name for name in new if name not in meant):
            left = TargetCopies.count(cursor, before.scratch, owner)
            rows += left
            words += [f"{owner}: {count_of(left, 'rows')} still there"] if left else []
    things = list(_things(before.objects, now, hidden=set(new), meant=meant))
    return Residue(rows=rows, things=len(things), words=(*words, *things))


def _things(
    before: dict[tuple[str, str], str], now: dict[tuple[str, str], str], *, hidden: set[str], meant: set[str]
) -> Iterator[str]:
    """What there is more, less or otherwise; of a table that is new only the table itself."""
    for owner, thing in now:
        is_part = owner in hidden and thing != f"table {owner}"
        if (owner, thing) not in before and owner not in meant and not is_part:
            yield f"the {thing} is still there"
    for (owner, thing), made in before.items():
        if (owner, thing) not in now:
            yield f"the {thing} is gone"
        elif now[owner, thing] != made:
            yield f"the {thing} is otherwise than before"
