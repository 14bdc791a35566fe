"""The plan without what the target refused when it was tried. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.model.findings import Finding, Severity
from engine.model.objects import GeneratedColumn, ObjectPlan
from engine.model.plan import ColumnPlan, Lane, Plan, TablePlan
from engine.planning.target_types import family_of

__all__ = ["Refusal", "could_not_try", "soft_tables", "without_refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One object the target does not take."""

    kind: str
    """``table``, ``default``, ``generated``, ``index``, ``constraint``, ``view`` or ``type``."""
    table: str
    """The target table; empty for a view or type."""
    name: str
    """Of the column, index, constraint, view or type."""
    reason: str
    """PostgreSQL's own words."""


_WORDS = {
    "default": ("the default is not carried", "The rows are not affected"),
    "generated": (
        "a generated column becomes an ordinary one",
        "Its values are copied; whoever writes rows later must fill it",
    ),
    "index": ("an index is not carried", "Make it by hand after the move"),
    "constraint": ("a constraint is not carried", "Write it anew for PostgreSQL after the move"),
    "view": ("a view is not carried", "Write it anew for PostgreSQL after the move"),
}
_STANDS_FIRM = ("the target refuses it", "Change the playbook or the target")


def soft_tables(plan: Plan) -> tuple[TablePlan, ...]:
    """Tables with something the target may refuse; the rest is ours or plain."""
    return tuple(
        table
        for table in plan.tables
        if not table.exists_already
        and (
            table.generated
            or table.constraints
            or any(index.tail for index in table.indexes)
            or any(_is_computed(column) for column in table.columns)
        )
    )


def _is_computed(column: ColumnPlan) -> bool:
    return column.default is not None and "(" in column.default


def without_refused(plan: Plan, refusals: Sequence[Refusal]) -> Plan:
    """The plan without these objects, and with a finding for each. It is no longer sealed.

    A generated column becomes a copied one.
    """
    if not refusals:
        return plan
    by_table = {
        table.target_table: [r for r in refusals if r.table == table.target_table] for table in plan.tables
    }
    return replace(
        plan,
        digest="",
        tables=tuple(_without(table, by_table[table.target_table]) for table in plan.tables),
        views=_left(plan.views, refusals),
        findings=(*plan.findings, *(_finding(refusal) for refusal in refusals)),
    )


def _left(views: Iterable[ObjectPlan], refusals: Sequence[Refusal]) -> tuple[ObjectPlan, ...]:
    gone = {refusal.name for refusal in refusals if refusal.kind == "view"}
    return tuple(view for view in views if view.name not in gone)


def _without(table: TablePlan, refusals: Sequence[Refusal]) -> TablePlan:
    gone = {(refusal.kind, refusal.name) for refusal in refusals}
    if not gone:
        return table
    columns = [
        replace(column, default=None) if ("default", column.target) in gone else column
        for column in table.columns
    ]
    refused = [made for made in table.generated if ("generated", made.name) in gone]
    # Last first, so that each place still counts the columns before it.
    for made in sorted(refused, key=lambda made: -made.place):
        columns.insert(made.place, _copied(made))
    kept = [made for made in table.generated if made not in refused]
    return replace(
        table,
        columns=tuple(columns),
        # A column that was not to be copied was not judged by its values either.
        lane=table.lane if len(columns) == len(table.columns) else Lane.DIRECT,
        is_binary=table.is_binary and len(columns) == len(table.columns),
        generated=tuple(
            replace(made, place=made.place + sum(other.place <= made.place for other in refused))
            for made in kept
        ),
        constraints=tuple(c for c in table.constraints if ("constraint", c.name) not in gone),
        indexes=tuple(i for i in table.indexes if ("index", i.name) not in gone),
    )


def _copied(made: GeneratedColumn) -> ColumnPlan:
    return ColumnPlan(
        target=made.name,
        target_type=made.target_type,
        family=family_of(made.target_type),
        source=made.source or made.name,
    )


def _finding(refusal: Refusal) -> Finding:
    what, remedy = _WORDS.get(refusal.kind, _STANDS_FIRM)
    place = ".".join(part for part in (refusal.table, refusal.name) if part)
    return Finding(
        code="F217",
        severity=Severity.WARNING if refusal.kind in _WORDS else Severity.BLOCKER,
        place=place,
        what=f"{what}: PostgreSQL refused it when it was tried",
        evidence=refusal.reason,
        remedy=remedy,
    )


def could_not_try(plan: Plan, reason: str) -> Plan:
    """The plan with a note that its objects were not tried on the target. It is no longer sealed."""
    note = Finding(
        code="F218",
        severity=Severity.NOTE,
        place="target",
        what="views, checks, generated columns, unusual indexes and expressions were not tried on the target",
        evidence=reason,
        remedy="What PostgreSQL refuses stops the run then, and the rows that are written stay",
    )
    return replace(plan, digest="", findings=(*plan.findings, note))
