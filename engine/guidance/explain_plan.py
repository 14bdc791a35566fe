"""What was found and what is planned, in plain words."""

from __future__ import annotations

from collections import Counter

from engine.guidance.words import count_of, duration_range, number, one_of
from engine.model.catalog import TableClass
from engine.model.findings import Severity
from engine.model.plan import Plan

__all__ = ["confirm_plan", "explain_discovery"]

_KINDS = {
    TableClass.CATALOG: "catalog/reference data",
    TableClass.TRANSACTIONAL: "records of what happened",
    TableClass.JUNCTION: "connections between other records",
    TableClass.LOG: "history",
    TableClass.SYSTEM: "housekeeping data",
}
_IMPACTS = {
    TableClass.CATALOG: "These are lookup values that other parts of your system reference",
    TableClass.TRANSACTIONAL: "These are the records people work with",
    TableClass.JUNCTION: "These connect other records; both ends must be there first",
    TableClass.LOG: "This is history that is only ever added to",
    TableClass.SYSTEM: "This is a framework's own data",
}
_SAFETY = {
    "low": "Very safe: we can undo it.",
    "medium": "Safe with care: we can undo it",
    "high": "Risky: we can undo it, but read this first",
}


def explain_discovery(plan: Plan) -> tuple[str, ...]:
    """What was found, its type, its impact, what is recommended and what to look at, one sentence each."""
    if not plan.tables:
        return ("Found nothing that could be moved.", "Check that the source is the right one.")
    lines = [
        _found(plan),
        f"Type: {_type(plan)}.",
        f"Impact: {_impact(plan)}.",
        f"Recommendation: {_advice(plan)}.",
    ]
    warnings = sum(finding.severity is Severity.WARNING for finding in plan.findings)
    looked_at = [
        f"{count_of(number, noun)}{which}"
        for number, noun, which in (
            (len(plan.to_mend), "findings", " that must be mended first"),
            (plan.rows_aside, "rows", " that would be set aside"),
            (warnings, "warnings", ""),
        )
        if number
    ]
    if looked_at:
        lines.append(f"To look at: {', '.join(looked_at)}.")
    return tuple(lines)


def _found(plan: Plan) -> str:
    verb = "needs" if plan.rows == 1 else "need"
    if plan.noun == "rows":
        tables = count_of(len(plan.tables), "tables")
        return f"Found {count_of(plan.rows, 'rows')} in {tables} that {verb} to be moved."
    records = "record" if plan.rows == 1 else "records"
    return (
        f"Found {number(plan.rows)} {one_of(plan.noun)} {records} in your old system that {verb} to be moved."
    )


def _classes(plan: Plan) -> list[TableClass]:
    """Classes of the plan's tables, most rows first."""
    rows: Counter[TableClass] = Counter()
    for table in plan.tables:
        rows[table.table_class] += table.rows
    return [table_class for table_class, _ in rows.most_common()]


def _type(plan: Plan) -> str:
    return ", ".join(_KINDS[table_class] for table_class in _classes(plan))


def _impact(plan: Plan) -> str:
    return "; ".join(_IMPACTS[table_class] for table_class in _classes(plan)[:2])


def _advice(plan: Plan) -> str:
    if plan.to_mend:
        return "mend what stands in the way before moving anything"
    if plan.rows_aside:
        return "look at the rows that would be set aside before you approve"
    if plan.risk.level == "low":
        return "Safe to migrate - low risk operation"
    return f"{plan.risk.level} risk, read the warnings before you approve"


def confirm_plan(plan: Plan) -> tuple[str, str, str, str]:
    """Summary, time, safety and question; there is no question while something must be mended first."""
    time = duration_range(plan.estimate.low_seconds, plan.estimate.high_seconds)
    safety = _SAFETY[plan.risk.level]
    if plan.risk.level != "low":
        safety = f"{safety}: {'; '.join(plan.risk.reasons)}."
    if plan.to_mend:
        return (
            f"Not ready to move your {count_of(plan.rows, plan.noun)}.",
            f"Should take {time}.",
            safety,
            f"{count_of(len(plan.to_mend), 'findings')} must be mended first.",
        )
    if plan.rows_aside:
        of, aside = count_of(plan.rows, plan.noun), count_of(plan.rows_aside, "rows")
        return (
            f"Ready to move your {of}, if {aside} may be set aside.",
            f"Should take {time}.",
            safety,
            "Shall we proceed?",
        )
    return (
        f"Ready to move your {count_of(plan.rows, plan.noun)}.",
        f"Should take {time}.",
        safety,
        "Shall we proceed?",
    )
