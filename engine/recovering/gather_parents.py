"""Which rows have to be there before those that miss them, and in which batches they can be written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.hands.kit import Kit
from engine.model.codec import key_text
from engine.model.plan import Plan
from engine.moving.chunk_task import ChunkTask
from engine.planning.decided_plan import brought_table
from engine.recovering.picked_rows import PickedRows
from engine.recovering.sift_chunk import sift_chunk
from engine.recovering.sifted import MissingParent, Sifted

__all__ = ["Gathered", "Node", "ParentBatch", "gather_parents", "rows_of"]

_MOST_GENERATIONS = 20
"""Parents of parents of parents, in one table or through several; what goes on is taken for a circle."""
_CIRCLE = f"it waits for itself, or for more than {_MOST_GENERATIONS} generations before it"

Place = tuple[int, str, str]
"""The number of the table's plan, the source and its table there."""
Node = tuple[Place, str]
"""One row: where it is, and its chunk key as ``key_text`` writes it."""
Layer = Mapping[Place, frozenset[str]]
"""Chunk keys as ``key_text`` writes them, by place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentBatch:
    """Rows of one table of one source that are written together."""

    place: Place
    keys: tuple[Any, ...]
    """Chunk keys as the ledger holds them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Missing parents with all they belong to themselves."""

    batches: tuple[ParentBatch, ...] = ()
    """The oldest generation first: each finds its own parents in the target, or in itself."""
    hindered: Mapping[Node, str]
    """Of the missing parents those that can't be written, each with the reason; they are in no batch."""

    @property
    def rows(self) -> frozenset[Node]:
        """All that is written, each once."""
        return frozenset((batch.place, json.dumps(key)) for batch in self.batches for key in batch.keys)


def rows_of(missing: Iterable[MissingParent]) -> frozenset[Node]:
    """Those that are in reach, each once."""
    return frozenset((place, key) for place, keys in _by_place(missing).items() for key in keys)


