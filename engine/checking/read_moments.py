"""Dates, times and moments as PostgreSQL and ISO 8601 write them, as numbers and back. Pure.

Python's own dates end at the years 1 and 9999; PostgreSQL's reach from 4713 BC to 294276
(manual, 8.5), so days are counted here, in the proleptic Gregorian calendar both use.
"""

from __future__ import annotations

import re

__all__ = ["clock_text", "date_text", "days_of", "microseconds_of_day", "microseconds_of_moment", "moment_text"]

_DATE = r"(?P<year>\d{4,6})-(?P<month>\d\d)-(?P<day>\d\d)"
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d{1,6}))?)?"
_ZONE = r"(?P<sign>[+-])(?P<zone_hour>\d\d)(?::?(?P<zone_minute>\d\d)(?::?(?P<zone_second>\d\d))?)?"
_ERA = r"(?P<era> BC)?"
_DATE_TEXT = re.compile(_DATE + _ERA, re.ASCII)
_CLOCK_TEXT = re.compile(_CLOCK, re.ASCII)
_MOMENT_TEXT = re.compile(f"{_DATE}(?:[ T]{_CLOCK}(?:Z|{_ZONE})?)?{_ERA}", re.ASCII)
_DAY = 86_400_000_000
"""Microseconds."""
_CYCLE_DAYS, _CYCLE_YEARS = 146_097, 400
"""After so many days the Gregorian calendar repeats itself."""
_DAYS_TO_1970 = 719_468
"""From 0000-03-01 to 1970-01-01; a year that begins in March has its leap day at its end."""


def days_of(text: str) -> int | None:
    """Days since 1970-01-01; None when the text is no date."""
    found = _DATE_TEXT.fullmatch(text)
    return _days(found) if found else None


def microseconds_of_day(text: str) -> int | None:
    """Microseconds since midnight, ``24:00:00`` included; None when the text is no time of day."""
    found = _CLOCK_TEXT.fullmatch(text)
    return _clock(found) if found else None


def microseconds_of_moment(text: str) -> int | None:
    """Microseconds since 1970-01-01 00:00 UTC, without a zone as if it were UTC; None when it is no moment."""
    found = _MOMENT_TEXT.fullmatch(text)
    if found is None:
        return None
    days = _days(found)
    clock = _clock(found) if found["hour"] else 0
    return None if days is None or clock is None else days * _DAY + clock - _zone(found)


def date_text(days: int) -> str:
    """The date so many days after 1970-01-01, as PostgreSQL writes it."""
    cycle, day = divmod(days + _DAYS_TO_1970, _CYCLE_DAYS)
    year = (day - day // 1_460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    place = (5 * day + 2) // 153
    month = place + 3 if place < 10 else place - 9
    full = year + cycle * _CYCLE_YEARS + (month <= 2)
    rest = f"{month:02}-{day - (153 * place + 2) // 5 + 1:02}"
    return f"{full:04}-{rest}" if full > 0 else f"{1 - full:04}-{rest} BC"


def clock_text(microseconds: int) -> str:
    """The time of day so long after midnight."""
    seconds, fraction = divmod(microseconds, 1_000_000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{fraction:06}"


def moment_text(microseconds: int) -> str:
    """The moment so long after 1970-01-01 00:00 UTC, without a zone."""
    days, clock = divmod(microseconds, _DAY)
    date, *era = date_text(days).split(" ")
    return " ".join((date, clock_text(clock), *era))


def _days(found: re.Match[str]) -> int | None:
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    if found["era"]:
        year = 1 - year
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (
        int(found["year"]) == 0
        or not 1 <= month <= 12
        or not 1 <= day <= (31, 28 + is_leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    ):
        return None
    cycle, of_cycle = divmod(year - (month <= 2), _CYCLE_YEARS)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return cycle * _CYCLE_DAYS + of_cycle * 365 + of_cycle // 4 - of_cycle // 100 + of_year - _DAYS_TO_1970


def _clock(found: re.Match[str]) -> int | None:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    microseconds = int((found["fraction"] or "").ljust(6, "0"))
    total = ((hour * 60 + minute) * 60 + second) * 1_000_000 + microseconds
    return total if minute < 60 and second < 60 and total <= _DAY else None


def _zone(found: re.Match[str]) -> int:
    """How far the zone is ahead of UTC, in microseconds."""
    if found["sign"] is None:
        return 0
    hour, minute, second = (int(found[name] or 0) for name in ("zone_hour", "zone_minute", "zone_second"))
    return ((hour * 60 + minute) * 60 + second) * (1_000_000 if found["sign"] == "+" else -1_000_000)
