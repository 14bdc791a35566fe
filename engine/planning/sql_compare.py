"""Two SQLite expressions side by side, so that PostgreSQL compares them as SQLite does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from engine.model.plan import Family
from engine.planning.sql_terms import NUMBERS, CantTranslate, Term, as_value, fold_case, quoted_text

__all__ = ["agree", "compare", "ordered"]

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ORDERING = frozenset({"<", "<=", ">", ">="})
_FLIPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_PLAIN = frozenset(
    {Family.BYTES, Family.DATE, Family.TIMESTAMP, Family.TIMESTAMPTZ, Family.TIME, Family.UUID}
)
"""Kinds whose order in SQLite, as text or bytes, is their order in PostgreSQL."""


def compare(operator: str, left: Term, right: Term) -> str:
    """The comparison, true where SQLite's is.

    Raises:
        CantTranslate: the two are not of one kind, or compare by other rules.
    """
    one, other = _alike(operator, left, right), _alike(_FLIPPED.get(operator, operator), right, left)
    if one.kind is Family.TEXT and other.kind in {Family.TEXT, None}:
        return _compare_texts(operator, one, other, collation=_collation(left, right))
    return f"({one.sql} {operator} {other.sql})"


def _alike(operator: str, term: Term, other: Term) -> Term:
    """The term as a value of the other's kind (https://sqlite.org/datatype3.html, section 4.2)."""
    kind = other.kind
    if term.kind is None or kind is None or (term.kind is kind and kind is not Family.OTHER):
        if Family.JSON in {term.kind, kind} or Family.OTHER in {term.kind, kind}:
            raise CantTranslate("it compares values of more than one kind")
        return term
    if term.kind in NUMBERS and kind in NUMBERS:
        return term
    if kind is Family.BOOLEAN and term.kind in NUMBERS:
        return _as_boolean(term) if not other.is_test else term
    if term.kind is Family.BOOLEAN and kind in NUMBERS:
        return term if other.literal in {"0", "1"} and not term.is_test else _counted(term)
    return _literal_like(operator, term, other)


def _as_boolean(term: Term) -> Term:
    if term.literal in {"0", "1"}:
        return replace(term, sql="true" if term.literal == "1" else "false", kind=Family.BOOLEAN)
    return term


def _counted(term: Term) -> Term:
    return replace(term, sql=f"({term.sql})::integer", kind=Family.INTEGER)


def _literal_like(operator: str, term: Term, other: Term) -> Term:
    """A literal beside a column of another kind, or the column beside the literal."""
    column, literal = (other, term) if term.literal is not None else (term, other)
    if literal.literal is None or not column.name:
        raise CantTranslate("it compares values of different kinds")
    seen = operator if term is column else _FLIPPED.get(operator, operator)
    changed = _converted(seen, literal, column)
    return changed if term is literal else term


def _converted(operator: str, literal: Term, column: Term) -> Term:
    """The literal as a value of the column's kind; the operator stands behind the column."""
    text, kind = literal.literal or "", column.kind
    is_text = literal.kind is Family.TEXT
    if kind in NUMBERS and is_text and _NUMBER.fullmatch(text):
        return replace(literal, sql=text, kind=Family.NUMERIC)
    if kind is Family.TEXT and literal.kind is Family.INTEGER and _WHOLE.fullmatch(text):
        return replace(literal, sql=quoted_text(text), kind=Family.TEXT)
    if kind is Family.UUID and is_text and _UUID.fullmatch(text) and operator in {"=", "<>"}:
        return replace(literal, sql=f"{quoted_text(text)}::uuid", kind=Family.UUID)
    if kind is Family.DATE and is_text and _is_day(text):
        return replace(literal, sql=f"{quoted_text(text)}::date", kind=Family.DATE)
    # A day's text sorts before every time of that day, so only these two ask the same.
    if kind is Family.TIMESTAMP and is_text and _is_day(text) and operator in {"<", ">="}:
        return replace(literal, sql=f"{quoted_text(text)}::timestamp", kind=Family.TIMESTAMP)
    raise CantTranslate("it compares values of different kinds")


def _is_day(text: str) -> bool:
    with suppress(ValueError):
        return _DAY.fullmatch(text) is not None and bool(date.fromisoformat(text))
    return False


def _collation(left: Term, right: Term) -> str:
    """Which collation SQLite takes (https://sqlite.org/datatype3.html, section 7.1)."""
    for term in (left, right):
        if term.is_forced:
            return term.collation
    return left.collation or right.collation or "binary"


def _compare_texts(operator: str, left: Term, right: Term, *, collation: str) -> str:
    if collation == "nocase":
        return f"({fold_case(left.sql)} {operator} {fold_case(right.sql)})"
    if collation != "binary":
        raise CantTranslate(f"it compares by the collation {collation.upper()}")
    if operator in _ORDERING:
        # SQLite orders text by its bytes, and so does the collation C.
        return f'({left.sql} collate "C" {operator} {right.sql} collate "C")'
    return f"({left.sql} {operator} {right.sql})"


def ordered(term: Term) -> str:
    """The term where rows are put in order by it.

    Raises:
        CantTranslate: SQLite orders it by other rules.
    """
    if term.kind is Family.TEXT:
        if term.collation == "nocase":
            return fold_case(term.sql)
        if term.collation in {"", "binary"}:
            return f'{term.sql} collate "C"'
    if term.kind in NUMBERS or term.kind in _PLAIN or term.kind in {Family.BOOLEAN, None}:
        return term.sql
    raise CantTranslate("it orders values by rules PostgreSQL lacks")


def agree(terms: Sequence[Term]) -> tuple[list[Term], Family | None]:
    """Terms that may all be the value of one expression, and the kind of that value.

    Raises:
        CantTranslate: they are of different kinds.
    """
    found = {term.kind for term in terms if term.kind is not None}
    if found <= {Family.BOOLEAN} and not all(term.is_test for term in terms if term.kind is not None):
        return list(terms), Family.BOOLEAN if found else None
    if Family.BOOLEAN in found and _are_zero_or_one(terms):
        return [_as_boolean(term) for term in terms], Family.BOOLEAN
    values = [as_value(term) for term in terms]
    kinds = {term.kind for term in values if term.kind is not None}
    if len(kinds) <= 1:
        return values, next(iter(kinds), None)
    if kinds <= NUMBERS:
        # An integer among floats would print as one in SQLite; as a number it is the same.
        kind = Family.FLOAT if Family.FLOAT in kinds else Family.NUMERIC
        return values, kind
    raise CantTranslate("its values are of different kinds")


def _are_zero_or_one(terms: Sequence[Term]) -> bool:
    return all(
        (term.kind is Family.BOOLEAN and not term.is_test) or term.literal in {"0", "1"} or term.kind is None
        for term in terms
    )
