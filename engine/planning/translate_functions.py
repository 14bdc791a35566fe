"""SQLite's functions as PostgreSQL's, where both give the same for every value that can come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlglot import exp

from engine.model.plan import Family
from engine.planning.sql_compare import agree, compare, ordered
from engine.planning.sql_terms import NUMBERS, CantTranslate, Scope, Term, as_number, fold_case
from engine.planning.translate_dates import DATE_CALLS, strftime
from engine.planning.translate_sql import Handler, Translator, only
from engine.planning.translate_values import VALUES

__all__ = ["translator"]

_TYPE_NAMES = {Family.INTEGER: "integer", Family.FLOAT: "real", Family.TEXT: "text", Family.BYTES: "blob"}


def translator() -> Translator:
    """A translator that knows every function that can be translated."""
    return Translator(functions=_FUNCTIONS)


def _text(t: Translator, node: exp.Expr | None, scope: Scope) -> Term:
    if node is None:
        raise CantTranslate("a function lacks an argument")
    term = t.value(node, scope)
    if term.kind not in {Family.TEXT, None}:
        raise CantTranslate("it treats something that is no text as text")
    return term


def _whole(node: exp.Expr | None) -> int:
    """A whole number written out."""
    sign = 1
    if isinstance(node, exp.Neg):
        node, sign = node.this, -1
    if isinstance(node, exp.Literal) and not node.is_string and str(node.this).isdecimal():
        return sign * int(str(node.this))
    raise CantTranslate("a function's argument is no plain number")


def _plain_text(sql: str) -> Term:
    return Term(sql=sql, kind=Family.TEXT)


def _length(t: Translator, node: exp.Length, scope: Scope) -> Term:
    only(node, "this")
    term = t.value(node.this, scope)
    if term.kind is Family.BYTES:
        return Term(sql=f"octet_length({term.sql})::bigint", kind=Family.INTEGER)
    if term.kind is Family.INTEGER:
        return Term(sql=f"char_length(({term.sql})::text)::bigint", kind=Family.INTEGER)
    return Term(sql=f"char_length({_text(t, node.this, scope).sql})::bigint", kind=Family.INTEGER)


def _lower(t: Translator, node: exp.Lower, scope: Scope) -> Term:
    only(node, "this")
    return _plain_text(fold_case(_text(t, node.this, scope).sql))


def _upper(t: Translator, node: exp.Upper, scope: Scope) -> Term:
    only(node, "this")
    return _plain_text(f'upper({_text(t, node.this, scope).sql} collate "C")')


def _trim(t: Translator, node: exp.Trim, scope: Scope) -> Term:
    only(node, "this", "expression", "position")
    name = {"LEADING": "ltrim", "TRAILING": "rtrim"}.get(str(node.args.get("position") or ""), "btrim")
    signs = node.args.get("expression")
    what = _text(t, node.this, scope).sql
    return _plain_text(f"{name}({what}, {_text(t, signs, scope).sql})" if signs else f"{name}({what}, ' ')")


def _substring(t: Translator, node: exp.Substring, scope: Scope) -> Term:
    only(node, "this", "start", "length")
    what, start = _text(t, node.this, scope).sql, _whole(node.args.get("start"))
    length = node.args.get("length")
    if start >= 1 and length is None:
        return _plain_text(f"substr({what}, {start})")
    if start >= 1 and _whole(length) >= 0:
        return _plain_text(f"substr({what}, {start}, {_whole(length)})")
    if start < 0 and length is None:
        # right() of a text that is shorter gives all of it, as SQLite does.
        return _plain_text(f"right({what}, {-start})")
    raise CantTranslate("it uses SUBSTR from the end")


def _replace(t: Translator, node: exp.Replace, scope: Scope) -> Term:
    parts = [_text(t, node.args.get(name), scope).sql for name in ("this", "expression", "replacement")]
    return _plain_text(f"replace({', '.join(parts)})")


def _instr(t: Translator, node: exp.StrPosition, scope: Scope) -> Term:
    only(node, "this", "substr")
    texts = [_text(t, node.args.get(name), scope).sql for name in ("this", "substr")]
    return Term(sql=f"strpos({', '.join(texts)})::bigint", kind=Family.INTEGER)


def _round(t: Translator, node: exp.Round, scope: Scope) -> Term:
    only(node, "this", "decimals")
    number = as_number(t.term(node.this, scope))
    digits = _whole(node.args["decimals"]) if node.args.get("decimals") else 0
    t.caveats.append("round() of a half goes by the decimal digits, in SQLite by the binary ones")
    return Term(
        sql=f"round(({number.sql})::numeric, {digits})::double precision",
        kind=Family.FLOAT,
        is_real=True,
        has_aggregate=number.has_aggregate,
    )


def _abs(t: Translator, node: exp.Abs, scope: Scope) -> Term:
    only(node, "this")
    number = as_number(t.term(node.this, scope))
    return replace(number, sql=f"abs({number.sql})", name="", literal=None)


def _coalesce(t: Translator, node: exp.Coalesce, scope: Scope) -> Term:
    only(node, "this", "expressions")
    given = [t.term(part, scope) for part in (node.this, *node.expressions)]
    terms, kind = agree(given)
    if kind is None:
        return Term(sql="null", kind=None)
    return Term(
        sql=f"coalesce({', '.join(term.sql for term in terms)})",
        kind=kind,
        has_aggregate=any(term.has_aggregate for term in terms),
    )


def _nullif(t: Translator, node: exp.Nullif, scope: Scope) -> Term:
    # A function's arguments have lost the affinity that lets '5' equal 5 in a comparison.
    left, right = (replace(t.value(side, scope), name="") for side in (node.this, node.expression))
    if left.kind is None:
        return Term(sql="null", kind=None)
    return Term(sql=f"(case when {compare('=', left, right)} then null else {left.sql} end)", kind=left.kind)


def _hex(t: Translator, node: exp.Hex, scope: Scope) -> Term:
    only(node, "this")
    term = t.value(node.this, scope)
    if term.kind is not Family.BYTES:
        raise CantTranslate("it uses HEX of something that is no binary data")
    return _plain_text(f"coalesce(upper(encode({term.sql}, 'hex')), '')")


def _typeof(t: Translator, node: exp.Typeof, scope: Scope) -> Term:
    only(node, "this")
    term = t.value(node.this, scope)
    name = _TYPE_NAMES.get(term.kind) if term.kind else None
    if name is None or not term.name:
        raise CantTranslate("it asks for the type of single values")
    return _plain_text(f"(case when {term.sql} is null then 'null' else '{name}' end)")


def _distinct(node: exp.Expr) -> tuple[str, exp.Expr]:
    if isinstance(node.this, exp.Distinct):
        if len(node.this.expressions) != 1:
            raise CantTranslate("it uses DISTINCT over several values")
        return "distinct ", node.this.expressions[0]
    return "", node.this


def _count(t: Translator, node: exp.Count, scope: Scope) -> Term:
    only(node, "this")
    if isinstance(node.this, exp.Star):
        return Term(sql="count(*)", kind=Family.INTEGER, has_aggregate=True)
    word, inner = _distinct(node)
    term = t.value(inner, scope)
    if word and (term.kind in {Family.OTHER, Family.JSON} or term.collation == "nocase"):
        raise CantTranslate("it counts values that are told apart by other rules")
    return Term(sql=f"count({word}{term.sql})", kind=Family.INTEGER, has_aggregate=True)


def _sum(t: Translator, node: exp.Sum, scope: Scope) -> Term:
    only(node, "this")
    word, inner = _distinct(node)
    term = as_number(t.term(inner, scope))
    if term.kind is Family.INTEGER:
        return Term(sql=f"sum({word}{term.sql})::bigint", kind=Family.INTEGER, has_aggregate=True)
    t.caveats.append(_SUMS)
    return Term(sql=f"sum({word}{term.sql})", kind=term.kind, has_aggregate=True)


_SUMS = "sums of fractions may differ in the last digits"


def _avg(t: Translator, node: exp.Avg, scope: Scope) -> Term:
    only(node, "this")
    word, inner = _distinct(node)
    term = as_number(t.term(inner, scope))
    t.caveats.append(_SUMS)
    return Term(
        sql=f"avg({word}({term.sql})::double precision)", kind=Family.FLOAT, has_aggregate=True, is_real=True
    )


def _extreme(t: Translator, node: exp.Min | exp.Max, scope: Scope) -> Term:
    only(node, "this")
    term = t.value(node.this, scope)
    if term.kind is Family.BOOLEAN:
        term = as_number(term)
    if term.collation == "nocase" or term.kind not in {
        *NUMBERS,
        Family.TEXT,
        Family.DATE,
        Family.TIMESTAMP,
        Family.TIME,
    }:
        raise CantTranslate(f"it uses {node.key.upper()} of values ordered by other rules")
    return Term(sql=f"{node.key}({ordered(term)})", kind=term.kind, has_aggregate=True)


def _group_concat(t: Translator, node: exp.GroupConcat, scope: Scope) -> Term:
    only(node, "this", "separator")
    if isinstance(node.this, exp.Distinct | exp.Order):
        raise CantTranslate("it uses GROUP_CONCAT with DISTINCT or ORDER BY")
    separator = node.args.get("separator")
    between = _text(t, separator, scope).sql if separator else "','"
    return Term(
        sql=f"string_agg({_text(t, node.this, scope).sql}, {between})", kind=Family.TEXT, has_aggregate=True
    )


def _total(t: Translator, arguments: Sequence[exp.Expr], scope: Scope) -> Term:
    if len(arguments) != 1:
        raise CantTranslate("it uses TOTAL")
    term = as_number(t.term(arguments[0], scope))
    t.caveats.append(_SUMS)
    sql = f"coalesce(sum(({term.sql})::double precision), 0)"
    return Term(sql=sql, kind=Family.FLOAT, has_aggregate=True, is_real=True)


def _json_valid(t: Translator, arguments: Sequence[exp.Expr], scope: Scope) -> Term:
    term = t.term(arguments[0], scope) if len(arguments) == 1 else None
    if term is None or term.kind is not Family.JSON:
        raise CantTranslate("it uses JSON_VALID of something that is no jsonb column")
    # What stands in a jsonb column is JSON.
    return Term(sql=f"({term.sql} is not null or null)", kind=Family.BOOLEAN, is_test=True)


def _likely(t: Translator, arguments: Sequence[exp.Expr], scope: Scope) -> Term:
    return t.term(arguments[0], scope)


_CALLS: dict[str, Callable[[Translator, Sequence[exp.Expr], Scope], Term]] = {
    "TOTAL": _total,
    "JSON_VALID": _json_valid,
    "LIKELY": _likely,
    "UNLIKELY": _likely,
    **DATE_CALLS,
}


def _anonymous(t: Translator, node: exp.Anonymous, scope: Scope) -> Term:
    handler = _CALLS.get(node.name.upper())
    if handler is None:
        raise CantTranslate(f"it uses {node.name.upper()}")
    return handler(t, node.expressions, scope)


def _date(t: Translator, node: exp.Date, scope: Scope) -> Term:
    only(node, "this")
    return DATE_CALLS["DATE"](t, [node.this], scope)


def _strftime(t: Translator, node: exp.TimeToStr, scope: Scope) -> Term:
    only(node, "this", "format")
    inner = node.this.this if isinstance(node.this, exp.TsOrDsToTimestamp) else node.this
    return strftime(t, node.args["format"], inner, scope)


def _moment(name: str) -> Handler:
    return lambda t, _node, scope: DATE_CALLS[name](t, [exp.Literal.string("now")], scope)


_FUNCTIONS: dict[type[Any], Handler] = {
    **VALUES,
    exp.Length: _length, exp.Lower: _lower, exp.Upper: _upper, exp.Trim: _trim, exp.Substring: _substring,
    exp.Replace: _replace, exp.StrPosition: _instr, exp.Round: _round, exp.Abs: _abs, exp.Coalesce: _coalesce,
    exp.Nullif: _nullif, exp.Hex: _hex, exp.Typeof: _typeof, exp.Count: _count, exp.Sum: _sum, exp.Avg: _avg,
    exp.Min: _extreme, exp.Max: _extreme, exp.GroupConcat: _group_concat, exp.Anonymous: _anonymous,
    exp.Date: _date, exp.TimeToStr: _strftime, exp.CurrentTimestamp: _moment("DATETIME"),
    exp.CurrentDate: _moment("DATE"), exp.CurrentTime: _moment("TIME"),
}  # fmt: skip
