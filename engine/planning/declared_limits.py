"""The digits or length a SQLite type declares, and whether a value keeps to them. Pure."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

__all__ = ["DIGITS", "LENGTH", "Limit", "keeps_to", "limit_of"]

DIGITS = re.compile(r"(?:numeric|decimal|dec)\s*\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\)", re.IGNORECASE)
LENGTH = re.compile(r"[a-z ]*char[a-z ]*\(\s*(\d+)\s*\)", re.IGNORECASE)
_MOST_DIGITS = 1_000
"""PostgreSQL's largest declared precision (manual, 8.1.2 "Arbitrary Precision Numbers")."""

Limit = tuple[str, int, int]
"""``digits``, precision, scale; or ``length``, characters, 0."""


def limit_of(declared: str) -> Limit | None:
    """What the type promises, or None."""
    if found := DIGITS.fullmatch(declared.strip()):
        precision, scale = int(found[1]), int(found[2] or 0)
        return ("digits", precision, scale) if 0 < precision <= _MOST_DIGITS and scale <= precision else None
    if found := LENGTH.fullmatch(declared.strip()):
        return ("length", int(found[1]), 0)
    return None


def keeps_to(limit: Limit, value: object) -> bool:
    """Whether the value is within the limit; a value of another kind is judged by others."""
    kind, most, scale = limit
    if kind == "length":
        return not isinstance(value, str) or len(value) <= most
    if type(value) is int:
        return bool(abs(value) < 10 ** (most - scale))
    if isinstance(value, bytes) or value is None:
        return value is None
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value))
    except InvalidOperation:
        return False
    if not number.is_finite():
        return False
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int), "it is finite"
    needed = len("".join(map(str, digits)).rstrip("0")) - len(digits) - exponent
    return needed <= scale and (not number or number.adjusted() < most - scale)
