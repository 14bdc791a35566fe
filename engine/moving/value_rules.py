"""Value rules of the playbook: what is done to a value before it is encoded. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from engine.model.plan import ColumnPlan, Family
from engine.moving.cant_carry import CantCarry
from engine.moving.encode_values import LIMITED_TEXT, WORDS_OF_TRUTH, Encode

__all__ = ["apply_rules"]

_Rule = Callable[[object], object]
_BLANKS = " \t\r\n"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def apply_rules(column: ColumnPlan, encode: Encode) -> Encode:
    """From a value of the source, NULL too, to what COPY writes; None is NULL.

    Args:
        column: with its rules, in the order they apply.
        encode: for values that are not NULL.
    """
    rules = [_rule(name, column, encode) for name in column.rules]

    def make(value: object) -> object:
        for rule in rules:
            value = rule(value)
        return None if value is None else encode(value)

    return make


def _rule(name: str, column: ColumnPlan, encode: Encode) -> _Rule:
    if name.startswith("default:"):
        return _default(name.removeprefix("default:"), column.family)
    if name == "truncate":
        return _truncate(column.target_type)
    if name == "null_misfits":
        return _null_misfits(encode)
    if name in {"epoch_seconds", "epoch_milliseconds"}:
        return _epoch(column.family, 1 if name == "epoch_seconds" else 1_000)
    plain: dict[str, _Rule] = {"empty_to_null": _empty_to_null, "trim": _trim, "words_to_boolean": _word}
    return plain[name]


def _empty_to_null(value: object) -> object:
    return None if value == "" else value


def _trim(value: object) -> object:
    return value.strip(_BLANKS) if isinstance(value, str) else value


def _word(value: object) -> object:
    truth = WORDS_OF_TRUTH.get(value.lower()) if isinstance(value, str) else None
    return value if truth is None else int(truth)


def _null_misfits(encode: Encode) -> _Rule:
    def rule(value: object) -> object:
        if value is None:
            return None
        try:
            encode(value)
        except CantCarry:
            return None
        return value

    return rule


def _default(text: str, family: Family) -> _Rule:
    given: object = text  # a fraction for an integer column stays text, and is refused as one
    if family in {Family.INTEGER, Family.BOOLEAN} and re.fullmatch(r"[+-]?\d+", text):
        given = int(text)
    elif family is Family.FLOAT and re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", text):
        given = float(text)
    return lambda value: given if value is None else value


def _truncate(target_type: str) -> _Rule:
    found = LIMITED_TEXT.fullmatch(target_type)
    if found is None:
        return lambda value: value
    limit = int(found[1])
    return lambda value: value[:limit] if isinstance(value, str) else value


def _epoch(family: Family, parts: int) -> _Rule:
    """Numbers as moments of UTC; what no calendar has, or is finer than a microsecond, stays a number."""

    def rule(value: object) -> object:
        if not isinstance(value, int | float) or value in (float("inf"), float("-inf")):
            return value
        microseconds = Decimal(repr(value)) * 1_000_000 / parts
        if microseconds != int(microseconds):
            return value
        try:
            moment = _EPOCH + timedelta(microseconds=int(microseconds))
        except OverflowError:
            return value
        return _as_text(moment, family)

    return rule


def _as_text(moment: datetime, family: Family) -> str:
    plain = moment.replace(tzinfo=None)
    if family is Family.DATE and plain.time() == datetime.min.time():
        return plain.date().isoformat()
    return (moment if family is Family.TIMESTAMPTZ else plain).isoformat(sep=" ")
