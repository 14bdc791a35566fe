"""JSON texts as jsonb prints them, exactly and however deep they are nested. Pure."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation

__all__ = ["json_text", "print_json", "read_json"]

_BLANKS = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_int=Decimal)


def json_text(text: str) -> str:
    """The text as jsonb prints it; with a question mark before it when it is no JSON."""
    try:
        return print_json(read_json(text))
    except (ValueError, InvalidOperation):
        return f"?{text}"


def read_json(text: str) -> object:
    """What the text says, its numbers as decimals.

    Raises:
        ValueError: it is no JSON.
        InvalidOperation: it holds a number no decimal holds.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError:
        return _Deep(text).value()


class _Deep:
    """A text nested deeper than Python's own reader goes: containers here, all else by that reader."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._open: list[list[object] | dict[str, object]] = []
        self._keys: list[str] = []
        """Of the open objects, the one whose value comes next."""

    def value(self) -> object:
        while True:
            if (opened := self._opened()) is not None:
                self._open.append(opened)
                if self._next() not in "]}":
                    self._key()
                    continue
                found = self._closed()
            else:
                found, self._place = _DECODER.raw_decode(self._text, self._place)
            while self._open and not self._has_more(found):
                found = self._closed()
            if not self._open:
                if self._next():
                    raise ValueError("something behind the value")
                return found

    def _next(self) -> str:
        """The next character that is no blank; empty at the end."""
        blanks = _BLANKS.match(self._text, self._place)
        self._place = blanks.end() if blanks else self._place
        return self._text[self._place : self._place + 1]

    def _take(self, wanted: str) -> str:
        found = self._next()
        if not found or found not in wanted:
            raise ValueError(f"no {wanted}")
        self._place += 1
        return found

    def _opened(self) -> list[object] | dict[str, object] | None:
        found = self._next()
        if not found or found not in "[{":
            return None
        self._place += 1
        return [] if found == "[" else {}

    def _key(self) -> None:
        """An object's next key is read, and the colon behind it."""
        if isinstance(self._open[-1], dict):
            if self._next() != '"':
                raise ValueError("no key")
            key, self._place = _DECODER.raw_decode(self._text, self._place)
            self._keys.append(key)
            self._take(":")

    def _has_more(self, found: object) -> bool:
        """The value is put where it belongs; whether another one follows."""
        top = self._open[-1]
        if isinstance(top, dict):
            top[self._keys.pop()] = found
        else:
            top.append(found)
        if self._next() != ",":
            return False
        self._place += 1
        self._key()
        return True

    def _closed(self) -> object:
        top = self._open.pop()
        self._take("}" if isinstance(top, dict) else "]")
        return top


class _Sign(str):
    """A piece of the output itself, no value."""

    __slots__ = ()


def print_json(value: object) -> str:
    """JSON as jsonb prints it: keys by byte length then bytes, ``, `` and ``: `` between.

    Source: manual, 8.14 "JSON Types", and jsonb's output as the server prints it.
    """
    pieces: list[str] = []
    left = [value]
    while left:
        part = left.pop()
        if isinstance(part, dict):
            left += reversed(_object(part))
        elif isinstance(part, list):
            left += reversed(_array(part))
        else:
            pieces.append(part if isinstance(part, _Sign) else _scalar(part))
    return "".join(pieces)


def _object(members: dict[str, object]) -> list[object]:
    parts: list[object] = []
    for key in sorted(members, key=_order):
        parts += (_Sign(", " if parts else "{"), _Sign(_string(key) + ": "), members[key])
    return [*parts, _Sign("}")] if parts else [_Sign("{}")]


def _order(key: str) -> tuple[int, bytes]:
    raw = key.encode("utf-8", "surrogatepass")
    return len(raw), raw


def _array(items: list[object]) -> list[object]:
    parts: list[object] = []
    for item in items:
        parts += (_Sign(", " if parts else "["), item)
    return [*parts, _Sign("]")] if parts else [_Sign("[]")]


def _scalar(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _string(value) if isinstance(value, str) else _json_number(value)


def _json_number(value: object) -> str:
    """Jsonb keeps numbers as numeric: no exponent, no signed zero, trailing zeros of the text kept."""
    number = (
        value
        if isinstance(value, Decimal)
        else Decimal(str(value) if isinstance(value, int) else repr(value))
    )
    return format(number.copy_abs() if number.is_zero() else number, "f")


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _string(text: str) -> str:
    escaped = "".join(
        _ESCAPES.get(char) or (f"\\u{ord(char):04x}" if ord(char) < 32 else char) for char in text
    )
    return f'"{escaped}"'
