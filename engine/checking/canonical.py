"""What a target value should read like, made from the source value alone.

This is the source's half of the comparison; the target's half is ``sql/checking/canonical_*``.
Nothing here knows how rows were encoded or moved: if it did, a comparison would prove nothing.
The rules of both halves stand in the headers of those files.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal

from engine.checking.expected_rules import expected_value
from engine.checking.print_json import json_text, print_json, read_json
from engine.checking.read_moments import days_of, microseconds_of_day, microseconds_of_moment
from engine.checking.read_numbers import double_bytes, plain_digits, real_bytes
from engine.model.catalog import Engine
from engine.model.plan import ColumnPlan, Family, MadeBy, TablePlan
from engine.model.ports import Row

__all__ = ["Canonical", "Lookup", "canonical_part", "digest_of", "read_value", "row_reader"]

Canonical = tuple[str | None, ...]
"""A row's canonical texts in plan order; None is NULL."""

_URL_SPACE = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
"""The URL name space of RFC 9562, section 6.6."""
Lookup = Callable[[object], str | None]
"""A source value that is not NULL to the canonical text of what was looked up for it."""
_Read = Callable[[object], str]
"""One source value that is not NULL to its canonical text; ``?`` and itself when it can't be read,
which no target value looks like."""
_CHARACTER = re.compile(r"(?:character|char|bpchar)(?:\(\d+\))?")
"""Types whose trailing blanks mean nothing (manual, 8.3 "Character Types")."""
_INFINITIES = frozenset({"infinity", "-infinity"})


def digest_of(canonical: Canonical) -> str:
    """The row's md5 in hex, over length-prefixed texts."""
    # What no target text holds must show as a difference, not end the comparison.
    parts = [None if part is None else part.encode(errors="surrogatepass") for part in canonical]
    text = b"".join([b"-" if part is None else b"%d:%b" % (len(part), part) for part in parts])
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def row_reader(
    table: TablePlan,
    *,
    engine: Engine,
    columns: tuple[str, ...],
    run_time: datetime,
    lookups: Mapping[str, Lookup] | None = None,
) -> Callable[[Row], Canonical]:
    """A function from source rows (in ``columns`` order) to what the target row should read like.

    ``lookups`` answer for the columns another table gives, by target column.
    """
    places = {name: place for place, name in reversed(list(enumerate(columns)))}
    parts = [
        canonical_part(table, column, places, engine=engine, run_time=run_time, lookups=lookups)
        for column in table.columns
    ]
    return lambda row: tuple([part(row) for part in parts])


def canonical_part(
    table: TablePlan,
    column: ColumnPlan,
    places: dict[str, int],
    *,
    engine: Engine,
    run_time: datetime,
    lookups: Mapping[str, Lookup] | None = None,
) -> Callable[[Row], str | None]:
    """A function from source rows to one target column's canonical text; ``places`` by source column."""
    match column.made_by:
        case MadeBy.COPY:
            place = places[column.source]
            read = _reader(column, engine)
            if column.rules:
                return lambda row: (
                    None if (value := expected_value(column, row[place])) is None else read(value)
                )
            return lambda row: None if row[place] is None else read(row[place])
        case MadeBy.CONSTANT:
            value = column.value
            read = _reader(column, Engine.POSTGRES)
            return lambda _row: None if value is None else read(value)
        case MadeBy.RUN_TIME:
            moment = _run_moment(column.family, run_time)
            return lambda _row: moment
        case MadeBy.SOURCE_NAME:
            return lambda _row: table.source
        case MadeBy.UUID5:
            space = _uuid5(_URL_SPACE, f"fordway:{table.source}:{table.source_table}")
            inputs = [places[name] for name in column.inputs]
            return lambda row: str(_as_uuid(_uuid5(space, "\x1f".join(str(row[place]) for place in inputs))))
        case MadeBy.JSON_OBJECT:
            return _json_object(column, places, engine=engine)
        case MadeBy.LOOKUP:
            place = places[column.source]
            known = (lookups or {})[column.target]
            return lambda row: None if row[place] is None else known(row[place])
        case MadeBy.EXPRESSION:
            raise AssertionError("what only the target computes is not compared")


def _uuid5(space: bytes, name: str) -> bytes:
    """Version 5 by RFC 9562, section 5.5: SHA-1 over name space and name."""
    raw = bytearray(hashlib.sha1(space + name.encode(), usedforsecurity=False).digest()[:16])
    raw[6] = (raw[6] & 0x0F) | 0x50
    raw[8] = (raw[8] & 0x3F) | 0x80
    return bytes(raw)


