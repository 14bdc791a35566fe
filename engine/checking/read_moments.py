"""Dates, times and moments as PostgreSQL and ISO 8601 write them, as numbers and back. Pure.

Python's own dates end at the years 1 and 9999; PostgreSQL's reach from 4713 BC to 294276
(manual, 8.5), so days are counted here, in the proleptic Gregorian calendar both use.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = [
    "clock_text",
    "date_text",
    "days_of",
    "microseconds_of_day",
    "microseconds_of_moment",
    "moment_text",
]

_DATE = r"(?P<year>\d{4,7})-(?P<month>\d\d)-(?P<day>\d\d)"
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
    return _days(*found.groups()) if found else None


def microseconds_of_day(text: str) -> int | None:
    """Microseconds since midnight, ``24:00:00`` included; None when the text is no time of day."""
    found = _CLOCK_TEXT.fullmatch(text)
    return _clock(*found.groups()) if found else None


def microseconds_of_moment(text: str) -> int | None:
    """Microseconds since 1970-01-01 00:00 UTC (no zone is UTC); None when the text is no moment."""
    found = _MOMENT_TEXT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, *zone, era = found.groups()
    days = _days(year, month, day, era)
    clock = _clock(hour, minute, second, fraction) if hour else 0
    if days is None or clock is None:
        return None
    moment = days * _DAY + clock
    return moment if sign is None else moment - _zone(sign, *zone)


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


@lru_cache(maxsize=4096)
def _days(year_text: str, month_text: str, day_text: str, era: str | None) -> int | None:
    """Rows lie close together in time, so most days are asked for again and again."""
    year, month, day = int(year_text), int(month_text), int(day_text)
    if year == 0:
        return None
    if era:
        year = 1 - year
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 28 + is_leap, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    if not 1 <= month <= 12 or not 1 <= day <= lengths[month - 1]:
        return None
    cycle, of_cycle = divmod(year - (month <= 2), _CYCLE_YEARS)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return cycle * _CYCLE_DAYS + of_cycle * 365 + of_cycle // 4 - of_cycle // 100 + of_year - _DAYS_TO_1970


def _clock(hour: str, minute: str, second: str | None, fraction: str | None) -> int | None:
    minutes, seconds = int(minute), int(second) if second else 0
    total = ((int(hour) * 60 + minutes) * 60 + seconds) * 1_000_000
    if fraction:
        total += int(fraction.ljust(6, "0"))
    return total if minutes < 60 and seconds < 60 and total <= _DAY else None


def _zone(sign: str, hour: str, minute: str | None, second: str | None) -> int:
    """How far the zone is ahead of UTC, in microseconds."""
    seconds = (int(hour) * 60 + int(minute or 0)) * 60 + int(second or 0)
    return seconds * (1_000_000 if sign == "+" else -1_000_000)
