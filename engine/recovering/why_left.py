"""Why a row set aside could not be written when it was replayed. Pure."""

from __future__ import annotations

from engine.model.errors import FordwayError, RowsRefused, StatementFailed
from engine.model.faults import Offence
from engine.model.held import HeldRow

__all__ = ["why_left"]

_KINDS = {
    "23502": Offence.EMPTY,
    "23503": Offence.NO_PARENT,
    "23505": Offence.DUPLICATE_OTHER,
    "23514": Offence.CHECK,
    "23P01": Offence.EXCLUSION,
    "22001": Offence.TOO_LONG,
    "22003": Offence.OUT_OF_RANGE,
    "22P02": Offence.CAST,
}
"""By SQLSTATE (manual, appendix A)."""


def why_left(row: HeldRow, error: FordwayError) -> tuple[str, str, str]:
    """The reason of now, its kind and place; the latter two empty where they are as before.

    Args:
        row: that was replayed alone.
        error: it failed with.
    """
    if isinstance(error, RowsRefused) and error.facts.get("reason"):
        return error.facts["reason"], "", error.facts["place"]
    if isinstance(error, StatementFailed) and error.what != row.reason:
        place = error.facts.get("place") or row.target_table
        return error.what, _KINDS.get(error.sqlstate, Offence.OTHER), place
    if error.facts.get("kind") != Offence.HELD_BACK:
        return error.what, "", ""
    if row.kind == Offence.HELD_BACK:
        return row.reason, "", ""
    place = ", ".join(error.facts["holders"]) or row.target_table
    return f"{place} lets the row fall without a word", Offence.HELD_BACK, place
