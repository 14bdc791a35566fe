"""How long to wait before trying again. Pure: chance comes in as an argument."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["MOST_RETRIES", "wait_seconds"]

MOST_RETRIES = 3
"""Tries after the first, as the escalation ladder's level 1 asks; then a person decides."""
_FIRST_SECONDS = 0.5
_MOST_SECONDS = 30.0


def wait_seconds(attempt: int, *, chance: Callable[[], float]) -> float:
    """Full jitter under a doubling ceiling.

    Args:
        attempt: 1 for the wait before the first retry.
        chance: gives a number in [0, 1).

    Returns:
        Seconds in [0, 0.5), [0, 1), [0, 2), ... never 30 or more
        (Marc Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
    """
    return chance() * min(_MOST_SECONDS, _FIRST_SECONDS * 2.0 ** (attempt - 1))
