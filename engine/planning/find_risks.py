"""What in the target or around the tables could go wrong, and how dangerous the whole is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.guidance.words import count_of, first_names
from engine.model.catalog import Catalog, OtherObject, TableClass
from engine.model.findings import Finding, Severity
from engine.model.plan import Plan, Risk, TablePlan
from engine.planning.named_others import NAMED
from engine.planning.resolve_tables import Crossing

__all__ = [
    "find_left_objects",
    "find_target_risks",
    "gather_notes",
    "judge_again",
    "judge_risk",
    "nothing_to_copy",
    "too_many_columns",
]

_LEFT_CODES = {
    "view": ("F210", "views are not carried", "Write them anew for PostgreSQL after the move"),
    "materialized view": ("F210", "materialized views are not carried", "Make them anew after the move"),
    "check constraint": ("F215", "check constraints are not carried", "Add them after the move"),
    "trigger": ("F211", "triggers are not carried", "Write them anew for PostgreSQL after the move"),
    "virtual table": ("F212", "virtual tables are not carried", "PostgreSQL lacks the module they rest on"),
    "shadow table": ("F212", "shadow tables are not carried", "They are the inside of a virtual table"),
    "foreign table": ("F213", "foreign tables are not carried", "Their rows live on another server"),
    "partitioned table": ("F214", "partitioned tables become ordinary ones", "Their rows move all together"),
}  # fmt: skip
_NOTES = frozenset({"shadow table", "partitioned table"})
_MANY_WARNINGS = 5
_MOST_COLUMNS = 1_600
"""Of a PostgreSQL table: manual, Appendix K "PostgreSQL Limits"."""
_CIRCLES = "some tables reference one another in a circle"


def find_left_objects(catalog: Catalog, tables: frozenset[str], *, is_everything: bool) -> list[Finding]:
    """One finding a kind of object that stays behind.

    Args:
        catalog: the source's.
        tables: source tables the plan moves.
        is_everything: no tables were picked, so every object was meant.
    """
    left: dict[str, list[OtherObject]] = {}
    for other in catalog.others:
        is_meant = is_everything or other.table in tables or other.name in tables
        if is_meant and other.kind in _LEFT_CODES:
            left.setdefault(other.kind, []).append(other)
    return [
        Finding(
            code=_LEFT_CODES[kind][0],
            severity=Severity.NOTE if kind in _NOTES else Severity.WARNING,
            place=catalog.name,
            what=_LEFT_CODES[kind][1],
            evidence=first_names([other.name for other in others]),
            remedy=_LEFT_CODES[kind][2],
        )
        for kind, others in left.items()
    ]


def find_target_risks(crossing: Crossing, target: Catalog) -> list[Finding]:
    """What there is to know of the place one table goes to."""
    name, existing = crossing.target, crossing.existing
    if existing is None:
        rivals = [other for other in target.others if other.name == name and other.kind in NAMED]
        return [_name_is_taken(name, rival) for rival in rivals]
    if existing.row_count == 0:
        found = [_of_target("F402", Severity.NOTE, name, f"target table {name} is empty")]
    else:
        found = [
            _of_target(
                "F401",
                Severity.WARNING,
                name,
                "the target table already holds rows",
                evidence=count_of(existing.row_count, "rows"),
                remedy="They stay as they are; a batch with a key that is taken is refused, and the run asks"
                if crossing.spec.on_conflict == "ask"
                else f"Where a key is taken, '{crossing.spec.on_conflict}' says which row stays",
            )
        ]
    triggers = [
        other.name if other.table == name else f"{other.name} (on {other.table})"
        for other in target.others
        if other.kind == "trigger" and other.table in existing.stored_in
    ]
    if triggers:
        remedy = "They fire for every row moved; disable them for that time if it is not meant"
        found.append(
            _of_target(
                "F406",
                Severity.WARNING,
                name,
                "triggers on the target table",
                evidence=first_names(triggers),
                remedy=remedy,
            )
        )
    return found


def nothing_to_copy(crossing: Crossing) -> Finding:
    """The finding of a table that gives a COPY no column to write."""
    rows = count_of(crossing.table.row_count, "rows")
    return Finding(
        code="F243",
        severity=Severity.WARNING,
        place=crossing.table.name,
        what="no column of the table can be copied, so it is not carried",
        evidence=f"{rows} without a value of their own",
        remedy="The other tables move; make this one by hand where its number of rows means something",
    )


def too_many_columns(crossing: Crossing, columns: int) -> list[Finding]:
    """The finding of a table that PostgreSQL can't make for its number of columns; empty for others.

    Args:
        crossing: the table.
        columns: how many it would have.
    """
    if crossing.existing is not None or columns <= _MOST_COLUMNS:
        return []
    return [
        Finding(
            code="F409",
            severity=Severity.BLOCKER,
            place=crossing.table.name,
            what="the table would have more columns than PostgreSQL allows",
            evidence=f"{columns:,} columns, and no table has more than {_MOST_COLUMNS:,}",
            remedy="Name columns under 'leave', put them into one by 'json', or leave the table out",
        )
    ]


def _name_is_taken(name: str, rival: OtherObject) -> Finding:
    return _of_target(
        "F408",
        Severity.BLOCKER,
        name,
        f"the target has a {rival.kind} of this name",
        remedy="Give the table another name",
    )


def _of_target(
    code: str, severity: Severity, place: str, what: str, *, evidence: str = "", remedy: str = ""
) -> Finding:
    return Finding(code=code, severity=severity, place=place, what=what, evidence=evidence, remedy=remedy)


def gather_notes(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings with notes of one code and wording on one table told once, columns listed."""
    together: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        table = finding.place.split(".", 1)[0]
        is_note = finding.severity is Severity.NOTE and "." in finding.place and not finding.evidence
        key = (finding.code, table, finding.what, finding.remedy) if is_note else (finding,)
        together.setdefault(key, []).append(finding)
    return tuple(_as_one(same) for same in together.values())


