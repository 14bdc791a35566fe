"""SQLite expressions as PostgreSQL expressions of the same meaning, or the reason why not.

What is translated is a list of what is known to mean the same; everything else is refused, so
that a wrong guess can't hide behind a statement PostgreSQL happens to accept.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from engine.model.plan import Family
from engine.planning.sql_compare import compare
from engine.planning.sql_terms import (
    CantTranslate,
    Scope,
    Term,
    as_number,
    as_truth,
    as_value,
    quoted_text,
)

__all__ = ["BITS", "Handler", "Translator", "in_list", "only", "parse_sqlite", "test_of"]

# It writes a line for every text it can't read; the reason goes into a finding instead.
logging.getLogger("sqlglot").setLevel(logging.CRITICAL)

_COMPARISONS: dict[type[Any], str] = {
    exp.EQ: "=", exp.NEQ: "<>", exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=",
}  # fmt: skip
_NULL_SAFE: dict[type[Any], str] = {
    exp.NullSafeEQ: "is not distinct from",
    exp.NullSafeNEQ: "is distinct from",
}
BITS: dict[type[Any], str] = {exp.BitwiseAnd: "&", exp.BitwiseOr: "|"}
_SAME_LEVEL = (*_COMPARISONS, *_NULL_SAFE, exp.Is, exp.In, exp.Between, exp.Like)
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod)


def parse_sqlite(text: str) -> exp.Expr:
    """The text of one expression or query, read as SQLite reads it.

    Raises:
        CantTranslate: it can't be read.
    """
    try:
        tree = sqlglot.parse_one(text, read="sqlite")
    except (SqlglotError, RecursionError):
        raise CantTranslate("its text can't be read") from None
    if isinstance(tree, exp.Command):
        raise CantTranslate("its text can't be read")
    return tree


def only(node: exp.Expr, *names: str) -> None:
    """Nothing but these parts is set.

    Raises:
        CantTranslate: something else is.
    """
    ignored = {"enforced", "typed", "safe", "big_int", "ignore_nulls", "_type"}
    for name, value in node.args.items():
        if value and name not in names and name not in ignored:
            raise CantTranslate(f"it uses {name.strip('_').replace('_', ' ')} in {node.key.upper()}")


Handler = Callable[["Translator", Any, Scope], Term]


@dataclass(slots=True)
class Translator:
    """Translates expressions; ``caveats`` says what is not the same to the last bit."""

    functions: dict[type[Any], Handler] = field(default_factory=dict)
    caveats: list[str] = field(default_factory=list)

    def condition(self, text: str, scope: Scope) -> str:
        """A condition's text in PostgreSQL's words.

        Raises:
            CantTranslate: it has no sure counterpart.
        """
        return as_truth(self.expression(text, scope))

    def expression(self, text: str, scope: Scope) -> Term:
        """An expression's text in PostgreSQL's words.

        Raises:
            CantTranslate: it has no sure counterpart.
        """
        # Behind SELECT, REPLACE(..) is read as the function it is.
        tree = parse_sqlite(f"select {text}")
        if not isinstance(tree, exp.Select) or len(tree.expressions) != 1:
            raise CantTranslate("its text can't be read")
        only(tree, "expressions")
        return self.term(tree.expressions[0], scope)

    def term(self, node: exp.Expr, scope: Scope) -> Term:
        """One node of the tree.

        Raises:
            CantTranslate: it has no sure counterpart.
        """
        _refuse_doubtful_order(node)
        handler = self.functions.get(type(node)) or _HANDLERS.get(type(node))
        if handler is None:
            name = node.name if isinstance(node, exp.Anonymous) else node.key
            raise CantTranslate(f"it uses {name.upper()}")
        try:
            return handler(self, node, scope)
        except RecursionError:
            raise CantTranslate("it is nested too deeply") from None

    def truth(self, node: exp.Expr, scope: Scope) -> str:
        """One node where true or false is asked for."""
        return as_truth(self.term(node, scope))

    def value(self, node: exp.Expr, scope: Scope) -> Term:
        """One node where a value is asked for."""
        return as_value(self.term(node, scope))


def _refuse_doubtful_order(node: exp.Expr) -> None:
    """SQLite binds ``||`` and bit operators otherwise than most; brackets make them plain."""
    children = [child for child in node.args.values() if isinstance(child, exp.Expr)]
    mixed: tuple[tuple[tuple[type[Any], ...], tuple[type[Any], ...]], ...] = (
        ((exp.DPipe,), (*_ARITHMETIC, *BITS, exp.Neg)),
        ((*_ARITHMETIC, *BITS, exp.Neg, exp.BitwiseNot), (exp.DPipe, exp.Collate)),
        (tuple(BITS), (*_ARITHMETIC, *_SAME_LEVEL)),
        (_ARITHMETIC, tuple(BITS)),
        (_SAME_LEVEL, (*_SAME_LEVEL, *BITS, exp.Not, exp.And, exp.Or)),
    )
    for outer, inner in mixed:
        if isinstance(node, outer) and any(isinstance(child, inner) for child in children):
            raise CantTranslate("it mixes operators without brackets")


def _column(_: Translator, node: exp.Column, scope: Scope) -> Term:
    only(node, "this", "table")
    identifier = node.this
    if not isinstance(identifier, exp.Identifier):
        raise CantTranslate("it uses * in an expression")
    is_quoted = bool(identifier.args.get("quoted"))
    try:
        return scope.column(node.name.lower(), node.table.lower(), is_quoted=is_quoted)
    except CantTranslate:
        # A name in double quotes that is no column is a text (https://sqlite.org/quirks.html#dblquote).
        if is_quoted and not node.table:
            return _text_literal(node.name)
        raise


def _text_literal(text: str) -> Term:
    return Term(sql=quoted_text(text), kind=Family.TEXT, literal=text)


def _literal(_: Translator, node: exp.Literal, _scope: Scope) -> Term:
    text = str(node.this)
    if node.is_string:
        return _text_literal(text)
    kind = Family.INTEGER if text.isdecimal() else Family.FLOAT
    if kind is Family.INTEGER and int(text) >= 2**63:
        raise CantTranslate("a number beyond 64 bits")
    return Term(sql=text, kind=kind, literal=text, is_real=kind is Family.FLOAT)


def _bytes(_: Translator, node: exp.HexString, _scope: Scope) -> Term:
    return Term(sql=f"'\\x{str(node.this).lower()}'::bytea", kind=Family.BYTES)


def _boolean(_: Translator, node: exp.Boolean, _scope: Scope) -> Term:
    literal = "1" if node.this else "0"
    return Term(sql=literal, kind=Family.INTEGER, literal=literal)


def _paren(t: Translator, node: exp.Paren, scope: Scope) -> Term:
    term = t.term(node.this, scope)
    return term if term.literal is not None or term.name else replace(term, sql=f"({term.sql})")


def _neg(t: Translator, node: exp.Neg, scope: Scope) -> Term:
    term = as_number(t.term(node.this, scope))
    literal = f"-{term.literal}" if term.literal else None
    return replace(term, sql=f"(-{term.sql})", literal=literal, name="")


def test_of(sql: str) -> Term:
    """A condition, which is 1 or 0 to SQLite."""
    return Term(sql=sql, kind=Family.BOOLEAN, is_test=True)


def _comparison(t: Translator, node: exp.Binary, scope: Scope) -> Term:
    operator = _COMPARISONS.get(type(node)) or _NULL_SAFE[type(node)]
    return test_of(compare(operator, t.term(node.left, scope), t.term(node.right, scope)))


def _is(t: Translator, node: exp.Is, scope: Scope) -> Term:
    left, right = t.term(node.this, scope), node.expression
    if isinstance(right, exp.Null):
        return test_of(f"({left.sql} is null)")
    if isinstance(right, exp.Boolean):
        return test_of(f"({as_truth(left)} is {'true' if right.this else 'false'})")
    return test_of(compare("is not distinct from", left, t.term(right, scope)))


def _junction(t: Translator, node: exp.Connector, scope: Scope) -> Term:
    word = "and" if isinstance(node, exp.And) else "or"
    return test_of(f"({t.truth(node.left, scope)} {word} {t.truth(node.right, scope)})")


def _not(t: Translator, node: exp.Not, scope: Scope) -> Term:
    return test_of(f"(not {t.truth(node.this, scope)})")


def _between(t: Translator, node: exp.Between, scope: Scope) -> Term:
    only(node, "this", "low", "high")
    term = t.term(node.this, scope)
    low, high = (t.term(node.args[name], scope) for name in ("low", "high"))
    return test_of(f"({compare('>=', term, low)} and {compare('<=', term, high)})")


def in_list(t: Translator, node: exp.In, scope: Scope) -> Term:
    """IN with values written out.

    Raises:
        CantTranslate: they are of other kinds, or a query gives them.
    """
    only(node, "this", "expressions")
    term = t.term(node.this, scope)
    left = replace(term, collation=term.collation or "binary")
    # Only the left side has a say in how IN compares (https://sqlite.org/datatype3.html, section 4.2).
    given = [replace(t.term(option, scope), name="") for option in node.expressions]
    options = [compare("=", left, option) for option in given]
    return test_of("(" + " or ".join(options) + ")" if options else "false")


def _collate(t: Translator, node: exp.Collate, scope: Scope) -> Term:
    term = t.term(node.this, scope)
    return replace(term, collation=node.expression.name.lower(), is_forced=True)


def _null(_: Translator, _node: exp.Null, _scope: Scope) -> Term:
    return Term(sql="null", kind=None)


_HANDLERS: dict[type[Any], Handler] = {
    exp.Column: _column, exp.Literal: _literal, exp.HexString: _bytes, exp.Boolean: _boolean, exp.Null: _null,
    exp.Paren: _paren, exp.Neg: _neg, exp.Is: _is, exp.And: _junction, exp.Or: _junction, exp.Not: _not,
    exp.Between: _between, exp.In: in_list,
    exp.Collate: _collate,
    **dict.fromkeys((*_COMPARISONS, *_NULL_SAFE), _comparison),
}  # fmt: skip
