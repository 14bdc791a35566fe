"""Numbers in the form both sides of a comparison print. Pure.

A double is its eight bytes in hex, a numeric its plain digits.
"""

from __future__ import annotations

import re
import struct
from decimal import Decimal

__all__ = ["double_bytes", "plain_digits", "real_bytes"]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|NaN|-?Infinity", re.ASCII | re.IGNORECASE)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_REAL_DIGITS = 9
"""No float4 needs more decimal digits to be told from its neighbours (IEEE 754)."""


def double_bytes(value: object) -> str | None:
    """The eight bytes in hex; None for no number, or one they can't hold, so that its rounding shows."""
    text = str(value)
    number = float(text) if _NUMBER.fullmatch(text) or isinstance(value, float) else None
    if number is None or (_WHOLE.fullmatch(text) and Decimal(number) != Decimal(text)):
        return None
    return struct.pack(">d", number).hex()


def real_bytes(value: object) -> str | None:
    """The eight bytes of a float4 made wider, as the target's half makes it; None for no such number.

    A text of more digits than any float4 prints was a double: it must be one a float4 holds.
    """
    text = str(value)
    if not _NUMBER.fullmatch(text):
        return None
    try:
        narrow: float = struct.unpack(">f", struct.pack(">f", float(text)))[0]
    except OverflowError:
        return None
    digits = re.sub(r"[eE].*|[^0-9]", "", text).strip("0")
    is_kept = len(digits) <= _REAL_DIGITS or narrow == float(text)
    return struct.pack(">d", narrow).hex() if is_kept else None


def plain_digits(value: object) -> str | None:
    """Digits without exponent and trailing zeros, as trim_scale prints them; None for no number."""
    text = str(value)
    if text == "-inf":
        return "-Infinity"
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    if not number.is_finite():
        return str(number)
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if number.is_zero() else text.removeprefix("+")
