"""What bringing in the missing parents of a batch would move, before anybody says that it shall."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from engine.hands.kit import Kit
from engine.model.codec import key_text
from engine.model.faults import Diagnosis
from engine.model.plan import Plan
from engine.moving.copy_chunk import ChunkTask
from engine.planning.decided_plan import brought_table
from engine.recovering.picked_rows import PickedRows
from engine.recovering.sift_chunk import sift_chunk
from engine.recovering.sifted import MissingParent, Sifted

__all__ = ["MOST_GENERATIONS", "by_place", "foresee_parents"]

MOST_GENERATIONS = 20
"""Parents of parents of parents; a longer chain is a circle."""

Place = tuple[int, str, str]
"""The number of the table's plan, the source and its table there."""


def by_place(missing: Iterable[MissingParent]) -> Mapping[Place, list[MissingParent]]:
    """Parents that can be brought in, by where they are."""
    found: dict[Place, list[MissingParent]] = {}
    for parent in missing:
        if parent.whereabouts.is_in_reach and parent.at is not None and parent.table_number is not None:
            found.setdefault((parent.table_number, parent.source, parent.source_table), []).append(parent)
    return found


def foresee_parents(kit: Kit, task: ChunkTask, *, plan: Plan | None, sifted: Sifted) -> Diagnosis:
    """The batch's diagnosis with what its parents would bring along, and whether they go through.

    Raises:
        FordwayError: source or target stayed away.
    """
    groups = list(sifted.diagnosis.groups)
    if plan is None:
        return sifted.diagnosis
    foreseen = _Foreseen(kit=kit, task=task, plan=plan)
    foreseen.note(sifted.missing)
    for number, group in enumerate(groups):
        wanted = [parent for parent in sifted.missing if parent.group == number]
        if group.parents is None or not by_place(wanted):
            continue
        before = foreseen.own
        hindered = foreseen.follow(wanted)
        parents = replace(group.parents, own_parents=foreseen.own - before, hindered=hindered)
        groups[number] = replace(group, parents=parents)
    return replace(sifted.diagnosis, groups=tuple(groups))


@dataclass(slots=True, kw_only=True)
class _Foreseen:
    """Rows that were thought of, each once."""

    kit: Kit
    task: ChunkTask
    plan: Plan
    seen: set[tuple[Place, str]] = field(default_factory=set)
    own: int = 0
    """Of them, rows that none of the batch's rows refers to itself."""

    def note(self, missing: Iterable[MissingParent]) -> list[MissingParent]:
        """Those of them that were not thought of before."""
        fresh: list[MissingParent] = []
        for place, parents in by_place(missing).items():
            for parent in parents:
                row = (place, key_text(parent.at or ()))
                if row not in self.seen:
                    self.seen.add(row)
                    fresh.append(parent)
        return fresh

    def follow(self, wanted: Iterable[MissingParent]) -> str:
        """Why one of them, or of their own parents, can't be written; empty when all can."""
        for _ in range(MOST_GENERATIONS):
            fresh: list[MissingParent] = []
            for place, parents in by_place(wanted).items():
                sifted = self._sift(place, parents)
                if why := _hindered(sifted):
                    return why
                fresh += self.note(sifted.missing)
            if not fresh:
                return ""
            self.own += len(fresh)
            wanted = fresh
        return "they refer to each other in a circle"

    def _sift(self, place: Place, parents: Iterable[MissingParent]) -> Sifted:
        number, source, table = place
        planned = next(t for t in self.plan.tables if t.number == number)
        there = brought_table(planned, source=source)
        keys = [json.loads(key_text(parent.at or ())) for parent in parents]
        rows = PickedRows(self.kit.source(source), table, keys)
        task = replace(
            self.task, table=there, schema=there.target_schema, treatment=None, has_late_rows=False
        )
        return sift_chunk(task, kit=self.kit, plan=self.plan, source=rows, is_loose=True)


def _hindered(sifted: Sifted) -> str:
    bringable = {parent.group for parents in by_place(sifted.missing).values() for parent in parents}
    left = [offender for offender in sifted.offenders if offender.group not in bringable]
    return f"{sifted.diagnosis.at.table}, {left[0].place}: {left[0].reason}" if left else ""
