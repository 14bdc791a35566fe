"""How each column of one target table gets its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.model.catalog import Column, ColumnProfile, Engine, Table
from engine.model.errors import BadInput
from engine.model.findings import Finding, Severity
from engine.model.plan import ColumnPlan, MadeBy
from engine.planning.find_misfits import find_misfits
from engine.planning.keep_columns import (
    keep_column,
    other_type,
    own_column,
    printed_otherwise,
    spelled_otherwise,
)
from engine.planning.make_column import make_column
from engine.planning.map_types import TypeChoice, map_column
from engine.planning.names import column_name
from engine.planning.plan_expressions import inputs_of
from engine.planning.plan_rules import rule_findings, ruled_profile, rules_of
from engine.planning.resolve_tables import Crossing
from engine.planning.target_offer import TargetOffer
from engine.planning.target_types import family_of, is_built_in
from engine.playbooks.spec import ColumnSpec

__all__ = ["ColumnsPlanned", "plan_columns"]


@dataclass(slots=True, kw_only=True)
class ColumnsPlanned:
    """The columns of one table, and what came up on the way."""

    columns: list[ColumnPlan] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def plan_columns(crossing: Crossing, offer: TargetOffer | None = None) -> ColumnsPlanned:
    """Every target column with its origin, in the target's order.

    Args:
        crossing: the table.
        offer: what definitions of a PostgreSQL source find on the target; None for other sources.

    Raises:
        BadInput: the playbook names a source column that is not there.
    """
    _refuse_unknown(crossing)
    planned = ColumnsPlanned()
    settled = _settled(crossing)
    choices = {
        column.name: _choose(crossing, column, planned, settled, offer) for column in crossing.table.columns
    }
    copied = _copied(crossing)
    remaining = _remaining(crossing, copied)
    for name, spec in _in_order(crossing, copied):
        column = _column(crossing, name, spec, choices, remaining)
        existing = _existing_column(crossing, name)
        if existing is not None and existing.generated:
            planned.findings.append(
                _blocked(crossing, "F407", name, "the target makes this column's values itself")
            )
            continue
        if offer is not None and column.made_by is MadeBy.COPY:
            source = crossing.table.column(column.source)
            planned.findings += printed_otherwise(crossing.table, source)
            if existing is None:
                column = own_column(column, source, crossing.target, offer)
            else:
                planned.findings += other_type(column, source, crossing.target, offer)
        if column.made_by is MadeBy.COPY and (offer is not None or existing is not None):
            source = crossing.table.column(column.source)
            planned.findings += spelled_otherwise(column, source, crossing.target)
        planned.columns.append(column)
        planned.findings += find_misfits(crossing, column, existing)
    planned.findings += _gaps(crossing, planned.columns, copied, remaining)
    return planned


def _refuse_unknown(crossing: Crossing) -> None:
    there = {column.name for column in crossing.table.columns}
    spec = crossing.spec
    wanted = [*spec.key, *spec.leave]
    for way in spec.columns.values():
        wanted += [way.from_] if way.from_ is not None else []
        wanted += way.json_of if isinstance(way.json_of, tuple) else ()
        if way.cast is not None and not is_built_in(way.cast):
            raise BadInput(f"'{way.cast}' is no built-in PostgreSQL type", where=crossing.table.name)
    for name in wanted:
        if name not in there:
            raise BadInput(
                f"The table {crossing.table.name} has no column '{name}'",
                where=crossing.catalog.label,
                todo="It has: " + ", ".join(sorted(there)),
            )


def _settled(crossing: Crossing) -> frozenset[str]:
    """Source columns whose type the playbook says, or that stay behind: nothing is proposed for them."""
    cast = {way.from_ for way in crossing.spec.columns.values() if way.cast and way.from_}
    return frozenset({*crossing.spec.leave, *cast})


def _choose(
    crossing: Crossing,
    column: Column,
    planned: ColumnsPlanned,
    settled: frozenset[str],
    offer: TargetOffer | None,
) -> TypeChoice:
    profile = crossing.profiles.get(column.name) or ColumnProfile(
        column=column.name, rows=crossing.table.row_count
    )
    rules = rules_of(crossing, column.name)
    if offer is not None:
        choice = keep_column(crossing.table, column, offer)
    else:
        ruled = ruled_profile(profile, rules, column.declared_type)
        choice = map_column(crossing.table, column, ruled, crossing.catalog.engine)
    # A table that is there already has its own types and defaults; find_misfits speaks of those.
    if crossing.existing is None and column.name not in settled:
        planned.findings += choice.findings
    planned.findings += rule_findings(crossing, column, rules)
    return choice


def _copied(crossing: Crossing) -> dict[str, str]:
    """Source column by target column, of those that map by their name alone."""
    explicit = crossing.spec.columns
    used = {way.from_ for way in explicit.values()} if crossing.existing is None else set()
    takes_rest = any(way.json_of == "remaining" for way in explicit.values())
    copied: dict[str, str] = {}
    for column in crossing.table.columns:
        name = _name_in_target(crossing, column)
        if not _is_carried(crossing, column) or name in explicit or column.name in crossing.spec.leave:
            continue
        if crossing.existing is not None:
            if _existing_column(crossing, name) is not None:
                copied[name] = column.name
        elif column.name not in used and not takes_rest:
            if name in copied:
                raise BadInput(
                    f"'{copied[name]}' and '{column.name}' would both be called '{name}'",
                    where=crossing.table.name,
                    todo="Name one of them in the playbook, or say 'names: keep'",
                )
            copied[name] = column.name
    return copied


def _is_carried(crossing: Crossing, column: Column) -> bool:
    """Whether the values are copied; of SQLite's generated columns those PostgreSQL can't make itself."""
    return not column.generated or crossing.catalog.engine is Engine.SQLITE


def _name_in_target(crossing: Crossing, column: Column) -> str:
    if _existing_column(crossing, column.name) is not None:
        return column.name
    return column_name(column.name, crossing.style)


def _existing_column(crossing: Crossing, name: str) -> Column | None:
    if crossing.existing is None:
        return None
    return next((column for column in crossing.existing.columns if column.name == name), None)


def _remaining(crossing: Crossing, copied: Mapping[str, str]) -> tuple[str, ...]:
    """Source columns that go nowhere else."""
    placed = {*copied.values(), *crossing.spec.leave}
    for way in crossing.spec.columns.values():
        placed |= {way.from_} if way.from_ is not None else set()
        placed |= set(way.json_of) if isinstance(way.json_of, tuple) else set()
        placed |= set(inputs_of(way.expr, crossing.table)) if way.expr is not None else set()
    return tuple(c.name for c in crossing.table.columns if c.name not in placed and not c.generated)


def _in_order(crossing: Crossing, copied: Mapping[str, str]) -> list[tuple[str, ColumnSpec]]:
    """Target columns with their specs: in the target's order, else the playbook's, then the source's."""
    specs = {**crossing.spec.columns, **{name: ColumnSpec(from_=source) for name, source in copied.items()}}
    if crossing.existing is None:
        return list(specs.items())
    order = [column.name for column in crossing.existing.columns]
    return sorted(specs.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order))


