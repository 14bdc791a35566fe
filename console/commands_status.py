"""``fordway status``: how a run stands, as its ledger tells it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from console.answering import expire_question
from console.flags import settings_from
from console.narrator import Narrator, in_words
from console.wiring import find_run, open_services
from engine.guidance.drill_words import drill_badge
from engine.guidance.words import count_of
from engine.model.decisions import Decision
from engine.model.events import TableUndone
from engine.model.run import ExitCode, Pass, RunRecord, RunState
from engine.reporting.facts import undone_tables
from engine.stores.ledger import Ledger
from engine.stores.ledger.progress import TableProgress

__all__ = ["status"]


def status(run: str, *, target: str, as_json: bool) -> int:
    """``fordway status [RUN]``."""
    narrator = Narrator(as_json=as_json)
    opened = open_services(settings_from(target=target, redis=""), tell=narrator.say)
    try:
        ledger = opened.ledger("status", patience_seconds=5.0)
        ledger.migrate()
        ids = [find_run(ledger, run)] if run else [run_id for run_id, _ in ledger.runs.latest()]
        for run_id in ids:
            _status_of(ledger, run_id, narrator, with_tables=bool(run))
        if not ids:
            narrator.say("There is no run here yet. `fordway demo` makes one.")
        ledger.close()
    finally:
        opened.close()
    return ExitCode.COMPLETE


def _status_of(ledger: Ledger, run_id: str, narrator: Narrator, *, with_tables: bool) -> None:
    expire_question(ledger, run_id)
    record = ledger.runs.read(run_id)
    lease = ledger.leases.read(run_id)
    runner = "alive" if lease is not None and lease.is_held else "absent"
    tables = ledger.chunks.progress(run_id, Pass.MOVE)
    question = ledger.decisions.open_one(run_id)
    badge = _badge(ledger, run_id, digest=record.plan_digest)
    undone = undone_tables(run_id, ledger) if record.state is RunState.UNDONE else ()
    if narrator.is_json:
        body = _body(record, tables, undone)
        body |= {"runner": runner, "decision": question.decision_id if question else None}
        narrator.line({**body, "undo_rehearsed": badge or None})
        return
    narrator.say(f"{run_id}  {record.state} at {record.step}, runner {runner}: {record.title}")
    narrator.say(f"  {_undone_words(undone) if record.state is RunState.UNDONE else _rows_words(record)}")
    if record.reason:
        narrator.say(f"  {record.reason}")
    if badge:
        narrator.say(f"  {badge}")
    _tell_question(narrator, run_id, question)
    if with_tables:
        for line in _table_lines(tables, undone, is_undone=record.state is RunState.UNDONE):
            narrator.say(line)


def _rows_words(record: RunRecord) -> str:
    """How many of the planned rows are written, and what became of others."""
    planned = f"{record.rows_planned:,}" if record.rows_planned is not None else "unknown"
    parts = [f"{record.rows_written - record.rows_brought:,} of {planned} rows written"]
    if record.rows_brought:
        parts.append(f"{record.rows_brought:,} brought in")
    parts.append(f"{record.rows_quarantined:,} set aside")
    if record.rows_given_up:
        parts.append(f"{record.rows_given_up:,} given up")
    if record.state is RunState.UNDOING:
        parts.append("and being taken back")
    return ", ".join(parts)


def _undone_words(undone: Sequence[TableUndone]) -> str:
    """What the undo took back, and what it left."""
    marked, kept = sum(table.marked for table in undone), sum(table.kept for table in undone)
    parts = [f"{count_of(sum(table.removed for table in undone), 'rows')} taken back"]
    if marked:
        parts.append(f"{marked:,} marked as deleted")
    if kept:
        parts.append(f"{kept:,} changed by others {'stays' if kept == 1 else 'stay'}")
    return ", ".join(parts)


def _table_lines(
    tables: Sequence[TableProgress], undone: Sequence[TableUndone], *, is_undone: bool
) -> list[str]:
    if is_undone:
        return [line for table in undone for line in in_words(table)]
    return [
        f"  {table.table}: {table.committed:,} of {table.chunks:,} batches, "
        f"{count_of(table.counts.written, 'rows')}"
        for table in tables
    ]


def _tell_question(narrator: Narrator, run_id: str, question: Decision | None) -> None:
    if question is not None:
        names = ", ".join(option.name for option in question.options)
        narrator.say(f"  waits for you: {question.question} ({names})")
        narrator.say(f"  what each does: fordway decide {run_id}")


def _body(
    record: RunRecord, tables: Sequence[TableProgress], undone: Sequence[TableUndone]
) -> dict[str, Any]:
    return {
        "event": "status",
        "run": record.run_id,
        "title": record.title,
        "state": str(record.state),
        "step": str(record.step),
        "reason": record.reason,
        "rows_planned": record.rows_planned,
        "rows_written": record.rows_written,
        "rows_brought": record.rows_brought,
        "rows_quarantined": record.rows_quarantined,
        "rows_given_up": record.rows_given_up,
        "rows_taken_back": sum(table.removed for table in undone),
        "tables": [
            {"table": t.table, "chunks": t.chunks, "committed": t.committed, "planned": t.planned,
             "read": t.counts.read, "written": t.counts.written, "quarantined": t.counts.quarantined,
             "filtered": t.counts.filtered, "merged": t.counts.merged}
            for t in tables
        ],
    }  # fmt: skip


def _badge(ledger: Ledger, run_id: str, *, digest: str) -> str:
    """What the last rehearsal of the undo came to; empty without one."""
    drilled = ledger.drills.last(run_id)
    return drill_badge(drilled.drill, drilled.at, digest=digest) if drilled else ""
