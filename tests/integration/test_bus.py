"""The wire may be emptied, doubled or garbled: every message arrives once, or is kept with the reason."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import pytest
import redis

from engine.bus import office as office_module
from engine.bus.office import Office
from engine.bus.streams import Streams
from engine.model.errors import ConnectionCut
from engine.model.message import AgentMessage, MessagePriority
from engine.model.roles import Role
from engine.stores.ledger import Ledger
from tests.fix_runs import query, value


@dataclass(slots=True)
class Wire:
    """One run's office with what it stands on."""

    run_id: str
    ledger: Ledger
    redis_url: str
    target_url: str

    def streams(self) -> Streams:
        return Streams(self.redis_url, namespace="test", run_id=self.run_id, consumer=uuid4().hex)

    def message(self, **changes: object) -> AgentMessage:
        given: dict[str, Any] = {
            "message_id": str(uuid4()),
            "from_agent": Role.ORCHESTRATOR,
            "to_agent": Role.PLANNING,
            "message_type": "make-plan",
            "timestamp": datetime.now(UTC),
            "ttl": 60,
            "body": {"n": 1},
        }
        return AgentMessage(**{**given, **changes})

    def in_office(self, work: Callable[[Office, Streams], Awaitable[None]]) -> None:
        """Runs ``work`` beside a running office of two roles."""

        async def main() -> None:
            streams = self.streams()
            office = Office(
                run_id=self.run_id,
                ledger=self.ledger,
                streams=streams,
                roles=(Role.ORCHESTRATOR, Role.PLANNING),
            )
            running = asyncio.create_task(office.run())
            try:
                async with asyncio.timeout(20):
                    await work(office, streams)
            finally:
                running.cancel()
                with suppress(asyncio.CancelledError):
                    await running
                await streams.close()

        asyncio.run(main())


@pytest.fixture
def wire(target_url: str, redis_url: str) -> Iterator[Wire]:
    """A run without a runner, and an office for it."""
    ledger = Ledger(target_url, purpose="test", patience_seconds=5)
    ledger.migrate()
    places: dict[str, Any] = {"target": "t", "sources": {}, "settings": {}}
    run_id = ledger.runs.create(title="t", playbook="p", playbook_body={}, places=places, created_by="me")
    yield Wire(run_id, ledger, redis_url, target_url)
    ledger.close()


def _send(office: Office, number: int = 1) -> str:
    return office.send(Role.ORCHESTRATOR, Role.PLANNING, "make-plan", body={"n": number}, text="make a plan")


def _status(wire: Wire, message_id: str) -> tuple[Any, ...]:
    return query(
        wire.target_url, "select status, last_error from fordway.message where message_id = %s", [message_id]
    )[0]


def test_message_sent_arrives_and_is_accepted_once(wire: Wire) -> None:
    """The second acceptance of one message counts for nothing."""

    async def work(office: Office, _streams: Streams) -> None:
        message_id = await asyncio.to_thread(_send, office)
        message = await office.receive(Role.PLANNING)

        assert message_id == message.message_id
        assert await asyncio.to_thread(office.accept, message, Role.PLANNING)
        assert not await asyncio.to_thread(office.accept, message, Role.PLANNING)

    wire.in_office(work)
    assert [("delivered",)] == query(wire.target_url, "select status from fordway.message")
    assert 1 == value(wire.target_url, "select count(*) from fordway.inbox")


def test_message_published_twice_is_on_the_wire_once(wire: Wire) -> None:
    """A resent XADD adds no second entry."""

    async def main() -> int:
        streams = wire.streams()
        await streams.open([Role.PLANNING])
        message = wire.message()
        await streams.publish(message)
        await streams.publish(message)
        found = await streams.read(Role.PLANNING)
        await streams.close()
        return len(found)

    assert 1 == asyncio.run(main())


def test_most_urgent_message_is_read_first(wire: Wire) -> None:
    """Lanes are read from CRITICAL down."""

    async def main() -> list[Any]:
        streams = wire.streams()
        await streams.open([Role.PLANNING])
        for priority in MessagePriority:
            await streams.publish(wire.message(priority=priority))
        found = await streams.read(Role.PLANNING)
        await streams.close()
        return [delivery.raw["priority"] for delivery in found if delivery.raw]

    assert [4, 3, 2, 1] == asyncio.run(main())


def test_acknowledged_entry_leaves_nothing_on_the_wire(wire: Wire) -> None:
    """XACK and XDEL together: a stream does not grow for ever."""

    async def main() -> None:
        streams = wire.streams()
        await streams.open([Role.PLANNING])
        await streams.publish(wire.message())
        for delivery in await streams.read(Role.PLANNING):
            await streams.acknowledge(Role.PLANNING, delivery)
        await streams.close()

    asyncio.run(main())
    with redis.Redis.from_url(wire.redis_url) as client:
        assert [0] == [client.xlen(key) for key in client.scan_iter("test:*:planning:2")]


def test_entry_taken_and_not_acknowledged_is_read_again_after_a_reconnect(wire: Wire) -> None:
    """The consumer's own pending list is read from its beginning."""

    async def main() -> tuple[int, int]:
        streams = wire.streams()
        await streams.open([Role.PLANNING])
        await streams.publish(wire.message())
        first = await streams.read(Role.PLANNING)
        again = await streams.read(Role.PLANNING, own_pending=True)
        await streams.close()
        return len(first), len(again)

    assert (1, 1) == asyncio.run(main())


