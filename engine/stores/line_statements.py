"""Rows as texts, composed for the servers that print them; nothing is executed here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.plan import ColumnPlan, Family, MadeBy, TablePlan
from engine.model.ports import LineSigns
from sql import load

__all__ = ["canonical", "fragment", "plain_line", "table_line", "whole_row"]

_CHARACTER = re.compile(r"(?:character|char|bpchar)(?:\(\d+\))?")
"""Blank-padded types; not the one-byte ``"char"``."""
_PLAIN = {
    Family.BOOLEAN: "plain_boolean",
    Family.NUMERIC: "plain_numeric",
    Family.BYTES: "plain_bytes",
    Family.JSON: "plain_json",
    Family.OTHER: "plain_other",
}
_MOST_ARGUMENTS = 90
"""A function takes at most a hundred (FUNC_MAX_ARGS, manual, appendix K)."""


def fragment(name: str) -> SQL:
    """A piece of ``sql/checking``."""
    return SQL(load(f"checking/{name}"))


def _is_raw_json(column: ColumnPlan) -> bool:
    """The json type keeps the text as it came; jsonb does not (manual, 8.14 "JSON Types")."""
    return column.target_type == "json" and column.made_by is not MadeBy.JSON_OBJECT


def canonical(column: ColumnPlan) -> Composed:
    """The column's exact canonical text."""
    name = str(column.family)
    if _CHARACTER.fullmatch(column.target_type):
        name = "character"
    elif _is_raw_json(column):
        name = "text"
    return fragment(f"canonical_{name}").format(column=Identifier(column.target))


def whole_row(table: TablePlan) -> Composed:
    """All columns' canonical texts, each with its length in front."""
    part = fragment("canonical_part")
    return SQL(" || ").join(part.format(value=canonical(column)) for column in table.columns)


def plain_line(columns: Sequence[ColumnPlan], names: Sequence[Composable], signs: LineSigns) -> Composed:
    """A row as one text; ``names`` are how the statement calls the columns."""
    part, join = fragment("plain_part"), fragment("plain_line")
    null, between = Literal(signs.null), Literal(signs.between)
    parts = [
        part.format(value=_plain(column, name), null=null)
        for column, name in zip(columns, names, strict=True)
    ]
    while len(parts) > 1:
        parts = [
            join.format(between=between, parts=SQL(", ").join(parts[start : start + _MOST_ARGUMENTS]))
            for start in range(0, len(parts), _MOST_ARGUMENTS)
        ]
    return parts[0]


def table_line(table: TablePlan, signs: LineSigns) -> Composed:
    """A row of the target table as one text."""
    return plain_line(table.columns, [Identifier(column.target) for column in table.columns], signs)


def _plain(column: ColumnPlan, name: Composable) -> Composed:
    piece = _PLAIN.get(column.family, "plain_as_it_is")
    if _CHARACTER.fullmatch(column.target_type):
        piece = "plain_character"
    elif _is_raw_json(column):
        piece = "plain_as_it_is"
    return fragment(piece).format(column=name)
