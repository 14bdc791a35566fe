"""Offending rows in groups of one fault in one place, the largest first. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.model.codec import key_from_text
from engine.model.faults import Offence, OffenceGroup, OffendingRow
from engine.moving.quarantine_lines import shown
from engine.recovering.sifted import Offender
from engine.recovering.word_faults import Words
from engine.stores.sifting import Found

__all__ = ["FaultGroup", "group_faults", "offence_group", "offenders_of"]

_MOST_EXAMPLES = 20
_MOST_SHOWN = 200
"""Characters of a value in an example."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultGroup:
    """Rows of one fault in one place, in source order."""

    kind: Offence
    place: str
    rows: tuple[Found, ...]

    @property
    def link(self) -> int | None:
        """Which of the links found no parent, or several."""
        return self.rows[0].link


def group_faults(found: Sequence[Found]) -> tuple[FaultGroup, ...]:
    """The groups, the most rows first; of as many, the one that is met first.

    Args:
        found: every row that can't be written, in source order.
    """
    groups: dict[tuple[str, str], list[Found]] = {}
    for row in found:
        groups.setdefault((row.kind, row.place), []).append(row)
    return tuple(
        FaultGroup(kind=Offence(kind), place=place, rows=tuple(rows))
        for (kind, place), rows in sorted(groups.items(), key=lambda item: -len(item[1]))
    )


def offence_group(group: FaultGroup, words: Words) -> OffenceGroup:
    """The group as a diagnosis tells of it; what could be done about it is not known yet."""
    return OffenceGroup(
        kind=group.kind,
        place=group.place,
        columns=words.columns_of(group.place, group.link),
        rows=len(group.rows),
        reason=words.of_group(group.kind, group.place, group.rows),
        sqlstate=group.rows[0].sqlstate,
        examples=tuple(
            OffendingRow(
                key=", ".join(str(shown(part)) for part in key_from_text(row.source_key)),
                value=_cut(shown(row.value)),
                reason=words.of_row(row),
            )
            for row in group.rows[:_MOST_EXAMPLES]
        ),
    )


def _cut(value: str | None) -> str | None:
    return None if value is None else value[:_MOST_SHOWN]


def offenders_of(groups: Sequence[FaultGroup], words: Words) -> tuple[Offender, ...]:
    """Every row of the groups, in source order."""
    found = [
        Offender(
            ordinal=row.ordinal,
            key=key_from_text(row.source_key),
            kind=group.kind,
            place=group.place,
            value=row.value,
            reason=words.of_row(row),
            sqlstate=row.sqlstate,
            group=number,
            parent=row.parent,
        )
        for number, group in enumerate(groups)
        for row in group.rows
    ]
    return tuple(sorted(found, key=lambda offender: offender.ordinal))
