"""Which JSON texts and decimals PostgreSQL's jsonb and numeric can hold. Pure."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from engine.model.faults import Offence
from engine.moving.walk_deep_json import walk_deep_json

__all__ = ["JsonbFault", "find_jsonb_fault", "is_beyond_numeric", "why_no_jsonb"]

_MOST_DIGITS, _MOST_DECIMALS = 131_072, 16_383
"""Of an unlimited numeric: manual, 8.1.2 "Arbitrary Precision Numbers"."""
_TOO_LARGE = "a number beyond what PostgreSQL's numeric holds"
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


class JsonbFault(NamedTuple):
    """Why jsonb does not take a text."""

    reason: str
    kind: Offence


class _NoJsonb(Exception):
    """Ends the parser; it holds the fault."""

    def __init__(self, reason: str, kind: Offence = Offence.CAST) -> None:
        super().__init__(reason)
        self.fault = JsonbFault(reason, kind)


def is_beyond_numeric(number: Decimal) -> bool:
    """Whether no numeric holds the number as it is written; infinities and NaN are held."""
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int):
        return False
    return -exponent > _MOST_DECIMALS or (bool(number) and number.adjusted() >= _MOST_DIGITS)


def why_no_jsonb(text: str) -> str | None:
    """Why jsonb does not take the text, in words; None when it does."""
    fault = find_jsonb_fault(text)
    return None if fault is None else fault.reason


def find_jsonb_fault(text: str) -> JsonbFault | None:
    """Why jsonb does not take the text (manual, 8.14 "JSON Types"); None when it does."""
    try:
        try:
            value = json.loads(
                text, parse_constant=_refuse_constant, parse_float=_check_number, parse_int=_check_number
            )
        except RecursionError:
            # How deep Python's own reader goes depends on who calls it.
            reason = walk_deep_json(text, on_number=_check_number, on_string=_check_string)
            return None if reason is None else JsonbFault(reason, Offence.CAST)
        _check_texts(value)
    except _NoJsonb as refusal:
        return refusal.fault
    except ValueError:
        return JsonbFault("not valid JSON", Offence.CAST)
    return None


def _refuse_constant(_: str) -> None:
    raise _NoJsonb("NaN and infinity are no JSON")


def _check_number(text: str) -> None:
    try:
        is_too_large = is_beyond_numeric(Decimal(text))
    except InvalidOperation:
        is_too_large = True
    if is_too_large:
        raise _NoJsonb(_TOO_LARGE, Offence.OUT_OF_RANGE)


def _check_string(written: str) -> None:
    _check_texts(json.loads(written))


def _check_texts(value: object) -> None:
    """Looks at parsed strings: the escapes of a text may be escaped themselves."""
    left = [value]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            left += part.keys()
            left += part.values()
        elif isinstance(part, list):
            left += part
        elif isinstance(part, str):
            if "\x00" in part:
                raise _NoJsonb("the JSON holds a NUL character, which PostgreSQL can't store", Offence.NUL)
            if _LONE_SURROGATE.search(part):
                raise _NoJsonb(
                    "the JSON holds half of a surrogate pair, which PostgreSQL can't store", Offence.ENCODING
                )
