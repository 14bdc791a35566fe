"""A run's report as Markdown. Pure: facts in, text out."""

from __future__ import annotations

from engine.guidance.words import count_of
from engine.model.run import TableOutcome
from engine.reporting.facts import ReportFacts
from engine.reporting.markdown_parts import as_table, as_text
from engine.reporting.recovery_sections import recovery_sections

__all__ = ["report_markdown"]


def report_markdown(facts: ReportFacts) -> str:
    """The whole report; sections without facts are left out rather than filled."""
    parts = [
        _head(facts),
        _rows(facts),
        _proof(facts),
        _gates(facts),
        _aside(facts),
        *recovery_sections(facts),
        _parts(facts),
        _undone(facts),
    ]
    parts += [_findings(facts), _decisions(facts), _time(facts)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(facts: ReportFacts) -> str:
    record, plan = facts.record, facts.plan
    lines = [f"# {as_text(record.title)}", "", f"Run {record.run_id} is **{record.state}**."]
    if record.reason:
        lines.append(as_text(record.reason))
    lines += ["", f"- target: {as_text(record.target)}"]
    if record.rows_quarantined or record.rows_given_up:
        aside = f"- set aside: {count_of(record.rows_quarantined, 'rows')}"
        lines.append(aside + (f", and {record.rows_given_up:,} given up" if record.rows_given_up else ""))
    if plan:
        lines += [f"- source {as_text(source.name)}: {as_text(source.label)}" for source in plan.sources]
        lines += [f"- plan: {plan.digest}", f"- risk: {plan.risk.level}", f"- undo: {as_text(plan.undo)}"]
    if facts.drill:
        lines.append(f"- {as_text(facts.drill)}")
    lines.append(f"- approved by: {as_text(facts.approved) or 'nobody'}")
    return "\n".join(lines)


def _counts(outcome: TableOutcome | None) -> list[str]:
    if outcome is None:
        return ["-"] * 4
    counts = outcome.counts
    return [f"{n:,}" for n in (counts.written, counts.quarantined, counts.filtered, counts.merged)]


def _rows(facts: ReportFacts) -> str:
    if not facts.actual:
        return ""
    foreseen = {outcome.table: outcome for outcome in facts.predicted}
    rows = []
    for outcome in facts.actual:
        rows.append([outcome.table, "predicted", "", "", *_counts(foreseen.get(outcome.table))])
        balance = "balances" if outcome.is_even else "DOES NOT BALANCE"
        rows.append([outcome.table, "actual", balance, f"{outcome.counts.read:,}", *_counts(outcome)])
    head = ("table", "", "conservation", "read", "written", "quarantined", "filtered", "merged")
    return "## Rows, predicted beside actual\n\n" + as_table(head, rows, numbers=5)


def _proof(facts: ReportFacts) -> str:
    rows = [
        (
            table.table,
            str(table.strength).upper(),
            item.name,
            item.status,
            item.expected,
            item.actual,
            item.detail,
        )
        for table in facts.verified
        for item in table.checks
    ]
    head = ("table", "strength", "check", "result", "expected", "found", "detail")
    return "## Proof\n\n" + as_table(head, rows) if rows else ""


def _gates(facts: ReportFacts) -> str:
    return "## Gates\n\n" + as_table(("gate", "state", "reason"), facts.gates) if facts.gates else ""


def _aside(facts: ReportFacts) -> str:
    rows = [(table, reason, f"{count:,}") for table, reason, count in facts.reasons]
    return "## Rows set aside\n\n" + as_table(("table", "reason", "rows"), rows, numbers=1) if rows else ""


def _parts(facts: ReportFacts) -> str:
    rows = [
        (at, part.by, part.what, ", ".join(part.tables), f"{part.removed:,}", f"{part.kept:,}")
        for at, part in facts.parts
    ]
    head = ("when", "who", "what", "tables", "removed", "kept")
    return "## Taken back in part\n\n" + as_table(head, rows, numbers=2) if rows else ""


def _undone(facts: ReportFacts) -> str:
    rows = [
        (
            t.table,
            "; ".join(part for part in ("dropped" if t.dropped else "", t.note) if part) or "stays",
            ", ".join(t.kept_keys),
            f"{t.removed:,}",
            f"{t.marked:,}",
            f"{t.kept:,}",
        )
        for t in facts.undone
    ]
    head = ("table", "then", "kept rows", "removed", "marked as deleted", "kept")
    return "## Undo\n\n" + as_table(head, rows, numbers=3) if rows else ""


def _findings(facts: ReportFacts) -> str:
    if not facts.plan or not facts.plan.findings:
        return ""
    lines = [f"- {finding.severity}: {as_text(finding.sentence())}" for finding in facts.plan.findings]
    return "## Findings\n\n" + "\n".join(lines)


def _decisions(facts: ReportFacts) -> str:
    return (
        "## Decisions\n\n" + as_table(("when", "who", "answer"), facts.decisions) if facts.decisions else ""
    )


def _time(facts: ReportFacts) -> str:
    rows = [(name, f"{seconds:.3f}") for name, seconds in facts.phases.items()]
    return "## Seconds by phase\n\n" + as_table(("phase", "seconds"), rows, numbers=1) if rows else ""
