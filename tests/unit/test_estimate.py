from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.guidance.words import duration_range
from engine.planning.estimate import estimate_from_rehearsal, estimate_plan

from .plan_facts import catalog, plan, table


def test_estimate_plan_of_1569_brackets_is_seconds() -> None:
    """A small catalogue is not promised to take minutes."""
    estimate = plan(catalog(table("brackets", rows=1_569))).estimate

    assert "a few seconds" == duration_range(estimate.low_seconds, estimate.high_seconds)


def test_estimate_plan_names_its_basis() -> None:
    """A guess says that it is one."""
    assert "not measured yet" in plan(catalog(table("brackets"))).estimate.basis


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_estimate_plan_with_more_rows_never_takes_less(one: int, other: int) -> None:
    """The range grows with the rows, and its ends never cross."""
    fewer, more = sorted((one, other))

    small, large = (plan(catalog(table("t", rows=rows))).estimate for rows in (fewer, more))

    assert small.low_seconds <= large.low_seconds
    assert small.high_seconds <= large.high_seconds
    assert large.low_seconds <= large.high_seconds


def test_estimate_from_rehearsal_rests_on_what_was_measured() -> None:
    """After a rehearsal of 60 s the rest takes about two minutes."""
    tables = plan(catalog(table("t", rows=1_000_000))).tables

    estimate = estimate_from_rehearsal(tables, seconds=60.0)

    assert estimate.low_seconds < 120 < estimate.high_seconds
    assert "the rehearsal of 1,000,000 rows took 60.0 s" in estimate.basis


def test_estimate_plan_without_tables_is_an_estimate_all_the_same() -> None:
    """Nothing to move takes only the fixed time."""
    assert estimate_plan(()).low_seconds <= estimate_plan(()).high_seconds
