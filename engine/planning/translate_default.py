"""Defaults that are computed: SQLite's functions and sums as PostgreSQL default expressions."""

from __future__ import annotations

import re

from engine.model.plan import Family
from engine.planning.sql_terms import CantTranslate, Scope, Term, as_value
from engine.planning.translate_functions import translator

__all__ = ["translated_default"]

_RANDOM_HEX = re.compile(
    r"(?P<lower>lower\s*\(\s*)?hex\s*\(\s*randomblob\s*\(\s*16\s*\)\s*\)\s*(?(lower)\))", re.IGNORECASE
)
_NUMBERS = frozenset({Family.INTEGER, Family.FLOAT, Family.NUMERIC})
_AS_TEXT = {
    Family.DATE: "YYYY-MM-DD",
    Family.TIMESTAMP: "YYYY-MM-DD HH24:MI:SS",
    Family.TIME: "HH24:MI:SS",
}


def translated_default(text: str, family: Family) -> str:
    """The expression that gives the same value in a column of this family.

    Args:
        text: as SQLite's schema has it.
        family: of the column's target type.

    Raises:
        ValueError: it has no sure counterpart.
    """
    if found := _RANDOM_HEX.fullmatch(_bare(text)):
        return _random_hex(family, is_lower=bool(found["lower"]))
    work = translator()
    term = as_value(work.expression(_bare(text), Scope(relations=())))
    if work.caveats:
        raise CantTranslate(work.caveats[0])
    return f"({_fitted(term, family)})"


def _bare(text: str) -> str:
    """The text without brackets around all of it."""
    stripped = text.strip()
    while stripped.startswith("(") and stripped.endswith(")") and _is_whole(stripped):
        stripped = stripped[1:-1].strip()
    return stripped


def _is_whole(text: str) -> bool:
    """Whether the first bracket closes with the last."""
    depth = 0
    for place, sign in enumerate(text):
        depth += (sign == "(") - (sign == ")")
        if depth == 0:
            return place == len(text) - 1
    return False


def _random_hex(family: Family, *, is_lower: bool) -> str:
    if family is not Family.TEXT:
        raise CantTranslate("the column holds no text")
    digits = "replace(gen_random_uuid()::text, '-', '')"
    return digits if is_lower else f"upper({digits})"


def _fitted(term: Term, family: Family) -> str:
    kind = term.kind
    if kind is None or kind is family or (kind in _NUMBERS and family in {Family.FLOAT, Family.NUMERIC}):
        return term.sql
    if family is Family.TEXT and kind in _AS_TEXT:
        return f"to_char({_moment(term)}, '{_AS_TEXT[kind]}')"
    if family is Family.TIMESTAMPTZ and kind is Family.TIMESTAMP:
        return f"{term.sql} at time zone 'utc'"
    if family is Family.TIMESTAMP and kind is Family.DATE:
        return f"{term.sql}::timestamp"
    if kind is Family.TEXT and family in {Family.TIMESTAMP, Family.DATE} and term.sql.startswith("to_char("):
        return f"({term.sql})::{family.value}"
    if kind is Family.TEXT and family is Family.INTEGER and term.sql.startswith("(floor(extract(epoch"):
        return f"({term.sql})::bigint"
    raise CantTranslate("it gives another kind of value than the column holds")


def _moment(term: Term) -> str:
    return f"('2000-01-01'::date + {term.sql})" if term.kind is Family.TIME else f"({term.sql})::timestamp"
