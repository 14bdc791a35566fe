"""One value from a source into the form COPY takes, or the reason why it can't be carried.

Nothing is rounded, truncated or re-encoded here: a value either arrives as it was or is refused.
A number, date, time or UUID is what the profile counts as one, and nothing else: Python's own
parsers take underscores, other scripts' digits, week dates and braces, and the plan would not
foretell them.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar

from engine.model.faults import Offence
from engine.model.plan import ColumnPlan, Family
from engine.moving.cant_carry import CantCarry, clean_text
from engine.moving.fit_jsonb import find_jsonb_fault, is_beyond_numeric
from engine.stores.text_shapes import CLOCK, DATE, DATE_LENGTH, NUMBER, TIME, UUID

__all__ = ["LIMITED_TEXT", "WORDS_OF_TRUTH", "Encode", "encoder_for"]

Encode = Callable[[object], object]
"""A value that is not None, to what psycopg's COPY writes for the column's type."""

_Read = TypeVar("_Read", date, time, datetime)


_INTEGER_LIMITS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
"""Values fit in [-limit, limit): manual, 8.1.1 "Integer Types"."""
_NUMERIC = re.compile(r"numeric\((\d+)(?:,\s*(-?\d+))?\)")
LIMITED_TEXT = re.compile(r"(?:character varying|varchar|character|char)\((\d+)\)")
"""Target types that hold so many characters and no more."""
_REALS = frozenset({"real", "float4"})
_CLOCK_DIGITS = re.compile(r"^(?:timestamp|timestamptz|time) ?\((\d)\)")
_FRACTION = re.compile(r"[.,](\d{7,})", re.ASCII)


def encoder_for(column: ColumnPlan) -> Encode:
    """The encoder of a copied column of a SQLite source.

    Its results are compared with the source by ``engine.checking``, which does not use it.
    """
    if column.family is Family.INTEGER:
        return _integer(_INTEGER_LIMITS.get(column.target_type, 2**63))
    if column.family is Family.NUMERIC:
        return _numeric(column.target_type)
    if column.target_type in _REALS:
        return _real
    plain = _plain_encoders().get(column.family)
    if plain is not None and (found := _CLOCK_DIGITS.search(column.target_type)):
        return _no_finer(plain, int(found[1]))
    return plain or _text(column.target_type)


def _no_finer(encode: Encode, digits: int) -> Encode:
    """For timestamp(p) and time(p), which round without a word (manual, 8.5 "Date/Time Types")."""

    def checked(value: object) -> object:
        fraction = str(value).partition(".")[2]
        kept = re.match(r"\d*", fraction)
        if kept is not None and len(kept[0].rstrip("0")) > digits:
            raise CantCarry("a time finer than the column keeps, and nothing is rounded")
        return encode(value)

    return checked


def _plain_encoders() -> dict[Family, Encode]:
    """Encoders that need to know nothing but the family."""
    return {
        Family.FLOAT: _float,
        Family.BOOLEAN: _boolean,
        Family.BYTES: _bytes,
        Family.DATE: _date,
        Family.TIME: _time,
        Family.TIMESTAMP: _timestamp,
        Family.TIMESTAMPTZ: _timestamptz,
        Family.JSON: _json,
        Family.UUID: _uuid,
    }


def _integer(limit: int) -> Encode:
    def encode(value: object) -> object:
        if type(value) is not int:
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            else:
                raise CantCarry(f"{_kind(value)} in an integer column")
        if not -limit <= value < limit:
            raise CantCarry("the number is too large for the column", Offence.OUT_OF_RANGE)
        return value

    return encode


def _float(value: object) -> object:
    if type(value) is float:
        return value
    if isinstance(value, int):
        if int(float(value)) != value:
            raise CantCarry("the whole number has more digits than a float holds")
        return float(value)
    raise CantCarry(f"{_kind(value)} in a number column")


def _real(value: object) -> object:
    """A float4 holds seven digits or so; only what it holds exactly goes in."""
    number = _float(value)
    assert isinstance(number, float)
    try:
        is_exact = struct.unpack(">f", struct.pack(">f", number))[0] == number
    except OverflowError:
        raise CantCarry("the number is too large for the column", Offence.OUT_OF_RANGE) from None
    if not is_exact:
        raise CantCarry("the number has more digits than a real holds, and nothing is rounded")
    return number


def _numeric(target_type: str) -> Encode:
    match = _NUMERIC.fullmatch(target_type)
    precision = int(match.group(1)) if match else None
    scale = int(match.group(2) or 0) if match else 0

    def encode(value: object) -> object:
        number = _decimal(value)
        if is_beyond_numeric(number):
            raise CantCarry("a number beyond what PostgreSQL's numeric holds", Offence.OUT_OF_RANGE)
        if precision is not None:
            if not number.is_finite():
                raise CantCarry("infinity in a column of so many digits", Offence.OUT_OF_RANGE)
            if _decimals(number) > scale:
                raise CantCarry(f"more than {scale} decimals, and nothing is rounded")
            if number.adjusted() >= precision - scale and number:
                raise CantCarry("the number is too large for the column", Offence.OUT_OF_RANGE)
        return str(number)

    return encode


def _decimal(value: object) -> Decimal:
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str):
        if not NUMBER.fullmatch(value):
            raise CantCarry("text in a number column")
        return Decimal(value)
    raise CantCarry(f"{_kind(value)} in a number column")


def _decimals(number: Decimal) -> int:
    """Decimals that are needed; Decimal's own way to drop zeros would round to 28 digits."""
    _, digits, exponent = number.as_tuple()
    if not isinstance(exponent, int) or not number:
        return 0
    zeros = len(digits) - len("".join(map(str, digits)).rstrip("0"))
    return -(exponent + zeros)


