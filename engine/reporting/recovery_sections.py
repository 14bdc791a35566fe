"""What went wrong, who decided what about it, and every row left behind. Pure: facts in, text out."""

from __future__ import annotations

from collections.abc import Mapping

from engine.guidance.recovery_words import COUNTED
from engine.guidance.ways_in import way_in
from engine.guidance.words import count_of, duration
from engine.model.decisions import Option
from engine.model.faults import Effect
from engine.reporting.facts import MOST_HELD, ReportFacts
from engine.reporting.markdown_parts import as_table
from engine.stores.ledger.decisions import StoredDecision

__all__ = ["recovery_sections"]

_MOST_SHOWN = 80
"""Characters of a value; all of it is in the quarantine."""


def recovery_sections(facts: ReportFacts) -> tuple[str, ...]:
    """The sections that have something to say."""
    sections = (_faults(facts), _rules(facts), _changed(facts), _brought(facts), _left(facts))
    return tuple(section for section in sections if section)


def _faults(facts: ReportFacts) -> str:
    rows = [
        (
            f"{stored.answered_at or stored.asked_at:%Y-%m-%d %H:%M:%S} UTC",
            stored.decision.fault,
            stored.decision.headline,
            _answer(stored),
            _effect(option.effect if (option := stored.decision.option(stored.answer)) else None),
            _actual(stored.outcome, option),
        )
        for stored in facts.faults
    ]
    head = ("when", "fault", "what happened", "what was decided", "foretold", "done")
    return "## Faults and what was decided\n\n" + as_table(head, rows) if rows else ""


def _answer(stored: StoredDecision) -> str:
    if stored.state != "answered":
        words = {"paused_timeout": "nobody answered in time", "withdrawn": "asked anew", "open": "open"}
        return words.get(stored.state, stored.state)
    option = stored.decision.option(stored.answer)
    label = option.label if option else stored.answer
    value = f" ({stored.value})" if stored.value else ""
    every = ", for every such fault" if stored.for_every else ""
    where = f", from {stored.answered_from}" if stored.answered_from else ""
    return f"{label}{value}{every}, by {stored.answered_by}{where}"


def _effect(effect: Effect | None) -> str:
    if effect is None:
        return ""
    parts = [f"{getattr(effect, name):,} {word}" for name, word in COUNTED if getattr(effect, name)]
    if effect.high_seconds:
        parts.append(f"{duration(effect.low_seconds)} to {duration(effect.high_seconds)}")
    return ", ".join(parts)


def _actual(outcome: Mapping[str, object] | None, option: Option | None) -> str:
    if outcome is None or option is None:
        return ""
    actual = outcome.get("actual")
    if outcome.get("state") == "failed":
        return f"could not be done: {outcome.get('why', '')}"
    if not isinstance(actual, dict):
        return str(outcome.get("state", ""))
    parts = [f"{actual[name]:,} {word}" for name, word in COUNTED if actual.get(name)]
    if actual.get("high_seconds"):
        parts.append(duration(float(actual["high_seconds"])))
    return ", ".join(parts) or "done"


def _rules(facts: ReportFacts) -> str:
    rows = [
        (
            rule.rule_id,
            rule.words,
            rule.made_by,
            f"revoked by {rule.revoked_by}" if rule.revoked_by else "stands",
            f"{rule.uses:,}",
        )
        for rule in facts.rules
    ]
    head = ("rule", "what it says", "by", "state", "batches")
    return "## Answers for every such fault\n\n" + as_table(head, rows, numbers=1) if rows else ""


def _changed(facts: ReportFacts) -> str:
    rows = [(table, column, action, by, f"{count:,}") for table, column, action, by, count in facts.changed]
    if not rows:
        return ""
    head = ("table", "column", "what was done", "by", "values")
    where = (
        "Each value that is otherwise than in the source stands in `fordway.amended_value`, with the old one."
    )
    return f"## Values changed by decisions\n\n{where}\n\n" + as_table(head, rows, numbers=1)


def _brought(facts: ReportFacts) -> str:
    rows = [
        (chunk.target_table, f"{chunk.origin['source']}, {chunk.origin['table']}", f"{chunk.rows:,}")
        for chunk in facts.late
    ]
    rows += [(table, "placeholders: in no source", f"{count:,}") for table, count in facts.placeholders]
    head = ("table", "from", "rows")
    return "## Rows brought in by decisions\n\n" + as_table(head, rows, numbers=1) if rows else ""


def _cut(value: str | None) -> str:
    if value is None:
        return "NULL"
    return value if len(value) <= _MOST_SHOWN else f"{value[:_MOST_SHOWN]}..."


def _left(facts: ReportFacts) -> str:
    rows = [
        (
            row.quarantine_id,
            row.target_table,
            row.key_words,
            row.place or row.column_name,
            _cut(row.value),
            row.reason,
            way_in(row.kind, row.place or row.column_name) if row.state == "open" else "",
            row.state if not row.note else f"{row.state}: {row.note}",
        )
        for row in facts.held
    ]
    if not rows:
        return ""
    total = sum(count for _, _, count in facts.reasons)
    more = total - len(rows)
    head = ("number", "table", "key in the source", "where", "value", "why it is not in the target",
            "what to do", "now")  # fmt: skip
    command = f"`fordway quarantine export {facts.record.run_id}`"
    rest = f"\n\nAnd {count_of(more, 'rows')} more: {command} lists them all." if more > 0 else ""
    assert len(rows) <= MOST_HELD, "as many as were asked for"
    return f"## Rows left behind, one by one\n\n{as_table(head, rows)}{rest}"
