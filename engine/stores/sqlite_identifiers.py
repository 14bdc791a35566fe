"""Names and fragments into SQLite statements: the one place where they are quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.model.errors import BadInput

__all__ = ["EVERY_ROW", "Fragment", "compose", "condition", "marks", "quote_name"]

_COMMENT = re.compile(r"^\s*--.*$\n?", re.MULTILINE)
_PLACE = re.compile(r"\{(?P<name>[a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Fragment:
    """SQL text that is already safe: composed by us, or the operator's own filter."""

    text: str


EVERY_ROW = Fragment("1")
"""The condition that holds for every row."""


def quote_name(name: str) -> str:
    """The name as SQLite reads it back, whatever characters it has.

    Backquotes, not double quotes: a misspelt column in double quotes is taken for a
    string and would fill every row (https://sqlite.org/quirks.html#dblquote), a
    misspelt one in backquotes is an error (https://sqlite.org/lang_keywords.html).

    Raises:
        BadInput: the name has a NUL character, which ends a statement.
    """
    if "\0" in name:
        raise BadInput(f"The name {name!r} has a NUL character", todo="Rename it in the source")
    return "`" + name.replace("`", "``") + "`"


def condition(where: str) -> Fragment:
    """The playbook's filter as a fragment; an empty one lets every row through."""
    return Fragment(where) if where.strip() else EVERY_ROW


def marks(count: int) -> Fragment:
    """``count`` parameter marks, separated by commas."""
    return Fragment(", ".join("?" * count))


def compose(template: str, **parts: str | Sequence[str] | Fragment) -> str:
    """The statement with each ``{name}`` filled in.

    Args:
        template: text of a ``.sql`` file; its comment lines are left out, so that no
            name can end up inside one.
        **parts: a string is one identifier, a sequence is a list of identifiers, a
            Fragment goes in as it is.

    Raises:
        KeyError: the template names a part that was not given.
    """
    return _PLACE.sub(lambda place: _text_of(parts[place["name"]]), _COMMENT.sub("", template))


def _text_of(part: str | Sequence[str] | Fragment) -> str:
    if isinstance(part, Fragment):
        return part.text
    if isinstance(part, str):
        return quote_name(part)
    return ", ".join(quote_name(name) for name in part)
