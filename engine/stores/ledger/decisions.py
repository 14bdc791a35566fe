"""Questions to people, and their answers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, cast

from engine.model.codec import read_decision
from engine.model.decisions import Decision, DecisionKind
from engine.model.events import DecisionAnswered, DecisionAsked, PlanApproved
from engine.stores.ledger.connection import LedgerConnection, as_json
from engine.stores.ledger.journal import event_parameters
from sql import load

__all__ = ["DecisionStore", "StoredDecision"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """A question and what became of it."""

    decision: Decision
    run_id: str
    state: str
    """``open``, ``answered``, ``paused_timeout`` or ``withdrawn``."""
    answer: str
    answered_by: str


class DecisionStore:
    """At most one open question a run."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def ask(self, run_id: str, decision: Decision) -> None:
        """The question is open, and the journal says so."""
        self._ledger.all_of(
            (
                "decisions/ask_decision",
                {
                    "decision_id": decision.decision_id,
                    "run_id": run_id,
                    "kind": decision.kind,
                    "body": as_json(asdict(decision)),
                    "plan_digest": decision.plan_digest,
                },
            ),
            ("journal/record_event", event_parameters(run_id, DecisionAsked(decision=decision))),
        )

    def open_one(self, run_id: str) -> Decision | None:
        """The open question, or None."""
        row = self._ledger.one("decisions/find_open", {"run_id": run_id})
        return read_decision(row["body"]) if row else None

    def read(self, decision_id: str) -> StoredDecision | None:
        """The question of that id, or None."""
        row = self._ledger.one("decisions/read_decision", {"decision_id": decision_id})
        if row is None:
            return None
        return StoredDecision(
            decision=read_decision(row["body"]),
            run_id=row["run_id"],
            state=row["state"],
            answer=row["answer"] or "",
            answered_by=row["answered_by"] or "",
        )

    def answer(self, decision_id: str, option: str, *, who: str) -> str:
        """Empty when this answer counts, else a sentence saying why it does not.

        A plan is approved in the same transaction as the answer, so that there is never
        an answered question without its approval.
        """
        stored = self.read(decision_id)
        if stored is None:
            return f"There is no question {decision_id}."
        chosen = stored.decision.option(option)
        if chosen is None:
            names = ", ".join(o.name for o in stored.decision.options)
            return f"{option} is no answer to this question. Choose one of: {names}."
        if chosen.unavailable:
            return f"{chosen.label} can't be chosen now: {chosen.unavailable}."
        if stored.state == "answered":
            return f"{stored.answered_by} answered first: {stored.answer}."
        approves = stored.decision.kind is DecisionKind.APPROVE_PLAN and option.startswith("approve")
        if self._settle(stored, option, who=who, approves=approves):
            return ""
        again = self.read(decision_id)
        if again is not None and again.state == "answered":
            return f"{again.answered_by} answered first: {again.answer}."
        return "The question is closed: the plan it was asked about is no longer the proposed one."

    def _settle(self, stored: StoredDecision, option: str, *, who: str, approves: bool) -> bool:
        decision, run_id = stored.decision, stored.run_id

        def work(cursor: Any) -> bool:  # noqa: ANN401 - psycopg's cursor
            parameters = {"decision_id": decision.decision_id, "answer": option, "who": who}
            if cursor.execute(load("decisions/answer_decision"), parameters).fetchone() is None:
                return False
            if approves:
                digest = decision.plan_digest
                cursor.execute(load("runs/approve_plan"), {"run_id": run_id, "digest": digest, "who": who})
            detail = as_json(
                {"decision": decision.decision_id, "option": option, "plan": decision.plan_digest}
            )
            audit = {"run_id": run_id, "who": who, "did": f"answered {decision.kind}", "detail": detail}
            cursor.execute(load("runs/record_audit"), audit)
            answered = DecisionAnswered(decision_id=decision.decision_id, option=option, by=who)
            cursor.execute(load("journal/record_event"), event_parameters(run_id, answered))
            if approves:
                approved = PlanApproved(digest=decision.plan_digest, by=who)
                cursor.execute(load("journal/record_event"), event_parameters(run_id, approved))
            return True

        return cast("bool", self._ledger.patiently(work))

    def withdraw(self, run_id: str) -> None:
        """No question is open any more."""
        row = self._ledger.one("decisions/withdraw_open", {"run_id": run_id})
        if row:
            event = DecisionAnswered(decision_id=row["decision_id"], option="withdrawn", by="fordway")
            self._ledger.run("journal/record_event", event_parameters(run_id, event))
