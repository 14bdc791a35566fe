"""One value from a source into the form COPY takes, or the reason why it can't be carried.

Nothing is rounded, truncated or re-encoded here: a value either arrives as it was or is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from uuid import UUID

from engine.model.plan import ColumnPlan, Family

__all__ = ["CantCarry", "Encode", "encoder_for"]

Encode = Callable[[object], object]
"""A value that is not None, to what psycopg's COPY writes for the column's type."""


class CantCarry(ValueError):
    """The reason one value is refused; its text goes into the quarantine."""


_INTEGER_LIMITS = {"smallint": 2**15, "integer": 2**31, "bigint": 2**63}
"""Values fit in [-limit, limit): manual, 8.1.1 "Integer Types"."""
_NUMERIC = re.compile(r"numeric\((\d+)(?:,\s*(-?\d+))?\)")
_VARCHAR = re.compile(r"(?:character varying|varchar|character|char)\((\d+)\)")
_FRACTION = re.compile(r"[.,](\d+)")


def encoder_for(column: ColumnPlan) -> Encode:
    """The encoder of a copied column of a SQLite source.

    Its results are compared with the source by ``engine.checking``, which does not use it.
    """
    if column.family is Family.INTEGER:
        return _integer(_INTEGER_LIMITS.get(column.target_type, 2**63))
    if column.family is Family.NUMERIC:
        return _numeric(column.target_type)
    return _plain_encoders().get(column.family) or _text(column.target_type)


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
            raise CantCarry("the number is too large for the column")
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


def _numeric(target_type: str) -> Encode:
    match = _NUMERIC.fullmatch(target_type)
    precision = int(match.group(1)) if match else None
    scale = int(match.group(2) or 0) if match else 0

    def encode(value: object) -> object:
        number = _decimal(value)
        if precision is not None and number.is_finite():
            exponent = number.normalize().as_tuple().exponent
            if isinstance(exponent, int) and -exponent > scale:
                raise CantCarry(f"more than {scale} decimals, and nothing is rounded")
            if number.adjusted() >= precision - scale and number:
                raise CantCarry("the number is too large for the column")
        return str(number)

    return encode


def _decimal(value: object) -> Decimal:
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str):
        try:
            return Decimal(value.strip())
        except InvalidOperation:
            raise CantCarry("text in a number column") from None
    raise CantCarry(f"{_kind(value)} in a number column")


def _boolean(value: object) -> object:
    if value in (0, 1) and isinstance(value, int | float):
        return bool(value)
    if isinstance(value, str) and value.lower() in {"true", "false"}:
        return value.lower() == "true"
    raise CantCarry("neither 0 nor 1 in a boolean column")


def _text(target_type: str) -> Encode:
    match = _VARCHAR.fullmatch(target_type)
    limit = int(match.group(1)) if match else None

    def encode(value: object) -> object:
        if isinstance(value, str):
            text = _clean(value)
        elif isinstance(value, bytes):
            raise CantCarry("bytes in a text column")
        else:
            text = repr(value)
        if limit is not None and len(text) > limit:
            raise CantCarry(f"longer than {limit} characters")
        return text

    return encode


def _clean(text: str) -> str:
    if "\x00" in text:
        raise CantCarry("the text holds a NUL character, which PostgreSQL can't store")
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise CantCarry("the text is not valid UTF-8") from None
    return text


def _bytes(value: object) -> object:
    if isinstance(value, bytes):
        return value
    raise CantCarry(f"{_kind(value)} in a bytes column")


def _date(value: object) -> object:
    text = _as_text(value, "date")
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise CantCarry("no calendar date") from None


def _time(value: object) -> object:
    text = _as_text(value, "time")
    _refuse_finer(text)
    try:
        moment = time.fromisoformat(text)
    except ValueError:
        raise CantCarry("no time of day") from None
    if moment.tzinfo is not None:
        raise CantCarry("a zone in a column without zones")
    return moment.isoformat()


def _refuse_finer(text: str) -> None:
    """Python would cut what PostgreSQL's clock can't hold (both end at microseconds)."""
    fraction = _FRACTION.search(text)
    if fraction and len(fraction.group(1).rstrip("0")) > 6:
        raise CantCarry("finer than a microsecond, and nothing is rounded")


def _moment(value: object) -> datetime:
    text = _as_text(value, "date and time")
    _refuse_finer(text)
    try:
        return datetime.fromisoformat(text)
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
    text = _clean(value) if isinstance(value, str) else None
    if text is None:
        if isinstance(value, bytes):
            raise CantCarry("bytes in a JSON column")
        return (
            json.dumps(value, allow_nan=False)
            if value not in (float("inf"), float("-inf"))
            else _refuse("infinity is no JSON")
        )
    try:
        json.loads(text, parse_constant=lambda _: _refuse("NaN and infinity are no JSON"))
    except CantCarry:
        raise
    except ValueError:
        raise CantCarry("not valid JSON") from None
    if "\\u0000" in text:
        raise CantCarry("the JSON holds a NUL character, which PostgreSQL can't store")
    return text


def _refuse(reason: str) -> object:
    raise CantCarry(reason)


def _uuid(value: object) -> object:
    try:
        return str(UUID(bytes=value)) if isinstance(value, bytes) else str(UUID(_as_text(value, "UUID")))
    except ValueError:
        raise CantCarry("no UUID") from None


def _as_text(value: object, wanted: str) -> str:
    if isinstance(value, str):
        return value.strip()
    raise CantCarry(f"{_kind(value)} in a {wanted} column")


def _kind(value: object) -> str:
    names = {int: "a whole number", float: "a fraction", str: "text", bytes: "bytes"}
    return names.get(type(value), "a strange value")
