"""Every message of a run's agents goes through here: ledger first, then the wire.

The wire wakes; the ledger delivers even when the wire is away, so that an emptied, restarted
or missing Redis delays a message by seconds and never loses one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from engine.bus.streams import Delivery, Streams
from engine.model.errors import ConnectionCut
from engine.model.events import MessageSent
from engine.model.message import AgentMessage, MessagePriority, read_message
from engine.model.roles import Role
from engine.stores.ledger import Ledger
from engine.stores.ledger.journal import event_parameters

__all__ = ["Office"]

log = logging.getLogger(__name__)

RELAY_SECONDS = 1.0
"""How often the outbox is swept for messages the wire has not seen."""
STALE_SECONDS = 3.0
"""A message published but not taken in after this long is delivered from the ledger."""
MESSAGE_TTL_SECONDS = 24 * 3600
"""Commands wait for their agent at most a day; a run that long without one has ended."""

Statement = tuple[str, dict[str, Any]]
Deliver = Callable[[AgentMessage], None]


class Office:
    """Sends, relays and receives for the agents that live in this process."""

    def __init__(self, *, run_id: str, ledger: Ledger, streams: Streams, roles: Sequence[Role]) -> None:
        """Nothing runs until ``run`` is awaited."""
        self._run_id = run_id
        self._ledger = ledger
        self._streams = streams
        self._roles = tuple(roles)
        self._inboxes: dict[Role, asyncio.Queue[AgentMessage]] = {role: asyncio.Queue() for role in roles}
        self._outgoing = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_wire_up = False

    def send(
        self, sender: Role, receiver: Role, message_type: str, *, body: dict[str, Any], text: str,
        priority: MessagePriority = MessagePriority.MEDIUM, also: Sequence[Statement] = (),
    ) -> str:  # fmt: skip
        """The message is sent: committed to the outbox with whatever belongs to it.

        Args:
            text: the message in words, for the journal.
            also: ledger statements that commit together with it.

        Returns:
            The message's id. Safe to call from any thread.
        """
        message = AgentMessage(
            message_id=str(uuid4()),
            from_agent=sender,
            to_agent=receiver,
            message_type=message_type,
            priority=priority,
            timestamp=datetime.now(UTC),
            ttl=MESSAGE_TTL_SECONDS,
            body=body,
        )
        event = MessageSent(
            message_id=message.message_id,
            from_agent=sender,
            to_agent=receiver,
            message_type=message_type,
            priority=priority.name,
            text=text,
        )
        journal = ("journal/record_event", event_parameters(self._run_id, event))
        self._ledger.coordination.send(self._run_id, message, *also, journal)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._outgoing.set)
        return message.message_id

    async def receive(self, role: Role) -> AgentMessage:
        """The next message for this role. It counts only once ``accept`` says so."""
        return await self._inboxes[role].get()

    def accept(self, message: AgentMessage, role: Role, *also: Statement) -> bool:
        """Whether this is the message's first delivery, in time; commits ``also`` with it."""
        return self._ledger.coordination.accept(message, role, *also)

    async def run(self) -> None:
        """Relays and reads until cancelled."""
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._relay())
            for role in self._roles:
                tasks.create_task(self._read(role))

    async def _relay(self) -> None:
        while True:
            _obey_cancellation()
            # wait_for would swallow a cancellation that comes in the same instant as the event
            # (Python 3.11, bpo-37658), and the runner would never end.
            with suppress(TimeoutError):
                async with asyncio.timeout(RELAY_SECONDS):
                    await self._outgoing.wait()
            self._outgoing.clear()
            await self._publish_waiting()

    async def _publish_waiting(self) -> None:
        coordination = self._ledger.coordination
        await asyncio.to_thread(coordination.expire, self._run_id)
        waiting = await asyncio.to_thread(coordination.unpublished, self._run_id, stale_seconds=STALE_SECONDS)
        if not waiting:
            return
        try:
            for message in waiting:
                await self._streams.publish(message)
            self.is_wire_up = True
        except ConnectionCut:
            self.is_wire_up = False
        for message in waiting:
            # A stale message, or any while the wire is down, is handed over from the ledger;
            # the inbox row makes a second arrival harmless.
            age = (datetime.now(UTC) - message.timestamp).total_seconds()
            if message.to_agent in self._inboxes and (not self.is_wire_up or age > STALE_SECONDS):
                self._inboxes[message.to_agent].put_nowait(message)
        await asyncio.to_thread(coordination.mark_published, [message.message_id for message in waiting])

    async def _read(self, role: Role) -> None:
        """One role's inbox. After every reconnect the consumer's own pending entries come first."""
        pause = 0.05
        needs_opening = True
        while True:
            _obey_cancellation()
            try:
                if needs_opening:
                    await self._streams.open([role])
                    deliveries = await self._streams.read(role, own_pending=True)
                    needs_opening = False
                else:
                    deliveries = await self._streams.read(role)
                self.is_wire_up = True
                pause = 0.05
                for delivery in deliveries:
                    await self._hand_over(role, delivery)
            except ConnectionCut:
                self.is_wire_up = False
                needs_opening = True
                await asyncio.sleep(pause)
                pause = min(2.0, pause * 2)

    async def _hand_over(self, role: Role, delivery: Delivery) -> None:
        if delivery.raw is not None:
            try:
                self._inboxes[role].put_nowait(read_message(delivery.raw))
            except ValidationError:
                # Only the copy is bad: the ledger has the message, and the relay hands it over.
                log.warning("an unreadable copy was dropped from %s", delivery.stream)
        # The copy may go: the message itself is a ledger row, delivered again if this process dies now.
        await self._streams.acknowledge(role, delivery)


def _obey_cancellation() -> None:
    """Ends the task if it was cancelled: redis-py can swallow that while it connects.

    The task counts every request to cancel it, whatever became of the exception, and the
    runner would wait for ever for a reader that reads on.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
