"""What a text of SQLite could be in PostgreSQL: a date, a time, a number, a UUID, a word of truth. Pure.

The lengths and first characters beside the tests say where a test can't hold, so that whole
pages are passed over without one.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time

__all__ = [
    "CLOCK",
    "CLOCK_LENGTHS",
    "DATE",
    "DATE_LENGTH",
    "LONGEST_WORD",
    "NUMBER",
    "NUMBERS_BEGIN",
    "TIME",
    "TIME_LENGTHS",
    "UUID",
    "UUID_LENGTH",
    "WORDS_BEGIN",
    "is_clock",
    "is_damaged",
    "is_date",
    "is_number",
    "is_time",
    "is_uuid",
    "is_word",
    "is_zoned_time",
]

TIME = re.compile(
    r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?)?", re.ASCII
)
"""PostgreSQL keeps microseconds and zones up to 15:59 (manual, 8.5); more digits would be rounded."""
_ZONE = re.compile(r"(?:Z|[+-]\d\d(?::?\d\d)?)\Z", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
CLOCK = re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""Lower case only: PostgreSQL gives a uuid back in lower case, so others would come back changed."""
_WORDS = frozenset({"true", "false", "t", "f", "yes", "no", "y", "n", "on", "off"})
LONGEST_WORD = 5
NUMBERS_BEGIN = frozenset("0123456789+-.")
WORDS_BEGIN = frozenset("tTfFyYnNoO")
UUID_LENGTH, DATE_LENGTH = 36, 10
CLOCK_LENGTHS = range(5, 16)
TIME_LENGTHS = range(16, 33)


def is_date(text: str) -> bool:
    """A date that exists: ``2024-02-29``."""
    # fromisoformat alone would take 20240131 and 2024-W05-3 as well.
    if len(text) != DATE_LENGTH or not DATE.fullmatch(text):
        return False
    with suppress(ValueError):
        date.fromisoformat(text)
        return True
    return False


def is_time(text: str) -> bool:
    """A date and time that exist, with a zone or without."""
    if not TIME.fullmatch(text):
        return False
    with suppress(ValueError):
        datetime.fromisoformat(text)
        return True
    return False


def is_zoned_time(text: str) -> bool:
    """A date and time that says its zone."""
    return _ZONE.search(text, DATE_LENGTH) is not None and is_time(text)


def is_clock(text: str) -> bool:
    """A time of day that exists."""
    if not CLOCK.fullmatch(text):
        return False
    with suppress(ValueError):
        time.fromisoformat(text)
        return True
    return False


def is_number(text: str) -> bool:
    """A number as both SQLite and PostgreSQL read it."""
    return NUMBER.fullmatch(text) is not None


def is_uuid(text: str) -> bool:
    """A UUID that PostgreSQL gives back as it came."""
    return UUID.fullmatch(text) is not None


def is_word(text: str) -> bool:
    """A word for true or false, in any case."""
    return len(text) <= LONGEST_WORD and text.lower() in _WORDS


def is_damaged(text: str) -> bool:
    """Text that was no UTF-8: lone surrogates stand for its odd bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
