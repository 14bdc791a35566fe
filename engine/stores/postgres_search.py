"""Finds rows of a PostgreSQL table by values of any of its columns."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Composable, Composed, Identifier, Literal

from engine.model.ports import RowSearch
from engine.stores.postgres_statements import column_of, columns_of, condition_of, fill, span_of
from engine.stores.target_statements import trusted
from sql import load

__all__ = ["search_of", "types_of"]


def types_of(connection: Connection[TupleRow], schema: str, search: RowSearch) -> dict[str, str]:
    """The types of the columns by which rows are sought; none where not all of them are there."""
    names = {"schema": schema, "relation": search.table, "names": list(search.by)}
    found: dict[str, str] = dict(connection.execute(load("postgres_source/column_types"), names).fetchall())
    return found if set(found) == set(search.by) else {}


def search_of(search: RowSearch, relation: Composable, types: Mapping[str, str]) -> Composed:
    """The statement that reads such rows.

    Args:
        search: what is sought.
        relation: what is read.
        types: of the columns by which rows are sought, so that their indexes serve; empty: all are
            compared as text.
    """
    by, within = search.by, search.span
    names = [Identifier(f"k{place}") for place in range(len(by))]
    asked = [SQL("asked.{}").format(name) for name in names]
    if types:
        parts = [
            SQL("{}::{}").format(part, trusted(types[name])) for part, name in zip(asked, by, strict=True)
        ]
        sought: Composable = columns_of(by)
    else:
        parts = asked
        sought = SQL(", ").join(SQL("{}::text").format(column_of(name)) for name in by)
    lists = [[value[place] for value in search.values] for place in range(len(by))]
    return fill(
        "find_rows",
        columns=columns_of(search.columns),
        relation=relation,
        condition=condition_of(search.where),
        span=SQL("true") if within is None else span_of(search.key, within.after, within.upto),
        by=sought,
        parts=SQL(", ").join(parts),
        arrays=SQL(", ").join(SQL("{}::text[]").format(Literal(values_of)) for values_of in lists),
        names=SQL(", ").join(names),
    )
