"""Pieces of PostgreSQL that stand for pieces of SQLite's SQL, with what is known of their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.model.plan import Family

__all__ = [
    "NUMBERS",
    "CantTranslate",
    "Query",
    "Relation",
    "Scope",
    "Term",
    "as_number",
    "as_truth",
    "as_value",
    "fold_case",
    "quoted_identifier",
    "quoted_text",
]

NUMBERS = frozenset({Family.INTEGER, Family.FLOAT, Family.NUMERIC})
_PLAIN_TEXT = re.compile(r"[^\0\ud800-\udfff]*", re.DOTALL)


class CantTranslate(ValueError):
    """The reason why a text has no sure counterpart, as a clause for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An expression in PostgreSQL's words that has the value SQLite's has."""

    sql: str
    kind: Family | None
    """What its values are; None: only NULL; OTHER: anything, which can be shown and no more."""
    collation: str = ""
    """How text of a column compares: ``binary`` or ``nocase``; empty: no column."""
    is_forced: bool = False
    """The collation was written with COLLATE."""
    is_test: bool = False
    """True or false in PostgreSQL where SQLite has 1 or 0."""
    literal: str | None = None
    """The constant itself, as text."""
    name: str = ""
    """The target's column, when it is one."""
    has_aggregate: bool = False
    is_real: bool = False
    """SQLite surely has a REAL there; other numbers may be whole, and divide as whole ones do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A table or query whose columns can be named."""

    alias: str
    """As names are looked up: lower case."""
    sql_alias: str
    """Empty: columns stand alone."""
    columns: Mapping[str, Term]
    """By the source's name in lower case; ``sql`` is the bare quoted column."""
    hidden: Mapping[str, Term] = field(default_factory=dict)
    """Names that can be used and do not count under ``*``: ``rowid``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A query in PostgreSQL's words."""

    sql: str
    columns: tuple[tuple[str, Term], ...]
    """Source name and what the query gives under it; ``Term.sql`` is the quoted output name."""
    caveats: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Scope:
    """What names mean at one place."""

    relations: Sequence[Relation]
    outer: Scope | None = None
    aliases: dict[str, Term] = field(default_factory=dict)
    """Terms a select list gives names to."""
    tables: Callable[[str], Relation | None] = lambda _: None
    """The relation of that name, in lower case, with ``sql_alias`` as the quoted table name."""

    def column(self, name: str, table: str, *, is_quoted: bool) -> Term:
        """What a column name means.

        Raises:
            CantTranslate: nothing sure.
        """
        found = [
            _of(relation, term)
            for relation in self.relations
            if table in {"", relation.alias}
            and (term := relation.columns.get(name) or relation.hidden.get(name)) is not None
        ]
        if len(found) > 1:
            raise CantTranslate(f"'{name}' could be a column of several tables")
        if found:
            return found[0]
        if not table and name in self.aliases:
            return self.aliases[name]
        if self.outer is not None:
            return self.outer.column(name, table, is_quoted=is_quoted)
        raise CantTranslate(f"there is no column '{name}' to stand for it")


def _of(relation: Relation, term: Term) -> Term:
    return replace(term, sql=f"{relation.sql_alias}.{term.sql}") if relation.sql_alias else term


def quoted_identifier(name: str) -> str:
    """The name in quotes."""
    return '"' + name.replace('"', '""') + '"'


def quoted_text(text: str) -> str:
    """The text as a PostgreSQL literal.

    Raises:
        CantTranslate: PostgreSQL has no such text.
    """
    if not _PLAIN_TEXT.fullmatch(text):
        raise CantTranslate("a text PostgreSQL can't hold")
    return "'" + text.replace("'", "''") + "'"


def as_truth(term: Term) -> str:
    """The term where true or false is asked for.

    Raises:
        CantTranslate: SQLite would read a number out of a text.
    """
    if term.kind is Family.BOOLEAN:
        return term.sql
    if term.kind is None:
        return "null::boolean"
    if term.kind in NUMBERS:
        return f"({term.sql} <> 0)"
    raise CantTranslate("something other than a number stands for true or false")


def as_value(term: Term) -> Term:
    """The term where a value is asked for: a comparison is 1 or 0."""
    return (
        replace(term, sql=f"({term.sql})::integer", kind=Family.INTEGER, is_test=False)
        if term.is_test
        else term
    )


def as_number(term: Term) -> Term:
    """The term where SQLite would count with it.

    Raises:
        CantTranslate: it is no number, and SQLite would make one of it.
    """
    if term.kind is Family.BOOLEAN:
        return replace(term, sql=f"({term.sql})::integer", kind=Family.INTEGER, is_test=False, name="")
    if term.kind in NUMBERS or term.kind is None:
        return term
    raise CantTranslate("it counts with something that is no number")


def fold_case(sql: str) -> str:
    """The text without regard to the case of ASCII letters, as SQLite's NOCASE and LIKE see it.

    With the collation C, lower() changes A to Z and nothing else (manual, 24.2 "Collation Support").
    """
    return f'lower({sql} collate "C")'
