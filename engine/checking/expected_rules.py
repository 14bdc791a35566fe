"""What a source value reads like after the playbook's value rules, told apart from the mover's way.

Rules are read here from their description in the playbook's reference, not from the code that
applies them when rows move.
"""

from __future__ import annotations

import re
from datetime import date, time
from math import isfinite

from engine.checking.read_moments import days_of, microseconds_of_day, microseconds_of_moment
from engine.model.plan import ColumnPlan, Family
from engine.planning.declared_limits import keeps_to, limit_of

__all__ = ["expected_value"]

_TRUE, _FALSE = {"y", "yes", "t", "true", "on"}, {"n", "no", "f", "false", "off"}
_DAY_SECONDS = 86_400
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_WHOLE_BITS = {"smallint": 15, "integer": 31, "bigint": 63}


def expected_value(column: ColumnPlan, value: object) -> object:
    """The source value the target's should be compared with; None where NULL is meant."""
    for rule in column.rules:
        value = _after(rule, column, value)
    return value


def _after(rule: str, column: ColumnPlan, value: object) -> object:
    if value is None:
        return _given(rule[len("default:") :], column.family) if rule.startswith("default:") else None
    if rule == "empty_to_null" and value == "":
        return None
    if rule == "trim" and isinstance(value, str):
        return re.sub(r"\A[ \t\r\n]+|[ \t\r\n]+\Z", "", value)
    if rule == "words_to_boolean" and isinstance(value, str):
        word = value.casefold() if value.isascii() else value
        return 1 if word in _TRUE else 0 if word in _FALSE else value
    if rule == "truncate" and isinstance(value, str):
        limit = re.search(r"\((\d+)\)", column.target_type)
        return value[: int(limit[1])] if limit and "char" in column.target_type else value
    if rule in {"epoch_seconds", "epoch_milliseconds"} and isinstance(value, int | float):
        return _moment(value, column.family, in_milliseconds=rule.endswith("milliseconds"))
    if rule == "null_misfits" and not _fits(column, value):
        return None
    return value


def _given(text: str, family: Family) -> object:
    """The default as SQLite would have held it in such a column."""
    if not _NUMBER.fullmatch(text) or family not in {Family.INTEGER, Family.BOOLEAN, Family.FLOAT}:
        return text
    return float(text) if family is Family.FLOAT or not text.lstrip("+-").isdigit() else int(text)


def _moment(number: float, family: Family, *, in_milliseconds: bool) -> object:
    """The moment as ISO text, by the days and seconds since 1970; the number itself where there is none."""
    if not isfinite(number):
        return number
    text = f"{number:.9f}" if type(number) is float else f"{number}.000000000"
    if float(text) != number:
        return number
    sign = -1 if text.startswith("-") else 1
    whole, _, fraction = text.lstrip("-").partition(".")
    nanos = sign * (int(whole) * 1_000_000_000 + int(fraction)) // (1_000 if in_milliseconds else 1)
    if nanos % 1_000:
        return number
    seconds, micros = divmod(nanos // 1_000, 1_000_000)
    day, second = divmod(seconds, _DAY_SECONDS)
    ordinal = date(1970, 1, 1).toordinal() + day
    if not 1 <= ordinal <= date.max.toordinal():
        return number
    days = date.fromordinal(ordinal).isoformat()
    if family is Family.DATE and second == 0 == micros:
        return days
    clock = time(second // 3600, second // 60 % 60, second % 60, micros).isoformat()
    return f"{days} {clock}" + ("+00:00" if family is Family.TIMESTAMPTZ else "")


def _fits(column: ColumnPlan, value: object) -> bool:
    """Whether the column can hold the value as it is."""
    text = value if isinstance(value, str) else ""
    match column.family:
        case Family.INTEGER:
            end = 2 ** _WHOLE_BITS.get(column.target_type, 63)
            return isinstance(value, int | float) and value % 1 == 0 and -end <= value < end
        case Family.FLOAT:
            return isinstance(value, float) or (isinstance(value, int) and int(float(value)) == value)
        case Family.NUMERIC:
            limit = limit_of(column.target_type)
            is_number = isinstance(value, int | float) or bool(_NUMBER.fullmatch(text))
            return is_number and (limit is None or keeps_to(limit, value))
        case Family.BOOLEAN:
            return (isinstance(value, int | float) and value in (0, 1)) or text.lower() in _TRUE | _FALSE
        case Family.BYTES:
            return isinstance(value, bytes)
        case Family.DATE:
            return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII)) and days_of(text) is not None
        case Family.TIME:
            return microseconds_of_day(text) is not None
        case Family.TIMESTAMP | Family.TIMESTAMPTZ:
            is_zoned = bool(re.search(r"(Z|[+-]\d\d(:?\d\d)?)\Z", text[10:]))
            is_moment = microseconds_of_moment(text) is not None
            return is_moment and not (is_zoned and column.family is Family.TIMESTAMP)
        case Family.UUID:
            return bool(_UUID.fullmatch(text))
        case _:
            shown = text if isinstance(value, str) else repr(value)
            limit = limit_of(column.target_type)
            is_short = limit is None or len(shown) <= limit[1]
            return not isinstance(value, bytes) and _is_clean(text) and is_short


def _is_clean(text: str) -> bool:
    return not any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in text)
