"""JSON texts nested deeper than Python's own reader goes, token by token. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

__all__ = ["DEEPEST", "TOO_DEEP", "walk_deep_json"]

DEEPEST = 10_000
"""Levels. The server's own limit is its ``max_stack_depth``: with the 2 MB it comes with, PostgreSQL 15
takes 13,000 and 18 takes 14,500; SQLite's ``json_valid`` ends well before. Deeper rows are set aside."""
TOO_DEEP = f"the JSON is nested deeper than {DEEPEST:,} levels"
_TOKEN = re.compile(
    r"[ \t\n\r]*(?:(?P<sign>[{}\[\],:])"
    r'|(?P<string>"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(?P<word>true|false|null))"
)
_BLANKS = re.compile(r"[ \t\n\r]*")
_CLOSES = {"]": "[", "}": "{"}
_ANYWHERE = frozenset({"value", "value or ]"})
_KEYS = frozenset({"key", "key or }"})


def walk_deep_json(
    text: str, *, on_number: Callable[[str], object], on_string: Callable[[str], object]
) -> str | None:
    """Why the text is no JSON that crosses; None when it is.

    Args:
        text: any text.
        on_number: told each number as written; may raise.
        on_string: told each string as written, keys too, with its quotes; may raise.
    """
    wanted, place, opened = "value", 0, []
    while wanted != "end":
        found = _TOKEN.match(text, place)
        if found is None:
            return "not valid JSON"
        place, sign = found.end(), found["sign"]
        if found["number"]:
            on_number(found["number"])
        elif found["string"]:
            on_string(found["string"])
        if sign and sign in "[{" and wanted in _ANYWHERE:
            opened.append(sign)
            if len(opened) > DEEPEST:
                return TOO_DEEP
            wanted = "value or ]" if sign == "[" else "key or }"
        elif (after := _after(wanted, sign, opened, is_string=bool(found["string"]))) is None:
            return "not valid JSON"
        else:
            wanted = after
    return None if _BLANKS.fullmatch(text, place) else "not valid JSON"


def _after(wanted: str, sign: str | None, opened: list[str], *, is_string: bool) -> str | None:
    """What has to follow the token; None when the token itself should not be there."""
    if not sign:
        if wanted in _ANYWHERE:
            return _behind(opened)
        return "colon" if is_string and wanted in _KEYS else None
    if sign == ":":
        return "value" if wanted == "colon" else None
    if sign == ",":
        return ("value" if opened[-1] == "[" else "key") if wanted == "more" else None
    if wanted not in {"more", f"value or {sign}", f"key or {sign}"} or opened[-1] != _CLOSES.get(sign):
        return None
    opened.pop()
    return _behind(opened)


def _behind(opened: list[str]) -> str:
    return "more" if opened else "end"
