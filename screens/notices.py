"""The line under the rail: why nothing moves, in words, on whichever screen one looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.model.decisions import DecisionKind
from engine.model.run import RunState

if TYPE_CHECKING:
    from screens.sight import Sight
    from screens.view_model import RunView
    from screens.widgets.words import Part

__all__ = ["notice_of"]


def notice_of(sight: Sight, *, with_question: bool = True) -> tuple[Part, ...]:
    """The notice of this moment; empty when all goes its way.

    Args:
        sight: this moment.
        with_question: tell of a fault's open question; a screen that tells of it itself leaves it out.
    """
    said: list[list[Part]] = [
        [("! ", "warn"), (text, "warn")] for text in (sight.ledger_notice, sight.notice) if text
    ]
    resting = _resting(sight.view, with_question=with_question)
    if resting:
        said.append(resting)
    if _is_silent(sight):
        said.append([("! The runner does not answer; the run is safe at its last checkpoint.", "warn")])
    lines = [[*line, "\n"] for line in said[:-1]] + said[-1:]
    return tuple(part for line in lines for part in line)


def _resting(view: RunView, *, with_question: bool) -> list[Part]:
    if (
        view.state is RunState.WAITING
        and view.decision is not None
        and view.decision.kind is DecisionKind.FAULT
    ):
        if not with_question:
            return []
        asked = view.decision.handed_to
        lead: list[Part] = [f" The {asked} was asked; whoever answers first decides."] if asked else []
        return [("! ", "warn"), (view.decision.question, "warn"), *lead, ("  d", "key"), " opens the answers"]
    if view.state is not RunState.PAUSED:
        return []
    if view.fault is not None:
        fault = view.fault
        head = f"{fault.what} ({fault.where})" if fault.where else fault.what
        rest = " ".join(f"{part.rstrip('.')}." for part in (fault.safe, fault.todo) if part)
        return [("✗ ", "bad"), (f"{head.rstrip('.')}.", "bad"), f" {rest}"]
    reason = view.reason.rstrip(".") or "Paused at a batch end"
    return [
        ("! ", "warn"),
        (f"{reason[:1].upper()}{reason[1:]}.", "warn"),
        " Nothing is half-written. ",
        ("r", "key"),
        " resumes.",
    ]


def _is_silent(sight: Sight) -> bool:
    return sight.health is not None and sight.health.runner == "silent" and sight.view.is_busy