def _as_one(same: list[Finding]) -> Finding:
    first = same[0]
    if all(finding == first for finding in same):
        return first
    table = first.place.split(".", 1)[0]
    columns = list(dict.fromkeys(finding.place.split(".", 1)[1] for finding in same))
    return Finding(
        code=first.code,
        severity=first.severity,
        place=table,
        what=first.what,
        evidence=first_names(columns),
        remedy=first.remedy,
    )


def judge_again(plan: Plan) -> Plan:
    """The plan with the risk its findings make now. It is no longer sealed."""
    circles = int(_CIRCLES in plan.risk.reasons)
    return replace(plan, digest="", risk=judge_risk(plan.tables, plan.findings, circles=circles))


def judge_risk(tables: Sequence[TablePlan], findings: Sequence[Finding], *, circles: int) -> Risk:
    """The level and its reasons in words.

    Args:
        tables: the plan's.
        findings: all of them.
        circles: groups of tables that reference one another.
    """
    blockers = [finding for finding in findings if finding.severity is Severity.BLOCKER]
    to_mend = [finding for finding in blockers if not finding.violates]
    aside = sum(finding.violates for finding in blockers)
    warnings = [finding for finding in findings if finding.severity is Severity.WARNING]
    codes = {finding.code for finding in findings}
    high, medium = [], []
    if to_mend:
        high.append(f"{count_of(len(to_mend), 'findings')} must be mended first")
    if aside:
        high.append(f"{count_of(aside, 'rows')} would be set aside")
    if "F301" in codes:
        high.append("some rows name parents that are not there")
    if "F406" in codes:
        medium.append("triggers of the target fire during the move")
    if any(table.target_rows for table in tables):
        medium.append("a target table already holds rows")
    if circles:
        medium.append(_CIRCLES)
    if any(table.complexity == "high" for table in tables):
        medium.append("links between tables must find both their ends")
    if warnings:
        number = f"{len(warnings)} warning{'s' if len(warnings) > 1 else ''} to read"
        (high if len(warnings) > _MANY_WARNINGS and high else medium).append(number)
    if high or medium:
        return Risk(level="high" if high else "medium", reasons=(*high, *medium))
    reason = (
        "lookup values only"
        if all(t.table_class is TableClass.CATALOG for t in tables)
        else "plain tables only"
    )
    return Risk(level="low", reasons=(reason, "every row can be taken back"))
