"""Answers given away from the runner: into the ledger, and then to whoever must act on them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from console.wiring import Opened
from engine.model.decisions import DecisionKind, Option
from engine.model.errors import NotAllowed
from engine.model.events import RecoveryStarted
from engine.model.faults import Effect
from engine.model.run import RunState
from engine.recovering.come_to_rest import RESTING, come_to_rest
from engine.recovering.given_value import why_not_given
from engine.stores.ledger import Ledger
from engine.stores.ledger.decisions import Said, StoredDecision
from screens.run_link import HAND_ON, UNDO

__all__ = ["Answering", "expire_question", "refused_undo"]

_LOOK_SECONDS = 0.05
_TAKEN_SECONDS = 15.0
"""A living runner looks for its answer four times a second; one that is leaving, or was killed
on another host, is known to be gone before this is over."""


def expire_question(ledger: Ledger, run_id: str) -> bool:
    """Whether the open question's deadline had passed: it is closed, and the run is paused.

    Whoever looks at a run says so first, for its runner may be long gone; who may only look
    leaves it to others.
    """
    try:
        return ledger.decisions.expire(run_id)
    except NotAllowed:
        return False


def refused_undo(name: str, typed: str) -> str:
    """Why a run is not taken back by this answer; empty when its target's name was typed."""
    if typed.strip() == name:
        return ""
    return f"To undo the run, its target's name is typed: {name}. Nothing was decided."


def _refused_value(stored: StoredDecision | None, option: str, value: str) -> str:
    """Why a value is no part of this answer; empty when it may be. An undo's is the target's name."""
    chosen = stored.decision.option(option) if stored is not None else None
    if not value or chosen is None or chosen.wants_value or chosen.name == UNDO:
        return ""
    return f"{chosen.label} takes no value. Nothing was decided."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Answers questions of one run from one place."""

    opened: Opened
    ledger: Ledger
    run_id: str
    who: str
    from_where: str
    is_alive: Callable[[], bool]
    """Whether a runner works on the run."""
    start: Callable[[], None]
    """Starts one."""

    def answer(self, decision_id: str, option: str, *, for_every: bool, value: str) -> str:
        """Empty when this answer counts and somebody acts on it, else why it does not count."""
        decisions = self.ledger.decisions
        expire_question(self.ledger, self.run_id)
        stored = decisions.read(decision_id)
        if refused := _refused_value(stored, option, value):
            return refused
        if stored is not None and option == HAND_ON and stored.decision.option(HAND_ON) is not None:
            return decisions.hand_on(decision_id, to=HAND_ON, who=self.who)
        if stored is not None and stored.decision.kind is DecisionKind.FAULT and option == UNDO:
            refused = refused_undo(self.opened.target_name(), value)
            if refused:
                return refused
            value = ""
        if stored is not None and (why := self._why_no_value(stored, option, value)):
            return f"{value} can't stand there: {why}. Nothing was decided."
        said = Said(from_where=self.from_where, for_every=for_every, value=value)
        refused = decisions.answer(decision_id, option, who=self.who, said=said)
        if not refused and not self._is_taken_up(decision_id):
            self._act(decision_id)
        return refused

    def _why_no_value(self, stored: StoredDecision, option: str, value: str) -> str:
        plan = self.ledger.runs.plan(self.run_id).plan if value else None
        return why_not_given(stored, option, value, plan=plan, url=self.opened.target_url)

    def _is_taken_up(self, decision_id: str) -> bool:
        """Whether a living runner goes on with the answer; one may have gone while it was written."""
        until = time.monotonic() + _TAKEN_SECONDS
        while self.is_alive():
            if self.ledger.runs.read(self.run_id).state is not RunState.WAITING:
                return True
            stored = self.ledger.decisions.read(decision_id)
            if time.monotonic() >= until or (stored is not None and stored.outcome is not None):
                return True
            time.sleep(_LOOK_SECONDS)
        return False

    def _act(self, decision_id: str) -> None:
        stored = self.ledger.decisions.read(decision_id)
        if stored is None:
            return
        option = stored.decision.option(stored.answer)
        if stored.decision.kind is DecisionKind.FAULT:
            if stored.answer in RESTING and option is not None:
                self._rest(stored, option)
            else:
                self.start()
            return
        self._begin(stored)

    def _rest(self, stored: StoredDecision, option: Option) -> None:
        """What was decided is that nothing happens: that needs no runner, and none does it again."""
        ledger, run_id, decision = self.ledger, self.run_id, stored.decision
        started = RecoveryStarted(
            decision_id=decision.decision_id,
            option=option.name,
            by=stored.answered_by,
            predicted=option.effect or Effect(),
            at=decision.at,
        )
        ledger.journal.record(run_id, started)
        record = ledger.runs.read(run_id)
        changed, finished = come_to_rest(option, stored, record, seconds=0.0)
        ledger.decisions.rest(run_id, changed, finished, step=record.step)

    def _begin(self, stored: StoredDecision) -> None:
        """A runner goes on where the plan, or the start, was answered."""
        kind, option = stored.decision.kind, stored.answer
        if option == "decline":
            step = self.ledger.runs.read(self.run_id).step
            self.ledger.runs.set_state(self.run_id, RunState.STOPPED, step=step, reason="Declined")
            return
        if kind is DecisionKind.START_MOVE and option == "rehearse":
            self.ledger.steps.reset(self.run_id, ["rehearse"])
        if kind is DecisionKind.START_MOVE and option == "move":
            self._mark("start-move")
        if kind is DecisionKind.APPROVE_PLAN and option in {"approve-move", "approve-aside-move"}:
            for key in ("rehearse", "start-move"):
                self._mark(key)
        self.start()

    def _mark(self, key: str) -> None:
        self.ledger.steps.start(self.run_id, key)
        self.ledger.steps.finish(self.run_id, key, seconds=0.0, output={"skipped": key == "rehearse"})
