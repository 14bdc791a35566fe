"""SQLite's operators that make values - sums, texts, casts, choices - as PostgreSQL's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlglot import exp

from engine.model.plan import Family
from engine.planning.sql_compare import agree, compare
from engine.planning.sql_terms import CantTranslate, Scope, Term, as_number, as_value, fold_case, quoted_text
from engine.planning.translate_sql import BITS, Handler, Translator, only, test_of

__all__ = ["VALUES"]

_SUMS: dict[type[Any], str] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_CASTS = {
    "INT": Family.INTEGER, "BIGINT": Family.INTEGER, "TEXT": Family.TEXT, "DOUBLE": Family.FLOAT,
    "FLOAT": Family.FLOAT,
}  # fmt: skip


def _like(t: Translator, node: exp.Like, scope: Scope, escape: str = "") -> Term:
    only(node, "this", "expression", "negate")
    sides = [_as_text(t.term(side, scope)) for side in (node.this, node.expression)]
    word = "not like" if node.args.get("negate") else "like"
    # LIKE of SQLite ignores the case of ASCII letters and has no escape sign of its own.
    return test_of(
        f"({fold_case(sides[0].sql)} {word} {fold_case(sides[1].sql)} escape {quoted_text(escape)})"
    )


def _escape(t: Translator, node: exp.Escape, scope: Scope) -> Term:
    sign = node.expression
    if not (
        isinstance(node.this, exp.Like) and isinstance(sign, exp.Literal) and not str(sign.this).isalpha()
    ):
        raise CantTranslate("it uses ESCAPE")
    return _like(t, node.this, scope, escape=str(sign.this))


def _as_text(term: Term) -> Term:
    term = as_value(term)
    if term.kind is Family.TEXT or term.kind is None:
        return term
    if term.kind is Family.INTEGER:
        return replace(term, sql=f"({term.sql})::text", kind=Family.TEXT, name="", literal=None)
    if term.kind is Family.BOOLEAN:
        return replace(term, sql=f"({term.sql})::integer::text", kind=Family.TEXT, name="")
    raise CantTranslate("it makes text of values that print differently")


def _concat(t: Translator, node: exp.DPipe, scope: Scope) -> Term:
    left, right = (_as_text(t.term(side, scope)) for side in (node.left, node.right))
    return Term(
        sql=f"({left.sql} || {right.sql})",
        kind=Family.TEXT,
        has_aggregate=left.has_aggregate or right.has_aggregate,
    )


def _arithmetic(t: Translator, node: exp.Binary, scope: Scope) -> Term:
    left, right = (as_number(t.term(side, scope)) for side in (node.left, node.right))
    kinds = {left.kind, right.kind} - {None}
    if kinds <= {Family.INTEGER}:
        kind = Family.INTEGER
    else:
        # SQLite has no decimals: it counts in double precision, whatever the column is called.
        kind = Family.FLOAT
        left, right = _as_float(left), _as_float(right)
    is_real = left.is_real or right.is_real
    if isinstance(node, exp.Mod) and kind is Family.FLOAT:
        raise CantTranslate("it uses % with fractions")
    if isinstance(node, exp.Div) and kind is Family.FLOAT and not is_real:
        raise CantTranslate("it divides numbers of which some may be whole")
    if isinstance(node, exp.Div | exp.Mod):
        sign = "/" if isinstance(node, exp.Div) else "%"
        sql = f"({left.sql} {sign} nullif({right.sql}, 0))"
    else:
        sql = f"({left.sql} {_SUMS[type(node)]} {right.sql})"
    has_aggregate = left.has_aggregate or right.has_aggregate
    return Term(sql=sql, kind=kind, has_aggregate=has_aggregate, is_real=is_real)


def _as_float(term: Term) -> Term:
    if term.kind is Family.FLOAT and term.literal is None:
        return term
    return replace(term, sql=f"({term.sql})::double precision", kind=Family.FLOAT, name="", literal=None)


def _bits(t: Translator, node: exp.Binary, scope: Scope) -> Term:
    left, right = (as_number(t.term(side, scope)) for side in (node.left, node.right))
    if {left.kind, right.kind} - {None, Family.INTEGER}:
        raise CantTranslate("it uses bit operators with fractions")
    return Term(sql=f"({left.sql} {BITS[type(node)]} {right.sql})", kind=Family.INTEGER)


def _case(t: Translator, node: exp.Case, scope: Scope) -> Term:
    only(node, "this", "ifs", "default")
    base = t.term(node.this, scope) if node.this else None
    conditions = [
        compare("=", base, t.term(branch.this, scope)) if base else t.truth(branch.this, scope)
        for branch in node.args["ifs"]
    ]
    last = node.args.get("default")
    given = [t.term(branch.args["true"], scope) for branch in node.args["ifs"]]
    return case_of(conditions, given, t.term(last, scope) if last else None)


def _iif(t: Translator, node: exp.If, scope: Scope) -> Term:
    only(node, "this", "true", "false")
    last = node.args.get("false")
    condition = t.truth(node.this, scope)
    return case_of([condition], [t.term(node.args["true"], scope)], t.term(last, scope) if last else None)


def case_of(conditions: list[str], given: list[Term], last: Term | None) -> Term:
    """CASE with values of one kind."""
    terms, kind = agree([*given, *([last] if last else [])])
    if kind is None:
        return Term(sql="null", kind=None)
    branches = "".join(f" when {c} then {v.sql}" for c, v in zip(conditions, terms, strict=False))
    ending = f" else {terms[-1].sql}" if last else ""
    return Term(
        sql=f"(case{branches}{ending} end)", kind=kind, has_aggregate=any(x.has_aggregate for x in terms)
    )


def _cast(t: Translator, node: exp.Cast, scope: Scope) -> Term:
    wanted = _CASTS.get(str(node.to.this.value) if node.to.this else "")
    term = t.value(node.this, scope)
    if wanted is None:
        raise CantTranslate(f"it casts to {node.to.sql('sqlite')}")
    if wanted is Family.TEXT:
        return replace(_as_text(term), name="")
    number = as_number(term)
    if wanted is Family.INTEGER:
        sql = number.sql if number.kind is Family.INTEGER else f"trunc({number.sql})::bigint"
        return replace(number, sql=sql, kind=wanted, name="", literal=None)
    return replace(_as_float(number), is_real=True)


VALUES: dict[type[Any], Handler] = {
    exp.Like: _like, exp.Escape: _escape, exp.DPipe: _concat, exp.Case: _case, exp.If: _iif, exp.Cast: _cast,
    **dict.fromkeys((*_SUMS, exp.Div, exp.Mod), _arithmetic),
    **dict.fromkeys(BITS, _bits),
}  # fmt: skip
