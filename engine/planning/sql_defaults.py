"""Defaults of the source as PostgreSQL expressions, where they mean the same."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from math import isinf

from engine.model.plan import Family
from engine.planning.declared_limits import keeps_to, limit_of
from engine.planning.sql_terms import quoted_text

__all__ = ["is_literal", "postgres_default", "sqlite_default"]

_INTEGER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_TEXT = re.compile(r"'((?:[^']|'')*)'|\"((?:[^\"]|\"\")*)\"", re.DOTALL)
_BLOB = re.compile(r"[xX]'((?:[0-9a-fA-F]{2})*)'")
_DATE = r"\d{4}-\d\d-\d\d"
_CLOCK = r"\d\d:\d\d(:\d\d(\.\d{1,6})?)?"
_SHAPES = {
    Family.DATE: re.compile(_DATE),
    Family.TIMESTAMP: re.compile(rf"{_DATE}([ T]{_CLOCK})?"),
    Family.TIME: re.compile(_CLOCK),
}
"""What both read alike; Python alone reads week dates, and a zone would be dropped without a word."""
_SMALLEST, _LARGEST = -(2**63), 2**63 - 1
_MOMENTS = {
    ("current_timestamp", Family.TIMESTAMP): "(now() at time zone 'utc')",
    ("current_timestamp", Family.TIMESTAMPTZ): "now()",
    ("current_timestamp", Family.TEXT): "to_char(now() at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS')",
    ("current_date", Family.DATE): "((now() at time zone 'utc')::date)",
    ("current_date", Family.TEXT): "to_char(now() at time zone 'utc', 'YYYY-MM-DD')",
    ("current_time", Family.TIME): "((now() at time zone 'utc')::time(0))",
    ("current_time", Family.TEXT): "to_char(now() at time zone 'utc', 'HH24:MI:SS')",
}
"""SQLite's CURRENT_* are UTC without a zone (https://sqlite.org/lang_createtable.html, section 3.2)."""
_SAFE_POSTGRES = re.compile(
    r"(now\(\)|CURRENT_TIMESTAMP|CURRENT_DATE|LOCALTIMESTAMP|gen_random_uuid\(\)|true|false|NULL(::[a-z ]+)?"
    r"|\(?-?\d+(\.\d+)?\)?(::[a-z ]+(\(\d+(,\d+)?\))?)?"
    r"|'(?:[^']|'')*'::(text|character varying|bpchar|jsonb|json|date|interval|numeric|integer"
    r"|bigint|smallint|\"char\"|uuid|bytea|inet|cidr|time without time zone|timestamp without time zone"
    r"|timestamp with time zone"
    r"|text\[\]|integer\[\]|bigint\[\]|character varying\[\])(\(\d+(,\d+)?\))?)"
)


def is_literal(default: str | None) -> bool:
    """Whether it is a plain number, text or binary value, with nothing to compute."""
    text = _bare(default or "")
    return any(shape.fullmatch(text) for shape in (_NUMBER, _TEXT, _BLOB))


def sqlite_default(default: str | None, family: Family, *, target_type: str = "") -> str | None:
    """The PostgreSQL expression that means the same.

    Args:
        default: as SQLite's schema has it.
        family: of the column's target type.
        target_type: where it has digits, the default must keep to them.

    Returns:
        None without a default, or for NULL.

    Raises:
        ValueError: it has no counterpart; the column goes without one.
    """
    text = _bare(default or "")
    if not text or text.lower() == "null":
        return None
    moment = _MOMENTS.get((text.lower(), family))
    if moment is not None:
        return moment
    if found := _BLOB.fullmatch(text):
        return _blob(found[1], family)
    if found := _TEXT.fullmatch(text):
        single, double = found[1], found[2]
        value = single.replace("''", "'") if single is not None else double.replace('""', '"')
        return _literal(value, family, target_type)
    if _NUMBER.fullmatch(text) or text.lower() in {"true", "false"}:
        return _literal(text, family, target_type)
    raise ValueError(text)


def postgres_default(default: str | None) -> str | None:
    """The default as it is, when it rests on nothing but built-in types and functions.

    Raises:
        ValueError: it needs something the target may not have.
    """
    if default is None or _SAFE_POSTGRES.fullmatch(default):
        return default
    raise ValueError(default)


def _bare(text: str) -> str:
    stripped = text.strip()
    while stripped.startswith("(") and stripped.endswith(")"):
        stripped = stripped[1:-1].strip()
    return stripped


def _blob(digits: str, family: Family) -> str:
    if family is not Family.BYTES:
        raise ValueError(digits)
    return f"'\\x{digits.lower()}'::bytea"


def _literal(value: str, family: Family, target_type: str) -> str:
    if family is Family.BOOLEAN:
        return _boolean(value)
    if family is Family.TEXT:
        return quoted_text(value)
    if family is Family.INTEGER:
        return _integer(value)
    if family in {Family.FLOAT, Family.NUMERIC} and _NUMBER.fullmatch(value):
        return _number(value, target_type)
    readers = {
        Family.DATE: date.fromisoformat,
        Family.TIMESTAMP: datetime.fromisoformat,
        Family.TIME: time.fromisoformat,
        Family.JSON: _read_json,
    }
    reader = readers.get(family)
    shape = _SHAPES.get(family)
    if reader is None or (shape is not None and not shape.fullmatch(value)):
        raise ValueError(value)
    reader(value)
    return quoted_text(value)


def _number(value: str, target_type: str) -> str:
    """The number, where SQLite reads it as what it says: beyond a double it is infinity, or zero."""
    read, limit = float(value), limit_of(target_type)
    is_beyond = isinf(read) or (read == 0 and Decimal(value) != 0)
    if is_beyond or (limit is not None and not keeps_to(limit, value)):
        raise ValueError(value)
    return value.lstrip("+")


def _read_json(value: str) -> None:
    def refuse(word: str) -> None:
        raise ValueError(word)

    json.loads(value, parse_constant=refuse)
    if "\\u0000" in value:
        raise ValueError(value)


def _boolean(value: str) -> str:
    words = {"1": "true", "true": "true", "t": "true", "0": "false", "false": "false", "f": "false"}
    if value.lower() not in words:
        raise ValueError(value)
    return words[value.lower()]


def _integer(value: str) -> str:
    if not _INTEGER.fullmatch(value) or not _SMALLEST <= int(value) <= _LARGEST:
        raise ValueError(value)
    return str(int(value))