def _as_uuid(raw: bytes) -> str:
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _run_moment(family: Family, run_time: datetime) -> str:
    text = run_time.isoformat(sep=" ")
    if family is Family.TEXT:
        return text
    return _days(text.partition(" ")[0]) if family is Family.DATE else _moment(text)


def read_value(column: ColumnPlan, engine: Engine) -> Callable[[object], str]:
    """How a source value should read in a column of that type."""
    return _reader(column, engine)


def _reader(column: ColumnPlan, engine: Engine) -> _Read:
    """How a value that is copied into this column should read."""
    is_text = engine is Engine.POSTGRES
    if column.target_type == "json":
        # The json type keeps the text as it came; jsonb does not (manual, 8.14 "JSON Types").
        return lambda value: value if isinstance(value, str) else json.dumps(value)
    if is_text and column.target_type in {"real", "float4"}:
        return _sure(real_bytes)
    if is_text and _CHARACTER.fullmatch(column.target_type):
        return lambda value: str(value).rstrip(" ")
    return _from_text(column.family) if is_text else _from_sqlite(column.family)


_TRUE = frozenset({"1", "1.0", "true", "t", "yes", "y", "on"})


def _from_sqlite(family: Family) -> _Read:
    double, number = _sure(double_bytes), _sure(plain_digits)
    return {
        Family.INTEGER: lambda value: str(int(value)) if isinstance(value, int | float) else _odd(value),
        Family.FLOAT: lambda value: (
            struct.pack(">d", value).hex() if isinstance(value, float) else double(value)
        ),
        Family.NUMERIC: lambda value: number("Infinity" if value == float("inf") else value),
        Family.BOOLEAN: lambda value: "true" if str(value).lower() in _TRUE else "false",
        Family.BYTES: lambda value: value.hex() if isinstance(value, bytes) else _odd(value),
        Family.DATE: _days,
        Family.TIME: _time_of_day,
        Family.TIMESTAMP: _moment,
        Family.TIMESTAMPTZ: _moment,
        Family.JSON: lambda value: json_text(value if isinstance(value, str) else json.dumps(value)),
        Family.UUID: lambda value: value if isinstance(value, str) else _odd(value),
    }.get(family, lambda value: value if isinstance(value, str) else repr(value))


def _from_text(family: Family) -> _Read:
    """From PostgreSQL's own text form, or from a constant of the playbook."""
    return {
        Family.FLOAT: _sure(double_bytes),
        Family.NUMERIC: _sure(plain_digits),
        Family.BOOLEAN: lambda value: "true" if str(value).lower() in {"t", "true", "1"} else "false",
        Family.BYTES: lambda value: str(value).removeprefix("\\x"),
        Family.DATE: _days,
        Family.TIME: _time_of_day,
        Family.TIMESTAMP: _moment,
        Family.TIMESTAMPTZ: _moment,
        Family.JSON: lambda value: json_text(str(value)),
        Family.UUID: lambda value: str(value).lower(),
    }.get(family, str)


def _odd(value: object) -> str:
    return f"?{value}"


def _sure(read: Callable[[object], str | None]) -> _Read:
    def canonical(value: object) -> str:
        found = read(value)
        return _odd(value) if found is None else found

    return canonical


def _days(value: object) -> str:
    text = str(value)
    days = days_of(text)
    return str(days) if days is not None else text if text in _INFINITIES else _odd(value)


def _time_of_day(value: object) -> str:
    found = microseconds_of_day(str(value))
    return _odd(value) if found is None else str(found)


def _moment(value: object) -> str:
    text = str(value)
    found = microseconds_of_moment(text)
    return str(found) if found is not None else text if text in _INFINITIES else _odd(value)


def _json_object(column: ColumnPlan, places: dict[str, int], *, engine: Engine) -> Callable[[Row], str]:
    families = column.input_families or (Family.TEXT,) * len(column.inputs)
    members = [(name, places[name], family) for name, family in zip(column.inputs, families, strict=True)]

    def make(row: Row) -> str:
        return print_json({name: _member(row[place], family, engine) for name, place, family in members})

    return make


def _member(value: object, family: Family, engine: Engine) -> object:
    if value is None or engine is Engine.SQLITE:
        return value
    text = str(value)
    if family in (Family.INTEGER, Family.FLOAT, Family.NUMERIC) and text.lower() not in {
        "nan",
        "infinity",
        "-infinity",
    }:
        return Decimal(text)
    if family is Family.BOOLEAN:
        return text == "t"
    return read_json(text) if family is Family.JSON else text
