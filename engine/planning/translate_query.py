"""SQLite queries as PostgreSQL queries: what a view is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlglot import exp

from engine.model.plan import Family
from engine.planning.names import column_name
from engine.planning.sql_compare import ordered
from engine.planning.sql_terms import CantTranslate, Query, Relation, Scope, Term, quoted_identifier
from engine.planning.translate_functions import translator
from engine.planning.translate_sql import Translator, only, parse_sqlite
from engine.planning.translate_subqueries import subquery_terms

__all__ = ["translate_view"]

_SETS: dict[type[exp.SetOperation], str] = {
    exp.Union: "union",
    exp.Except: "except",
    exp.Intersect: "intersect",
}


def translate_view(
    names: Sequence[str], text: str, *, tables: Callable[[str], Relation | None], style: str
) -> Query:
    """The query behind a view.

    Args:
        names: the columns' names where the view gives them.
        text: the query.
        tables: the relation of a table or view by its name in lower case; ``sql_alias`` is its name in SQL.
        style: of column names, ``snake`` or ``keep``.

    Raises:
        CantTranslate: it has no sure counterpart.
    """
    tree = parse_sqlite(text)
    work = _Queries(translator(), style)
    work.t.functions = {**work.t.functions, **subquery_terms(work.query)}
    found = work.query(tree, Scope(relations=(), tables=tables), names)
    return replace(found, caveats=tuple(dict.fromkeys(work.t.caveats)))


class _Queries:
    """One view's translation."""

    def __init__(self, t: Translator, style: str) -> None:
        self.t = t
        self._style = style

    def query(self, tree: exp.Expr, outer: Scope, names: Sequence[str] = ()) -> Query:
        """A query in PostgreSQL's words."""
        if isinstance(tree, exp.Subquery) and not tree.alias:
            only(tree, "this")
            return self.query(tree.this, outer, names)
        if isinstance(tree, exp.SetOperation):
            return self._set(tree, outer, names)
        if isinstance(tree, exp.Select):
            return self._select(tree, outer, names)
        raise CantTranslate(f"it uses {tree.key.upper()}")

    def _set(self, tree: exp.SetOperation, outer: Scope, names: Sequence[str]) -> Query:
        only(tree, "this", "expression", "distinct", "with_")
        outer = self._with(tree, outer)
        left, right = self.query(tree.this, outer, names), self.query(tree.expression, outer)
        kinds = [[term.kind for _, term in side.columns] for side in (left, right)]
        if len(kinds[0]) != len(kinds[1]) or any(
            one is not other or one in {None, Family.OTHER, Family.JSON}
            for one, other in zip(*kinds, strict=True)
        ):
            raise CantTranslate("the columns of its parts are of different kinds")
        if any(term.collation == "nocase" for side in (left, right) for _, term in side.columns):
            raise CantTranslate("it tells rows apart without regard to case")
        word = _SETS[type(tree)] + ("" if tree.args.get("distinct") else " all")
        return Query(sql=f"{left.sql} {word} {right.sql}", columns=left.columns)

    def _with(self, tree: exp.Expr, outer: Scope) -> Scope:
        clause = tree.args.get("with_")
        if clause is None:
            return outer
        if clause.args.get("recursive"):
            raise CantTranslate("it uses a recursive WITH")
        scope = outer
        for part in clause.expressions:
            given = tuple(column.name for column in part.args["alias"].args.get("columns") or ())
            inner = self.query(part.this, scope, given)
            relation = _as_relation(part.alias, inner, f"({inner.sql})")
            scope = replace(scope, tables=_also(part.alias.lower(), relation, scope.tables))
        return scope

    def _select(self, tree: exp.Select, outer: Scope, names: Sequence[str]) -> Query:
        only(
            tree,
            "expressions",
            "from_",
            "joins",
            "where",
            "group",
            "having",
            "order",
            "limit",
            "offset",
            "distinct",
            "with_",
        )
        scope = Scope(
            relations=[], outer=outer if outer.relations else None, tables=self._with(tree, outer).tables
        )
        source = self._from(tree, scope)
        columns = self._columns(tree, scope, names)
        self._check_distinct(tree, columns)
        parts = [
            "select " + ("distinct " if tree.args.get("distinct") else "")
            + ", ".join(f"{term.sql} as {output}" for _, output, term in columns),
            source,
            f"where {self.t.truth(tree.args['where'].this, scope)}" if tree.args.get("where") else "",
            self._group(tree, scope, columns) if tree.args.get("group") else "",
            f"having {self.t.truth(tree.args['having'].this, scope)}" if tree.args.get("having") else "",
        ]  # fmt: skip
        parts += self._ending(tree, scope, columns)
        return Query(
            sql=" ".join(part for part in parts if part),
            columns=tuple((name, replace(term, sql=output, literal=None)) for name, output, term in columns),
        )

    @staticmethod
    def _check_distinct(tree: exp.Select, columns: Sequence[tuple[str, str, Term]]) -> None:
        clause = tree.args.get("distinct")
        if clause is None:
            return
        only(clause)
        if any(
            term.kind in {Family.OTHER, Family.JSON} or term.collation == "nocase" for _, _, term in columns
        ):
            raise CantTranslate("it tells rows apart by other rules")
        if tree.args.get("order"):
            raise CantTranslate("it uses DISTINCT with ORDER BY")

    def _from(self, tree: exp.Select, scope: Scope) -> str:
        clause = tree.args.get("from_")
        if clause is None:
            return ""
        relations = scope.relations
        assert isinstance(relations, list), "made so above"
        text = "from " + self._source(clause.this, scope, relations)
        for join in tree.args.get("joins") or ():
            text += self._join(join, scope, relations)
        return text

    def _join(self, join: exp.Join, scope: Scope, relations: list[Relation]) -> str:
        only(join, "this", "on", "side", "kind")
        side, kind = str(join.args.get("side") or "").lower(), str(join.args.get("kind") or "").lower()
        if side not in {"", "left"} or kind not in {"", "inner", "outer", "cross"}:
            raise CantTranslate(f"it uses a {side or kind} join")
        source = self._source(join.this, scope, relations)
        on = join.args.get("on")
        if on is None:
            if side:
                raise CantTranslate("it uses a left join without ON")
            return f" cross join {source}"
        return f" {'left ' if side else ''}join {source} on {self.t.truth(on, scope)}"

    def _source(self, node: exp.Expr, scope: Scope, relations: list[Relation]) -> str:
        if isinstance(node, exp.Subquery):
            only(node, "this", "alias")
            inner = self.query(node.this, replace(scope, relations=()))
            relation = _as_relation(node.alias or "subquery", inner, f"({inner.sql})")
        elif isinstance(node, exp.Table):
            only(node, "this", "db", "alias", "indexed")
            if node.db.lower() not in {"", "main"}:
                raise CantTranslate(f"it reads from {node.db}.{node.name}")
            found = scope.tables(node.name.lower())
            if found is None:
                raise CantTranslate(f"it reads from {node.name}, which is not carried")
            relation = replace(found, alias=(node.alias or node.name).lower())
        else:
            raise CantTranslate(f"it reads from {node.key.upper()}")
        alias = quoted_identifier(relation.alias)
        relations.append(replace(relation, sql_alias=alias))
        return f"{relation.sql_alias} as {alias}"

    def _columns(self, tree: exp.Select, scope: Scope, names: Sequence[str]) -> list[tuple[str, str, Term]]:
        """Source name, quoted output name and term of each column."""
        found: list[tuple[str, Term]] = []
        for node in tree.expressions:
            if isinstance(node, exp.Star) or (
                isinstance(node, exp.Column) and isinstance(node.this, exp.Star)
            ):
                found += _everything(scope, node.table.lower() if isinstance(node, exp.Column) else "")
                continue
            inner = node.this if isinstance(node, exp.Alias) else node
            term = self.t.value(inner, scope)
            found.append(
                (node.alias or (inner.name if isinstance(inner, exp.Column) else inner.sql("sqlite")), term)
            )
            if node.alias:
                scope.aliases[node.alias.lower()] = term
        if names and len(names) != len(found):
            raise CantTranslate("it names fewer or more columns than it has")
        given = [names[place] if names else name for place, (name, _) in enumerate(found)]
        outputs = [column_name(name, self._style) for name in given]
        # A column keeps the name it has in its table, whatever the playbook made of it.
        outputs = [
            term.name if term.name and not names and name.lower() not in scope.aliases else output
            for output, name, (_, term) in zip(outputs, given, found, strict=True)
        ]
        if len(set(outputs)) != len(outputs):
            raise CantTranslate("two of its columns have one name")
        quoted = [quoted_identifier(output) for output in outputs]
        return [(name.lower(), out, term) for name, out, (_, term) in zip(given, quoted, found, strict=True)]

    def _group(self, tree: exp.Select, scope: Scope, columns: Sequence[tuple[str, str, Term]]) -> str:
        only(tree.args["group"], "expressions")
        keys = []
        for node in tree.args["group"].expressions:
            term = _by_position(node, columns) or self.t.value(node, scope)
            if term.kind in {Family.OTHER, Family.JSON} or term.collation == "nocase":
                raise CantTranslate("it groups by values that are told apart by other rules")
            keys.append(term.sql)
        return "group by " + ", ".join(keys)

    def _ending(self, tree: exp.Select, scope: Scope, columns: Sequence[tuple[str, str, Term]]) -> list[str]:
        parts = []
        if tree.args.get("order"):
            keys = []
            for key in tree.args["order"].expressions:
                only(key, "this", "desc", "nulls_first")
                term = self._ordering(key.this, scope, columns)
                nulls = "first" if key.args.get("nulls_first") else "last"
                keys.append(f"{ordered(term)} {'desc' if key.args.get('desc') else 'asc'} nulls {nulls}")
            parts.append("order by " + ", ".join(keys))
        for name in ("limit", "offset"):
            clause = tree.args.get(name)
            if clause is not None:
                number = clause.expression
                if not isinstance(number, exp.Literal) or number.is_string:
                    raise CantTranslate(f"it uses {name.upper()} with something other than a number")
                parts.append(f"{name} {number.this}")
        return parts

    def _ordering(self, node: exp.Expr, scope: Scope, columns: Sequence[tuple[str, str, Term]]) -> Term:
        if isinstance(node, exp.Column) and not node.table and node.name.lower() in scope.aliases:
            # ORDER BY looks among the names of the result first (https://sqlite.org/lang_select.html#orderby).
            return scope.aliases[node.name.lower()]
        return _by_position(node, columns) or self.t.value(node, scope)


def _everything(scope: Scope, alias: str) -> list[tuple[str, Term]]:
    chosen = [relation for relation in scope.relations if alias in {"", relation.alias}]
    if not chosen:
        raise CantTranslate(f"there is no table '{alias}'")
    return [
        (name, replace(term, sql=f"{relation.sql_alias}.{term.sql}"))
        for relation in chosen
        for name, term in relation.columns.items()
    ]


def _by_position(node: exp.Expr, columns: Sequence[tuple[str, str, Term]]) -> Term | None:
    if isinstance(node, exp.Literal) and not node.is_string:
        place = int(str(node.this)) - 1
        if 0 <= place < len(columns):
            return columns[place][2]
    return None


def _as_relation(alias: str, query: Query, sql: str) -> Relation:
    columns = {
        name: replace(term, is_test=False, has_aggregate=False, is_forced=False)
        for name, term in query.columns
    }
    return Relation(alias=alias.lower(), sql_alias=sql, columns=columns)


def _also(
    name: str, relation: Relation, others: Callable[[str], Relation | None]
) -> Callable[[str], Relation | None]:
    return lambda wanted: relation if wanted == name else others(wanted)
