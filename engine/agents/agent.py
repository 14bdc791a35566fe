"""The actor loop every agent runs: take a message in, do the work, hand the result back."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.agents.context import RunContext, error_to_json
from engine.model.errors import FordwayError, Terminal
from engine.model.events import AgentChanged, HandoffRecorded, HandoffState
from engine.model.message import AgentMessage, MessagePriority
from engine.model.roles import Role
from engine.stores.ledger.journal import event_parameters

__all__ = ["Agent", "Handler", "Task"]

log = logging.getLogger(__name__)

Handler = Callable[[RunContext, dict[str, Any]], dict[str, Any] | None]
"""Plain synchronous work, run in a thread. What it returns goes back to the sender."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One kind of work an agent does."""

    handler: Handler
    words: str
    """What the agent is doing, for people: ``reading the source's tables``."""
    milestone: str = ""
    """What comes after it."""


class Agent:
    """One role with an inbox. Works on one message at a time, in the order they come."""

    def __init__(self, role: Role, context: RunContext, tasks: Mapping[str, Task]) -> None:
        """Takes messages whose type is a key of ``tasks``; others are rejected, with the reason."""
        self.role = role
        self._context = context
        self._tasks = tasks

    async def run(self) -> None:
        """Works until cancelled."""
        await self._show("idle")
        while True:
            message = await self._context.office.receive(self.role)
            await self._take(message)

    async def _take(self, message: AgentMessage) -> None:
        handoff_id = str(message.body.get("handoff_id", ""))
        also = [("bus/accept_handoff", {"handoff_id": handoff_id})] if handoff_id else []
        task = self._tasks.get(message.message_type)
        if handoff_id:
            event = self._handoff(message, "accepted" if task else "offered")
            also.append(("journal/record_event", event_parameters(self._context.run_id, event)))
        office = self._context.office
        if not await asyncio.to_thread(office.accept, message, self.role, *also):
            return
        if task is None:
            error = Terminal(f"{self.role} does not know how to {message.message_type}")
            await self._close(message, state="rejected", result=None, error=error)
            return
        await self._show("busy", task)
        try:
            result = await asyncio.to_thread(task.handler, self._context, message.body)
        except FordwayError as error:
            await self._fail(message, task, error)
        except Exception as error:  # noqa: BLE001 - the agent's outermost loop: a fault of ours is a handoff's too
            log.critical("%s failed at %s: %s", self.role, message.message_type, type(error).__name__)
            await self._fail(message, task, _unexpected(error, self.role))
        else:
            await self._close(message, state="completed", result=result or {}, error=None)
            await self._show("idle")

    async def _fail(self, message: AgentMessage, task: Task, error: FordwayError) -> None:
        await self._close(message, state="failed", result=None, error=error)
        await self._show("blocked", task, blockers=(error.what,))

    async def _close(
        self,
        message: AgentMessage,
        *,
        state: HandoffState,
        result: dict[str, Any] | None,
        error: FordwayError | None,
    ) -> None:
        """The handoff ends as its receiver saw it, and the sender is told."""
        handoff_id = str(message.body.get("handoff_id", ""))
        if not handoff_id:
            return
        context = self._context
        body = error_to_json(error) if error else None
        seconds = await asyncio.to_thread(
            context.ledger.coordination.close_handoff, handoff_id, state=state, result=result, error=body
        )
        await asyncio.to_thread(
            context.emit, self._handoff(message, state, seconds=seconds, error=error.what if error else "")
        )
        words = f"{message.message_type}: {state}" + (f", {error.what}" if error else "")
        await asyncio.to_thread(
            lambda: context.office.send(
                self.role,
                message.from_agent,
                "task-closed",
                body={"handoff": handoff_id, "state": state},
                text=words,
                priority=MessagePriority.HIGH if error else MessagePriority.MEDIUM,
            )
        )

    def _handoff(
        self,
        message: AgentMessage,
        state: HandoffState,
        *,
        seconds: float | None = None,
        error: str = "",
    ) -> HandoffRecorded:
        return HandoffRecorded(
            handoff_id=str(message.body["handoff_id"]),
            from_agent=message.from_agent,
            to_agent=self.role,
            task=message.message_type,
            state=state,
            seconds=seconds,
            error=error,
        )

    async def _show(self, state: Any, task: Task | None = None, *, blockers: tuple[str, ...] = ()) -> None:  # noqa: ANN401
        words = task.words if task else ""
        event = AgentChanged(
            role=self.role,
            state=state,
            task=words,
            blockers=blockers,
            next_milestone=task.milestone if task else "",
        )
        context = self._context
        await asyncio.to_thread(
            lambda: context.ledger.coordination.set_agent(
                context.run_id, self.role, state=state, task=words, where=context.where, event=event
            )
        )


def _unexpected(error: Exception, role: Role) -> Terminal:
    """A fault in Fordway itself, without values: the message may hold a row's."""
    return Terminal(
        f"Fordway met a fault of its own ({type(error).__name__})",
        where=str(role),
        safe="Nothing of the open batch was written; every committed batch stands",
        todo="Report it with the run's journal; trying again does no harm",
        facts={"fault": "R408"},
    )
