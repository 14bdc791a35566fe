"""The questions a run asks people, with every option's consequence. Pure."""

from __future__ import annotations

from engine.guidance.words import duration_range
from engine.model.decisions import Decision, DecisionKind, Option
from engine.model.errors import FordwayError
from engine.model.plan import Plan
from engine.model.run import TableOutcome
from engine.planning.estimate import estimate_from_rehearsal

__all__ = ["ask_about_fault", "ask_approval", "ask_to_move"]


def ask_approval(plan: Plan, *, number: int, run_id: str) -> Decision:
    """Shall this plan be carried out?"""
    blocked = ""
    if plan.blockers:
        blocked = f"{len(plan.blockers)} findings must be mended first, such as {plan.blockers[0].code}"
    return Decision(
        decision_id=f"{run_id}-approve-{number}",
        kind=DecisionKind.APPROVE_PLAN,
        question="Shall we proceed?",
        situation=f"{plan.rows:,} {plan.noun} in {len(plan.tables)} tables; nothing was moved yet.",
        plan_digest=plan.digest,
        safest="approve",
        options=(
            Option(
                name="approve",
                key="enter",
                label="Rehearse first",
                consequence="Walks all rows into a scratch schema and drops it; the target stays as it is.",
                is_recommended=True,
                unavailable=blocked,
            ),
            Option(
                name="approve-move",
                key="m",
                label="Move now",
                consequence=f"Skips the rehearsal. {plan.undo}",
                unavailable=blocked,
            ),
            Option(
                name="decline",
                key="n",
                label="Not now",
                consequence="Ends this run. Nothing was moved.",
            ),
        ),
    )


def ask_to_move(
    plan: Plan, outcomes: tuple[TableOutcome, ...], *, seconds: float, number: int, run_id: str
) -> Decision:
    """The rehearsal took ``seconds``; for real now?"""
    written = sum(outcome.counts.written for outcome in outcomes)
    aside = sum(outcome.counts.quarantined for outcome in outcomes)
    estimate = estimate_from_rehearsal(plan.tables, seconds=seconds)
    duration = duration_range(estimate.low_seconds, estimate.high_seconds)
    words = (
        f"{written:,} would be written, {aside:,} set aside. The target is unchanged. "
        f"Moving and comparing should take {duration}."
    )
    return Decision(
        decision_id=f"{run_id}-move-{number}",
        kind=DecisionKind.START_MOVE,
        question=f"Move {plan.rows:,} {plan.noun} now?",
        situation=words,
        plan_digest=plan.digest,
        safest="move" if aside == 0 else "decline",
        options=(
            Option(
                name="move",
                key="enter" if aside == 0 else "m",
                label="Move now",
                consequence=plan.undo,
                is_recommended=aside == 0,
            ),
            Option(
                name="rehearse",
                key="r",
                label="Rehearse again",
                consequence="Walks all rows once more; the target stays as it is.",
            ),
            Option(
                name="decline",
                key="n",
                label="Not now",
                consequence="Ends this run. Nothing was moved.",
                is_recommended=aside > 0,
            ),
        ),
    )


def ask_about_fault(error: FordwayError, *, number: int, run_id: str, has_written: bool) -> Decision:
    """Something failed for good; how to go on?"""
    return Decision(
        decision_id=f"{run_id}-fault-{number}",
        kind=DecisionKind.FAULT,
        question="How shall we go on?",
        situation=error.sentence(),
        safest="pause",
        options=(
            Option(
                name="pause",
                key="p",
                label="Keep it paused",
                consequence="Everything committed stays. `fordway resume` goes on from the last batch.",
                is_recommended=True,
            ),
            Option(
                name="retry",
                key="r",
                label="Try again",
                consequence="Goes on from the last committed batch; finished work is not repeated.",
            ),
            Option(
                name="undo",
                key="u",
                label="Undo the run",
                consequence="Removes what this run wrote and nobody changed since.",
                unavailable="" if has_written else "nothing was written yet",
            ),
            Option(
                name="stop",
                key="s",
                label="Stop here",
                consequence="Ends the run and keeps every committed batch.",
            ),
        ),
    )