WORDS_OF_TRUTH = {
    **dict.fromkeys(("true", "t", "yes", "y", "on"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off"), False),
}
"""The words PostgreSQL itself reads (manual, 8.6 "Boolean Type")."""


def _boolean(value: object) -> object:
    if value in (0, 1) and isinstance(value, int | float):
        return bool(value)
    if isinstance(value, str) and (truth := WORDS_OF_TRUTH.get(value.lower())) is not None:
        return truth
    raise CantCarry("neither 0 nor 1 in a boolean column")


def _text(target_type: str) -> Encode:
    match = LIMITED_TEXT.fullmatch(target_type)
    limit = int(match.group(1)) if match else None

    def encode(value: object) -> object:
        if isinstance(value, str):
            text = clean_text(value)
        elif isinstance(value, bytes):
            raise CantCarry("bytes in a text column")
        else:
            text = repr(value)
        if limit is not None and len(text) > limit:
            raise CantCarry(f"longer than {limit} characters", Offence.TOO_LONG)
        return text

    return encode


def _bytes(value: object) -> object:
    if isinstance(value, bytes):
        return value
    raise CantCarry(f"{_kind(value)} in a bytes column")


def _date(value: object) -> object:
    text = _as_text(value, "date")
    try:
        return _matched(DATE, text, date.fromisoformat).isoformat()
    except ValueError:
        raise CantCarry("no calendar date") from None


def _time(value: object) -> object:
    text = _as_text(value, "time")
    _refuse_finer(text)
    try:
        return _matched(CLOCK, text, time.fromisoformat).isoformat()
    except ValueError:
        raise CantCarry("no time of day") from None


def _refuse_finer(text: str) -> None:
    """Python would cut what PostgreSQL's clock can't hold (both end at microseconds)."""
    if _FRACTION.search(text):
        raise CantCarry("finer than a microsecond, and nothing is rounded")


def _matched(form: re.Pattern[str], text: str, read: Callable[[str], _Read]) -> _Read:
    """The text read, where it has this form.

    Raises:
        ValueError: it has not, or names no such day or time.
    """
    if not form.fullmatch(text):
        raise ValueError(text)
    return read(text)


def _moment(value: object) -> datetime:
    text = _as_text(value, "date and time")
    _refuse_finer(text)
    try:
        return _matched(DATE if len(text) == DATE_LENGTH else TIME, text, datetime.fromisoformat)
    except ValueError:
        raise CantCarry("no calendar date and time") from None


def _timestamp(value: object) -> object:
    moment = _moment(value)
    if moment.tzinfo is not None:
        raise CantCarry("a zone in a column without zones")
    return moment.isoformat(sep=" ")


def _timestamptz(value: object) -> object:
    return _moment(value).isoformat(sep=" ")


def _json(value: object) -> object:
    text = clean_text(value) if isinstance(value, str) else None
    if text is None:
        if isinstance(value, bytes):
            raise CantCarry("bytes in a JSON column")
        return (
            json.dumps(value, allow_nan=False)
            if value not in (float("inf"), float("-inf"))
            else _refuse("infinity is no JSON")
        )
    if fault := find_jsonb_fault(text):
        raise CantCarry(*fault)
    return text


def _refuse(reason: str) -> object:
    raise CantCarry(reason)


def _uuid(value: object) -> object:
    text = _as_text(value, "UUID")
    if not UUID.fullmatch(text):
        raise CantCarry("no UUID in lower case with hyphens")
    return text


def _as_text(value: object, wanted: str) -> str:
    if isinstance(value, str):
        return value
    raise CantCarry(f"{_kind(value)} in a {wanted} column")


def _kind(value: object) -> str:
    names = {int: "a whole number", float: "a fraction", str: "text", bytes: "bytes"}
    return names.get(type(value), "a strange value")
