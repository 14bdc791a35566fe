"""Names and reasons of phases, in words."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.catalog import TableClass
from engine.model.plan import TablePlan
from engine.planning.classify import Classified
from engine.planning.order_tables import TablePhase

__all__ = ["listed", "phase_name", "phase_reason", "table_reason"]

_MOST_NAMED = 3


def listed(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``, ``a, b, c and 4 more``."""
    shown, rest = list(names[:_MOST_NAMED]), len(names) - _MOST_NAMED
    if rest > 0:
        return f"{', '.join(shown)} and {rest} more"
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""


def phase_name(phase: TablePhase) -> str:
    """``brackets_migration``, ``cases_and_files_migration``, ``phase_3_migration`` beyond two tables."""
    if len(phase.tables) > 2:
        return f"phase_{phase.number}_migration"
    return "_and_".join(phase.tables) + "_migration"


def phase_reason(phase: TablePhase, tables: Sequence[TablePlan]) -> str:
    """Why these tables stand in this phase."""
    reasons = []
    needed = list(dict.fromkeys(parent for table in phase.tables for parent in phase.needs[table]))
    if not needed:
        reasons.append(
            "no dependencies" if len(phase.tables) == 1 else "parent entities, they depend on nothing else"
        )
    elif all(table.table_class is TableClass.JUNCTION for table in tables):
        one = len(tables) == 1
        reasons.append(f"{'junction table depends' if one else 'junction tables depend'} on {listed(needed)}")
    else:
        reasons.append(f"{'it needs' if len(phase.tables) == 1 else 'they need'} {listed(needed)} first")
    reasons += [_circle_reason(group) for group in phase.circles]
    return "; ".join(reasons)


def _circle_reason(group: Sequence[str]) -> str:
    return f"{listed(group)} reference one another, their keys are added after all their rows are in"


def table_reason(name: str, phase: TablePhase, classified: Classified) -> str:
    """Why the table stands where it stands, and what it is."""
    for group in phase.circles:
        if name in group:
            return _circle_reason(group)
    needed = phase.needs[name]
    place = f"needs {listed(needed)} first" if needed else "depends on no table of this plan"
    return f"{classified.reason}; {place}"
