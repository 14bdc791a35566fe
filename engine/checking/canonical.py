"""What a target value should read like, made from the source value alone.

This is the source's half of the comparison; the target's half is ``sql/checking/canonical_*``.
Nothing here knows how rows were encoded or moved: if it did, a comparison would prove nothing.
The rules of both halves stand in the headers of those files.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal

from engine.model.catalog import Engine
from engine.model.plan import ColumnPlan, Family, MadeBy, TablePlan
from engine.model.ports import Row

__all__ = ["Canonical", "digest_of", "row_reader"]

Canonical = tuple[str | None, ...]
"""A row's canonical texts in plan order; None is NULL."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_URL_SPACE = bytes.fromhex("6ba7b8119dad11d180b400c04fd430c8")
"""The URL name space of RFC 9562, section 6.6."""


def digest_of(canonical: Canonical) -> tuple[int, int]:
    """The row's md5 as two signed 64-bit halves, over length-prefixed texts."""
    text = "".join("-" if part is None else f"{len(part.encode())}:{part}" for part in canonical)
    raw = hashlib.md5(text.encode(), usedforsecurity=False).digest()
    high, low = struct.unpack(">qq", raw)
    return high, low


def row_reader(
    table: TablePlan, *, engine: Engine, columns: tuple[str, ...], run_time: datetime
) -> Callable[[Row], Canonical]:
    """A function from source rows (in ``columns`` order) to what the target row should read like."""
    places = {name: place for place, name in reversed(list(enumerate(columns)))}
    parts = [_part(table, column, places, engine=engine, run_time=run_time) for column in table.columns]
    return lambda row: tuple([part(row) for part in parts])


def _part(
    table: TablePlan, column: ColumnPlan, places: dict[str, int], *, engine: Engine, run_time: datetime
) -> Callable[[Row], str | None]:
    match column.made_by:
        case MadeBy.COPY:
            place = places[column.source]
            read = _from_text(column.family) if engine is Engine.POSTGRES else _from_sqlite(column.family)
            return lambda row: None if row[place] is None else read(row[place])
        case MadeBy.CONSTANT:
            value = column.value
            read = _from_text(column.family)
            return lambda _row: None if value is None else read(value)
        case MadeBy.RUN_TIME:
            moment = _microseconds(run_time)
            return lambda _row: moment
        case MadeBy.SOURCE_NAME:
            return lambda _row: table.source
        case MadeBy.UUID5:
            space = _uuid5(_URL_SPACE, f"fordway:{table.source}:{table.source_table}")
            inputs = [places[name] for name in column.inputs]
            return lambda row: str(_as_uuid(_uuid5(space, "\x1f".join(str(row[place]) for place in inputs))))
        case MadeBy.JSON_OBJECT:
            return _json_object(column, places, engine=engine)


def _uuid5(space: bytes, name: str) -> bytes:
    """Version 5 by RFC 9562, section 5.5: SHA-1 over name space and name."""
    raw = bytearray(hashlib.sha1(space + name.encode(), usedforsecurity=False).digest()[:16])
    raw[6] = (raw[6] & 0x0F) | 0x50
    raw[8] = (raw[8] & 0x3F) | 0x80
    return bytes(raw)


def _as_uuid(raw: bytes) -> str:
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _from_sqlite(family: Family) -> Callable[[object], str]:
    return {
        Family.INTEGER: lambda value: str(int(_number(value))),
        Family.FLOAT: lambda value: struct.pack(">d", float(_number(value))).hex(),
        Family.NUMERIC: lambda value: _plain(Decimal(str(value))),
        Family.BOOLEAN: lambda value: "true" if str(value).lower() in {"1", "1.0", "true"} else "false",
        Family.BYTES: lambda value: value.hex() if isinstance(value, bytes) else str(value),
        Family.DATE: _days,
        Family.TIME: _time_of_day,
        Family.TIMESTAMP: lambda value: _microseconds(datetime.fromisoformat(str(value).strip())),
        Family.TIMESTAMPTZ: lambda value: _microseconds(datetime.fromisoformat(str(value).strip())),
        Family.JSON: lambda value: _json_text(value if isinstance(value, str) else json.dumps(value)),
        Family.UUID: lambda value: _as_uuid(
            value if isinstance(value, bytes) else bytes.fromhex(str(value).strip("{} ").replace("-", ""))
        ),
    }.get(family, lambda value: value if isinstance(value, str) else repr(value))


def _from_text(family: Family) -> Callable[[object], str]:
    """From PostgreSQL's own text form, or from a constant of the playbook."""
    return {
        Family.FLOAT: lambda value: struct.pack(">d", float(str(value))).hex(),
        Family.NUMERIC: lambda value: _plain(Decimal(str(value))),
        Family.BOOLEAN: lambda value: "true" if str(value).lower() in {"t", "true", "1"} else "false",
        Family.BYTES: lambda value: str(value).removeprefix("\\x"),
        Family.DATE: _days,
        Family.TIME: _time_of_day,
        Family.TIMESTAMP: _moment_text,
        Family.TIMESTAMPTZ: _moment_text,
        Family.JSON: lambda value: _json_text(str(value)),
        Family.UUID: lambda value: str(value).lower(),
    }.get(family, str)


def _number(value: object) -> int | float:
    return value if isinstance(value, int | float) else float(str(value))


def _plain(number: Decimal) -> str:
    """Digits without exponent and trailing zeros, as trim_scale prints them."""
    if not number.is_finite():
        return str(number)
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def _days(value: object) -> str:
    text = str(value).strip()
    if text in {"infinity", "-infinity"} or text.endswith(" BC"):
        return text
    return str((date.fromisoformat(text) - _EPOCH.date()).days)


def _time_of_day(value: object) -> str:
    moment = time.fromisoformat(str(value).strip())
    return str(((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond)


def _moment_text(value: object) -> str:
    text = str(value).strip()
    return text if text in {"infinity", "-infinity"} else _microseconds(datetime.fromisoformat(text))


def _microseconds(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    difference = aware - _EPOCH
    return str((difference.days * 86_400 + difference.seconds) * 1_000_000 + difference.microseconds)


def _json_object(column: ColumnPlan, places: dict[str, int], *, engine: Engine) -> Callable[[Row], str]:
    families = column.input_families or (Family.TEXT,) * len(column.inputs)
    members = [(name, places[name], family) for name, family in zip(column.inputs, families, strict=True)]

    def make(row: Row) -> str:
        return _render({name: _member(row[place], family, engine) for name, place, family in members})

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
    return json.loads(text, parse_float=Decimal) if family is Family.JSON else text


def _json_text(text: str) -> str:
    return _render(json.loads(text, parse_float=Decimal, parse_int=Decimal))


def _render(value: object) -> str:
    """JSON as jsonb prints it: keys by byte length then bytes, ``, `` and ``: `` between.

    Source: manual, 8.14 "JSON Types", and jsonb's output as the server prints it.
    """
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return "{" + ", ".join(f"{_string(key)}: {_render(value[key])}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_render(item) for item in value) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _string(value)
    return _json_number(value)


def _json_number(value: object) -> str:
    """Jsonb keeps numbers as numeric: no exponent, trailing zeros of the text kept."""
    number = (
        value
        if isinstance(value, Decimal)
        else Decimal(str(value) if isinstance(value, int) else repr(value))
    )
    return format(number, "f")


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _string(text: str) -> str:
    escaped = "".join(
        _ESCAPES.get(char) or (f"\\u{ord(char):04x}" if ord(char) < 32 else char) for char in text
    )
    return f'"{escaped}"'
