"""Source rows as the plain texts the target prints for them, column by column.

The quick half of the comparison: both sides are put into PostgreSQL's own text form and whole
chunks are hashed. Equal streams are equal rows, because no two values print alike; where the
streams differ, ``engine.checking.canonical`` decides value by value, exactly. So a form made
here may fail to meet the target's (a zone written otherwise), which costs time, and must never
meet that of another value. Nothing here knows how rows were encoded or moved.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from engine.checking.canonical import Lookup, canonical_part
from engine.checking.json_shapes import ShapedJson
from engine.checking.plain_json import plain_json
from engine.checking.read_moments import clock_text, date_text, moment_text
from engine.model.catalog import Engine
from engine.model.plan import ColumnPlan, Family, MadeBy, TablePlan
from engine.model.ports import Row

__all__ = ["PlainPages", "plain_of"]

_Kinds = set[type]
_Render = Callable[[Sequence[Any], _Kinds], Sequence[str]]
"""Values of one column, none of them NULL, and the types among them, to texts."""
_RAW = frozenset({Family.TEXT, Family.UUID})
_RAW_POSTGRES = frozenset({Family.INTEGER, Family.TEXT, Family.UUID, Family.OTHER})
_SECONDS, _DAY = len("2024-01-31 10:00:00"), len("2024-01-31")
_SPLIT = itemgetter(_DAY)
_TEXT_ONLY: _Kinds = {str}
_WHOLE = re.compile(r"-?[0-9]+")
_LONGEST_WHOLE = len("123456789012345.0")
_ZERO_FRACTION = re.compile(r"\.?0+(?= BC|$)")


class PlainPages:
    """Turns pages of one table's source rows into lines."""

    def __init__(
        self,
        table: TablePlan,
        *,
        engine: Engine,
        columns: tuple[str, ...],
        run_time: datetime,
        null: str,
        between: str,
        lookups: Mapping[str, Lookup] | None = None,
    ) -> None:
        """Chooses one renderer a column.

        Args:
            table: the plan; its columns give the order of the fields.
            engine: the source's kind.
            columns: what the rows hold, in order.
            run_time: the value of RUN_TIME columns.
            null: what stands for NULL; no value of either side reads so.
            between: what stands between fields; no value holds it either.
            lookups: answer for the columns another table gives.
        """
        self._null = null
        self._between = between
        places = {name: place for place, name in reversed(list(enumerate(columns)))}
        self._fields: list[Callable[[Sequence[Row], Sequence[Sequence[object]]], Sequence[str]]] = []
        for column in table.columns:
            is_plain = column.made_by is MadeBy.COPY and not column.rules
            render = _quick(column, engine) if is_plain else None
            if render is not None:
                self._fields.append(self._copied(places[column.source], render))
            else:
                part = canonical_part(
                    table, column, places, engine=engine, run_time=run_time, lookups=lookups
                )
                self._fields.append(self._made(column.family, part))

    def lines(self, page: Sequence[Row]) -> list[str]:
        """Each row as one text, its fields with the sign between them."""
        values = list(zip(*page, strict=True))
        return list(
            map(self._between.join, zip(*[field(page, values) for field in self._fields], strict=True))
        )

    def _copied(
        self, place: int, render: _Render
    ) -> Callable[[Sequence[Row], Sequence[Sequence[object]]], Sequence[str]]:
        def field(_page: Sequence[Row], values: Sequence[Sequence[object]]) -> Sequence[str]:
            return self._with_nulls(values[place], render)

        return field

    def _made(
        self, family: Family, part: Callable[[Row], str | None]
    ) -> Callable[[Sequence[Row], Sequence[Sequence[object]]], Sequence[str]]:
        def render(values: Sequence[object], _kinds: _Kinds) -> list[str]:
            return [plain_of(family, str(value)) for value in values]

        def field(page: Sequence[Row], _values: Sequence[Sequence[object]]) -> Sequence[str]:
            return self._with_nulls([part(row) for row in page], render)

        return field

    def _with_nulls(self, values: Sequence[object], render: _Render) -> Sequence[str]:
        kinds = set(map(type, values))
        if type(None) not in kinds:
            return render(values, kinds)
        filled = [value for value in values if value is not None]
        rendered = iter(render(filled, kinds - {type(None)}))
        return [self._null if value is None else next(rendered) for value in values]


def _quick(column: ColumnPlan, engine: Engine) -> _Render | None:
    """How a copied column is rendered without going through canonical texts; None where it must be."""
    if engine is Engine.POSTGRES:
        is_raw = column.family in _RAW_POSTGRES and not column.target_type.startswith(("char", "bpchar"))
        return _texts if is_raw or column.target_type == "json" else None
    if column.target_type.startswith(("char", "bpchar")) or column.target_type in {"json", "real", "float4"}:
        return None
    return _jsons() if column.family is Family.JSON else _RENDERERS.get(column.family)


