"""JSON texts as jsonb prints them, quickly where that is possible, exactly always.

jsonb keeps the digits of a number as they were written; Python's own reader does so for whole
numbers only, so texts with other numbers go the exact way.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache

from engine.checking.canonical import json_text

__all__ = ["plain_json"]

_FRACTION = re.compile(r"[0-9][.eE]")
_Pairs = list[tuple[str, object]]


def plain_json(text: str) -> str:
    """The text jsonb prints for it; a text that is no JSON gets one that no jsonb prints."""
    if _FRACTION.search(text) or "NaN" in text or "Infinity" in text:
        return json_text(text)
    try:
        value, end = _SCAN(text, 0)
    except (StopIteration, ValueError, RecursionError):
        return json_text(text)
    # Blanks before or behind the value, or something that does not belong there.
    return _ENCODE(value) if end == len(text) else json_text(text)


def _in_order(pairs: _Pairs) -> dict[str, object]:
    """Members as jsonb keeps them: by length of the key, then by its bytes; of doubles the last."""
    members = dict(pairs)
    return {key: members[key] for key in _order(tuple(members))}


@lru_cache(maxsize=1024)
def _order(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Documents of one table mostly have the same keys."""
    return tuple(sorted(keys, key=lambda key: (len(raw := key.encode("utf-8", "surrogatepass")), raw)))


_SCAN = json.JSONDecoder(object_pairs_hook=_in_order).scan_once  # type: ignore[attr-defined]  # typeshed lacks it
"""The reader itself: ``decode`` spends as long again on blanks around the text."""
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode
