"""Repeatable work on a server, tried again when it was away."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

from engine.model.errors import CannotConnect, Transient
from engine.moving.backoff import MOST_RETRIES, wait_seconds
from engine.stores.open_source import SourceShelf

__all__ = ["try_again", "try_over_sources"]

_Result = TypeVar("_Result")


def try_again(
    work: Callable[[], _Result], *, wait_until_back: Callable[[], object], has_answered: bool = True
) -> _Result:
    """What ``work`` returns, after at most three tries more.

    Args:
        work: may run twice; its second run changes nothing that the first one finished.
        wait_until_back: returns when the server answers again, so that a restart costs one
            try and not all of them.
        has_answered: whether who does not answer now has answered before, or this work would not
            have begun; one that never did is not waited for.

    Raises:
        FordwayError: it still failed.
    """
    chance = random.Random().random  # noqa: S311 - jitter, no secret
    attempt = 0
    while True:
        try:
            return work()
        except (Transient, CannotConnect) as error:
            attempt += 1
            if attempt > MOST_RETRIES or (isinstance(error, CannotConnect) and not has_answered):
                raise
            time.sleep(wait_seconds(attempt, chance=chance))
            wait_until_back()


def try_over_sources(
    shelf: SourceShelf, work: Callable[[], _Result], *, wait_until_back: Callable[[], object]
) -> _Result:
    """As ``try_again``, for work that may read servers anew: each try has new sessions and new snapshots.

    Raises:
        FordwayError: it still failed.
    """

    def once() -> _Result:
        try:
            return work()
        except (Transient, CannotConnect):
            shelf.start_over()
            raise

    return try_again(once, wait_until_back=wait_until_back)
