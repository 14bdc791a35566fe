"""Texts of one JSON shape after another: what was learnt of the first is used for the others.

Documents of one column mostly differ in their values alone. Of a text that was read in full a
pattern is made, with a place for every string, number and word, and a template that has these
places where jsonb prints them (members by length and bytes of their keys, one blank behind
commas and colons). A text that fits the pattern is printed by the template, unread. Only values
that jsonb prints as they are written fit a place.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["ShapedJson"]

# No escapes and nothing below the blank. Halves of surrogate pairs fit, and meet nothing a target could hold.
_STRING = r'"[^"\\\x00-\x1f]*+"'
# No exponents, no negative zeros, and never more digits than numeric keeps.
_NUMBER = r"(?:-?[1-9][0-9]{0,30}|0)(?:\.[0-9]{1,30})?"
_SCALAR = rf"(?:{_STRING}|{_NUMBER}|true|false|null)"
_LIST = rf"\[(?:{_SCALAR}(?:, {_SCALAR})*)?\]"
_PLACE = rf"({_SCALAR}|{_LIST})"
_IS_VALUE, _IS_STRING = re.compile(_PLACE), re.compile(_STRING)
_BLANKS = re.compile(r"[ \t\n\r]*")
_MOST_SHAPES = 8
_LONGEST, _MOST_PLACES, _DEEPEST = 10_000, 80, 20
_MOST_LEARNT, _MOST_MET = 32, 200
"""Patterns made of one column's documents, and looked at: making one takes as long as reading some
thousand small documents, and putting one together as long as reading some."""


class _Odd(Exception):
    """The text has something no shape holds."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A part of a document: what matches it, what prints it, and the places in the order they are printed."""

    pattern: str
    template: str
    places: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Shape:
    match: Callable[[str], re.Match[str] | None]
    template: str
    order: tuple[int, ...]


def _order(key: str) -> tuple[int, bytes]:
    raw = key.encode("utf-8", "surrogatepass")
    return len(raw), raw


class ShapedJson:
    """Prints JSON texts as jsonb does; one for each column."""

    def __init__(self, exactly: Callable[[str], str]) -> None:
        """Knows no shape yet; ``exactly`` prints whatever fits none."""
        self._exactly = exactly
        self._shapes: list[_Shape] = []
        self._met: set[str] = set()
        """Patterns of documents met once."""
        self._left = _MOST_LEARNT

    def __call__(self, text: str) -> str:
        """The text jsonb prints for it."""
        for shape in self._shapes:
            if found := shape.match(text):
                if shape is not self._shapes[0]:
                    self._shapes.remove(shape)
                    self._shapes.insert(0, shape)
                return shape.template % found.group(*shape.order)
        if self._left:
            self._learn(text)
        return self._exactly(text)

    def _learn(self, text: str) -> None:
        """A shape that is met a second time may serve others."""
        node = _shape_of(text)
        if node is None:
            return
        if node.pattern not in self._met:
            self._met.add(node.pattern)
            if len(self._met) > _MOST_MET:
                # Documents look too different: shapes would only cost.
                self._left = 0
            return
        self._left -= 1
        self._shapes = [_made(node), *self._shapes[: _MOST_SHAPES - 1]]


def _shape_of(text: str) -> _Node | None:
    """The shape of a JSON text; None where it has none that could serve others."""
    if len(text) > _LONGEST:
        return None
    try:
        node, end = _Reader(text).value(0, depth=0)
    except _Odd:
        return None
    # A text without a place for a value serves nobody else.
    return node if end == len(text) and node.places else None


def _made(node: _Node) -> _Shape:
    return _Shape(re.compile(node.pattern).fullmatch, node.template, node.places)


class _Reader:
    """Goes through one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places = 0

    def value(self, at: int, *, depth: int) -> tuple[_Node, int]:
        if depth > _DEEPEST or self._places >= _MOST_PLACES:
            raise _Odd
        if found := _IS_VALUE.match(self._text, at):
            self._places += 1
            return _Node(_PLACE, "%s", (self._places,)), found.end()
        if self._is_next("{", at):
            return self._members(at, depth=depth)
        return self._elements(at, depth=depth)

    def _members(self, at: int, *, depth: int) -> tuple[_Node, int]:
        pattern, at = self._sign("{", at)
        members: dict[str, _Node] = {}
        while not self._is_next("}", at):
            if members:
                comma, at = self._sign(",", at)
                pattern += comma
            key = _IS_STRING.match(self._text, at)
            if key is None:
                raise _Odd
            colon, at = self._sign(":", self._behind_blanks(key.end()))
            pattern += re.escape(self._text[key.start() : key.end()])
            pattern += re.escape(self._text[key.end() : self._behind_blanks(key.end())]) + colon
            members[key[0]], at = self.value(at, depth=depth + 1)
            pattern += members[key[0]].pattern
            blanks, at = self._blanks(at)
            pattern += blanks
        ordered = sorted(members.items(), key=lambda member: _order(member[0]))
        template = ", ".join(f"{key.replace('%', '%%')}: {node.template}" for key, node in ordered)
        places = tuple(place for _, node in ordered for place in node.places)
        return _Node(pattern + re.escape("}"), "{" + template + "}", places), at + 1

    def _elements(self, at: int, *, depth: int) -> tuple[_Node, int]:
        pattern, at = self._sign("[", at)
        nodes: list[_Node] = []
        while not self._is_next("]", at):
            if nodes:
                comma, at = self._sign(",", at)
                pattern += comma
            node, at = self.value(at, depth=depth + 1)
            nodes.append(node)
            blanks, at = self._blanks(at)
            pattern += node.pattern + blanks
        template = ", ".join(node.template for node in nodes)
        places = tuple(place for node in nodes for place in node.places)
        return _Node(pattern + re.escape("]"), "[" + template + "]", places), at + 1

    def _sign(self, sign: str, at: int) -> tuple[str, int]:
        """The sign and the blanks behind it, as a pattern."""
        if not self._is_next(sign, at):
            raise _Odd
        blanks, at = self._blanks(at + 1)
        return re.escape(sign) + blanks, at

    def _blanks(self, at: int) -> tuple[str, int]:
        end = self._behind_blanks(at)
        return re.escape(self._text[at:end]), end

    def _behind_blanks(self, at: int) -> int:
        found = _BLANKS.match(self._text, at)
        return found.end() if found else at

    def _is_next(self, sign: str, at: int) -> bool:
        return self._text[at : at + 1] == sign
