"""The line that must always hold: read = written + quarantined + filtered + merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from screens.widgets.words import Part, Words
from screens.wording import count

if TYPE_CHECKING:
    from screens.view_model import PassView

__all__ = ["ConservationLine"]


class ConservationLine(Words):
    """Every row read is accounted for, or the line says loudly that it is not."""

    def show_pass(self, walk: PassView) -> None:
        """Draws the line for this pass."""
        rows = walk.counts
        parts: list[Part] = [("read ", "quiet"), (count(rows.read), "strong")]
        for sign, word, number in (
            (" = ", "written", rows.written), (" + ", "quarantined", rows.quarantined),
            (" + ", "filtered", rows.filtered), (" + ", "merged", rows.merged),
        ):  # fmt: skip
            is_care = word == "quarantined" and number
            parts += [(f"{sign}{word} ", "quiet"), (count(number), "warn" if is_care else "plain")]
        if not rows.read:
            self.show(*parts)
        elif walk.balances:
            self.show(*parts, ("  ✓ balances", "ok"))
        else:
            missing = rows.read - rows.written - rows.quarantined - rows.filtered - rows.merged
            odd = [table.table for table in walk.tables if table.unbalanced]
            where = f" in {', '.join(odd)}" if odd else ""
            self.show(
                *parts,
                "\n",
                (" ✗ DOES NOT BALANCE ", "loud-bad"),
                (f" {count(missing)} rows unaccounted for{where}", "bad"),
            )
