"""The questions a run asks people, with every option's consequence. Pure."""

from __future__ import annotations

from engine.guidance.explain_run import explain_unlinked
from engine.guidance.words import count_of, duration_range
from engine.model.decisions import Decision, DecisionKind, Option
from engine.model.plan import Plan
from engine.model.run import Rehearsal
from engine.planning.estimate import estimate_from_rehearsal

__all__ = ["ask_approval", "ask_to_move"]


def ask_approval(plan: Plan, *, number: int, run_id: str) -> Decision:
    """Shall this plan be carried out?"""
    aside = plan.rows_aside
    tables = count_of(len(plan.tables), "tables")
    return Decision(
        decision_id=f"{run_id}-approve-{number}",
        kind=DecisionKind.APPROVE_PLAN,
        question="Shall we proceed?",
        situation=f"{count_of(plan.rows, plan.noun)} in {tables}; nothing was moved yet.",
        plan_digest=plan.digest,
        safest="decline" if aside else "approve",
        # What can be answered stands first: on a small screen the rest has to be scrolled to.
        options=(*_aside_options(plan, aside), _DECLINE, *_plain_options(plan))
        if aside
        else (*_plain_options(plan), _DECLINE),
    )


_DECLINE = Option(name="decline", key="n", label="Not now", consequence="Ends this run. Nothing was moved.")


def _plain_options(plan: Plan) -> tuple[Option, ...]:
    """Approve a plan of which every row has a place."""
    blocked = _why_blocked(plan)
    return (
        Option(
            name="approve",
            key="y" if plan.rows_aside else "enter",
            label="Rehearse first",
            consequence=_REHEARSE,
            is_recommended=not plan.rows_aside,
            unavailable=blocked,
        ),
        Option(
            name="approve-move",
            key="m",
            label="Move now",
            consequence=f"Skips the rehearsal. {plan.undo}",
            unavailable=blocked,
        ),
    )


_REHEARSE = "Walks all rows into a scratch schema and drops it; the target stays as it is."


def _why_blocked(plan: Plan) -> str:
    if plan.to_mend:
        return _mended_first(plan)
    if plan.violations:
        rows = count_of(plan.rows_aside, "rows")
        code = plan.violations[0].code
        return f"{rows} would be set aside, see {code}: say that this is meant"
    return ""


def _mended_first(plan: Plan) -> str:
    such = "such as " if len(plan.to_mend) > 1 else ""
    return f"{count_of(len(plan.to_mend), 'findings')} must be mended first, {such}{plan.to_mend[0].code}"


def _aside_options(plan: Plan, aside: int) -> tuple[Option, ...]:
    """Approve although rows are foretold to be set aside."""
    rows = f"{'this row' if aside == 1 else f'these {aside:,} rows'}"
    blocked = _mended_first(plan) if plan.to_mend else ""
    kept = "What is set aside is kept whole in the quarantine."
    return (
        Option(
            name="approve-aside",
            key="a",
            label=f"Set {rows} aside, rehearse first",
            consequence=f"{_REHEARSE} {kept}",
            is_recommended=not blocked,
            unavailable=blocked,
        ),
        Option(
            name="approve-aside-move",
            key="k",
            label=f"Set {rows} aside, move now",
            consequence=f"Skips the rehearsal. {kept} {plan.undo}",
            unavailable=blocked,
        ),
    )


def ask_to_move(
    plan: Plan,
    rehearsal: Rehearsal,
    *,
    seconds: float,
    number: int,
    run_id: str,
    asks: bool = False,
) -> Decision:
    """The rehearsal took ``seconds``; for real now?

    Args:
        plan: that was rehearsed.
        rehearsal: what it foretells of each table's rows.
        seconds: how long it took.
        number: of the question.
        run_id: whose.
        asks: the move asks about rows nobody foresaw, where the rehearsal has set them aside.
    """
    written = sum(table.counts.written for table in rehearsal.tables)
    aside = sum(table.counts.quarantined for table in rehearsal.tables)
    estimate = estimate_from_rehearsal(plan.tables, seconds=seconds)
    duration = duration_range(estimate.low_seconds, estimate.high_seconds)
    unforeseen = max(0, aside - sum(finding.violates for finding in plan.findings))
    refused = "".join(f"{explain_unlinked(each)}. " for each in rehearsal.unlinked)
    is_calm = (unforeseen == 0 and not refused) or asks
    asked = f"The move will ask what shall become of {unforeseen:,} of these. " if unforeseen and asks else ""
    if refused:
        asked += f"{refused}{'The move will ask about them. ' if asks else ''}"
    words = (
        f"{written:,} would be written, {aside:,} set aside. {asked}The target is unchanged. "
        f"Moving and comparing should take {duration}."
    )
    return Decision(
        decision_id=f"{run_id}-move-{number}",
        kind=DecisionKind.START_MOVE,
        question=f"Move {count_of(plan.rows, plan.noun)} now?",
        situation=words,
        plan_digest=plan.digest,
        safest="move" if is_calm else "decline",
        options=_move_options(plan, is_calm=is_calm),
    )


def _move_options(plan: Plan, *, is_calm: bool) -> tuple[Option, ...]:
    return (
        Option(
            name="move",
            key="enter" if is_calm else "m",
            label="Move now",
            consequence=plan.undo,
            is_recommended=is_calm,
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
            is_recommended=not is_calm,
        ),
    )
