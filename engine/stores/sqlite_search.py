"""Finds rows of a SQLite table by values of any of its columns."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from engine.model.plan import KeyRange, KeyValue
from engine.model.ports import RowSearch
from engine.stores.sqlite_identifiers import EVERY_ROW, Fragment, compose, condition
from engine.stores.sqlite_keys import bounds_of, key_marks, piece
from sql import load

__all__ = ["search_of"]

_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,18})", re.ASCII)
_FRACTION = re.compile(r"-?\d+\.\d+(?:[eE][+-]?\d+)?", re.ASCII)


def search_of(search: RowSearch) -> tuple[str, list[KeyValue]]:
    """The statement that reads such rows, and what is bound to it."""
    statement = compose(
        load("sqlite_source/find_rows"),
        columns=search.columns,
        table=search.table,
        condition=condition(search.where),
        span=EVERY_ROW if search.span is None else _span(search.key, search.span),
        by=search.by,
        parts=Fragment(", ".join(_part(place) for place in range(len(search.by)))),
    )
    bounds = [] if search.span is None else bounds_of(search.span)
    return statement, [*bounds, json.dumps([given for value in search.values for given in _spellings(value)])]


def _part(place: int) -> str:
    return piece("asked_part", place=Fragment(str(place)))


def _span(key: Sequence[str], span: KeyRange) -> Fragment:
    if span.after is None:
        return Fragment(piece("upto_span", key=key, upto=key_marks(span.upto)))
    return Fragment(piece("within_span", key=key, after=key_marks(span.after), upto=key_marks(span.upto)))


def _spellings(value: tuple[str, ...]) -> list[tuple[object, ...]]:
    """The values as text, and as numbers where they read so.

    A column that was declared with a type turns what it is compared with into its own kind; one without
    does not (https://sqlite.org/datatype3.html, 4.2 "Type Conversions Prior To Comparison").
    """
    numbers = tuple(_number(part) for part in value)
    return [value] if numbers == value else [value, numbers]


def _number(text: str) -> object:
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _FRACTION.fullmatch(text) else text
