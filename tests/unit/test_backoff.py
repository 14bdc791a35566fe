"""How long to wait before trying again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.moving.backoff import MOST_RETRIES, wait_seconds


@given(attempt=st.integers(1, 60), chance=st.floats(0, 1, exclude_max=True))
def test_wait_stays_under_a_doubling_ceiling(attempt: int, chance: float) -> None:
    """Never negative, never half a minute or more, never above half a second doubled."""
    seconds = wait_seconds(attempt, chance=lambda: chance)

    assert 0 <= seconds < min(30.0, 0.5 * 2.0 ** (attempt - 1))


def test_ceilings_double_until_half_a_minute() -> None:
    """Full jitter: the ceiling grows, the wait is anywhere below it."""
    ceilings = [wait_seconds(attempt, chance=lambda: 1.0) for attempt in range(1, 10)]

    assert [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0] == ceilings


def test_three_retries_are_the_ladders_first_level() -> None:
    """The planning documents' number."""
    assert 3 == MOST_RETRIES
