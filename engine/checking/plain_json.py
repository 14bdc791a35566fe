"""JSON texts as jsonb prints them, quickly where that is possible, exactly always.

jsonb keeps the digits of a number as they were written. Python's own reader and writer do so for
whole numbers, and for others that print as they were read; texts with any other go the exact way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache

from engine.checking.print_json import json_text

__all__ = ["plain_json"]

_Pairs = list[tuple[str, object]]


def plain_json(text: str) -> str:
    """The text jsonb prints for it; a text that is no JSON gets one that no jsonb prints."""
    try:
        value, end = _SCAN(text, 0)
        # Blanks before or behind the value, or something that does not belong there.
        return _ENCODE(value) if end == len(text) else json_text(text)
    except (StopIteration, ValueError, RecursionError):
        return json_text(text)


def _kept(text: str) -> float:
    """A number that prints as it was read.

    Raises:
        ValueError: it would print otherwise, or jsonb prints it otherwise.
    """
    number = float(text)
    if repr(number) != text or "e" in text or not number:
        raise ValueError(text)
    return number


def _refused(text: str) -> float:
    raise ValueError(text)


def _in_order(pairs: _Pairs) -> dict[str, object]:
    """Members as jsonb keeps them: by length of the key, then by its bytes; of doubles the last."""
    members = dict(pairs)
    return {key: members[key] for key in _order(tuple(members))}


@lru_cache(maxsize=1024)
def _order(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Documents of one table mostly have the same keys."""
    return tuple(sorted(keys, key=lambda key: (len(raw := key.encode("utf-8", "surrogatepass")), raw)))


_SCAN = json.JSONDecoder(object_pairs_hook=_in_order, parse_float=_kept, parse_constant=_refused).scan_once  # type: ignore[attr-defined]  # typeshed lacks it
"""The reader itself: ``decode`` spends as long again on blanks around the text."""


def _encoder() -> Callable[[object], str]:
    """The writer itself, made once: ``encode`` makes a new one for every value."""
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return json.JSONEncoder(ensure_ascii=False, separators=(", ", ": ")).encode
    write = make(None, None, json.encoder.encode_basestring, None, ": ", ", ", False, False, False)
    return lambda value: "".join(write(value, 0))


_ENCODE = _encoder()
