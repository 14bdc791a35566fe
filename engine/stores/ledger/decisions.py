"""Questions to people, and their answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, cast

from engine.model.codec import decision_to_json
from engine.model.decisions import Decision, DecisionKind
from engine.model.events import (
    DecisionAnswered,
    DecisionAsked,
    DecisionExpired,
    DecisionHandedOn,
    FaultTold,
    PlanApproved,
    RecoveryFinished,
    StateChanged,
)
from engine.model.run import RunState, Step
from engine.stores.ledger.answers import Said, StoredDecision, decision_of, stored_decision, why_refused
from engine.stores.ledger.connection import LedgerConnection, as_json
from engine.stores.ledger.journal import event_parameters
from sql import load

__all__ = ["DecisionStore", "Said", "StoredDecision"]


class DecisionStore:
    """At most one open question a run."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def ask(
        self,
        run_id: str,
        decision: Decision,
        *,
        evidence: Mapping[str, Any] | None = None,
        within_seconds: float | None = None,
    ) -> Decision:
        """The question is open, and the journal says so; with its deadline, by the server's clock.

        Args:
            run_id: whose question.
            decision: it.
            evidence: what it rests on, plain JSON values.
            within_seconds: how long it may stay open; None: as long as it takes.
        """
        values = {
            "decision_id": decision.decision_id,
            "run_id": run_id,
            "kind": decision.kind,
            "body": as_json(decision_to_json(decision)),
            "plan_digest": decision.plan_digest,
            "evidence": as_json(dict(evidence or {})),
            "seconds": within_seconds,
        }

        def work(cursor: Any) -> Decision:  # noqa: ANN401 - psycopg's cursor
            row = cursor.execute(load("decisions/ask_decision"), values).fetchone()
            asked = replace(decision, deadline=row["deadline"])
            cursor.execute(
                load("journal/record_event"), event_parameters(run_id, DecisionAsked(decision=asked))
            )
            return asked

        return cast("Decision", self._ledger.once(work))

    def open_one(self, run_id: str) -> Decision | None:
        """The open question, or None."""
        row = self._ledger.one("decisions/find_open", {"run_id": run_id})
        return decision_of(row) if row else None

    def read(self, decision_id: str) -> StoredDecision | None:
        """The question of that id, or None."""
        row = self._ledger.one("decisions/read_decision", {"decision_id": decision_id})
        return stored_decision(row) if row else None

    def unacted(self, run_id: str) -> StoredDecision | None:
        """The latest answer about a fault of which nothing came yet; it may be under way."""
        row = self._ledger.one("decisions/find_unacted", {"run_id": run_id})
        return self.read(row["decision_id"]) if row else None

    def armed(self, run_id: str, option: str) -> StoredDecision | None:
        """The latest answer of this option that is being carried out."""
        row = self._ledger.one("decisions/find_armed", {"run_id": run_id, "option": option})
        return self.read(row["decision_id"]) if row else None

    def all(self, run_id: str, *, most: int = 200) -> list[StoredDecision]:
        """The run's questions, newest first."""
        rows = self._ledger.many("decisions/list_decisions", {"run_id": run_id, "most": most})
        return [stored_decision(row) for row in rows]

    def set_outcome(self, decision_id: str, outcome: Mapping[str, Any]) -> None:
        """The answer is being carried out, or was: ``state`` says which."""
        values = {"decision_id": decision_id, "outcome": as_json(dict(outcome))}
        self._ledger.run("decisions/set_outcome", values)

    def finish(self, run_id: str, finished: RecoveryFinished) -> None:
        """The answer was carried out, and the journal says what it really did: both, or neither."""
        self._ledger.all_of(*_finishing(run_id, finished))

    def rest(self, run_id: str, changed: StateChanged, finished: RecoveryFinished, *, step: Step) -> None:
        """The run rests as was decided, and the answer was carried out: both, or neither.

        Raises:
            StatementFailed: the run may not go from its state to this one.
        """
        state = {
            "run_id": run_id,
            "state": changed.state,
            "step": step,
            "reason": changed.reason,
            "is_failed": True,
        }
        self._ledger.all_of(
            *_finishing(run_id, finished),
            ("runs/set_state", state),
            ("journal/record_event", event_parameters(run_id, changed)),
        )

    def answer(self, decision_id: str, option: str, *, who: str, said: Said | None = None) -> str:
        """Empty when this answer counts, else a sentence saying why it does not.

        A plan is approved in the same transaction as the answer, so that there is never
        an answered question without its approval.
        """
        stored = self.read(decision_id)
        if stored is None:
            return f"There is no question {decision_id}."
        said = said or Said()
        if option == "lead" and stored.decision.kind is DecisionKind.FAULT:
            return self.hand_on(decision_id, to="lead", who=who)
        if stored.state == "answered":
            return self._too_late(stored, option, who)
        refused = why_refused(stored, option, said)
        if refused:
            return refused
        if self._settle(stored, option, who, said):
            return ""
        again = self.read(decision_id)
        if again is not None and again.state == "answered":
            return self._too_late(again, option, who)
        # Nobody may have been there to close it when its time was over.
        is_late = again is not None and (again.state == "paused_timeout" or self.expire(stored.run_id))
        if again is not None and is_late:
            passed = f"The deadline passed at {again.decision.deadline:%H:%M} UTC"
            return f"{passed}: the run is paused safely. Resume it to be asked anew."
        ground = "the plan it was asked about is no longer the proposed one"
        return f"The question is closed: {ground if stored.decision.plan_digest else 'its ground is gone'}."

    def _settle(self, stored: StoredDecision, option: str, who: str, said: Said) -> bool:
        decision, run_id, digest = stored.decision, stored.run_id, stored.decision.plan_digest
        approves = decision.kind is DecisionKind.APPROVE_PLAN and option.startswith("approve")

        def work(cursor: Any) -> bool:  # noqa: ANN401 - psycopg's cursor
            parameters = {
                "decision_id": decision.decision_id,
                "answer": option,
                "value": said.value,
                "who": who,
                "from_where": said.from_where,
                "for_every": said.for_every,
            }
            if cursor.execute(load("decisions/answer_decision"), parameters).fetchone() is None:
                return False
            if approves:
                cursor.execute(load("runs/approve_plan"), {"run_id": run_id, "digest": digest, "who": who})
            detail = {
                "decision": decision.decision_id,
                "option": option,
                "value": said.value,
                "for_every": said.for_every,
                "from": said.from_where,
                "plan": digest,
                "fault": decision.fault,
                "evidence": stored.evidence,
            }
            audit = {"run_id": run_id, "who": who, "did": f"answered {decision.kind}"}
            cursor.execute(load("runs/record_audit"), {**audit, "detail": as_json(detail)})
            answered = DecisionAnswered(
                decision_id=decision.decision_id,
                option=option,
                by=who,
                from_where=said.from_where,
                for_every=said.for_every,
                value=said.value,
            )
            cursor.execute(load("journal/record_event"), event_parameters(run_id, answered))
            if approves:
                approved = PlanApproved(digest=digest, by=who)
                cursor.execute(load("journal/record_event"), event_parameters(run_id, approved))
            return True

        return cast("bool", self._ledger.once(work))

    def _too_late(self, stored: StoredDecision, option: str, who: str) -> str:
        """Why the answer does not count; the journal tells those who watch."""
        chosen = stored.decision.option(stored.answer)
        first = f"{stored.answered_by} answered first: {chosen.label if chosen else stored.answer}"
        event = FaultTold(
            code="R404",
            what=f"{first}; {option} of {who} was not taken",
            safe="An answer is taken once, never twice",
        )
        self._ledger.run("journal/record_event", event_parameters(stored.run_id, event))
        return f"{first}."

    def hand_on(self, decision_id: str, *, to: str, who: str) -> str:
        """Empty when the open question is handed on now, else a sentence saying why it is not."""

        def work(cursor: Any) -> bool:  # noqa: ANN401 - psycopg's cursor
            values = {"decision_id": decision_id, "handed_to": to, "who": who}
            row = cursor.execute(load("decisions/hand_on"), values).fetchone()
            if row is None:
                return False
            run_id = row["run_id"]
            detail = as_json({"decision": decision_id, "to": to})
            audit = {"run_id": run_id, "who": who, "did": f"handed a question to the {to}", "detail": detail}
            cursor.execute(load("runs/record_audit"), audit)
            handed = DecisionHandedOn(decision_id=decision_id, to=to, by=who)
            cursor.execute(load("journal/record_event"), event_parameters(run_id, handed))
            return True

        return "" if self._ledger.once(work) else "The question is closed, or was handed on before."

    def expire(self, run_id: str) -> bool:
        """Whether the open question's deadline had passed: then it is closed and the run is paused.

        Nothing was decided by anybody; a resume asks anew.
        """

        def work(cursor: Any) -> bool:  # noqa: ANN401 - psycopg's cursor
            row = cursor.execute(load("decisions/expire_open"), {"run_id": run_id}).fetchone()
            if row is None:
                return False
            event = DecisionExpired(decision_id=row["decision_id"], deadline=row["deadline"])
            cursor.execute(load("journal/record_event"), event_parameters(run_id, event))
            reason = f"Nobody answered by {row['deadline']:%H:%M} UTC; paused safely, nothing was decided"
            told = FaultTold(
                code="R409",
                what=reason,
                safe="A pause never moves, drops or changes a row",
                todo=f"`fordway resume {run_id}` asks it anew",
            )
            cursor.execute(load("journal/record_event"), event_parameters(run_id, told))
            paused = cursor.execute(load("runs/pause_waiting"), {"run_id": run_id, "reason": reason})
            if paused.fetchone() is not None:
                changed = StateChanged(state=RunState.PAUSED, reason=reason)
                cursor.execute(load("journal/record_event"), event_parameters(run_id, changed))
            return True

        return cast("bool", self._ledger.once(work))

    def withdraw(self, run_id: str) -> None:
        """No question is open any more."""

        def work(cursor: Any) -> None:  # noqa: ANN401 - psycopg's cursor
            row = cursor.execute(load("decisions/withdraw_open"), {"run_id": run_id}).fetchone()
            if row is not None:
                event = DecisionAnswered(decision_id=row["decision_id"], option="withdrawn", by="fordway")
                cursor.execute(load("journal/record_event"), event_parameters(run_id, event))

        self._ledger.once(work)


def _finishing(run_id: str, finished: RecoveryFinished) -> tuple[tuple[str, dict[str, Any]], ...]:
    done = {"state": "done", "actual": asdict(finished.actual)}
    return (
        ("decisions/set_outcome", {"decision_id": finished.decision_id, "outcome": as_json(done)}),
        ("journal/record_event", event_parameters(run_id, finished)),
    )
