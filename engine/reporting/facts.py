"""What a report is made from: the journal and the counts of one run."""

from __future__ import annotations

from dataclasses import dataclass

from engine.guidance.drill_words import drill_badge
from engine.model.decisions import DecisionKind
from engine.model.events import (
    DecisionAnswered,
    JournalEntry,
    PartUndone,
    QuarantineChanged,
    TableUndone,
    TableVerified,
)
from engine.model.held import HeldRow
from engine.model.plan import Plan
from engine.model.run import Pass, RunRecord, TableOutcome
from engine.moving.move_plan import outcomes
from engine.stores.ledger import Ledger
from engine.stores.ledger.chunks import LateChunk
from engine.stores.ledger.decisions import StoredDecision
from engine.stores.ledger.recovery import StoredRule

__all__ = ["MOST_HELD", "ReportFacts", "gather_facts", "undone_tables"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """One run as its ledger tells it; nothing in here is typed by hand."""

    record: RunRecord
    plan: Plan | None
    approved: str
    """Who approved the plan and when; empty when nobody has."""
    predicted: tuple[TableOutcome, ...]
    """Empty without a rehearsal."""
    actual: tuple[TableOutcome, ...]
    verified: tuple[TableVerified, ...]
    gates: tuple[tuple[str, str, str], ...]
    reasons: tuple[tuple[str, str, int], ...]
    """Quarantined rows: table, reason, how many."""
    decisions: tuple[tuple[str, str, str], ...]
    """When, who, what."""
    undone: tuple[TableUndone, ...]
    parts: tuple[tuple[str, PartUndone], ...]
    """What was taken back by itself, and when, oldest first."""
    phases: dict[str, float]
    """Seconds by phase."""
    faults: tuple[StoredDecision, ...] = ()
    """What was asked about faults, oldest first."""
    held: tuple[HeldRow, ...] = ()
    """Rows set aside, oldest first, the first ``MOST_HELD``."""
    changed: tuple[tuple[str, str, str, str, int], ...] = ()
    """Values that decisions changed: table, column, what was done, by whom, how many."""
    late: tuple[LateChunk, ...] = ()
    """Batches that decisions brought in."""
    placeholders: tuple[tuple[str, int], ...] = ()
    """By table."""
    rules: tuple[StoredRule, ...] = ()
    drill: str = ""
    """What the last rehearsal of the undo came to; empty without one."""


MOST_HELD = 1_000
"""Rows a report lists one by one; beyond, `fordway quarantine export` has them all."""


def gather_facts(run_id: str, ledger: Ledger) -> ReportFacts:
    """The run's facts, read now."""
    stored = ledger.runs.plan(run_id)
    plan = stored.plan
    rehearsed = bool(ledger.journal.of_kind(run_id, "rehearsal_finished"))
    approvals = ledger.journal.of_kind(run_id, "plan_approved")
    parts = ledger.journal.of_kind(run_id, "part_undone")
    held = ledger.journal.of_kind(run_id, "quarantine_changed")
    return ReportFacts(
        record=ledger.runs.read(run_id),
        plan=plan,
        approved=_approval(approvals),
        predicted=outcomes(ledger, run_id, plan, Pass.REHEARSE) if plan and rehearsed else (),
        actual=outcomes(ledger, run_id, plan, Pass.MOVE) if plan else (),
        verified=_verified(ledger.journal.of_kind(run_id, "table_verified"), [*parts, *held]),
        gates=tuple(ledger.runs.gates(run_id)),
        reasons=tuple(ledger.chunks.reasons(run_id, Pass.MOVE)),
        decisions=tuple(
            (f"{entry.at:%Y-%m-%d %H:%M:%S} UTC", entry.event.by, entry.event.option)
            for entry in ledger.journal.of_kind(run_id, "decision_answered")
            if isinstance(entry.event, DecisionAnswered)
        ),
        undone=undone_tables(run_id, ledger),
        parts=tuple(
            (f"{entry.at:%Y-%m-%d %H:%M:%S} UTC", entry.event)
            for entry in parts
            if isinstance(entry.event, PartUndone)
        ),
        phases=ledger.steps.phase_seconds(run_id),
        faults=tuple(
            stored
            for stored in reversed(ledger.decisions.all(run_id))
            if stored.decision.kind is DecisionKind.FAULT
        ),
        held=tuple(ledger.quarantine.page(run_id, most=MOST_HELD)),
        changed=_changed(run_id, ledger, plan),
        late=tuple(chunk for chunk in ledger.chunks.late(run_id) if chunk.origin["kind"] == "brought"),
        placeholders=tuple(
            (_names(plan).get(number, ""), rows)
            for number, rows in ledger.recovery.placeholders(run_id).items()
        ),
        rules=tuple(ledger.recovery.rules(run_id, only_standing=False)),
        drill=_badge(run_id, ledger, digest=stored.plan_digest),
    )


def undone_tables(run_id: str, ledger: Ledger) -> tuple[TableUndone, ...]:
    """What the undo of the whole run came to, table by table; nothing while there was none."""
    parts = ledger.journal.of_kind(run_id, "part_undone")
    last_part = max((entry.number for entry in parts), default=0)
    undone = {
        # An undo that was taken up again tells of each table once more; the last word counts.
        entry.event.table: entry.event
        for entry in ledger.journal.of_kind(run_id, "table_undone")
        if isinstance(entry.event, TableUndone) and entry.number > last_part
    }
    return tuple(undone.values())


def _names(plan: Plan | None) -> dict[int, str]:
    return {table.number: table.name for table in plan.tables} if plan else {}


def _changed(run_id: str, ledger: Ledger, plan: Plan | None) -> tuple[tuple[str, str, str, str, int], ...]:
    names = _names(plan)
    return tuple(
        (
            names.get(row["table_number"], ""),
            row["column_name"],
            row["action"],
            row["changed_by"],
            row["changed"],
        )
        for row in ledger.recovery.amended_counts(run_id)
    )


def _verified(told: list[JournalEntry], since: list[JournalEntry]) -> tuple[TableVerified, ...]:
    """The last word on each table, unless it was moved again since, or rows were replayed into it."""
    last_change: dict[str, int] = {}
    for entry in since:
        if isinstance(entry.event, PartUndone):
            last_change |= {table: max(last_change.get(table, 0), entry.number) for table in entry.event.anew}
        elif isinstance(entry.event, QuarantineChanged) and entry.event.what == "replayed":
            last_change[entry.event.table] = max(last_change.get(entry.event.table, 0), entry.number)
    last = {
        entry.event.table: entry.event
        for entry in told
        if isinstance(entry.event, TableVerified) and entry.number > last_change.get(entry.event.table, 0)
    }
    return tuple(last.values())


def _badge(run_id: str, ledger: Ledger, *, digest: str) -> str:
    drilled = ledger.drills.last(run_id)
    return drill_badge(drilled.drill, drilled.at, digest=digest) if drilled else ""


def _approval(entries: list[JournalEntry]) -> str:
    if not entries:
        return ""
    last = entries[-1]
    return f"{getattr(last.event, 'by', '')} at {last.at:%Y-%m-%d %H:%M:%S} UTC"
