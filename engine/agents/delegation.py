"""How the orchestrator hands work to the other agents and waits for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any
from uuid import uuid4

from engine.agents.context import RunContext, error_from_json
from engine.model.events import HandoffRecorded
from engine.model.roles import Role
from engine.stores.ledger.connection import as_json
from engine.stores.ledger.journal import event_parameters

__all__ = ["Desk"]

LOOK_SECONDS = 1.0
"""The handoff's row is the truth; it is looked at this often even if no reply ever arrives."""


class Desk:
    """The orchestrator's own inbox and the handoffs it waits for."""

    def __init__(self, context: RunContext) -> None:
        """Nothing is waited for yet."""
        self._context = context
        self._waiting: dict[str, asyncio.Event] = {}

    async def listen(self) -> None:
        """Takes replies in until cancelled."""
        office = self._context.office
        while True:
            message = await office.receive(Role.ORCHESTRATOR)
            await asyncio.to_thread(office.accept, message, Role.ORCHESTRATOR)
            waiter = self._waiting.get(str(message.body.get("handoff", "")))
            if waiter is not None:
                waiter.set()

    async def delegate(
        self, receiver: Role, task: str, *, text: str, facts: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """What the receiver committed as its result.

        Args:
            receiver: who does it.
            task: the message type, a key of the receiver's tasks.
            text: the request in words.
            facts: what the receiver needs to know; kept with the handoff, hashed.

        Raises:
            FordwayError: the receiver failed, with its own error.
        """
        handoff_id = str(uuid4())
        waiter = asyncio.Event()
        self._waiting[handoff_id] = waiter
        try:
            await asyncio.to_thread(self._offer, handoff_id, receiver, task, text, facts or {})
            return await self._outcome(handoff_id, waiter)
        finally:
            del self._waiting[handoff_id]

    async def explain(self, about: str, **facts: Any) -> None:  # noqa: ANN401 - JSON facts
        """The user-guidance agent has put it into words."""
        await self.delegate(
            Role.USER_GUIDANCE, "explain", text=f"put the {about} into words", facts={"about": about, **facts}
        )

    def _offer(self, handoff_id: str, receiver: Role, task: str, text: str, facts: dict[str, Any]) -> None:
        context = self._context
        event = HandoffRecorded(
            handoff_id=handoff_id, from_agent=Role.ORCHESTRATOR, to_agent=receiver, task=task, state="offered"
        )
        offer = {
            "handoff_id": handoff_id,
            "run_id": context.run_id,
            "epoch": context.epoch,
            "from_agent": Role.ORCHESTRATOR,
            "to_agent": receiver,
            "task": task,
            "context": as_json(facts),
        }
        context.office.send(
            Role.ORCHESTRATOR,
            receiver,
            task,
            body={"handoff_id": handoff_id, **facts},
            text=text,
            also=[
                ("bus/offer_handoff", offer),
                ("journal/record_event", event_parameters(context.run_id, event)),
            ],
        )

    async def _outcome(self, handoff_id: str, waiter: asyncio.Event) -> dict[str, Any]:
        coordination = self._context.ledger.coordination
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_SECONDS):
                    await waiter.wait()
            found = await asyncio.to_thread(coordination.handoff, handoff_id)
            if found is None:
                continue
            state, result, error = found
            if state == "completed":
                return dict(result or {})
            if state in {"failed", "rejected", "expired"}:
                raise error_from_json(error or {})
            waiter.clear()
