"""Runs, their plan, gates and what people ask of them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.model.codec import plan_from_json, plan_to_json
from engine.model.errors import BadInput
from engine.model.events import Event, GateChanged, RunFinished, StateChanged
from engine.model.plan import Plan, Policy
from engine.model.run import RunRecord, RunState, Step
from engine.planning.decided_plan import with_policy
from engine.stores.ledger.connection import LedgerConnection, as_json
from engine.stores.ledger.journal import event_parameters
from sql import load

__all__ = ["Opening", "RunStore", "StoredPlan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a runner needs to open a run again."""

    playbook: str
    playbook_body: dict[str, Any]
    sources: dict[str, str]
    """Scrubbed URL by source name."""
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPlan:
    """The plan as the ledger holds it."""

    plan: Plan | None
    plan_digest: str
    approved_digest: str
    approved_at: datetime | None

    @property
    def is_approved(self) -> bool:
        """Whether exactly the proposed plan was approved."""
        return bool(self.plan_digest) and self.plan_digest == self.approved_digest


class RunStore:
    """Everything about runs as a whole."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def create(
        self,
        *,
        title: str,
        playbook: str,
        playbook_body: Mapping[str, Any],
        places: Mapping[str, Any],
        created_by: str,
    ) -> str:
        """A new run's id: twelve hex digits.

        Args:
            places: ``target`` (scrubbed), ``sources`` (name to scrubbed URL), ``settings``.
        """
        run_id = secrets.token_hex(6)
        self._ledger.run(
            "runs/create_run",
            {
                "run_id": run_id,
                "title": title,
                "playbook": playbook,
                "playbook_body": as_json(dict(playbook_body)),
                "target": places["target"],
                "sources": as_json(dict(places["sources"])),
                "settings": as_json(dict(places["settings"])),
                "created_by": created_by,
            },
        )
        return run_id

    def read(self, run_id: str) -> RunRecord:
        """The run's record.

        Raises:
            BadInput: there is no such run.
        """
        row = self._ledger.one("runs/read_run", {"run_id": run_id})
        if row is None:
            raise BadInput(
                f"There is no run {run_id} here", todo="`fordway status` lists the runs of this target"
            )
        return RunRecord(**{**row, "state": RunState(row["state"]), "step": Step(row["step"])})

    def find(self, prefix: str, *, most: int = 20) -> list[str]:
        """Ids beginning with ``prefix``, newest first."""
        rows = self._ledger.many("runs/find_runs", {"prefix": prefix, "most": most})
        return [row["run_id"] for row in rows]

    def latest(self, *, most: int = 20) -> list[tuple[str, bool]]:
        """Ids of the latest runs, newest first, and whether a demo made them."""
        return [
            (row["run_id"], row["is_demo"]) for row in self._ledger.many("runs/list_runs", {"most": most})
        ]

    def at_work(self) -> str | None:
        """The newest run that waits, moves or rests, those that rest last; None when all have ended."""
        row = self._ledger.one("runs/find_at_work")
        return str(row["run_id"]) if row else None

    def set_setting(self, run_id: str, name: str, *, value: object) -> None:
        """One of the run's own settings is another now."""
        self._ledger.run("runs/set_setting", {"run_id": run_id, "name": name, "value": as_json(value)})

    def opening(self, run_id: str) -> Opening:
        """What is needed to open the run again."""
        row = self._ledger.one("runs/read_opening", {"run_id": run_id})
        if row is None:
            raise BadInput(
                f"There is no run {run_id} here", todo="`fordway status` lists the runs of this target"
            )
        return Opening(**row)

    def set_state(
        self, run_id: str, state: RunState, *, step: Step, reason: str = "", is_failed: bool = False
    ) -> None:
        """The run is in ``state`` at ``step``, and its journal says so.

        Raises:
            StatementFailed: the run may not go from its state to this one.
        """
        event = StateChanged(state=state, reason=reason)
        self._ledger.all_of(
            (
                "runs/set_state",
                {"run_id": run_id, "state": state, "step": step, "reason": reason, "is_failed": is_failed},
            ),
            ("journal/record_event", event_parameters(run_id, event)),
        )

    def finish(self, run_id: str, event: RunFinished, *, step: Step) -> None:
        """The run is complete, and its journal says so and how it ended, once.

        Raises:
            StatementFailed: the run may not go from its state to this one.
        """

        def work(cursor: Any) -> None:  # noqa: ANN401 - a cursor
            # A connection that is cut at the commit does not tell whether it happened.
            if cursor.execute(load("runs/finish_run"), {"run_id": run_id, "step": step}).fetchone() is None:
                return
            for said in (event, StateChanged(state=event.state)):
                cursor.execute(load("journal/record_event"), event_parameters(run_id, said))

        self._ledger.patiently(work)

    def plan(self, run_id: str) -> StoredPlan:
        """The proposed plan and its approval."""
        row = self._ledger.one("runs/read_plan", {"run_id": run_id})
        if row is None:
            raise BadInput(f"There is no run {run_id} here")
        body = row.pop("plan")
        return StoredPlan(plan=self._amended(run_id, plan_from_json(body)) if body else None, **row)

    def _amended(self, run_id: str, plan: Plan) -> Plan:
        """The plan with what decisions changed about taken keys; its digest stays what was approved."""
        rows = self._ledger.many("recovery/list_amendments", {"run_id": run_id})
        found = {row["table_number"]: (Policy(row["on_conflict"]), row["newest_by"]) for row in rows}
        if not found:
            return plan
        tables = (
            with_policy(table, *found[table.number]) if table.number in found else table
            for table in plan.tables
        )
        return replace(plan, tables=tuple(tables))

    def approved_at(self, run_id: str) -> datetime | None:
        """When the plan was approved, or None; the plan of many tables is not read for it."""
        row = self._ledger.one("runs/read_approval", {"run_id": run_id})
        moment: datetime | None = row["approved_at"] if row else None
        return moment

    def propose(self, run_id: str, plan: Plan, event: Event) -> None:
        """The sealed plan is the one to approve."""
        self._ledger.all_of(
            (
                "runs/set_plan",
                {
                    "run_id": run_id,
                    "plan": as_json(plan_to_json(plan)),
                    "digest": plan.digest,
                    "rows": plan.rows,
                },
            ),
            ("journal/record_event", event_parameters(run_id, event)),
        )

    def void_approval(self, run_id: str, event: Event) -> None:
        """The plan needs a new approval."""
        self._ledger.all_of(
            ("runs/void_approval", {"run_id": run_id}),
            ("journal/record_event", event_parameters(run_id, event)),
        )

    def audit(self, run_id: str, *, who: str, did: str, detail: Mapping[str, Any] | None = None) -> None:
        """The audit log has one more line."""
        self._ledger.run(
            "runs/record_audit",
            {"run_id": run_id, "who": who, "did": did, "detail": as_json(dict(detail or {}))},
        )

    def ask(self, run_id: str, request: str, *, who: str) -> None:
        """The runner will find this request."""
        self._ledger.all_of(
            ("runs/ask_control", {"run_id": run_id, "request": request, "who": who}),
            (
                "runs/record_audit",
                {"run_id": run_id, "who": who, "did": f"asked: {request}", "detail": as_json({})},
            ),
        )

    def requests(self, run_id: str) -> list[tuple[int, str, str]]:
        """Open requests: id, request, who; oldest first."""
        rows = self._ledger.many("runs/list_controls", {"run_id": run_id})
        return [(row["request_id"], row["request"], row["requested_by"]) for row in rows]

    def close_request(self, request_id: int) -> None:
        """The request was handled."""
        self._ledger.run("runs/close_control", {"request_id": request_id})

    def expire_requests(self, run_id: str) -> None:
        """Requests made to an earlier runner are void: whoever starts another says anew what it shall do."""
        self._ledger.run("runs/expire_controls", {"run_id": run_id})

    def set_gate(self, run_id: str, event: GateChanged) -> None:
        """The gate stands as told; the journal hears of it when that is news."""

        def work(cursor: Any) -> None:  # noqa: ANN401 - psycopg's cursor
            parameters = {"run_id": run_id, "gate": event.gate, "state": event.state, "reason": event.reason}
            if cursor.execute(load("runs/set_gate"), parameters).fetchone():
                cursor.execute(load("journal/record_event"), event_parameters(run_id, event))

        self._ledger.patiently(work)

    def gates(self, run_id: str) -> list[tuple[str, str, str]]:
        """Gate, state, reason."""
        rows = self._ledger.many("runs/list_gates", {"run_id": run_id})
        return [(row["gate"], row["state"], row["reason"]) for row in rows]
