"""Which rows of a chunk differ, and in which columns. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest

from engine.checking.canonical import Canonical
from engine.model.plan import TablePlan

__all__ = ["MOST_DIFFERENCES", "Difference", "explain_rows"]

MOST_DIFFERENCES = 10
"""Named differences a table: enough to act on, few enough to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row that is not on the target as the source has it."""

    kind: str
    """``missing in target, or changed there``, ``extra in target`` or ``differs``."""
    key: str
    columns: tuple[str, ...] = ()
    """Only the columns that differ."""

    def sentence(self) -> str:
        """The difference in words, without values."""
        return f"{self.key} {self.kind}" + (f" in {', '.join(self.columns)}" if self.columns else "")


def explain_rows(table: TablePlan, ours: list[Canonical], theirs: list[Canonical]) -> list[Difference]:
    """Rows pair up by the target's primary key; where the plan lacks some of it, equal rows cancel out."""
    names = [column.target for column in table.columns]
    key_places = [place for place, name in enumerate(names) if name in table.primary_key]
    if not key_places or len(key_places) < len(table.primary_key):
        return _explain_bags(ours, theirs)
    by_key = {_key_of(row, key_places): row for row in theirs}
    found: list[Difference] = []
    for row in ours:
        key = _key_of(row, key_places)
        label = ", ".join(f"{names[place]} {row[place]}" for place in key_places)
        other = by_key.pop(key, None)
        if other is None:
            found.append(Difference(kind="missing in target, or changed there", key=label))
        elif other != row:
            columns = tuple(n for n, a, b in zip(names, row, other, strict=True) if a != b)
            found.append(Difference(kind="differs", key=label, columns=columns))
    for row in by_key.values():
        label = ", ".join(f"{names[place]} {row[place]}" for place in key_places)
        found.append(Difference(kind="extra in target", key=label))
    return found


def _key_of(row: Canonical, places: list[int]) -> Canonical:
    return tuple([row[place] for place in places])


def _explain_bags(ours: list[Canonical], theirs: list[Canonical]) -> list[Difference]:
    left, right = Counter(ours), Counter(theirs)
    missing = list((left - right).elements())
    extra = list((right - left).elements())
    found = []
    for one, other in zip_longest(missing, extra):
        if one is not None:
            found.append(Difference(kind="missing in target, or changed there", key="a row without key"))
        if other is not None:
            found.append(Difference(kind="extra in target", key="a row without key"))
    return found
