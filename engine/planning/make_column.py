"""One target column as the playbook specifies it: copied, looked up, computed, generated or constant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.model.plan import ColumnPlan, Family, MadeBy
from engine.planning.map_types import TypeChoice
from engine.planning.plan_expressions import expression_column
from engine.planning.plan_lookups import lookup_column
from engine.planning.resolve_tables import Crossing
from engine.planning.target_types import family_of
from engine.playbooks.spec import ColumnSpec

__all__ = ["make_column"]


def make_column(
    crossing: Crossing,
    name: str,
    spec: ColumnSpec,
    choices: Mapping[str, TypeChoice],
    remaining: tuple[str, ...],
) -> ColumnPlan:
    """The column by its specification alone, whatever the target has under that name.

    Args:
        crossing: the table.
        name: the target column.
        spec: where its values come from.
        choices: the type found for each source column.
        remaining: source columns that go nowhere else.
    """
    if spec.lookup is not None:
        return lookup_column(crossing, name, spec)
    if spec.expr is not None:
        column = expression_column(crossing.table, name, spec, choices)
        return replace(column, sets_aside=crossing.may_set_aside(spec))
    if spec.from_ is not None:
        return _plain_copy(crossing, name, spec, choices[spec.from_])
    if spec.json_of is not None:
        inputs = remaining if spec.json_of == "remaining" else spec.json_of
        return ColumnPlan(
            target=name,
            target_type="jsonb",
            family=Family.JSON,
            made_by=MadeBy.JSON_OBJECT,
            inputs=inputs,
            input_families=tuple(choices[column].family for column in inputs),
            is_nullable=False,
            transformation=spec.step or f"add_{name}_json",
        )
    if spec.generate is not None:
        return _generated(crossing, name, spec)
    return _constant(name, spec)


def _plain_copy(crossing: Crossing, name: str, spec: ColumnSpec, choice: TypeChoice) -> ColumnPlan:
    assert spec.from_ is not None, "only called for copies"
    column = crossing.table.column(spec.from_)
    is_identity = column.is_identity and choice.family is Family.INTEGER and spec.cast is None
    return ColumnPlan(
        target=name,
        target_type=spec.cast or choice.target_type,
        family=family_of(spec.cast) if spec.cast else choice.family,
        source=spec.from_,
        is_nullable=column.is_nullable,
        default=None if spec.cast else choice.default,
        is_identity=is_identity,
        rules=spec.rule,
        transformation=spec.step or (f"cast_{name}" if spec.cast else ""),
    )


def _generated(crossing: Crossing, name: str, spec: ColumnSpec) -> ColumnPlan:
    if spec.generate == "uuid5":
        key = crossing.spec.key or crossing.table.primary_key or crossing.table.chunk_key
        return ColumnPlan(
            target=name,
            target_type="uuid",
            family=Family.UUID,
            made_by=MadeBy.UUID5,
            inputs=key,
            is_nullable=False,
            transformation=spec.step or f"generate_{name}",
        )
    is_time = spec.generate == "run_time"
    return ColumnPlan(
        target=name,
        target_type="timestamptz" if is_time else "text",
        family=Family.TIMESTAMPTZ if is_time else Family.TEXT,
        made_by=MadeBy.RUN_TIME if is_time else MadeBy.SOURCE_NAME,
        is_nullable=False,
        transformation=spec.step or f"add_{name}",
    )


def _constant(name: str, spec: ColumnSpec) -> ColumnPlan:
    value = spec.value
    target_type = {bool: "boolean", int: "bigint", float: "double precision"}.get(type(value), "text")
    text = None if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return ColumnPlan(
        target=name,
        target_type=target_type,
        family=family_of(target_type),
        made_by=MadeBy.CONSTANT,
        value=text,
        is_nullable=value is None,
        transformation=spec.step or f"add_{name}",
    )
