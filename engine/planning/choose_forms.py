"""Which columns of a SQLite table COPY reads as they are, judged from the profile of every value.

A column whose values all have the form the target's type reads without changing anything need
not be looked at again, value by value, on the way. Where the target would round, cut or pad
without a word (numeric(p,s), varchar(n), real, timestamp(p)), and where any value does not
fit, each value is encoded and judged by itself.
"""

from __future__ import annotations

from engine.model.catalog import ColumnProfile
from engine.model.plan import ColumnPlan, Family, Form, MadeBy

__all__ = ["form_of"]

_LARGEST_EXACT = 2**53
_EXACT_TYPES = {
    Family.INTEGER: frozenset({"bigint", "integer", "smallint"}),
    Family.FLOAT: frozenset({"double precision"}),
    Family.NUMERIC: frozenset({"numeric"}),
    Family.BOOLEAN: frozenset({"boolean"}),
    Family.TEXT: frozenset({"text", "character varying"}),
    Family.BYTES: frozenset({"bytea"}),
    Family.DATE: frozenset({"date"}),
    Family.TIMESTAMP: frozenset({"timestamp", "timestamp without time zone"}),
    Family.TIMESTAMPTZ: frozenset({"timestamptz", "timestamp with time zone"}),
    Family.TIME: frozenset({"time", "time without time zone"}),
    Family.JSON: frozenset({"json", "jsonb"}),
    Family.UUID: frozenset({"uuid"}),
}
"""Types that take a value of their family whole or refuse it (manual, chapter 8)."""
_MADE_ONCE = frozenset({MadeBy.CONSTANT, MadeBy.RUN_TIME, MadeBy.SOURCE_NAME})


def form_of(column: ColumnPlan, profile: ColumnProfile | None, *, is_new: bool) -> Form:
    """How the column's values go into a COPY of a SQLite source.

    Args:
        column: as planned.
        profile: of its source column; None when nothing is known of it.
        is_new: the plan makes the table; an existing one may have other digits than the source declares.
    """
    if column.made_by in _MADE_ONCE:
        return Form.PLAIN
    if column.made_by is not MadeBy.COPY or profile is None or column.rules:
        return Form.CHECKED
    if profile.nulls and not column.is_nullable:
        return Form.CHECKED
    if not _is_exact(column, profile, is_new=is_new):
        return Form.CHECKED
    if not _all_fit(column.family, profile):
        return Form.CHECKED
    if column.family is Family.BYTES:
        return Form.HEX
    if profile.escaped_texts:
        return Form.ESCAPED
    if not profile.reals:
        return Form.PLAIN
    return Form.FLOAT if column.family is Family.FLOAT else Form.REAL


def _is_exact(column: ColumnPlan, profile: ColumnProfile, *, is_new: bool) -> bool:
    if column.target_type in _EXACT_TYPES.get(column.family, frozenset()):
        return True
    # The declared digits were carried because every value was seen to keep to them.
    is_declared = is_new and column.family is Family.NUMERIC and not column.transformation
    return is_declared and profile.beyond_declared == 0


def _all_fit(family: Family, p: ColumnProfile) -> bool:
    """Whether every value has the one form this family's types read as it is meant."""
    is_exact = max(abs(p.smallest or 0), abs(p.largest or 0)) <= _LARGEST_EXACT
    fitting = {
        Family.INTEGER: p.integers,
        Family.FLOAT: p.reals + p.integers if is_exact else -1,
        Family.NUMERIC: p.reals + p.integers,
        Family.BOOLEAN: p.zero_or_one,
        Family.TEXT: -1 if p.blobs or p.nul_texts or p.not_utf8_texts else p.rows - p.nulls,
        Family.BYTES: p.blobs,
        Family.DATE: p.iso_dates,
        Family.TIMESTAMP: p.iso_dates + p.iso_times - p.zoned_times,
        Family.TIMESTAMPTZ: p.zoned_times,
        Family.TIME: p.clock_times,
        Family.JSON: p.json_texts,
        Family.UUID: p.uuid_texts,
    }
    return fitting.get(family, -1) == p.rows - p.nulls