def test_emptied_redis_is_noticed_and_opened_again(wire: Wire) -> None:
    """NOGROUP becomes a cut, and opening again makes the groups."""

    async def main() -> int:
        streams = wire.streams()
        await streams.open([Role.PLANNING])
        with redis.Redis.from_url(wire.redis_url) as client:
            client.flushdb()
        with pytest.raises(ConnectionCut, match="Redis is away"):
            await streams.read(Role.PLANNING)
        await streams.open([Role.PLANNING])
        await streams.publish(wire.message())
        found = await streams.read(Role.PLANNING)
        await streams.close()
        return len(found)

    assert 1 == asyncio.run(main())


def test_message_whose_copy_was_wiped_from_redis_arrives_from_the_ledger(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outbox row is the message; the wire only carries it faster."""
    monkeypatch.setattr(office_module, "STALE_SECONDS", 0.2)
    monkeypatch.setattr(office_module, "RELAY_SECONDS", 0.1)
    message = wire.message()
    wire.ledger.coordination.send(wire.run_id, message)
    wire.ledger.coordination.mark_published([message.message_id])  # as if a copy had been on the wire

    async def work(office: Office, _streams: Streams) -> None:
        found = await office.receive(Role.PLANNING)
        assert message.message_id == found.message_id

    wire.in_office(work)


def test_messages_go_through_while_redis_is_away(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """With nobody at the Redis address every message still arrives, once."""
    monkeypatch.setattr(office_module, "RELAY_SECONDS", 0.1)
    away = Wire(wire.run_id, wire.ledger, "redis://127.0.0.1:1/0", wire.target_url)
    taken: list[int] = []

    async def work(office: Office, _streams: Streams) -> None:
        for number in range(5):
            await asyncio.to_thread(_send, office, number)
        while len(taken) < 5:
            message = await office.receive(Role.PLANNING)
            if await asyncio.to_thread(office.accept, message, Role.PLANNING):
                taken.append(message.body["n"])

    away.in_office(work)
    assert [0, 1, 2, 3, 4] == sorted(taken)
    assert [("delivered", 5)] == query(
        wire.target_url, "select status, count(*) from fordway.message group by 1"
    )


def test_message_past_its_time_is_expired_and_never_accepted(wire: Wire) -> None:
    """A command whose moment has gone is not carried out late."""
    message = wire.message()
    wire.ledger.coordination.send(wire.run_id, message)
    query(wire.target_url, "update fordway.message set expires_at = now() - interval '1 second'")

    assert not wire.ledger.coordination.accept(message, Role.PLANNING)
    assert 1 == wire.ledger.coordination.expire(wire.run_id)
    assert ("expired", "") == _status(wire, message.message_id)


@pytest.mark.parametrize(
    "garbled", [{"version": 99}, {"surprise": True}], ids=["a newer version", "an unknown field"]
)
def test_copy_nobody_can_read_is_dropped_and_its_message_comes_from_the_ledger(
    wire: Wire, garbled: dict[str, Any], eventually: Callable[..., None]
) -> None:
    """A garbled copy on the wire costs seconds: the message itself is a ledger row and arrives."""
    message = wire.message()
    wire.ledger.coordination.send(wire.run_id, message)
    wire.ledger.coordination.mark_published([message.message_id])
    raw = {**json.loads(message.model_dump_json()), **garbled}

    async def work(office: Office, streams: Streams) -> None:
        await streams.open([Role.PLANNING])
        with redis.Redis.from_url(wire.redis_url) as client:
            key = streams.stream(Role.PLANNING, MessagePriority.MEDIUM)
            client.xadd(key, {"message": "no JSON at all"})
            client.xadd(key, cast("Any", {"message": json.dumps(raw)}))
            await asyncio.to_thread(eventually, lambda: client.xlen(key) == 0)
        received = await asyncio.wait_for(office.receive(Role.PLANNING), 15)
        assert message.message_id == received.message_id

    wire.in_office(work)


def test_commands_of_a_dead_runner_never_reach_its_successor(wire: Wire) -> None:
    """A new runner buries what the old one had sent and not delivered."""
    message = wire.message()
    wire.ledger.coordination.send(wire.run_id, message)

    wire.ledger.coordination.bury_old_runner(wire.run_id, epoch=2)

    assert ("expired", "The runner that sent it is gone") == _status(wire, message.message_id)
    assert not wire.ledger.coordination.accept(message, Role.PLANNING)


class _QuietCoordination:
    """An outbox with nothing in it."""

    def expire(self, _run_id: str) -> int:
        return 0

    def unpublished(self, _run_id: str, *, stale_seconds: float) -> list[AgentMessage]:
        return []


class _QuietLedger:
    coordination = _QuietCoordination()


def test_office_cancelled_in_the_instant_of_a_message_ends() -> None:
    """A cancellation that meets an event is not swallowed: the runner would wait for ever."""

    async def main() -> bool:
        office = Office(
            run_id="r", ledger=cast("Ledger", _QuietLedger()), streams=cast("Streams", None), roles=()
        )
        running = asyncio.create_task(office.run())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        office._outgoing.set()
        running.cancel()
        done, _ = await asyncio.wait([running], timeout=2)
        running.cancel()
        await asyncio.wait([running], timeout=2)
        return bool(done)

    assert asyncio.run(main())


def test_office_cancelled_while_redis_connects_ends(wire: Wire) -> None:
    """redis-py may swallow a cancellation while it connects; the readers end all the same."""

    async def main() -> list[int]:
        hanging = []
        for turn in range(30):
            streams = wire.streams()
            office = Office(
                run_id="r", ledger=cast("Ledger", _QuietLedger()), streams=streams, roles=tuple(Role)
            )
            running = asyncio.create_task(office.run())
            await asyncio.sleep(turn / 1000)  # another instant every turn is what is tested
            running.cancel()
            done, _ = await asyncio.wait([running], timeout=5)
            if not done:
                hanging.append(turn)
                running.cancel()
                await asyncio.wait([running], timeout=5)
            await streams.close()
        return hanging

    assert [] == asyncio.run(main())
