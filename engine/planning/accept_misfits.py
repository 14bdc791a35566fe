"""Which foretold quarantine somebody has said yes to already. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.model.findings import Finding, Severity
from engine.model.plan import MadeBy, Plan, TablePlan
from engine.planning.evidence import ASKED, SET_ASIDE
from engine.planning.resolve_tables import Crossing
from engine.playbooks.spec import Playbook

__all__ = ["accept_by_playbook", "accept_by_run"]


def accept_by_playbook(findings: Iterable[Finding], crossing: Crossing, playbook: Playbook) -> list[Finding]:
    """The findings of one table, with those that the playbook explains no longer blocking."""
    is_all = playbook.defaults.on_misfit == "quarantine"
    columns = {
        way.from_
        for way in crossing.spec.columns.values()
        if way.on_misfit == "quarantine" or (is_all and way.on_misfit is None)
    }
    refused = {way.from_ for way in crossing.spec.columns.values() if way.on_misfit == "ask"}
    accepted = []
    for finding in findings:
        column = finding.place.rpartition(".")[2]
        is_said = column in columns or (is_all and column not in refused)
        accepted.append(_accepted(finding, "as the playbook says") if is_said else finding)
    return accepted


def accept_by_run(plan: Plan, *, on_error: str, is_yes: bool) -> Plan:
    """The plan with every foretold quarantine explained, when the run was started with that consent.

    Args:
        plan: as proposed; no longer sealed when something changed.
        on_error: ``quarantine`` and ``recommended`` are such a consent.
        is_yes: so is ``--yes``.
    """
    if on_error == "quarantine":
        plan = replace(plan, tables=tuple(_set_aside(table) for table in plan.tables))
    why = ""
    if on_error in {"quarantine", "recommended"}:
        why = f"--on-error {on_error} accepts that"
    elif is_yes:
        why = "--yes accepts that"
    if not why or not plan.violations:
        return plan
    return replace(plan, findings=tuple(_accepted(finding, why) for finding in plan.findings))


def _set_aside(table: TablePlan) -> TablePlan:
    """The table with rows that find no parent set aside without asking."""
    asked = (MadeBy.LOOKUP, MadeBy.EXPRESSION)
    if not any(column.made_by in asked and not column.sets_aside for column in table.columns):
        return table
    columns = tuple(
        replace(column, sets_aside=True) if column.made_by in asked else column for column in table.columns
    )
    return replace(table, columns=columns)


def _accepted(finding: Finding, why: str) -> Finding:
    if not finding.violates or finding.severity is not Severity.BLOCKER:
        return finding
    remedy = f"{SET_ASIDE}: {why}" if finding.remedy.startswith(ASKED) else finding.remedy
    return replace(finding, severity=Severity.WARNING, remedy=remedy)
