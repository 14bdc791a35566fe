"""Chunk keys in SQLite statements: their columns, their marks, and what is bound to them.

Text that is no UTF-8 is read with lone surrogates for its odd bytes; as a key it must go back
as the very same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.plan import KeyRange, KeyValue
from engine.stores.sqlite_identifiers import EVERY_ROW, Fragment, compose
from engine.stores.text_shapes import is_damaged
from sql import load

__all__ = ["backwards", "behind", "bound", "bounds_of", "key_marks", "piece"]


def piece(name: str, **parts: str | Sequence[str] | Fragment) -> str:
    """A piece of a statement from ``sql/sqlite_source``, with its names filled in."""
    return compose(load(f"sqlite_source/{name}"), **parts).strip()


def backwards(key: Sequence[str]) -> Fragment:
    """The key's columns for ORDER BY, last row first."""
    return Fragment(", ".join(piece("descending_key", column=column) for column in key))


def behind(key: Sequence[str], after: tuple[KeyValue, ...] | None) -> Fragment:
    """The condition that holds for rows behind a key, or for all where there is none."""
    return EVERY_ROW if after is None else Fragment(piece("after_key", key=key, after=key_marks(after)))


def bound(value: KeyValue) -> KeyValue:
    """The value as the driver must bind it: text that is no UTF-8 goes as its bytes."""
    if isinstance(value, str) and is_damaged(value):
        return value.encode("utf-8", "surrogateescape")
    return value


def bounds_of(span: KeyRange) -> list[KeyValue]:
    """What a range's marks stand for, in order."""
    return [bound(value) for value in (*(span.after or ()), *span.upto)]


def key_marks(values: Sequence[KeyValue]) -> Fragment:
    """One mark a value; bytes that stand for text are cast back to it."""
    cast = piece("text_mark")
    return Fragment(
        ", ".join(cast if isinstance(value, str) and is_damaged(value) else "?" for value in values)
    )
