"""Where the parents are that a batch's rows wait for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.hands.kit import Kit
from engine.model.codec import key_text
from engine.model.faults import MissingParents, ParentPlace, Whereabouts
from engine.model.plan import KeyRange, KeyValue, TablePlan
from engine.moving.chunk_task import ChunkTask
from engine.recovering.find_parents import Key, ParentSearch, search_for
from engine.recovering.links import Link
from engine.recovering.sifted import MissingParent
from engine.stores.sifting import Cursor, Missing, sifting
from engine.stores.sifting_ledger import set_aside, spans_to_move

__all__ = ["Traced", "trace_parents"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """The parents by the number of their group, and each by itself."""

    parents: Mapping[int, MissingParents]
    missing: tuple[MissingParent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where one parent is."""

    whereabouts: Whereabouts
    source: str = ""
    source_table: str = ""
    at: tuple[KeyValue, ...] | None = None


_NOWHERE = _Place(whereabouts=Whereabouts.NOWHERE)


def trace_parents(
    task: ChunkTask,
    kit: Kit,
    links: Sequence[Link],
    groups: Mapping[int, int],
    missing: Sequence[Missing],
    *,
    span: KeyRange | None = None,
) -> Traced:
    """Each missing parent with the place it is in.

    Args:
        task: the batch.
        kit: connections to every source of the run.
        links: what the batch's rows refer to.
        groups: by the number of a link, that of the group of rows it finds no parent for.
        missing: the parents.
        span: the batch's rows; None: they are no batch of the table's yet.
    """
    if not missing:
        return Traced(parents={}, missing=())
    parents: dict[int, MissingParents] = {}
    each: list[MissingParent] = []
    with sifting(kit.target, task.where) as cursor:
        for number, group in sorted(groups.items(), key=lambda item: item[1]):
            link = links[number]
            lacking = [parent for parent in missing if parent.link == number]
            if not lacking:
                continue
            search = _Trace(task=task, kit=kit, cursor=cursor, link=link, span=span)
            found = search.run({key for parent in lacking if (key := _whole(parent.key)) is not None})
            told = [_told(link, group, parent, found) for parent in lacking]
            together = _together(link, told, before=each)
            parents[group] = replace(together, own_keys=_own_keys(kit, cursor, link))
            each += told
    return Traced(parents=parents, missing=tuple(each))


@dataclass(slots=True, kw_only=True)
class _Trace:
    """The parents of one link, while they are looked for."""

    task: ChunkTask
    kit: Kit
    cursor: Cursor
    link: Link
    span: KeyRange | None
    found: dict[Key, _Place] = field(default_factory=dict)

    def run(self, keys: set[Key]) -> dict[Key, _Place]:
        """Where each key was found; those that are nowhere are left out."""
        searches = [
            search
            for plan in self.link.plans
            if (search := search_for(self.kit, self.link, plan)) is not None
        ]
        at_home: set[Key] = set()
        for search in searches:
            at_home |= self._look_at_home(search, keys - set(self.found))
        # A row that was moved and is not in the target is gone from there; another source's is another one.
        keys = keys - (at_home - set(self.found))
        for search in searches:
            self._look_behind_filter(search, keys - set(self.found))
        homes = {plan.source for plan in self.link.plans}
        for search in searches[:1]:
            for source in self.kit.source_names:
                if source not in homes:
                    at = search.elsewhere(source, keys - set(self.found))
                    self._note(Whereabouts.ELSEWHERE, search.plan, at, source=source)
        return self.found

    def _look_at_home(self, search: ParentSearch, keys: set[Key]) -> set[Key]:
        """Keys of rows the plan moves; those set aside, or not moved yet, are noted."""
        there = search.own(keys)
        by_text = {key_text(at): key for key, at in there.items()}
        task, number = self.task, search.plan.number
        aside = set_aside(self.cursor, task.run_id, task.pass_, number, list(by_text))
        self._note(
            Whereabouts.QUARANTINED, search.plan, {by_text[text]: there[by_text[text]] for text in aside}
        )
        left = {key: at for key, at in there.items() if key not in self.found}
        if self.span is not None and number == task.table.number:
            beside = search.own(set(left), span=self.span)
            self._note(Whereabouts.SAME_BATCH, search.plan, beside)
        spans = spans_to_move(self.cursor, task.run_id, task.pass_, number)
        if spans is None:
            self._note(Whereabouts.PENDING, search.plan, left)
        for span in spans or ():
            waiting = search.own(set(left) - set(self.found), span=span)
            self._note(Whereabouts.PENDING, search.plan, waiting)
        return set(there)

    def _look_behind_filter(self, search: ParentSearch, keys: set[Key]) -> None:
        if search.plan.where.strip():
            moved = search.own(keys)
            left_out = search.own(keys - set(moved), is_filtered=False)
            self._note(Whereabouts.FILTERED, search.plan, left_out)

    def _note(
        self,
        whereabouts: Whereabouts,
        plan: TablePlan,
        found: Mapping[Key, tuple[KeyValue, ...]],
        *,
        source: str = "",
    ) -> None:
        for key, at in found.items():
            self.found[key] = _Place(
                whereabouts=whereabouts,
                source=source or plan.source,
                source_table=plan.source_table,
                at=at,
            )


def _own_keys(kit: Kit, cursor: Cursor, link: Link) -> tuple[tuple[str, ...], ...]:
    """What the parent itself refers to, by the target: the plan knows only the keys it makes."""
    if not link.plans:
        return ()
    table = link.plans[0]
    keys = kit.target.read_foreign_keys(cursor, table.target_schema, table.target_table)
    return tuple(key.columns for key in keys)


def _whole(key: tuple[str | None, ...]) -> Key | None:
    """The key, where no part of it is NULL."""
    parts = [part for part in key if part is not None]
    return tuple(parts) if len(parts) == len(key) else None


def _told(link: Link, group: int, parent: Missing, found: Mapping[Key, _Place]) -> MissingParent:
    place = found.get(_whole(parent.key) or (), _NOWHERE)
    plan = next((p for p in link.plans if p.source == place.source), link.plans[0] if link.plans else None)
    return MissingParent(
        group=group,
        table=link.parent,
        table_number=plan.number if plan is not None else None,
        columns=link.columns,
        key=parent.key,
        rows=parent.rows,
        whereabouts=place.whereabouts,
        source=place.source,
        source_table=place.source_table,
        at=place.at,
        is_by_key=link.key is not None,
    )


def _together(
    link: Link, told: Sequence[MissingParent], *, before: Sequence[MissingParent]
) -> MissingParents:
    keys: Counter[tuple[Whereabouts, str, str]] = Counter()
    rows: Counter[tuple[Whereabouts, str, str]] = Counter()
    for parent in told:
        is_aside = parent.whereabouts is Whereabouts.QUARANTINED
        named = ("", "") if is_aside else (parent.source, parent.source_table)
        keys[(parent.whereabouts, *named)] += 1
        rows[(parent.whereabouts, *named)] += parent.rows
    return MissingParents(
        parent=link.parent,
        columns=link.columns,
        keys=len(told),
        places=tuple(
            ParentPlace(
                whereabouts=where,
                keys=keys[where, source, table],
                rows=count,
                source=source,
                source_table=table,
            )
            for (where, source, table), count in rows.most_common()
        ),
        is_planned=bool(link.plans),
        shared=len({parent.identity for parent in told} & {parent.identity for parent in before}),
    )
