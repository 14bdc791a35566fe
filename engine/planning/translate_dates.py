"""SQLite's date functions as PostgreSQL's; only of now, and of columns that became dates.

SQLite's now is UTC (https://sqlite.org/lang_datefunc.html, section 2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp

from engine.model.plan import Family
from engine.planning.sql_terms import CantTranslate, Scope, Term, quoted_text
from engine.planning.translate_sql import Translator

__all__ = ["DATE_CALLS", "strftime"]

_NOW = "(now() at time zone 'utc')"
_FORMATS = {
    "%Y": "YYYY", "%m": "MM", "%d": "DD", "%H": "HH24", "%M": "MI", "%S": "SS", "%f": "SS.MS", "%j": "DDD",
    "%F": "YYYY-MM-DD", "%T": "HH24:MI:SS",
}  # fmt: skip
_BETWEEN = frozenset("-/: .,_")
"""Signs to_char hands through as they are."""


def _instant(t: Translator, arguments: Sequence[exp.Expr], scope: Scope) -> tuple[str, Family]:
    """The moment a date function speaks of, and whether it is a day or a time."""
    if not arguments:
        return _NOW, Family.TIMESTAMP
    if len(arguments) > 1:
        raise CantTranslate("it moves a date by a modifier")
    term = t.term(arguments[0], scope)
    if term.literal is not None and term.literal.lower() == "now":
        return _NOW, Family.TIMESTAMP
    if term.kind in {Family.DATE, Family.TIMESTAMP} and term.kind:
        return term.sql, term.kind
    raise CantTranslate("it uses a date function of something that did not become a date")


def _date(t: Translator, arguments: Sequence[exp.Expr], scope: Scope) -> Term:
    return Term(sql=f"{_instant(t, arguments, scope)[0]}::date", kind=Family.DATE)


def _datetime(t: Translator, arguments: Sequence[exp.Expr], scope: Scope) -> Term:
    sql, _ = _instant(t, arguments, scope)
    return Term(sql=f"date_trunc('second', {sql}::timestamp)", kind=Family.TIMESTAMP)


def _time(t: Translator, arguments: Sequence[exp.Expr], scope: Scope) -> Term:
    sql, _ = _instant(t, arguments, scope)
    return Term(sql=f"date_trunc('second', {sql}::timestamp)::time", kind=Family.TIME)


def _unixepoch(t: Translator, arguments: Sequence[exp.Expr], scope: Scope) -> Term:
    sql, _ = _instant(t, arguments, scope)
    return Term(sql=f"floor(extract(epoch from {sql}::timestamp))::bigint", kind=Family.INTEGER)


def strftime(t: Translator, pattern: exp.Expr, moment: exp.Expr | None, scope: Scope) -> Term:
    """STRFTIME of one moment.

    Raises:
        CantTranslate: the pattern or the moment has no counterpart.
    """
    if not isinstance(pattern, exp.Literal) or not pattern.is_string:
        raise CantTranslate("it uses STRFTIME with a pattern that is not written out")
    wanted = str(pattern.this)
    sql, _ = _instant(t, [moment] if moment is not None else [], scope)
    if wanted == "%s":
        return Term(sql=f"(floor(extract(epoch from {sql}::timestamp))::bigint)::text", kind=Family.TEXT)
    return Term(sql=f"to_char({sql}::timestamp, {quoted_text(_pattern(wanted))})", kind=Family.TEXT)


def _pattern(wanted: str) -> str:
    parts, place = [], 0
    while place < len(wanted):
        sign = wanted[place]
        if sign == "%":
            code = wanted[place : place + 2]
            if code not in _FORMATS:
                raise CantTranslate(f"it uses {code} in STRFTIME")
            parts.append(_FORMATS[code])
            place += 2
        elif sign in _BETWEEN or sign in {"T", "Z"}:
            parts.append(sign if sign in _BETWEEN else f'"{sign}"')
            place += 1
        else:
            raise CantTranslate(f"it uses '{sign}' in STRFTIME")
    return "".join(parts)


def _strftime_call(t: Translator, arguments: Sequence[exp.Expr], scope: Scope) -> Term:
    if not 1 <= len(arguments) <= 2:
        raise CantTranslate("it moves a date by a modifier")
    return strftime(t, arguments[0], arguments[1] if len(arguments) > 1 else None, scope)


DATE_CALLS: dict[str, Callable[[Translator, Sequence[exp.Expr], Scope], Term]] = {
    "DATE": _date,
    "DATETIME": _datetime,
    "TIME": _time,
    "UNIXEPOCH": _unixepoch,
    "STRFTIME": _strftime_call,
}
