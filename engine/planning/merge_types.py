"""One PostgreSQL type for the columns several sources put into one."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.plan import ColumnPlan, Family

__all__ = ["widest"]

_WHOLE = ("smallint", "integer", "bigint")
_SAME = {
    Family.NUMERIC: "numeric",
    Family.FLOAT: "double precision",
    Family.TEXT: "text",
    Family.TIMESTAMP: "timestamp",
    Family.TIMESTAMPTZ: "timestamptz",
    Family.JSON: "jsonb",
}
"""The type of a family that holds what every other type of it holds."""
_WIDER = {
    frozenset({Family.INTEGER, Family.NUMERIC}): Family.NUMERIC,
    frozenset({Family.INTEGER, Family.FLOAT}): Family.FLOAT,
    frozenset({Family.DATE, Family.TIMESTAMP}): Family.TIMESTAMP,
}
_AS_TEXT = frozenset({
    Family.TEXT, Family.INTEGER, Family.FLOAT, Family.NUMERIC, Family.DATE, Family.TIME, Family.TIMESTAMP,
    Family.TIMESTAMPTZ, Family.UUID,
})  # fmt: skip
"""Families whose values read the same in a text column of either kind of source."""


def widest(columns: Sequence[ColumnPlan], *, is_text_carried: bool) -> tuple[str, Family] | None:
    """Type and family that hold the values of all these columns; None when there is none.

    Args:
        columns: of one name, from several sources.
        is_text_carried: no value among them is bytes.
    """
    types = {column.target_type for column in columns}
    families = frozenset(column.family for column in columns)
    if len(types) == 1:
        return columns[0].target_type, columns[0].family
    if len(families) == 1:
        return _of_one_family(types, columns[0].family)
    if families in _WIDER:
        family = _WIDER[families]
        return _SAME[family], family
    if Family.TEXT in families and families <= _AS_TEXT and is_text_carried:
        return "text", Family.TEXT
    return None


def _of_one_family(types: set[str], family: Family) -> tuple[str, Family] | None:
    if family is Family.INTEGER:
        return max(types, key=lambda name: _WHOLE.index(name) if name in _WHOLE else len(_WHOLE)), family
    return (_SAME[family], family) if family in _SAME else None