def _texts(values: Sequence[Any], kinds: _Kinds) -> Sequence[str]:
    if kinds == _TEXT_ONLY:
        return values
    return [value if type(value) is str else _number(value) for value in values]


def _number(value: object) -> str:
    return repr(value) if isinstance(value, float) else str(value)


def _integers(values: Sequence[object], _kinds: _Kinds) -> list[str]:
    return list(map(str, values))


def _floats(values: Sequence[object], _kinds: _Kinds) -> list[str]:
    """As float8out prints them: no point after whole numbers, an exponent from 1e15 on."""
    texts = map(repr, values)
    return [text[:-2] if text.endswith(".0") and len(text) <= _LONGEST_WHOLE else text for text in texts]


def _numerics(values: Sequence[object], _kinds: _Kinds) -> list[str]:
    return [
        str(value) if type(value) is int else plain_of(Family.NUMERIC, _numeric(value)) for value in values
    ]


def _numeric(value: object) -> str:
    text = repr(value) if isinstance(value, float) else str(value)
    return text[:-2] if text.endswith(".0") else text


def _blobs(values: Sequence[object], _kinds: _Kinds) -> list[str]:
    return [value.hex() if isinstance(value, bytes) else f"?{value}" for value in values]


def _moments(values: Sequence[Any], kinds: _Kinds) -> Sequence[str]:
    if kinds == _TEXT_ONLY and set(map(len, values)) == {_SECONDS} and set(map(_SPLIT, values)) == {" "}:
        return values
    return [_moment(value) if type(value) is str else _number(value) for value in values]


def _moment(text: str) -> str:
    if len(text) == _SECONDS:
        return f"{text[:_DAY]} {text[_DAY + 1 :]}" if text[_DAY] == "T" else text
    if len(text) == _DAY:
        return f"{text} 00:00:00"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("T", " ")


def _zoned(values: Sequence[object], _kinds: _Kinds) -> list[str]:
    return [_zoned_moment(value) if type(value) is str else _number(value) for value in values]


def _zoned_moment(text: str) -> str:
    for ending in ("Z", "+00:00", "+00"):
        if text.endswith(ending):
            return f"{_moment(text[: -len(ending)])}+00"
    return text


def _clocks(values: Sequence[object], _kinds: _Kinds) -> list[str]:
    return [
        f"{value}:00" if type(value) is str and len(value) == len("10:00") else str(value) for value in values
    ]


def _jsons() -> _Render:
    shaped = ShapedJson(plain_json)

    def render(values: Sequence[Any], kinds: _Kinds) -> list[str]:
        if kinds == _TEXT_ONLY:
            return list(map(shaped, values))
        return [shaped(value) if type(value) is str else _number(value) for value in values]

    return render


_RENDERERS: dict[Family, _Render] = {
    Family.INTEGER: _integers,
    Family.FLOAT: _floats,
    Family.NUMERIC: _numerics,
    Family.BOOLEAN: _integers,
    Family.TEXT: _texts,
    Family.UUID: _texts,
    Family.BYTES: _blobs,
    Family.DATE: _texts,
    Family.TIME: _clocks,
    Family.TIMESTAMP: _moments,
    Family.TIMESTAMPTZ: _zoned,
}


def plain_of(family: Family, canonical: str) -> str:
    """A canonical text as the plain text ``sql/checking/plain_*`` prints for the same value."""
    if family is Family.FLOAT and re.fullmatch(r"[0-9a-f]{16}", canonical):
        return _float_text(struct.unpack(">d", bytes.fromhex(canonical))[0])
    if family is Family.BOOLEAN:
        return {"true": "1", "false": "0"}.get(canonical, canonical)
    if not _WHOLE.fullmatch(canonical):
        return canonical
    match family:
        case Family.DATE:
            return date_text(int(canonical))
        case Family.TIMESTAMP:
            return _ZERO_FRACTION.sub("", moment_text(int(canonical)))
        case Family.TIMESTAMPTZ:
            moment, *era = _ZERO_FRACTION.sub("", moment_text(int(canonical))).split(" BC")
            return f"{moment}+00{' BC' if era else ''}"
        case Family.TIME:
            return _ZERO_FRACTION.sub("", clock_text(int(canonical)))
        case _:
            return canonical


def _float_text(number: float) -> str:
    names = {float("inf"): "Infinity", float("-inf"): "-Infinity"}
    if number != number:
        return "NaN"
    return names.get(number) or _floats([number], {float})[0]
