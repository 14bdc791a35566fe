"""SQLite's queries inside expressions as PostgreSQL's: EXISTS, IN, and one value of a query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from engine.model.plan import Family
from engine.planning.sql_terms import CantTranslate, Query, Scope, Term
from engine.planning.translate_sql import Handler, Translator, in_list, only

__all__ = ["subquery_terms"]


def subquery_terms(query: Callable[[exp.Expr, Scope], Query]) -> dict[type[exp.Expr], Handler]:
    """What a translator does with queries inside expressions; ``query`` translates one of them."""
    found = _Subqueries(query)
    return {exp.Exists: found.exists, exp.Subquery: found.scalar, exp.In: found.membership}


@dataclass(frozen=True, slots=True)
class _Subqueries:
    """The three ways in which an expression holds a query."""

    query: Callable[[exp.Expr, Scope], Query]

    def exists(self, _: Translator, node: exp.Exists, scope: Scope) -> Term:
        return Term(sql=f"exists ({self.query(node.this, scope).sql})", kind=Family.BOOLEAN, is_test=True)

    def scalar(self, _: Translator, node: exp.Subquery, scope: Scope) -> Term:
        only(node, "this")
        select = node.this
        is_single = isinstance(select, exp.Select) and (
            select.args.get("limit") is not None and str(select.args["limit"].expression) == "1"
        )
        inner = self.query(select, scope)
        is_aggregate = (
            isinstance(select, exp.Select)
            and not select.args.get("group")
            and any(part.find(exp.AggFunc) for part in select.expressions)
        )
        if len(inner.columns) != 1 or not (is_single or is_aggregate):
            raise CantTranslate("it takes the first row of a query as a value")
        kind = inner.columns[0][1].kind
        return Term(sql=f"({inner.sql})", kind=kind)

    def membership(self, t: Translator, node: exp.In, scope: Scope) -> Term:
        if not node.args.get("query"):
            return in_list(t, node, scope)
        only(node, "this", "query")
        inner = self.query(node.args["query"], scope)
        term = t.value(node.this, scope)
        kinds = [term.kind, inner.columns[0][1].kind]
        if (
            len(inner.columns) != 1
            or kinds[0] is not kinds[1]
            or kinds[0] in {None, Family.OTHER, Family.JSON}
        ):
            raise CantTranslate("it looks for a value among values of another kind")
        if term.collation == "nocase":
            raise CantTranslate("it looks for a value without regard to case")
        return Term(sql=f"({term.sql} in ({inner.sql}))", kind=Family.BOOLEAN, is_test=True)
