"""What was decided about rows of a run is done to the same rows when its undo is rehearsed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from engine.guidance.fault_catalogue import concerns_rows
from engine.hands.kit import Kit
from engine.model.errors import FordwayError, RowsRefused
from engine.model.events import ChunkCommitted
from engine.model.plan import Plan, TablePlan
from engine.model.remedies import Action, Remedy, Treatment
from engine.model.run import Pass
from engine.moving.chunk_task import ChunkTask
from engine.recovering.bring_parents import bring_parents
from engine.recovering.make_placeholders import make_placeholders
from engine.recovering.treat_chunk import treat_chunk
from engine.stores.ledger import Ledger

__all__ = ["Decided", "read_decided", "write_as_decided"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What a run's rules and answers say, by table number."""

    remedies: Mapping[int, tuple[Remedy, ...]]
    brought_for: frozenset[int]
    """Tables for whose rows parents were brought in."""
    made_for: frozenset[int]
    """Tables for whose rows placeholders were made."""

    def remedy(self, table: TablePlan, pass_: Pass, error: FordwayError) -> Treatment | None:
        """How a batch is written that failed so; None where no row is to blame.

        Rows that nothing was said about, or that it does not help, are set aside, as in a rehearsal of the
        move: what is rehearsed here is the way back of all others.
        """
        del pass_
        if not concerns_rows(error):
            return None
        aside = Remedy(action=Action.QUARANTINE, by="the rehearsal of the undo")
        return Treatment(remedies=(*self.remedies.get(table.number, ()), aside))


def read_decided(run_id: str, plan: Plan, ledger: Ledger) -> Decided:
    """What was decided about the run's rows so far; an answer about one batch counts for all of its table.

    A rehearsal cuts its batches anew, so no answer can be told to one of them.
    """
    late = [chunk.origin for chunk in ledger.chunks.late(run_id)]
    return Decided(
        remedies={
            table.number: (
                # The rules are the run's, and what a rehearsal does is no use of them.
                *(replace(rule, rule_id=None) for rule in ledger.recovery.standing(run_id, table.number)),
                *ledger.recovery.decided(run_id, table.number),
            )
            for table in plan.tables
        },
        brought_for=frozenset(origin["for_table"] for origin in late if origin["kind"] == "brought"),
        made_for=frozenset(origin["for_table"] for origin in late if origin["kind"] == "placeholder"),
    )


def write_as_decided(kit: Kit, task: ChunkTask, *, plan: Plan, decided: Decided) -> ChunkCommitted | None:
    """The batch is in the scratch copy, behind parents that were brought in or made for it.

    A parent that can't be written costs only the rows that refer to it: they are set aside.

    Raises:
        FordwayError: as ``treat_chunk``.
    """
    number = task.table.number
    if number in decided.brought_for:
        with suppress(RowsRefused):
            bring_parents(kit, task, plan=plan, decision_id="")
    if number in decided.made_for:
        with suppress(RowsRefused):
            make_placeholders(kit, task, plan=plan, decision_id="")
    return treat_chunk(kit, task)
