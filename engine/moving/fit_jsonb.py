"""Which JSON texts and decimals PostgreSQL's jsonb and numeric can hold. Pure."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation

__all__ = ["is_beyond_numeric", "why_no_jsonb"]

_MOST_DIGITS, _MOST_DECIMALS = 131_072, 16_383
"""Of an unlimited numeric: manual, 8.1.2 "Arbitrary Precision Numbers"."""
_TOO_LARGE = "a number beyond what PostgreSQL's numeric holds"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class _NoJsonb(Exception):
    """Ends the parser; its text is the reason."""


def is_beyond_numeric(number: Decimal) -> bool:
    """Whether no numeric holds the number as it is written; infinities and NaN are held."""
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        return False
    return -exponent > _MOST_DECIMALS or (bool(number) and number.adjusted() >= _MOST_DIGITS)


def why_no_jsonb(text: str) -> str | None:
    """Why jsonb does not take the text (manual, 8.14 "JSON Types"); None when it does."""
    try:
        value = json.loads(
            text, parse_constant=_refuse_constant, parse_float=_check_number, parse_int=_check_number
        )
        return _why_no_text(value)
    except _NoJsonb as reason:
        return str(reason)
    except ValueError:
        return "not valid JSON"
    except RecursionError:
        return "the JSON is nested too deeply"


def _refuse_constant(_: str) -> None:
    raise _NoJsonb("NaN and infinity are no JSON")


def _check_number(text: str) -> None:
    try:
        is_too_large = is_beyond_numeric(Decimal(text))
    except InvalidOperation:
        is_too_large = True
    if is_too_large:
        raise _NoJsonb(_TOO_LARGE)


def _why_no_text(value: object) -> str | None:
    """Looks at parsed strings: the escapes of a text may be escaped themselves."""
    if isinstance(value, str):
        if "\x00" in value:
            return "the JSON holds a NUL character, which PostgreSQL can't store"
        if _LONE_SURROGATE.search(value):
            return "the JSON holds half of a surrogate pair, which PostgreSQL can't store"
        return None
    parts = [*value.keys(), *value.values()] if isinstance(value, dict) else value
    if isinstance(parts, list):
        return next((reason for part in parts if (reason := _why_no_text(part))), None)
    return None
