"""Options that say whose row stays where a primary key is taken. Pure."""

from __future__ import annotations

from engine.model.column_plan import MadeBy
from engine.model.decisions import Option
from engine.model.faults import Effect, Offence, OffenceGroup, WayBack
from engine.model.plan import TablePlan
from engine.recovering.circumstances import Circumstances, rest_in_words

__all__ = ["keep_source", "keep_target", "newest", "newest_by"]

_MOMENTS = ("updated_at", "modified_at", "created_at")
"""Columns that tell which of two rows is newer, the best first."""


def _of_taken_keys(c: Circumstances) -> list[OffenceGroup]:
    """Groups of rows whose primary key another row has."""
    key = set(c.table.primary_key) if c.table else set()
    inside = [g for g in c.groups if g.kind is Offence.DUPLICATE_INSIDE and set(g.columns) == key]
    return [g for g in c.groups if g.kind is Offence.DUPLICATE_KEY] + inside


def _why_no_policy(c: Circumstances) -> str:
    table = c.table
    if table is None or not _of_taken_keys(c):
        return "it is no primary key that is taken"
    columns = {column.target for column in table.columns}
    if not table.primary_key or not set(table.primary_key) <= columns:
        return f"{table.target_name} has no primary key to tell the rows by"
    if not table.exists_already:
        return "the key of a table this run makes stands only when its rows are in"
    return ""


def _policy(c: Circumstances, name: str, label: str, says: str) -> Option:
    rows = sum(group.rows for group in _of_taken_keys(c))
    low, high = c.seconds(c.diagnosis.rows if c.diagnosis else 0)
    keys = {"keep-target": "g", "keep-source": "o", "newest": "w"}
    why = _why_no_policy(c)
    if name == "newest" and not why and not newest_by(c.table):
        why = "no column tells which row is newer"
    rest = rest_in_words(c, rows)
    return Option(
        name=name,
        key=keys[name],
        label=label,
        consequence=f"{says} So it is for every taken key of this table from here on.{rest}",
        unavailable=why,
        effect=Effect(
            rows=rows,
            written=c.written_if(0),
            merged=rows,
            low_seconds=low,
            high_seconds=high,
            way_back=WayBack.UNDO,
            undo="Undo puts overwritten rows back as they were, unless somebody changed them since",
        ),
    )


def newest_by(table: TablePlan | None) -> str:
    """The column that tells which of two rows is newer; empty when none does."""
    moved = {c.target for c in table.columns if c.made_by is MadeBy.COPY} if table else set()
    return next((name for name in _MOMENTS if name in moved), "")


def keep_target(c: Circumstances) -> Option:
    """The target's row stays."""
    return _policy(
        c, "keep-target", "Keep the target's rows", "Rows whose key is taken stay behind, counted as merged."
    )


def keep_source(c: Circumstances) -> Option:
    """The source's row overwrites the target's."""
    return _policy(
        c,
        "keep-source",
        "Overwrite with the source's rows",
        "Each row that is overwritten is kept as it was.",
    )


def newest(c: Circumstances) -> Option:
    """The newer row stays."""
    column = newest_by(c.table)
    return _policy(
        c, "newest", "Keep the newer row of both", f"The row with the later {column or 'time'} stays."
    )