def _column(
    crossing: Crossing,
    name: str,
    spec: ColumnSpec,
    choices: Mapping[str, TypeChoice],
    remaining: tuple[str, ...],
) -> ColumnPlan:
    existing = _existing_column(crossing, name)
    made = make_column(crossing, name, spec, choices, remaining)
    if existing is not None:
        return replace(
            made,
            target_type=existing.declared_type,
            family=family_of(existing.declared_type),
            is_nullable=existing.is_nullable,
            default=existing.default,
            is_identity=existing.is_identity,
        )
    return replace(made, is_nullable=made.is_nullable and name not in crossing.spec.required)


def _gaps(
    crossing: Crossing, columns: list[ColumnPlan], copied: Mapping[str, str], remaining: tuple[str, ...]
) -> list[Finding]:
    """What would be left behind on the one side, or empty on the other."""
    findings = [
        Finding(
            code="F204",
            severity=Severity.NOTE,
            place=f"{crossing.table.name}.{column.name}",
            what="a generated column is not carried",
            remedy="Its values follow from other columns, which are",
        )
        for column in crossing.table.columns
        if column.generated
        and column.name not in copied.values()
        # Those of a new table are kept, or named, with what stands around its rows.
        and not (column.expression and crossing.existing is None)
    ]
    if not any(way.json_of == "remaining" for way in crossing.spec.columns.values()):
        findings += [_left_behind(crossing, name, columns) for name in remaining]
    covered = {column.target for column in columns}
    existing = crossing.existing or Table(name="", columns=())
    findings += [
        _blocked(crossing, "F404", column.name, "a required column of the target has no source")
        for column in existing.columns
        if column.name not in covered
        and not (column.is_nullable or column.default or column.is_identity or column.generated)
    ]
    unknown = [
        name for name in covered if crossing.existing is not None and _existing_column(crossing, name) is None
    ]
    findings += [
        _blocked(crossing, "F403", name, f"the table {crossing.target} lacks this column")
        for name in sorted(unknown)
    ]
    return findings


def _left_behind(crossing: Crossing, name: str, planned: Sequence[ColumnPlan]) -> Finding:
    what, remedy = _why_left(crossing, name, planned)
    profile = crossing.profiles.get(name)
    is_empty = profile is not None and profile.nulls == profile.rows
    return Finding(
        code="F403",
        severity=Severity.NOTE if is_empty else Severity.BLOCKER,
        place=f"{crossing.table.name}.{name}",
        what=what,
        evidence="every value is NULL" if is_empty else "",
        remedy="" if is_empty else remedy,
    )


def _why_left(crossing: Crossing, name: str, planned: Sequence[ColumnPlan]) -> tuple[str, str]:
    """What is the matter with a source column that goes nowhere, and what can be done."""
    own = _name_in_target(crossing, crossing.table.column(name))
    taken = next((column for column in planned if column.target == own), None)
    if taken is None:
        what = f"the table {crossing.target} lacks a column for it"
        return what, "Add the column, map it in the playbook, or name it under 'leave'"
    what = f"the playbook fills the column {own} of {crossing.target} otherwise, and its values go nowhere"
    is_known = taken.made_by is MadeBy.UUID5 and taken.inputs == (name,)
    kept = ", the id map keeps which id each of them got" if is_known else " if they may stay behind"
    return what, f"Name it under 'leave'{kept}; or map it to a column of its own, such as legacy_{own}"


def _blocked(crossing: Crossing, code: str, column: str, what: str) -> Finding:
    return Finding(
        code=code,
        severity=Severity.BLOCKER,
        place=f"{crossing.target}.{column}",
        what=what,
        remedy="Say in the playbook where its values come from, or change the target",
    )
