"""Types, sequences and views of a PostgreSQL schema, and what its definitions rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from psycopg import Connection
from psycopg.rows import TupleRow
from psycopg.sql import SQL, Identifier, Literal

from engine.model.postgres_objects import Need, SequenceState, UserType, View, ViewIndex
from sql import load

__all__ = ["read_needs", "read_sequences", "read_types", "read_views"]

_SEQUENCES_A_QUERY = 500
"""The parser takes many more in one UNION ALL; memory for its plan grows with them."""
_Thing = TypeVar("_Thing", UserType, View)


def read_needs(connection: Connection[TupleRow], schema: str) -> Mapping[int, tuple[Need, ...]]:
    """What definitions of the schema rest on, by oid; what rests on nothing but built-ins is absent."""
    found: dict[int, list[Need]] = defaultdict(list)
    for oid, kind, space, name, extension in connection.execute(
        load("catalog/read_needs"), {"schema": schema}
    ):
        found[oid].append(Need(kind=kind, schema=space, name=name, extension=extension or ""))
    return {oid: tuple(needs) for oid, needs in found.items()}


def read_sequences(connection: Connection[TupleRow], schema: str) -> Mapping[int, SequenceState]:
    """The schema's sequences and those its columns own, by oid."""
    rows = connection.execute(load("catalog/read_sequences"), {"schema": schema}).fetchall()
    stands: dict[int, tuple[int, bool]] = {}
    for some in _groups(rows, _SEQUENCES_A_QUERY):
        piece = SQL(load("catalog/read_sequence"))
        statement = SQL("\nunion all\n").join(
            piece.format(oid=Literal(row[0]), schema=Identifier(row[1]), sequence=Identifier(row[2]))
            for row in some
        )
        with connection.transaction(force_rollback=True):
            stands |= {oid: (last, is_called) for oid, last, is_called in connection.execute(statement)}
    return {row[0]: _sequence(row, stands[row[0]]) for row in rows}


def _groups(rows: Sequence[TupleRow], most: int) -> Iterable[Sequence[TupleRow]]:
    return [rows[start : start + most] for start in range(0, len(rows), most)]


def _sequence(row: TupleRow, stand: tuple[int, bool]) -> SequenceState:
    _, _, name, data_type, start, step, smallest, largest, cache, is_cycling, table, column, comment = row
    cycle = "cycle" if is_cycling else "no cycle"
    return SequenceState(
        name=name,
        options=f"increment by {step} minvalue {smallest} maxvalue {largest} start with {start}"
        f" cache {cache} {cycle}",
        data_type=data_type,
        step=step,
        last_value=stand[0],
        is_called=stand[1],
        is_cycling=is_cycling,
        owner=f"{table}.{column}" if table else "",
        comment=comment or "",
    )


def read_types(
    connection: Connection[TupleRow], schema: str, needs: Mapping[int, tuple[Need, ...]]
) -> tuple[UserType, ...]:
    """The schema's own types, each after those it rests on."""
    found = [
        UserType(
            kind=kind,
            name=name,
            definition=definition or "",
            needs=_of_others(needs.get(oid, ()), schema, name),
            comment=comment or "",
        )
        for oid, kind, name, definition, comment in connection.execute(
            load("catalog/read_types"), {"schema": schema}
        )
    ]
    return _in_order(found, schema)


def _of_others(needs: tuple[Need, ...], schema: str, name: str) -> tuple[Need, ...]:
    return tuple(need for need in needs if (need.schema, need.name) != (schema, name))


def read_views(
    connection: Connection[TupleRow],
    schema: str,
    needs: Mapping[int, tuple[Need, ...]],
    indexes: Mapping[int, Sequence[TupleRow]],
) -> tuple[View, ...]:
    """The schema's views, each after those it rests on; ``indexes`` as catalog/read_indexes lists them."""
    found = []
    for row in connection.execute(load("catalog/read_views"), {"schema": schema}):
        oid, name, is_materialized, options, text, is_populated, comment, column_comments = row
        with_options = f"with ({', '.join(options)}) " if options else ""
        with_data = "" if not is_materialized or is_populated else " with no data"
        body = text.rstrip().removesuffix(";")
        found.append(
            View(
                name=name,
                is_materialized=is_materialized,
                definition=f"{with_options}as {body.strip()}{with_data}",
                needs=_of_others(needs.get(oid, ()), schema, name),
                comment=comment or "",
                column_comments=tuple((column, told) for column, told in column_comments),
                indexes=tuple(
                    ViewIndex(name=index[1], tail=index[10], is_unique=index[3])
                    for index in indexes.get(oid, ())
                ),
            )
        )
    return _in_order(found, schema)


def _in_order(things: Sequence[_Thing], schema: str) -> tuple[_Thing, ...]:
    """Each after those of the same list it rests on; a circle ends where it began."""
    by_name = {thing.name: thing for thing in things}
    ordered: dict[str, _Thing] = {}
    for start in things:
        path, waiting = [start], {start.name}
        while path:
            thing = path[-1]
            following = next(
                (
                    need.name
                    for need in thing.needs
                    if need.schema == schema
                    and need.name in by_name
                    and need.name not in ordered
                    and need.name not in waiting
                ),
                None,
            )
            if following is None:
                ordered.setdefault(path.pop().name, thing)
            else:
                waiting.add(following)
                path.append(by_name[following])
    return tuple(ordered.values())