def gather_parents(kit: Kit, task: ChunkTask, *, plan: Plan, wanted: Iterable[MissingParent]) -> Gathered:
    """The missing parents in reach, and what has to come along, in batches that can be written one by one.

    Each parent is judged by itself: one that can't be written, or whose own parents can't, stays where it
    is, and so do those that only it would have needed.

    Rows of one table that refer to each other by a foreign key travel together, also in a circle: it is
    checked at the end of the statement that writes them (manual, CREATE TABLE, NOT DEFERRABLE). What is
    looked up must be there before, and batches of two tables are written one after the other.

    Args:
        kit: a worker's tools.
        task: the batch that misses them; nothing is written for it.
        plan: of the run.
        wanted: the parents it misses.

    Raises:
        FordwayError: source or target stayed away.
    """
    gathering = _Gathering(kit=kit, task=task, plan=plan)
    first = _by_place(wanted)
    layers = gathering.walk(first)
    bad, direct = gathering.hindered(), _nodes(first)
    return Gathered(
        batches=_oldest_first(layers, only=gathering.needed(direct - bad.keys())),
        hindered={node: bad[node] for node in direct & bad.keys()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gathering:
    """Whose parents are looked for, and what was found of each row."""

    kit: Kit
    task: ChunkTask
    plan: Plan
    reasons: dict[Node, str] = field(default_factory=dict)
    """Why a row can't be written, whatever is written before it."""
    needs: dict[Node, set[Node]] = field(default_factory=dict)
    """What has to be there before a row, or with it."""

    def walk(self, layer: Layer) -> list[Layer]:
        """The rows, what these need, what that needs, and so on; each row is looked at."""
        layers: list[Layer] = []
        while layer:
            if len(layers) == _MOST_GENERATIONS:
                self.reasons.update(dict.fromkeys(_nodes(layer), _CIRCLE))
                break
            closed: dict[Place, frozenset[str]] = {}
            further: list[MissingParent] = []
            for place, keys in layer.items():
                closed[place], sifted = self.close(place, keys)
                further += [p for p in sifted.missing if not _is_within(p, place, closed[place])]
            layers.append(closed)
            layer = _by_place(further)
        return layers

    def hindered(self) -> Mapping[Node, str]:
        """Every row that can't be written, those that need one of them among them, with the reason."""
        bad = dict(self.reasons)
        is_done = False
        while not is_done:
            through = {
                node: bad[need]
                for node, needs in self.needs.items()
                for need in needs
                if node not in bad and need in bad
            }
            bad |= through
            is_done = not through
        return bad

    def needed(self, nodes: Iterable[Node]) -> frozenset[Node]:
        """These rows and all they need, through others too."""
        found: set[Node] = set()
        waiting = list(nodes)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += self.needs.get(node, ())
        return frozenset(found)

    def close(self, place: Place, keys: frozenset[str]) -> tuple[frozenset[str], Sifted]:
        """The rows with those of the same table they refer to, and what else they miss.

        Of a chain that goes on for too long the rest is missed, too.
        """
        closed = fresh = keys
        sifted = self._sift(place, keys)
        for _ in range(_MOST_GENERATIONS):
            beside = (parent for parent in sifted.missing if parent.is_by_key)
            fresh = _by_place(beside).get(place, frozenset()) - closed
            if not fresh:
                break
            closed |= fresh
            sifted = self._sift(place, fresh)
        return closed, sifted if closed == keys else self._sift(place, closed)

    def _note(self, place: Place, sifted: Sifted) -> None:
        missing = {(parent.group, parent.key): parent for parent in sifted.missing}
        table = sifted.diagnosis.at.table
        for offender in sifted.offenders:
            node = (place, key_text(offender.key))
            parent = missing.get((offender.group, offender.parent))
            if parent is None:
                self.reasons.setdefault(node, f"{table}, {offender.place}: {offender.reason}")
            elif (where := _place_of(parent)) is None:
                key = ", ".join(part or "" for part in parent.key)
                why = f"{table}: its own parent in {parent.table}, {key}, is out of reach"
                self.reasons.setdefault(node, why)
            else:
                self.needs.setdefault(node, set()).add((where, key_text(parent.at or ())))

    def _sift(self, place: Place, keys: Iterable[str]) -> Sifted:
        number, source, table = place
        planned = next(t for t in self.plan.tables if t.number == number)
        there = brought_table(planned, source=source)
        rows = PickedRows(self.kit.source(source), table, [json.loads(key) for key in sorted(keys)])
        task = replace(
            self.task, table=there, schema=there.target_schema, treatment=None, has_late_rows=False
        )
        sifted = sift_chunk(task, kit=self.kit, plan=self.plan, source=rows, is_loose=True)
        self._note(place, sifted)
        return sifted


def _by_place(missing: Iterable[MissingParent]) -> Layer:
    """Parents that can be brought in, by where they are."""
    found: dict[Place, frozenset[str]] = {}
    for parent in missing:
        if (place := _place_of(parent)) is not None:
            found[place] = found.get(place, frozenset()) | {key_text(parent.at or ())}
    return found


def _place_of(parent: MissingParent) -> Place | None:
    if not parent.whereabouts.is_in_reach or parent.at is None or parent.table_number is None:
        return None
    return (parent.table_number, parent.source, parent.source_table)


def _nodes(layer: Layer) -> frozenset[Node]:
    return frozenset((place, key) for place, keys in layer.items() for key in keys)


def _is_within(parent: MissingParent, place: Place, keys: frozenset[str]) -> bool:
    """It is among the rows that are written with it; that it is missed is its own fault's doing."""
    return parent.is_by_key and _place_of(parent) == place and key_text(parent.at or ()) in keys


def _oldest_first(layers: list[Layer], *, only: frozenset[Node]) -> tuple[ParentBatch, ...]:
    """Each row in the last layer that asks for it: whoever refers to it is in one before."""
    seen: set[tuple[Place, str]] = set()
    batches: list[ParentBatch] = []
    for layer in reversed(layers):
        for place, keys in layer.items():
            left = sorted(key for key in keys if (place, key) in only - seen)
            seen.update((place, key) for key in left)
            if left:
                batches.append(ParentBatch(place=place, keys=tuple(json.loads(key) for key in left)))
    return tuple(batches)
