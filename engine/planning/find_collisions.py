"""Ids that several sources, or a source and the target, both have: what to count, and what it means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.model.findings import Finding, Severity
from engine.model.plan import MadeBy, Plan, Policy, TablePlan

__all__ = ["Collisions", "collision_findings", "collision_groups", "unique_groups"]

_MADE_ELSEWHERE = frozenset({MadeBy.LOOKUP, MadeBy.EXPRESSION})
_POLICIES = "skip, keep_target, keep_source or newest"
_ENDINGS = {
    Policy.KEEP_TARGET: "The row that is there first stays, the others are counted as merged",
    Policy.KEEP_SOURCE: "The row that comes last stays; what it overwrites is kept for the undo",
    Policy.NEWEST: "The newest row stays; what it overwrites is kept for the undo",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Collisions:
    """Ids of one target table that would come twice."""

    between: int = 0
    """Ids more than one source row would give."""
    with_target: int = 0
    """Ids the target table holds already."""
    examples: tuple[str, ...] = ()
    """Up to five of them."""


def collision_groups(plan: Plan) -> Iterator[tuple[TablePlan, ...]]:
    """Plans that fill one target table and whose ids have to be counted before anybody approves.

    Ids that only the target can make, by a lookup or an expression, meet in the move itself.
    """
    groups: dict[str, list[TablePlan]] = {}
    for table in plan.tables:
        groups.setdefault(table.target_table, []).append(table)
    for group in groups.values():
        is_wanted = len(group) > 1 or any(
            table.on_conflict is not Policy.ASK or table.keys_may_meet for table in group
        )
        if is_wanted and all(_is_countable(table) for table in group):
            yield tuple(group)


def unique_groups(plan: Plan) -> Iterator[tuple[str, TablePlan]]:
    """Unique indexes whose values have to be counted, each with its table keyed by the index's columns."""
    for table in plan.tables:
        for index in table.indexes:
            if index.name in table.unique_may_meet:
                yield index.name, replace(table, primary_key=index.columns)


def _is_countable(table: TablePlan) -> bool:
    made_by = {column.target: column.made_by for column in table.columns}
    return bool(table.primary_key) and all(
        name in made_by and made_by[name] not in _MADE_ELSEWHERE for name in table.primary_key
    )


def _ways(sources: int) -> str:
    said = f"'on_conflict' as {_POLICIES}"
    if sources > 1:
        return f"Say what becomes of them: {said}; or generate a uuid5"
    return f"Mend them in the source, or say in a playbook what becomes of them: {said}"


def collision_findings(
    groups: Mapping[str, Sequence[Policy]], collisions: Mapping[str, Collisions]
) -> Iterator[Finding]:
    """One finding a target table whose ids collide; it forbids to go on while nobody chose a policy.

    Args:
        groups: policies of the plans that fill a target table, by its name.
        collisions: what was counted, by target table.
    """
    for table, policies in groups.items():
        found = collisions.get(table, Collisions())
        if not found.between and not found.with_target:
            continue
        is_asked = Policy.ASK in policies
        parts = [
            f"{found.between:,} between the source rows" if found.between else "",
            f"{found.with_target:,} with rows of the target" if found.with_target else "",
            f"e.g. {', '.join(found.examples)}" if found.examples else "",
        ]
        yield Finding(
            code="F307",
            severity=Severity.BLOCKER if is_asked else Severity.WARNING,
            place=table,
            what="ids that collide",
            evidence=", ".join(part for part in parts if part),
            remedy=_ways(len(policies))
            if is_asked
            else "; ".join(dict.fromkeys(_ENDINGS[policy] for policy in policies)),
        )
