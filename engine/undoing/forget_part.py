"""What the ledger knows of tables that were taken back is forgotten, so that they move anew."""

from __future__ import annotations

from typing import Any

from engine.guidance.words import count_of
from engine.model.events import Event, GateChanged, PartUndone, StateChanged
from engine.model.plan import TablePlan
from engine.model.run import RunState, Step
from engine.stores.target_undo import TargetUndo
from engine.undoing.find_table import find_table
from engine.undoing.undo_site import UndoSite, recent_xids
from sql import load

__all__ = ["finish_part", "forget_tables"]

_OF_TABLES = (
    "forget_chunks",
    "forget_checks",
    "forget_amendments",
    "forget_progress",
)
"""Statements of ``sql/undoing`` by tables' numbers; with the chunks goes all that was decided in them."""
_STEPS = ("map", "move", "index", "verify", "finish")
"""Durable steps that are to be done anew when a table has moved no more."""


def forget_tables(cursor: Any, site: UndoSite) -> None:  # noqa: ANN401 - a cursor
    """The site's tables count as not moved, once the transaction commits.

    Rows that had to stay though they are the run's remain known as such.
    """
    for table in site.tables:
        _keep_earlier(cursor, site, table)
        cursor.execute(load("undoing/forget_ids"), _id_values(site, table))
    values = {"run_id": site.run_id, "numbers": [table.number for table in site.tables]}
    for name in _OF_TABLES:
        cursor.execute(load(f"undoing/{name}"), values)
    cursor.execute(load("undoing/forget_actions"), {"run_id": site.run_id})
    cursor.execute(load("recovery/forget_trials"), {"run_id": site.run_id, "prefix": ""})
    cuts = [f"move/{table.number}/cut" for table in site.tables]
    cursor.execute(load("runs/reset_steps"), {"run_id": site.run_id, "keys": [*_STEPS, *cuts]})


def _id_values(site: UndoSite, table: TablePlan) -> dict[str, object]:
    return {
        "run_id": site.run_id,
        "source_name": table.source,
        "source_table": table.source_table,
        "target_table": table.target_name,
    }


def _keep_earlier(cursor: Any, site: UndoSite, table: TablePlan) -> None:  # noqa: ANN401 - a cursor
    there = find_table(cursor, site.run_id, table).table
    if there is None:
        values = {"run_id": site.run_id, "numbers": [table.number]}
        cursor.execute(load("undoing/forget_earlier"), values)
        return
    TargetUndo.keep_earlier(
        cursor,
        there,
        run_id=site.run_id,
        number=table.number,
        xids=recent_xids(site.ledger, site.run_id, table),
    )


def finish_part(cursor: Any, site: UndoSite, done: PartUndone, *, step: Step) -> bool:  # noqa: ANN401 - a cursor
    """Whether the part was open until now; then it is taken back, and the run rests, as the journal says.

    All of it, and what the caller forgets with it, commits together: a runner that finds a run
    that is being undone, and no part of it open, would take back the whole of it.
    """
    values = {
        "run_id": site.run_id,
        "tables": list(done.tables),
        "removed": done.removed,
        "kept": done.kept,
    }
    if cursor.execute(load("undoing/finish_part"), values).fetchone() is None:
        return False
    reason = _reason(done)
    events: list[Event] = [done]
    opened = cursor.execute(load("undoing/open_gates"), {"run_id": site.run_id, "reason": reason}).fetchall()
    events += [GateChanged(gate=row["gate"], state="open", reason=reason) for row in opened]
    cursor.execute(load("undoing/rest_run"), {"run_id": site.run_id, "step": step, "reason": reason})
    events.append(StateChanged(state=RunState.PAUSED, reason=reason))
    for event in events:
        site.target.record(cursor, site.run_id, event)
    return True


def _reason(done: PartUndone) -> str:
    """Why the run rests, in words."""
    rows = count_of(done.removed, "rows")
    if not done.anew:
        what = f"Back at {done.what}: {rows} taken back"
        left = f", {done.kept:,} left because somebody changed or needs them" if done.kept else ""
        return f"{what}{left}; resume tries the batch again"
    what = f"{done.what[:1].upper()}{done.what[1:]} was taken back: {rows} removed"
    if not done.kept:
        return f"{what}; resume moves it again"
    return (
        f"{what}, {done.kept:,} left because somebody changed or needs them; "
        "resume moves it again, and asks where they are in its way"
    )
