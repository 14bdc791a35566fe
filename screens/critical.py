"""What needs a person first: the open question, and what blocks whom. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.guidance.recovery_words import batch_words
from engine.model.decisions import DecisionKind
from engine.model.run import RunState
from screens.fault_words import waiting_words
from screens.wording import plural

if TYPE_CHECKING:
    from screens.sight import Sight
    from screens.widgets.words import Part

__all__ = ["critical_parts"]

MOST_BLOCKERS = 2
"""Lines on blocked agents; the list below has them all."""


def critical_parts(sight: Sight) -> list[Part]:
    """Lines that stand above everything else; nothing when nobody is needed."""
    lines = [*_question(sight), *_blockers(sight)]
    parts: list[Part] = []
    for place, line in enumerate(lines):
        parts += ["\n"] if place else []
        parts += line
    return parts


def _question(sight: Sight) -> list[list[Part]]:
    view = sight.view
    decision = view.decision
    if view.state is not RunState.WAITING or decision is None:
        return []
    badge = (" CRITICAL ", "loud-bad") if decision.kind is DecisionKind.FAULT else (" WAITS ", "loud")
    answers: list[Part] = [("d", "key"), " answers · "] if sight.may_answer(decision) else []
    waits = waiting_words(decision, view.asked_at, now=sight.now, zone=sight.zone, handed_by=view.handed_by)
    where = f" · {batch_words(decision.at)} is held" if decision.at is not None else ""
    return [
        [badge, " ", (decision.headline or decision.question, "strong")],
        [*answers, *waits, (where, "quiet")],
    ]


def _blockers(sight: Sight) -> list[list[Part]]:
    blocked = [(beat.role, beat.blockers) for beat in sight.heartbeats if beat.blockers]
    if not sight.heartbeats:
        blocked = [(role, agent.blockers) for role, agent in sight.view.agents.items() if agent.blockers]
    lines: list[list[Part]] = [
        [("✗ ", "bad"), (f"{role} is blocked by: ", "bad"), "; ".join(blockers)]
        for role, blockers in blocked[:MOST_BLOCKERS]
    ]
    if len(blocked) > MOST_BLOCKERS:
        lines.append([(f"  and {plural(len(blocked) - MOST_BLOCKERS, 'more agent')}", "quiet")])
    return lines
