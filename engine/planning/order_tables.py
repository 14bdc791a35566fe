"""Tables into phases: what others need comes first."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

__all__ = ["TablePhase", "order_tables"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePhase:
    """Tables that wait for earlier phases only, or for one another."""

    number: int
    """From 1."""
    tables: tuple[str, ...]
    """In the order they were given."""
    needs: Mapping[str, tuple[str, ...]]
    """Per table, the tables of earlier phases it references."""
    circles: tuple[tuple[str, ...], ...]
    """Groups in it that reference one another; their keys hold only after all their rows are in."""


def order_tables(parents: Mapping[str, Set[str]]) -> tuple[TablePhase, ...]:
    """Phases in dependency order; a circle of references stays together in one phase.

    Args:
        parents: the tables each table references; those that are no key of it, and the
            table itself, do not count.
    """
    known = {table: {p for p in wanted if p in parents and p != table} for table, wanted in parents.items()}
    groups = _circles(known)
    group_of = {table: group for group in groups for table in group}
    levels: dict[frozenset[str], int] = {}
    # Tarjan's algorithm closes a group only after all the groups it references.
    for group in groups:
        outside = {group_of[parent] for table in group for parent in known[table]} - {group}
        levels[group] = 1 + max((levels[other] for other in outside), default=0)
    return tuple(
        _phase(number, [t for t in known if levels[group_of[t]] == number], known, group_of)
        for number in range(1, 1 + max(levels.values(), default=0))
    )


def _phase(
    number: int, tables: list[str], known: Mapping[str, set[str]], group_of: Mapping[str, frozenset[str]]
) -> TablePhase:
    circles = {group_of[table]: None for table in tables if len(group_of[table]) > 1}
    return TablePhase(
        number=number,
        tables=tuple(tables),
        needs={t: tuple(p for p in known if p in known[t] and p not in group_of[t]) for t in tables},
        circles=tuple(tuple(t for t in tables if t in circle) for circle in circles),
    )


def _circles(known: Mapping[str, set[str]]) -> list[frozenset[str]]:
    """Strongly connected groups, each after all it references.

    Tarjan's algorithm without recursion: a chain of tables may be longer than Python's stack.
    """
    places: dict[str, int] = {}
    lowest: dict[str, int] = {}
    open_tables: list[str] = []
    groups: list[frozenset[str]] = []
    for start in known:
        if start in places:
            continue
        places[start] = lowest[start] = len(places)
        open_tables.append(start)
        path = [(start, iter(sorted(known[start])))]
        while path:
            table, rest = path[-1]
            parent = next(rest, None)
            if parent is None:
                path.pop()
                _close(table, places, lowest, open_tables, groups)
                if path:
                    above = path[-1][0]
                    lowest[above] = min(lowest[above], lowest[table])
            elif parent not in places:
                places[parent] = lowest[parent] = len(places)
                open_tables.append(parent)
                path.append((parent, iter(sorted(known[parent]))))
            elif parent in open_tables:
                lowest[table] = min(lowest[table], places[parent])
    return groups


def _close(
    table: str,
    places: Mapping[str, int],
    lowest: Mapping[str, int],
    open_tables: list[str],
    groups: list[frozenset[str]],
) -> None:
    if lowest[table] == places[table]:
        start = open_tables.index(table)
        groups.append(frozenset(open_tables[start:]))
        del open_tables[start:]
