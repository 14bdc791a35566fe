"""How a table's rows are taken back where the playbook says more than that they go. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from engine.model.findings import Finding, Severity
from engine.model.plan import Plan, SoftDelete, TablePlan
from engine.planning.table_draft import TableDraft
from engine.playbooks.spec import SoftDeleteSpec, SoftDeleteUndo

__all__ = ["marks_to_try", "soft_delete_findings", "soft_delete_of", "with_marks"]

_NOW = "now"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """The column a deleted row is told by, as it stands on the target or will."""

    name: str
    type_: str
    is_nullable: bool
    has_default: bool
    makes_itself: bool
    """The target makes its values: they can't be changed."""


def soft_delete_of(draft: TableDraft) -> SoftDelete | None:
    """How the draft's rows are marked; None where they are removed."""
    spec = _spec(draft)
    if spec is None:
        return None
    column = _column(draft, spec.column)
    kind = column.type_ if column else "text"
    is_moment = spec.value == _NOW and (kind == "date" or kind.startswith("timestamp"))
    text = str(spec.value).lower() if isinstance(spec.value, bool) else str(spec.value)
    return SoftDelete(column=spec.column, value=text, target_type=kind, is_moment=is_moment)


def _spec(draft: TableDraft) -> SoftDeleteSpec | None:
    undo = draft.crossing.spec.undo
    return undo.soft_delete if isinstance(undo, SoftDeleteUndo) else None


def _column(draft: TableDraft, name: str) -> _Column | None:
    existing = draft.crossing.existing
    if existing is not None:
        return next(
            (
                _Column(
                    name=column.name,
                    type_=column.declared_type,
                    is_nullable=column.is_nullable,
                    has_default=column.default is not None,
                    makes_itself=bool(column.generated) or column.identity == "always",
                )
                for column in existing.columns
                if column.name == name
            ),
            None,
        )
    if any(column.name == name for column in draft.generated):
        return _Column(name=name, type_="", is_nullable=True, has_default=False, makes_itself=True)
    return next(
        (
            _Column(
                name=column.target,
                type_=column.target_type,
                is_nullable=column.is_nullable,
                has_default=column.default is not None,
                makes_itself=False,
            )
            for column in draft.made_columns or draft.columns
            if column.target == name
        ),
        None,
    )


def soft_delete_findings(draft: TableDraft) -> Iterator[Finding]:
    """What keeps rows from being marked as the playbook says."""
    spec = _spec(draft)
    if spec is None:
        return
    column = _column(draft, spec.column)
    what = ""
    if column is None:
        what = "the column that is to mark deleted rows is not there"
    elif column.makes_itself:
        what = "the column that is to mark deleted rows is filled by the target itself"
    elif spec.column in draft.primary_key:
        what = "the column that is to mark deleted rows is part of the key"
    elif not (column.is_nullable or column.has_default or _is_moved(draft, spec.column)):
        what = "the column that is to mark deleted rows can't be empty, and nothing fills it"
    if what:
        yield _finding(draft.crossing.target, spec.column, what, evidence="", table=draft.crossing.table.name)


def _is_moved(draft: TableDraft, name: str) -> bool:
    return any(column.target == name for column in draft.columns)


def _finding(target: str, column: str, what: str, *, evidence: str, table: str) -> Finding:
    return Finding(
        code="F410",
        severity=Severity.BLOCKER,
        place=f"{target}.{column}",
        what=what,
        evidence=evidence,
        remedy=f"Mend 'undo: soft_delete' in the playbook's entry 'from: {table}', or leave it out",
    )


def marks_to_try(plan: Plan) -> tuple[TablePlan, ...]:
    """The tables whose marking the target is to be asked about: what it has to take is no moment."""
    return tuple(t for t in plan.tables if t.soft_delete is not None and not t.soft_delete.is_moment)


def with_marks(plan: Plan, refused: Sequence[tuple[TablePlan, str]]) -> Plan:
    """The plan with a finding for each value a column does not take. It is no longer sealed."""
    findings = [
        _finding(
            table.target_table,
            mark.column,
            "the column does not take what deleted rows are to be marked with",
            evidence=f"{mark.value} in {mark.target_type}: {words}",
            table=table.source_table,
        )
        for table, words in refused
        if (mark := table.soft_delete) is not None
    ]
    return replace(plan, digest="", findings=(*plan.findings, *findings)) if findings else plan
