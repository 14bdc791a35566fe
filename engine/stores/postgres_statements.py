"""Pieces of the statements that read a PostgreSQL source. Nothing is executed here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.catalog import ForeignKey
from engine.model.plan import ColumnPlan, KeyRange, KeyValue
from engine.model.ports import BlockColumn, LineSigns
from engine.stores.line_statements import plain_line
from sql import load

__all__ = [
    "blocks_of",
    "column_of",
    "columns_of",
    "condition_of",
    "cuts_of",
    "fill",
    "literals_of",
    "ordinals_of",
    "orphans_of",
    "page_of",
    "row_of",
    "span_of",
    "sums_of",
]


def fill(name: LiteralString, **parts: Composable) -> Composed:
    """The statement of ``sql/postgres_source`` with its places filled in."""
    return SQL(load(f"postgres_source/{name}")).format(**parts)


def condition_of(where: str) -> Composable:
    """The playbook's filter; the operator's own SQL, as trusted as the playbook itself."""
    return SQL(where) if where.strip() else SQL("true")


def column_of(name: str) -> Composed:
    """A column of the alias every statement gives its table."""
    return Composed([SQL("t."), Identifier(name)])


def columns_of(names: Sequence[str]) -> Composed:
    """Columns with commas between."""
    return SQL(", ").join([column_of(name) for name in names])


def literals_of(values: Sequence[KeyValue]) -> Composed:
    """Values that take the type of the column they are compared with (manual, 10.2): quoted text has none."""
    return SQL(", ").join([Literal(value if isinstance(value, str) else str(value)) for value in values])


def span_of(
    key: Sequence[str], after: Sequence[KeyValue] | None, upto: Sequence[KeyValue] | None
) -> Composable:
    """The condition on the key for rows behind ``after`` and up to ``upto``."""
    bounds = [
        SQL("({}) {} ({})").format(columns_of(key), sign, literals_of(values))
        for sign, values in ((SQL(">"), after), (SQL("<="), upto))
        if values is not None
    ]
    return SQL(" and ").join(bounds) if bounds else SQL("true")


def ordinals_of(
    columns: Sequence[str], key: Sequence[str], span: Composable, relation: Composable, places: Sequence[int]
) -> Composed:
    """The statement that reads the rows at some places of a range, in key order."""
    names = [Identifier(f"c{place}") for place in range(len(columns))]
    return fill(
        "read_ordinals",
        names=SQL(", ").join(names),
        columns=SQL(", ").join(
            SQL("{} as {}").format(column_of(column), name)
            for column, name in zip(columns, names, strict=True)
        ),
        relation=relation,
        span=span,
        key=columns_of(key),
        ordinals=Literal(list(places)),
    )


def cuts_of(
    key: Sequence[str], relation: Composable, *, rows: int, where: str, begin: KeyRange | None
) -> Composed:
    """The statement that finds where ranges of so many rows end, behind ``begin``."""
    names = [Identifier(f"k{place}") for place in range(1, len(key) + 1)]
    # Under a filter the server may think few rows are left, and sort them all for each range.
    is_indexed = tuple(key) != ("ctid",) and not where.strip()
    return fill(
        "cut_by_key" if is_indexed else "cut_ranges",
        names=_listed("{}", names),
        texts=_listed("{}::text", names),
        last=_listed("{} desc", names),
        reached=_listed("cuts.{}", names),
        following=_listed("following.{}", names),
        keys=SQL(", ").join(
            SQL("{} as {}").format(column_of(column), name) for column, name in zip(key, names, strict=True)
        ),
        key=columns_of(key),
        relation=relation,
        condition=condition_of(where),
        span=span_of(key, begin.upto if begin else None, None),
        rows=Literal(rows),
    )


def _listed(form: LiteralString, names: Sequence[Identifier]) -> Composed:
    return SQL(", ").join([SQL(form).format(name) for name in names])


def sums_of(
    columns: Sequence[ColumnPlan], relation: Composable, span: Composable, signs: LineSigns
) -> Composed:
    """The statement that sums two hashes of the lines of a range."""
    one, two = (Literal(seed) for seed in signs.seeds)
    return fill(
        "sum_range",
        line=plain_line(columns, [column_of(column.source) for column in columns], signs),
        relation=relation,
        span=span,
        one=one,
        two=two,
    )


def page_of(
    columns: Sequence[str], key: Sequence[str], span: Composable, relation: Composed, where: str, *, rows: int
) -> Composed:
    """The statement that reads at most so many rows of a span in key order."""
    return fill(
        "read_page",
        columns=columns_of(columns),
        relation=relation,
        condition=condition_of(where),
        span=span,
        key=columns_of(key),
        limit=Literal(rows),
    )


def blocks_of(
    columns: Sequence[BlockColumn], key: Sequence[str], span: KeyRange, relation: Composed, *, is_binary: bool
) -> Composed:
    """The statement that copies a span out, in whatever order its rows come."""
    return fill(
        "read_blocks",
        columns=columns_of([column.source or "" for column in columns]),
        relation=relation,
        span=span_of(key, span.after, span.upto),
        format=SQL("(format binary)") if is_binary else SQL(""),
    )


def row_of(
    columns: Sequence[str], key: Sequence[str], at: Sequence[KeyValue], relation: Composed
) -> Composed:
    """The statement that reads the row with this key."""
    return fill(
        "read_row", columns=columns_of(columns), relation=relation, key=columns_of(key), at=literals_of(at)
    )


def orphans_of(key: ForeignKey, relation: Composed, parent: Composed) -> Composed:
    """The statement that counts rows whose key names no parent."""
    all_set = [SQL("c.{} is not null").format(Identifier(column)) for column in key.columns]
    matches = [
        SQL("p.{} = c.{}").format(Identifier(above), Identifier(child))
        for child, above in zip(key.columns, key.parent_columns, strict=True)
    ]
    return fill(
        "count_orphans",
        relation=relation,
        parent=parent,
        all_set=SQL(" and ").join(all_set),
        matches=SQL(" and ").join(matches),
    )
