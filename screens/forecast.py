"""How fast the rows go, and how long the rest may take - as a range, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from engine.model.run import Pass, RunState, Step

if TYPE_CHECKING:
    from datetime import datetime

    from screens.view_model import PassView, RunView

__all__ = ["Eta", "current_pass", "eta_of", "rate_of", "stalled_seconds"]

WINDOW_SECONDS = 10
"""The rate is over this long: shorter jumps about, longer hides a stall."""
EVIDENCE_CHUNKS = 2
"""Chunks that must be committed before the copy's own speed replaces the plan's estimate."""
INDEX_SHARE = (0.05, 0.5)
"""Building keys and indexes, as a share of the copy, while no rehearsal measured it."""
VERIFY_SHARE = (0.3, 1.5)
"""Reading both sides again, as a share of the copy: digests on the servers at best, rows
over the wire at worst."""


class Eta(NamedTuple):
    """How long the rest takes, from ``low`` to ``high`` seconds."""

    low: float
    high: float
    basis: str
    """What the range rests on, in a few words."""


def current_pass(view: RunView) -> Pass:
    """The walk the run is on, or was on last."""
    return Pass.REHEARSE if view.step is Step.REHEARSE else Pass.MOVE


def rate_of(view: RunView, now: datetime) -> float | None:
    """Rows a second over the last seconds; None while nothing is known.

    Silence counts: the longer nothing is committed, the lower the rate.
    """
    walk = view.pass_view(current_pass(view))
    if view.state is not RunState.RUNNING or not walk.samples:
        return None
    end = now.timestamp()
    recent = [sample for sample in walk.samples if sample.second > end - WINDOW_SECONDS]
    if not recent:
        return 0.0
    began = recent[0].second - recent[0].busy_seconds / recent[0].chunks
    lasted = max(end - began, sum(s.busy_seconds for s in recent) / len(recent), 0.001)
    return sum(sample.rows for sample in recent) / lasted


def stalled_seconds(view: RunView, now: datetime) -> float | None:
    """How long nothing has been heard while something should be; None when all is well.

    Ten seconds of silence is the limit, or five times what the slowest recent chunk took.
    """
    if not view.is_busy or view.last_at is None:
        return None
    walk = view.pass_view(current_pass(view))
    usual = max((s.busy_seconds / s.chunks for s in walk.samples), default=0.0)
    silent = (now - view.last_at).total_seconds()
    return silent if silent > max(10.0, 5 * usual) else None


def eta_of(view: RunView, now: datetime) -> Eta | None:
    """The rest of copy, indexes and verification together.

    None before there is evidence, and while nothing is heard: a range that rests on a speed
    which no longer holds would be a guess.
    """
    if view.plan is None or view.state not in (RunState.RUNNING, RunState.PAUSED, RunState.WAITING):
        return None
    if stalled_seconds(view, now) is not None:
        return None
    if view.step in (Step.MOVE, Step.REHEARSE):
        return _during_copy(view)
    if view.step is Step.VERIFY:
        return _during_verify(view)
    if view.step is Step.PLAN:
        estimate = view.plan.estimate
        return Eta(low=estimate.low_seconds, high=estimate.high_seconds, basis=estimate.basis)
    return None


def _seconds_a_row(walk: PassView) -> float | None:
    busy = sum(table.seconds for table in walk.tables)
    if walk.chunks < EVIDENCE_CHUNKS or not walk.counts.read:
        return None
    return busy / walk.counts.read


def _during_copy(view: RunView) -> Eta | None:
    plan = view.plan
    if plan is None:
        return None
    which = current_pass(view)
    walk = view.pass_view(which)
    per_row = _seconds_a_row(walk)
    if per_row is None and which is Pass.MOVE:
        per_row = _seconds_a_row(view.rehearsal)
    if per_row is None:
        return Eta(
            low=plan.estimate.low_seconds, high=plan.estimate.high_seconds, basis="the plan's estimate"
        )
    rest = max(plan.rows - walk.counts.read, 0) * per_row
    whole = plan.rows * per_row
    done = walk.counts.read / plan.rows if plan.rows else 1.0
    spread = 0.1 + 0.4 * (1 - done)
    measured = "measured" if walk.chunks >= EVIDENCE_CHUNKS else "by the rehearsal"
    if which is Pass.REHEARSE:
        return Eta(low=rest * (1 - spread), high=rest * (1 + spread), basis=measured)
    low_share, high_share = INDEX_SHARE[0] + VERIFY_SHARE[0], INDEX_SHARE[1] + VERIFY_SHARE[1]
    return Eta(
        low=rest * (1 - spread) + whole * low_share,
        high=rest * (1 + spread) + whole * high_share,
        basis=f"copy {measured}, indexes, checks",
    )


def _during_verify(view: RunView) -> Eta | None:
    copied = sum(table.seconds for table in view.move.tables)
    rows = sum(table.planned_rows for table in view.move.tables)
    if not copied or not rows:
        return None
    verified = {table.table for table in view.verified}
    left = sum(table.planned_rows for table in view.move.tables if table.table not in verified)
    share = left / rows
    return Eta(low=copied * VERIFY_SHARE[0] * share, high=copied * VERIFY_SHARE[1] * share, basis="checks")
