"""What only the text of a SQLite statement says: checks, generated columns, collations, index parts.

SQLite takes any words for a type and lets a clause stand almost anywhere, so the text is cut at
brackets and commas and searched for the words that matter; what stands between them is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

__all__ = [
    "CheckText",
    "IndexPart",
    "IndexText",
    "TableText",
    "read_index_text",
    "read_table_text",
    "view_query",
]

_TOKEN = re.compile(
    r"""(?P<gap>\s+|--[^\n]*|/\*.*?(?:\*/|\Z))
      | (?P<name>"(?:[^"]|"")*" | `(?:[^`]|``)*` | \[[^\]]*\])
      | (?P<text>'(?:[^']|'')*')
      | (?P<word>[^\W\d]\w*)
      | (?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int
    depth: int
    """Open brackets around it; a bracket itself counts as outside."""

    @property
    def word(self) -> str:
        """The keyword it could be, in capitals; empty for a quoted name."""
        return self.text.upper() if self.kind == "word" else ""

    @property
    def name(self) -> str:
        """The name it could be, without quotes."""
        if self.kind not in {"name", "text"}:
            return self.text
        quote = self.text[-1]
        inside = self.text[1:-1]
        return inside if quote == "]" else inside.replace(quote * 2, quote)


def _tokens(text: str) -> list[_Token]:
    depth, found = 0, []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "sign"
        if kind == "gap":
            continue
        sign = match.group()
        depth -= sign == ")"
        found.append(_Token(kind, sign, match.start(), match.end(), depth))
        depth += sign == "("
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckText:
    """One CHECK as it was written."""

    text: str
    """The condition, without CHECK and the brackets around it."""
    name: str = ""
    """Given by CONSTRAINT; empty when it has none."""
    column: str = ""
    """The column it was written behind; empty for one of the whole table."""


@dataclass(slots=True, kw_only=True)
class TableText:
    """What the text of CREATE TABLE says and no pragma does."""

    checks: list[CheckText] = field(default_factory=list)
    generated: dict[str, str] = field(default_factory=dict)
    """Expression by column."""
    collations: dict[str, str] = field(default_factory=dict)
    """Collation in lower case by column; columns without COLLATE are not in it."""
    deferred: set[tuple[str, ...]] = field(default_factory=set)
    """Column names in lower case of the foreign keys that are INITIALLY DEFERRED."""
    is_autoincrement: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPart:
    """One key of an index as it was written."""

    text: str
    collation: str = ""
    """In lower case; empty without COLLATE."""
    is_descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexText:
    """What the text of CREATE INDEX says."""

    parts: tuple[IndexPart, ...]
    where: str = ""
    """Empty for an index over all rows."""


def read_table_text(statement: str) -> TableText:
    """The clauses of a CREATE TABLE; nothing for a text that is none."""
    tokens, found = _tokens(statement), TableText()
    for item in _items(tokens, _first_bracket(tokens)):
        _read_item(statement, item, found)
    return found


def _first_bracket(tokens: Sequence[_Token]) -> int:
    return next((place for place, token in enumerate(tokens) if token.text == "("), len(tokens))


def _items(tokens: Sequence[_Token], bracket: int) -> Iterator[list[_Token]]:
    """The tokens between the bracket and its end, cut at the commas directly in it."""
    item: list[_Token] = []
    for token in tokens[bracket + 1 :]:
        if token.depth == 0:
            break
        if token.depth == 1 and token.text == "," and token.kind == "sign":
            yield item
            item = []
        else:
            item.append(token)
    if item:
        yield item


def _read_item(statement: str, item: list[_Token], found: TableText) -> None:
    is_constraint = item[0].word in {"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"}
    column = "" if is_constraint else item[0].name
    name = ""
    key: tuple[str, ...] = (column.lower(),) if column else ()
    clauses = [token for token in item if token.depth == 1]
    for place, token in enumerate(clauses):
        following = clauses[place + 1] if place + 1 < len(clauses) else token
        match token.word:
            case "CONSTRAINT":
                name = following.name
            case "CHECK" if following.text == "(":
                text = _inside(statement, item, following)
                found.checks.append(CheckText(text=text, name=name, column=column))
                name = ""
            case "AS" if following.text == "(":
                found.generated[column] = _inside(statement, item, following)
            case "COLLATE" if column:
                found.collations[column] = following.name.lower()
            case "KEY" if not column and clauses[place - 1].word == "FOREIGN":
                inside = _between(item, following)
                key = tuple(t.name.lower() for t in inside if t.text != ",")
            case "DEFERRED":
                found.deferred.add(key)
            case "AUTOINCREMENT":
                found.is_autoincrement = True
            case _:
                pass


def _between(item: Sequence[_Token], bracket: _Token) -> list[_Token]:
    inside = []
    for token in item[item.index(bracket) + 1 :]:
        if token.text == ")" and token.depth == bracket.depth:
            break
        inside.append(token)
    return inside


def _inside(statement: str, item: Sequence[_Token], bracket: _Token) -> str:
    inside = _between(item, bracket)
    return statement[inside[0].start : inside[-1].end] if inside else ""


def read_index_text(statement: str) -> IndexText:
    """The keys and the condition of a CREATE INDEX; no keys for a text that is none."""
    tokens = _tokens(statement)
    bracket = _first_bracket(tokens)
    parts = tuple(_read_part(statement, item) for item in _items(tokens, bracket))
    where = next((t for t in tokens[bracket:] if t.depth == 0 and t.word == "WHERE"), None)
    condition = statement[where.end : tokens[-1].end].strip().rstrip(";") if where else ""
    return IndexText(parts=parts, where=condition)


def _read_part(statement: str, item: list[_Token]) -> IndexPart:
    rest, is_descending, collation = list(item), False, ""
    if rest[-1].word in {"ASC", "DESC"} and len(rest) > 1:
        is_descending = rest.pop().word == "DESC"
    top = item[0].depth
    if len(rest) > 2 and rest[-2].word == "COLLATE" and rest[-2].depth == top:
        collation = rest[-1].name.lower()
        rest = rest[:-2]
    return IndexPart(
        text=statement[rest[0].start : rest[-1].end], collation=collation, is_descending=is_descending
    )


def view_query(statement: str) -> tuple[tuple[str, ...], str]:
    """The column names a CREATE VIEW gives, if any, and the query behind AS; empty when it is no view."""
    tokens = _tokens(statement)
    names: tuple[str, ...] = ()
    for token in tokens:
        if token.text == "(" and token.depth == 0 and not names:
            names = tuple(t.name for t in _between(tokens, token) if t.text != ",")
        if token.word == "AS" and token.depth == 0:
            return names, statement[token.end :].strip().rstrip(";")
    return (), ""
