"""Days and moments beyond the years Python knows, there and back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.checking.read_moments import (
    clock_text,
    date_text,
    days_of,
    microseconds_of_day,
    microseconds_of_moment,
    moment_text,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@given(day=st.dates())
def test_days_within_pythons_years_are_pythons(day: date) -> None:
    """Both count in the proleptic Gregorian calendar."""
    assert (day - _EPOCH.date()).days == days_of(day.isoformat())


@given(moment=st.datetimes(timezones=st.integers(-900, 900).map(lambda m: timezone(timedelta(minutes=m)))))
def test_moments_within_pythons_years_are_pythons(moment: datetime) -> None:
    """Zones are taken off, fractions kept."""
    assert (moment - _EPOCH) // _MICROSECOND == microseconds_of_moment(moment.isoformat(sep=" "))


@given(clock=st.times())
def test_times_of_day_are_pythons(clock: time) -> None:
    """With and without a fraction."""
    expected = (datetime.combine(_EPOCH.date(), clock, tzinfo=UTC) - _EPOCH) // _MICROSECOND

    assert expected == microseconds_of_day(clock.isoformat())


@given(days=st.integers(-2_440_588, 2_145_000_000))
def test_date_there_and_back_is_the_same(days: int) -> None:
    """From 4713 BC on to PostgreSQL's last date."""
    assert days == days_of(date_text(days))


@given(microseconds=st.integers(-(2**57), 2**63))
def test_moment_there_and_back_is_the_same(microseconds: int) -> None:
    """The same for moments."""
    assert microseconds == microseconds_of_moment(moment_text(microseconds))


@pytest.mark.parametrize(
    ("text", "days"), [("0001-01-01", -719162), ("0001-12-31 BC", -719163), ("0001-02-29 BC", -719468 - 1)]
)
def test_year_before_the_first_is_1_bc(text: str, days: int) -> None:
    """There is no year 0, and 1 BC has a leap day."""
    assert days == days_of(text)


def test_midnight_at_the_end_of_a_day_is_kept() -> None:
    """PostgreSQL knows 24:00:00 as a time of its own."""
    assert "24:00:00.000000" == clock_text(microseconds_of_day("24:00:00") or 0)


@pytest.mark.parametrize(
    "text",
    ["20240101", "2024-W01-1", "2023-02-29", "0000-01-01", "2024-13-01", " 2024-01-01", "2024-01-01 BCE", "٢٠٢٤-01-01", ""],
)  # fmt: skip
def test_text_that_is_no_date_is_none(text: str) -> None:
    """Only the one form counts."""
    assert days_of(text) is None


@pytest.mark.parametrize("text", ["T10", "10", "24:00:01", "12:60", "1:00", "12:00:00.1234567"])
def test_text_that_is_no_time_is_none(text: str) -> None:
    """Neither lax forms nor what a day does not have."""
    assert microseconds_of_day(text) is None
