"""What bringing in the missing parents of a batch would move, before anybody says that it shall."""

from __future__ import annotations

from dataclasses import replace

from engine.hands.kit import Kit
from engine.model.faults import Diagnosis
from engine.model.plan import Plan
from engine.moving.chunk_task import ChunkTask
from engine.recovering.gather_parents import Node, gather_parents, rows_of
from engine.recovering.sifted import Sifted

__all__ = ["foresee_parents"]


def foresee_parents(kit: Kit, task: ChunkTask, *, plan: Plan | None, sifted: Sifted) -> Diagnosis:
    """The batch's diagnosis with what its parents would bring along, and whether they go through.

    Raises:
        FordwayError: source or target stayed away.
    """
    groups = list(sifted.diagnosis.groups)
    if plan is None:
        return sifted.diagnosis
    seen = rows_of(sifted.missing)
    before: frozenset[Node] = frozenset()
    for number, group in enumerate(groups):
        wanted = [parent for parent in sifted.missing if parent.group == number]
        direct = rows_of(wanted)
        if group.parents is None or not direct:
            continue
        gathered = gather_parents(kit, task, plan=plan, wanted=wanted)
        own = gathered.rows - seen
        seen |= own
        hindered = gathered.hindered
        parents = replace(
            group.parents,
            own_parents=len(own),
            hindered=next(iter(hindered.values()), ""),
            hindered_keys=len(hindered),
            hindered_rows=sum(parent.rows for parent in wanted if rows_of([parent]) & hindered.keys()),
            shared_in_reach=len((direct - hindered.keys()) & before),
        )
        groups[number] = replace(group, parents=parents)
        before |= direct
    return replace(sifted.diagnosis, groups=tuple(groups))
