"""Finds out what the doctor needs to know of a Redis."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from engine.model.connection import RedisFacts
from engine.model.errors import CannotConnect
from engine.stores.dsn import scrub, scrub_text

__all__ = ["is_answering", "read_redis_facts"]

_TIMEOUT_SECONDS = 5.0
"""For connecting and for each answer; a doctor that hangs helps nobody."""
_PINGS = 5


def read_redis_facts(url: str, *, now: Callable[[], float]) -> RedisFacts:
    """What a server says of itself; nothing is changed.

    Args:
        url: the Redis.
        now: a clock for measuring, in seconds.

    Raises:
        CannotConnect: nobody answers, or the answer is no.
    """
    place = scrub(url)
    try:
        with redis.Redis.from_url(
            url,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            socket_timeout=_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
        ) as client:
            latencies = [_ping(client, now) for _ in range(_PINGS)]
            information = _information(client)
    except (redis.RedisError, ValueError) as error:
        raise _cannot_connect(error, place) from error
    version = str(information.get("redis_version", ""))
    return RedisFacts(
        place=place,
        version=tuple(int(part) for part in version.split(".") if part.isdigit()) or None,
        memory_policy=str(information.get("maxmemory_policy", "")),
        is_replica=information.get("role") == "slave",  # Redis' own word on the wire
        latency_seconds=median(latencies),
    )


def _ping(client: redis.Redis, now: Callable[[], float]) -> float:
    before = now()
    client.ping()
    return now() - before


def _information(client: redis.Redis) -> dict[str, object]:
    try:
        return dict(client.info())
    except redis.exceptions.NoPermissionError:
        return {}


def _cannot_connect(error: Exception, place: str) -> CannotConnect:
    text = scrub_text(str(error)).strip()
    if isinstance(error, redis.AuthenticationError) or "NOAUTH" in text or "WRONGPASS" in text:
        what, todo = "Redis refused the password", "Check user and password in the Redis URL"
    elif isinstance(error, redis.TimeoutError):
        what, todo = "Redis did not answer in time", "Check the address, the network and the firewall"
    elif isinstance(error, redis.BusyLoadingError):
        what, todo = "Redis is still loading its data", "Wait a moment, then try again"
    elif isinstance(error, redis.ConnectionError):
        what, todo = "No Redis answers there", "Start it, or correct the Redis URL"
    else:
        what, todo = f"Redis can't be used: {text.splitlines()[0]}", "Correct the Redis URL, then try again"
    return CannotConnect(what, where=place, safe="Nothing was changed", todo=todo)


def is_answering(url: str) -> bool:
    """Whether Redis answers a ping within a second."""
    try:
        with redis.Redis.from_url(
            url, socket_connect_timeout=1, socket_timeout=1, retry=Retry(NoBackoff(), 0)
        ) as client:
            return bool(client.ping())
    except (redis.RedisError, ValueError, OSError):
        return False
