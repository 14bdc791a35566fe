"""What a placeholder for a missing parent holds. Pure."""

from __future__ import annotations

from engine.model.column_plan import ColumnPlan, Family, MadeBy
from engine.model.faults import OffenceGroup
from engine.model.plan import TablePlan

__all__ = ["PLACEHOLDER", "filler_of", "why_no_placeholder"]

PLACEHOLDER = "(placeholder)"
"""What stands in a required text of a row that exists in no source."""
_FILLERS = {
    Family.TEXT: PLACEHOLDER,
    Family.INTEGER: "0",
    Family.FLOAT: "0",
    Family.NUMERIC: "0",
    Family.BOOLEAN: "false",
    Family.JSON: "{}",
    Family.BYTES: "\\x",
    Family.DATE: "1970-01-01",
    Family.TIME: "00:00:00",
    Family.TIMESTAMP: "1970-01-01 00:00:00",
    Family.TIMESTAMPTZ: "1970-01-01 00:00:00+00",
}


def filler_of(column: ColumnPlan) -> str | None:
    """What a required column of a placeholder holds, as PostgreSQL reads it; None: nobody can say."""
    return _FILLERS.get(column.family)


def why_no_placeholder(parent: TablePlan | None, group: OffenceGroup) -> str:
    """Why no placeholder can be made of the parent; empty when one can."""
    name = group.parents.parent if group.parents else "the parent"
    if parent is None:
        return f"{name} is not part of this plan"
    for column in parent.columns:
        is_key = column.target in parent.primary_key or column.made_by is MadeBy.UUID5
        if column.is_nullable or column.default is not None or is_key:
            continue
        if column.lookup is not None:
            return f"a row of {name} needs its own {column.target}, and nobody can say which"
        if column.made_by is MadeBy.COPY and filler_of(column) is None:
            return f"nobody can say what stands in {column.target} of {name}"
    unknown = _unknown_parent(parent, group)
    return f"a row of {name} needs its own {unknown}, and nobody can say which" if unknown else ""


def _unknown_parent(parent: TablePlan, group: OffenceGroup) -> str:
    """A column that has to name a row of another table, and is asked for by nobody; empty without one.

    A filler there would be refused, or name whatever row has that key.
    """
    asked, own_keys = (group.parents.columns, group.parents.own_keys) if group.parents else ((), ())
    known = {*parent.primary_key, *asked}
    required = {column.target for column in parent.columns if not column.is_nullable}
    for columns in (*(key.columns for key in parent.foreign_keys), *own_keys):
        left = [name for name in columns if name not in known]
        # A key with an empty part refers to nothing (manual, CREATE TABLE, MATCH SIMPLE).
        if left and set(columns) <= required | known:
            return left[0]
    return ""
