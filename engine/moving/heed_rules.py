"""Rows the plan would set aside, where somebody said since what their values shall be."""

from __future__ import annotations

from collections.abc import Sequence

from engine.guidance.words import count_of
from engine.model.errors import RowsRefused
from engine.model.faults import Offence
from engine.model.remedies import Remedy
from engine.moving.encode_rows import RejectedRow

__all__ = ["heed_rules"]


def heed_rules(rules: Sequence[Remedy], rejected: Sequence[RejectedRow], *, where: str) -> None:
    """A batch goes on as it is, unless a standing answer changes the value of one of these rows.

    Args:
        rules: standing answers of the table that change values.
        rejected: rows whose values can't be carried.
        where: the batch, in words.

    Raises:
        RowsRefused: an answer does; the batch is to be written with it.
    """
    said = [
        row for row in rejected if row.kind and any(r.covers(Offence(row.kind), row.column) for r in rules)
    ]
    if said:
        raise RowsRefused(
            f"{count_of(len(said), 'rows')} of the batch have a standing answer, such as: {said[0].reason}",
            where=where,
            safe="Nothing of this batch was written; every committed batch stands",
            todo="Say what shall become of them",
        )
