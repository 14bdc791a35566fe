"""Numbers, nouns and durations as people read them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.model.run import LATE_BATCHES

__all__ = [
    "batch_name",
    "count_of",
    "duration",
    "duration_range",
    "first_names",
    "is_late",
    "number",
    "one_of",
    "percent",
]

_MINUTE, _HOUR = 60, 3_600
_MOST_NAMED = 8
_A_FEW_SECONDS = 10
"""Below ten seconds a number would promise more than anybody knows."""
_ENDINGS = (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", ""))


def number(value: int) -> str:
    """The number with commas: ``15,420``."""
    return f"{value:,}"


def is_late(batch: int) -> bool:
    """Whether the batch is one of rows that a decision brought in, outside those that were cut."""
    return batch > LATE_BATCHES


def batch_name(batch: int) -> str:
    """A batch's number as people read it: ``15``, ``1,204``; ``+1`` for the first that was brought in."""
    return f"+{batch - LATE_BATCHES:,}" if is_late(batch) else number(batch)


def one_of(noun: str) -> str:
    """The plural noun's singular: ``brackets`` becomes ``bracket``, ``case files`` ``case file``."""
    for plural, singular in _ENDINGS:
        if noun.endswith(plural) and not noun.endswith("ss"):
            return noun.removesuffix(plural) + singular
    return noun


def count_of(value: int, noun: str) -> str:
    """Number and noun that agree: ``1 bracket``, ``1,569 brackets``."""
    return f"{number(value)} {one_of(noun) if value == 1 else noun}"


def first_names(names: Sequence[str]) -> str:
    """The first of many names, and how many there are beside: ``a, b, c and 4 more``."""
    rest = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def percent(done: int, total: int) -> int:
    """Whole per cent, rounded to the nearest; 100 only when everything is done, 100 of nothing.

    Args:
        done: from 0 to ``total``.
        total: 0 or more.
    """
    if done >= total:
        return 100
    return min(99, round(100 * done / total))


def duration(seconds: float) -> str:
    """A measured time: ``0.4 seconds``, ``8 seconds``, ``2m 14s``, ``3h 05m``."""
    if seconds < 1:
        return f"{seconds:.1f} seconds"
    whole = round(seconds)
    if whole < _MINUTE:
        return count_of(whole, "seconds")
    if whole < _HOUR:
        return f"{whole // _MINUTE}m {whole % _MINUTE:02d}s"
    return f"{whole // _HOUR}h {whole % _HOUR // _MINUTE:02d}m"


def duration_range(low_seconds: float, high_seconds: float) -> str:
    """An expected time as a range: ``a few seconds``, ``20 to 40 seconds``, ``2 to 3 minutes``."""
    low, high = sorted((max(0.0, low_seconds), max(0.0, high_seconds)))
    if high < _A_FEW_SECONDS:
        return "a few seconds"
    if high <= _MINUTE:
        return _range(_tens(low), _tens(high), "seconds") if low >= _A_FEW_SECONDS else "less than a minute"
    if high <= _HOUR:
        return _minutes(low, high)
    if low < _HOUR:
        return f"between {_minutes(low, low)} and {count_of(math.ceil(high / _HOUR), 'hours')}"
    return _range(math.floor(low / _HOUR), math.ceil(high / _HOUR), "hours")


def _tens(seconds: float) -> int:
    return max(10, round(seconds / 10) * 10)


def _minutes(low: float, high: float) -> str:
    if low < _MINUTE and high > low:
        return f"up to {count_of(math.ceil(high / _MINUTE), 'minutes')}"
    fewest = max(1, math.floor(low / _MINUTE))
    return _range(fewest, math.ceil(high / _MINUTE) if high > low else fewest, "minutes")


def _range(low: int, high: int, unit: str) -> str:
    return count_of(low, unit) if low == high else f"{number(low)} to {count_of(high, unit)}"
