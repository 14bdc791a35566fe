"""Messages, handoffs and agents, as the ledger holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from engine.model.events import Event
from engine.model.message import AgentMessage, MessagePriority
from engine.model.roles import Role
from engine.stores.ledger.connection import LedgerConnection, as_json
from engine.stores.ledger.journal import event_parameters
from sql import load

__all__ = ["AgentRow", "CoordinationStore"]

Statement = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """One agent with its progress counted."""

    role: Role
    state: str
    task: str
    next_milestone: str
    blockers: tuple[str, ...]
    handoffs_completed: int
    handoffs: int
    age_seconds: float


class CoordinationStore:
    """The outbox, the inbox, handoffs and agent status of a run."""

    def __init__(self, connection: LedgerConnection) -> None:
        """Works through the given connection."""
        self._ledger = connection

    def send(self, run_id: str, message: AgentMessage, *also: Statement) -> None:
        """The message is sent; what goes with it committed in the same transaction."""
        self._ledger.all_of(("bus/send_message", _message_parameters(run_id, message)), *also)

    def unpublished(self, run_id: str, *, stale_seconds: float, most: int = 64) -> list[AgentMessage]:
        """Messages the wire has not seen, or seems to have lost; most urgent first."""
        rows = self._ledger.many(
            "bus/list_unpublished", {"run_id": run_id, "stale_seconds": stale_seconds, "most": most}
        )
        return [_message(row) for row in rows]

    def mark_published(self, message_ids: Sequence[str]) -> None:
        """The wire has copies of these."""
        self._ledger.run("bus/mark_published", {"message_ids": [UUID(i) for i in message_ids]})

    def accept(self, message: AgentMessage, role: Role, *also: Statement) -> bool:
        """Whether this is the first delivery, in time; then it is taken in, with ``also``."""

        def work(cursor: Any) -> bool:  # noqa: ANN401 - psycopg's cursor
            parameters = {"message_id": message.message_id, "role": role}
            if cursor.execute(load("bus/accept_message"), parameters).fetchone() is None:
                return False
            for name, values in also:
                cursor.execute(load(name), values)
            return True

        return cast("bool", self._ledger.once(work))

    def fail_message(self, message_id: str, error: str) -> None:
        """The message is kept as failed, with the reason."""
        self._ledger.run("bus/fail_message", {"message_id": message_id, "error": error})

    def expire(self, run_id: str) -> int:
        """How many messages ran out of time now."""
        return len(self._ledger.many("bus/expire_messages", {"run_id": run_id}))

    def bury_old_runner(self, run_id: str, *, epoch: int) -> list[dict[str, Any]]:
        """Messages and handoffs of earlier runners are closed; the handoffs are returned."""
        self._ledger.run("bus/expire_old_messages", {"run_id": run_id})
        return self._ledger.many("bus/expire_handoffs", {"run_id": run_id, "epoch": epoch})

    def handoff(self, handoff_id: str) -> tuple[str, Any, Any] | None:
        """State, result and error of a handoff."""
        row = self._ledger.one("bus/read_handoff", {"handoff_id": handoff_id})
        return (row["state"], row["result"], row["error"]) if row else None

    def last_handoff(self, run_id: str, task: str) -> dict[str, Any] | None:
        """handoff_id, state, result and error of the last handoff of a task; None when there was none."""
        return self._ledger.one("bus/last_handoff", {"run_id": run_id, "task": task})

    def close_handoff(self, handoff_id: str, *, state: str, result: object, error: object) -> float | None:
        """Seconds from offer to close, or None when it was closed before."""
        row = self._ledger.one(
            "bus/close_handoff",
            {
                "handoff_id": handoff_id,
                "state": state,
                "result": as_json(result) if result is not None else None,
                "error": as_json(error) if error is not None else None,
            },
        )
        return row["seconds"] if row else None

    def set_agent(
        self, run_id: str, role: Role, *, state: str, task: str, where: tuple[str, int], event: Event
    ) -> None:
        """The agent does this now, and the journal says so; ``where`` is host and pid."""
        host, pid = where
        self._ledger.all_of(
            (
                "bus/set_agent",
                {
                    "run_id": run_id,
                    "role": role,
                    "state": state,
                    "task": task,
                    "next_milestone": getattr(event, "next_milestone", ""),
                    "blockers": as_json(list(getattr(event, "blockers", ()))),
                    "host": host,
                    "pid": pid,
                },
            ),
            ("journal/record_event", event_parameters(run_id, event)),
        )

    def beat(self, run_id: str, roles: Sequence[Role], *, pid: int) -> None:
        """These agents were alive just now."""
        self._ledger.run(
            "bus/beat_agents", {"run_id": run_id, "roles": [str(role) for role in roles], "pid": pid}
        )

    def agents(self, run_id: str) -> list[AgentRow]:
        """The agents of the run, in their usual order."""
        rows = self._ledger.many("bus/list_agents", {"run_id": run_id})
        order = list(Role)
        found = [
            AgentRow(**{**row, "role": Role(row["role"]), "blockers": tuple(row["blockers"])}) for row in rows
        ]
        return sorted(found, key=lambda agent: order.index(agent.role))


def _message_parameters(run_id: str, message: AgentMessage) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        "run_id": run_id,
        "from_agent": message.from_agent,
        "to_agent": message.to_agent,
        "message_type": message.message_type,
        "version": message.version,
        "priority": int(message.priority),
        "body": as_json(message.body),
        "delivery_options": as_json(message.delivery_options)
        if message.delivery_options is not None
        else None,
        "created_at": message.timestamp,
        "ttl": message.ttl,
    }


def _message(row: dict[str, Any]) -> AgentMessage:
    return AgentMessage(
        version=row["version"],
        message_id=str(row["message_id"]),
        from_agent=Role(row["from_agent"]),
        to_agent=Role(row["to_agent"]),
        message_type=row["message_type"],
        priority=MessagePriority(row["priority"]),
        timestamp=row["created_at"],
        ttl=max(1, round(timedelta(seconds=row["ttl"]).total_seconds())),
        body=row["body"],
        delivery_options=row["delivery_options"],
    )
