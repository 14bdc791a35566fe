"""Columns the target computes from the source's columns."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.model.catalog import Table
from engine.model.errors import BadInput
from engine.model.plan import ColumnPlan, MadeBy
from engine.planning.judge_values import TypeChoice
from engine.planning.target_types import family_of, is_built_in
from engine.playbooks.spec import ColumnSpec

__all__ = ["expression_column", "inputs_of"]

_TEXT = re.compile(r"'(?:[^']|'')*'")
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")


def expression_column(
    table: Table, name: str, spec: ColumnSpec, choices: Mapping[str, TypeChoice]
) -> ColumnPlan:
    """The column as the plan has it; its inputs are the source columns the expression names.

    Raises:
        BadInput: the stated type is none every PostgreSQL has, or there is more than one expression.
    """
    assert spec.expr is not None, "only called for expressions"
    if spec.type_ is not None and not is_built_in(spec.type_):
        raise BadInput(f"'{spec.type_}' is no built-in PostgreSQL type", where=f"{table.name}.{name}")
    if ";" in _QUOTED.sub("", spec.expr):
        raise BadInput(
            f"The expression of {name} holds a semicolon; it is one expression, not a statement",
            where=f"{table.name}.{name}",
            todo="Take it out, or put it in quotes",
        )
    inputs = inputs_of(spec.expr, table)
    target_type = spec.type_ or "text"
    return ColumnPlan(
        target=name,
        target_type=target_type,
        family=family_of(target_type),
        made_by=MadeBy.EXPRESSION,
        inputs=inputs,
        input_families=tuple(choices[column].family for column in inputs),
        input_types=tuple(choices[column].target_type for column in inputs),
        expression=spec.expr,
        transformation=spec.step or f"compute_{name}",
    )


def inputs_of(expression: str, table: Table) -> tuple[str, ...]:
    """The table's columns whose names stand in the expression outside of its texts, in table order."""
    bare = _TEXT.sub("''", expression)
    return tuple(column.name for column in table.columns if _is_named(column.name, bare))


def _is_named(name: str, expression: str) -> bool:
    quoted = '"' + name.replace('"', '""') + '"'
    return (
        quoted in expression
        or re.search(rf"(?<![\w\"]){re.escape(name)}(?![\w\"])", expression, re.IGNORECASE) is not None
    )
