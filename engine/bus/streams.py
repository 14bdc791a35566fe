"""Redis Streams as a wire: inboxes that may be emptied at any moment without losing a thing.

Every message is a ledger row first. What travels here is a copy, acknowledged and deleted
as soon as its receiver has committed it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import redis.asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from engine.model.errors import ConnectionCut
from engine.model.message import AgentMessage, MessagePriority
from engine.model.roles import Role
from engine.stores.dsn import scrub_text

__all__ = ["Delivery", "Streams"]

BLOCK_MILLISECONDS = 1000
"""Below redis-py's socket timeout of 5 s; a longer block is silently sent again."""
_DEDUPE_SECONDS = 600
_MOST_AT_ONCE = 16

_ADD_ONCE = """
if redis.call('set', KEYS[2], '1', 'nx', 'ex', ARGV[2]) then
    return redis.call('xadd', KEYS[1], '*', 'message', ARGV[1])
end
return false
"""
"""redis-py resends XADD after a lost reply; the key makes the second one do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One entry read from an inbox."""

    stream: str
    entry_id: str
    raw: dict[str, Any] | None
    """The message as sent; None when it is no JSON object."""


class Streams:
    """The inboxes of one run's agents. One reader a process names all of them."""

    def __init__(self, url: str, *, namespace: str, run_id: str, consumer: str) -> None:
        """Remembers where Redis is; connects at the first call.

        Args:
            consumer: unique to this process start, so that a dead consumer's name is never reused.
        """
        self._prefix = f"{namespace}:{{{run_id}}}"
        self._consumer = consumer
        self._redis: redis.Redis = redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=5,
            socket_connect_timeout=2,
            retry=Retry(NoBackoff(), 0),
        )
        self._add_once = self._redis.register_script(_ADD_ONCE)

    def stream(self, role: Role, priority: MessagePriority) -> str:
        """The key of one inbox lane."""
        return f"{self._prefix}:s:{role}:{int(priority)}"

    async def open(self, roles: Sequence[Role]) -> None:
        """Every lane of these roles exists with its consumer group.

        Raises:
            ConnectionCut: Redis is away.
        """
        for role in roles:
            for priority in MessagePriority:
                try:
                    await self._redis.xgroup_create(
                        self.stream(role, priority), str(role), id="0", mkstream=True
                    )
                except ResponseError as error:
                    if "BUSYGROUP" not in str(error):
                        raise _cut(error) from error
                except (RedisError, OSError) as error:
                    raise _cut(error) from error

    async def publish(self, message: AgentMessage) -> None:
        """A copy is on the wire, once, however often this is called.

        Raises:
            ConnectionCut: Redis is away; the ledger still has the message.
        """
        body = message.model_dump_json()
        key = self.stream(message.to_agent, message.priority)
        try:
            await self._add_once(
                keys=[key, f"{self._prefix}:dd:{message.message_id}"], args=[body, _DEDUPE_SECONDS]
            )
        except (RedisError, OSError) as error:
            raise _cut(error) from error

    async def read(self, role: Role, *, own_pending: bool = False) -> list[Delivery]:
        """New entries of one role, most urgent lane first; waits up to a second for one.

        Args:
            own_pending: read what this consumer took and did not acknowledge, as after a reconnect.

        Raises:
            ConnectionCut: Redis is away, or was emptied and must be opened again.
        """
        start = "0" if own_pending else ">"
        streams: dict[Any, Any] = {self.stream(role, p): start for p in sorted(MessagePriority, reverse=True)}
        try:
            answer = await self._redis.xreadgroup(
                str(role),
                self._consumer,
                streams,
                count=_MOST_AT_ONCE,
                block=None if own_pending else BLOCK_MILLISECONDS,
            )
        except (RedisError, OSError) as error:
            raise _cut(error) from error
        return [Delivery(stream=s, entry_id=i, raw=_parse(fields)) for s, i, fields in _entries(answer)]

    async def acknowledge(self, role: Role, delivery: Delivery) -> None:
        """The entry is gone: its receiver has committed it. XACK alone would leave it for ever."""
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.xack(delivery.stream, str(role), delivery.entry_id)
                pipe.xdel(delivery.stream, delivery.entry_id)
                await pipe.execute()
        except (RedisError, OSError) as error:
            raise _cut(error) from error

    async def remove(self, roles: Sequence[Role]) -> None:
        """The run's inboxes are gone from Redis."""
        keys = [self.stream(role, priority) for role in roles for priority in MessagePriority]
        try:
            await self._redis.delete(*keys)
        except (RedisError, OSError) as error:
            raise _cut(error) from error

    async def close(self) -> None:
        """The connection is gone."""
        await self._redis.aclose()


def _cut(error: BaseException) -> ConnectionCut:
    return ConnectionCut(
        f"Redis is away: {scrub_text(str(error)) or type(error).__name__}",
        where="bus",
        safe="No message is lost: the ledger has them all",
        todo="Work continues; start Redis again",
    )


def _parse(fields: dict[str, str]) -> dict[str, Any] | None:
    try:
        raw = json.loads(fields.get("message", ""))
    except ValueError:
        return None
    return raw if isinstance(raw, dict) else None


def _entries(answer: Any) -> list[tuple[str, str, dict[str, str]]]:  # noqa: ANN401 - redis-py's reply, RESP 2 or 3
    """Entries of an XREADGROUP reply; RESP3 gives a mapping with one more list level."""
    if not answer:
        return []
    found = []
    pairs = answer.items() if isinstance(answer, dict) else answer
    for stream, entries in pairs:
        flat = entries[0] if entries and isinstance(entries[0], list) else entries
        found += [(str(stream), str(entry_id), fields or {}) for entry_id, fields in flat]
    return found
