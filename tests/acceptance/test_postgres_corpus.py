"""Everything a PostgreSQL schema may hold, moved once: carried as it was, or told by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier, Literal

from engine.model.plan import Plan
from engine.stores.ledger import Ledger
from tests.corpus.postgres_traps import DATABASE, TARGET, TRAPS, Trap
from tests.fix_runs import Bench, in_schema, query, schema_of
from tests.fix_services import Servers, _fresh_database

SEQUENCES = ("t_sequence_a", "t_sequence_b", "t_sequence_c", "t_shared_sequence_id_seq")
NUMBERED = (
    ("t_identity", "id"), ("t_identity_down", "id"), ("t_identity_two", "id"), ("t_identity_two", "n"), ("t_serial", "id"),
)  # fmt: skip
_OBJECTS = """
select 'column ' || c.relname || '.' || a.attname,
  concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
    pg_get_expr(d.adbin, d.adrelid), nullif(a.attcollation, 0)::regcollation, col_description(c.oid, a.attnum))
from pg_class c join pg_attribute a on a.attrelid = c.oid
left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
where c.relnamespace = %(schema)s::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and a.attnum > 0 and not a.attisdropped
union all
select 'constraint ' || coalesce(k.conrelid::regclass::text, '') || '.' || k.conname, pg_get_constraintdef(k.oid) || k.convalidated
from pg_constraint k where k.connamespace = %(schema)s::regnamespace and k.contype <> 'n'
union all
select 'index ' || c.relname, replace(pg_get_indexdef(i.indexrelid), %(qualified)s, '') || i.indisvalid
from pg_index i join pg_class c on c.oid = i.indexrelid where c.relnamespace = %(schema)s::regnamespace
union all
select 'relation ' || c.relname, c.relkind::text || coalesce(pg_get_partkeydef(c.oid), '')
  || coalesce(pg_get_expr(c.relpartbound, c.oid), '') || coalesce(obj_description(c.oid, 'pg_class'), '')
from pg_class c where c.relnamespace = %(schema)s::regnamespace and c.relkind in ('r', 'p', 'S')
union all
select 'inherits ' || inhrelid::regclass, inhparent::regclass::text
from pg_inherits join pg_class c on c.oid = inhrelid
where c.relnamespace = %(schema)s::regnamespace and c.relkind in ('r', 'p')
union all
select 'view ' || c.relname, c.relkind::text || pg_get_viewdef(c.oid) || coalesce(c.reloptions::text, '')
  || c.relispopulated || coalesce(obj_description(c.oid, 'pg_class'), '')
from pg_class c where c.relnamespace = %(schema)s::regnamespace and c.relkind in ('v', 'm')
union all
select 'sequence ' || c.relname, concat_ws(' ', s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle)
from pg_sequence s join pg_class c on c.oid = s.seqrelid where c.relnamespace = %(schema)s::regnamespace
union all
select 'type ' || t.typname, concat_ws(' ', t.typtype, format_type(nullif(t.typbasetype, 0), t.typtypmod), t.typnotnull,
  t.typdefault, obj_description(t.oid, 'pg_type'),
  (select string_agg(quote_literal(enumlabel), ',' order by enumsortorder) from pg_enum where enumtypid = t.oid),
  (select string_agg(attname || ' ' || format_type(atttypid, atttypmod) || attcollation::regcollation, ',' order by attnum) from pg_attribute where attrelid = t.typrelid and t.typtype = 'c'),
  (select format_type(rngsubtype, null) || rngmultitypid::regtype || rngsubdiff from pg_range where rngtypid = t.oid))
from pg_type t left join pg_class c on c.oid = t.typrelid
where t.typnamespace = %(schema)s::regnamespace and (t.typtype in ('e', 'd', 'r') or c.relkind = 'c')
order by 1
"""


_NEXT = """
select case when is_called then last_value + seqincrement else last_value end
from {} cross join pg_sequence
where seqrelid = {}::regclass
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side as the test's own queries saw it after the move."""

    objects: dict[str, str]
    rows: dict[str, list[bytes]]
    standing: dict[str, tuple[Any, ...] | None]
    """Last value and whether it was handed out, of sequences of their own."""
    given_next: dict[tuple[str, str], tuple[Any, ...] | None]
    """By table and column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Both sides after one run, what its plan said, and what its undo left."""

    source: Side
    target: Side
    plan: Plan
    state: str
    checks: dict[str, list[tuple[str, str]]]
    strengths: dict[str, str]
    undone: str
    before: list[tuple[Any, ...]]
    after_undo: list[tuple[Any, ...]]
    strangers: list[tuple[Any, ...]]

    @property
    def told(self) -> str:
        return "\n".join(finding.sentence() for finding in self.plan.findings)


def _run(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)  # type: ignore[call-overload]  # the corpus' own text


@pytest.fixture(scope="session")
def moved(servers: Servers) -> Iterator[Moved]:
    """The whole corpus after one run into a schema of another name in another database, and its undo."""
    with ExitStack() as stack:
        source_url = stack.enter_context(_fresh_database(servers.admin_url, "corpus_source"))
        target_url = stack.enter_context(_fresh_database(servers.admin_url, "corpus_target"))
        made = [statement for trap in TRAPS for statement in trap.statements]
        _run(source_url, *DATABASE, "create schema old", "set search_path = old, public", *made)
        _run(target_url, *TARGET)
        before = schema_of(target_url)
        ledger = Ledger(target_url, purpose="test")
        stack.callback(ledger.close)
        ledger.migrate()
        bench = Bench(target_url, servers.redis_url, ledger)
        run_id = bench.copy(in_schema(source_url, "old"), schema="new", workers=2, rehearse=True)
        plan, state = ledger.runs.plan(run_id).plan, str(ledger.runs.read(run_id).state)
        faults = query(target_url, "select body ->> 'what' from fordway.event where kind = 'fault_met'")
        assert plan is not None, faults
        assert (state, faults) == ("complete", []), "the corpus stops the run"
        tables = [table.source_table for table in plan.tables]
        verified = query(target_url, "select body from fordway.event where kind = 'table_verified'")
        source, target = _look(source_url, "old", tables), _look(target_url, "new", tables)
        undone = bench.undo(run_id)
        yield Moved(
            source=source,
            target=target,
            plan=plan,
            state=state,
            checks={
                body["table"]: [(c["name"], c["status"]) for c in body["checks"]] for (body,) in verified
            },
            strengths={body["table"]: body["strength"] for (body,) in verified},
            undone=undone,
            before=before,
            after_undo=schema_of(target_url),
            strangers=query(target_url, "select id, note from new.stranger"),
        )


def _look(url: str, schema: str, tables: list[str]) -> Side:
    options = f"-c search_path={schema},public -c extra_float_digits=1 -c timezone=UTC -c lc_monetary=C"
    with psycopg.connect(url, autocommit=True, options=options) as connection:
        found = connection.execute(_OBJECTS, {"schema": schema, "qualified": f"{schema}."}).fetchall()
        return Side(
            objects=dict(found),
            rows={table: _rows(connection, table) for table in tables},
            standing={name: _standing(connection, name) for name in SEQUENCES},
            given_next={place: _given_next(connection, *place) for place in NUMBERED},
        )


def _standing(connection: psycopg.Connection[Any], name: str) -> tuple[Any, ...] | None:
    return connection.execute(SQL("select last_value, is_called from {}").format(Identifier(name))).fetchone()


def _given_next(connection: psycopg.Connection[Any], table: str, column: str) -> tuple[Any, ...] | None:
    row = connection.execute("select pg_get_serial_sequence(%s, %s)", [table, column]).fetchone()
    assert row is not None, "a function gives a row"
    name = Identifier(*row[0].split("."))
    return connection.execute(SQL(_NEXT).format(name, Literal(row[0]))).fetchone()


def _rows(connection: psycopg.Connection[Any], table: str) -> list[bytes]:
    """Every row in COPY's text form, without those of inheriting tables."""
    row = connection.execute(
        "select relkind from pg_class where relname = %s and relnamespace = current_schema()::regnamespace",
        [table],
    ).fetchone()
    only = SQL("only ") if row and row[0] == "r" else SQL("")
    statement = SQL("copy (select * from {}{}) to stdout").format(only, Identifier(table))
    with connection.cursor().copy(statement) as copy:
        return sorted(line for line in b"".join(copy).splitlines())


def _owner(name: str) -> str:
    """The trap with the longest name this one begins with."""
    return max((trap.name for trap in TRAPS if name.startswith(trap.name)), key=len, default="")


def _of(side: Side, trap: Trap) -> dict[str, str]:
    """What belongs to the trap."""
    return {
        name: described
        for name, described in side.objects.items()
        if _owner(name.split(" ", 1)[1].removeprefix('"').replace('""', '"')) == trap.name
    }


def test_corpus_run_is_complete_and_every_table_is_proven(moved: Moved) -> None:
    """One run carries all of it; every row of every table is digested on both sides."""
    unproven = {
        name: moved.checks[name] for name, strength in moved.strengths.items() if strength != "proven"
    }

    assert ("complete", {}) == (moved.state, unproven)


@pytest.mark.parametrize("trap", TRAPS, ids=[trap.name for trap in TRAPS])
def test_trap_has_the_same_rows_on_both_sides(trap: Trap, moved: Moved) -> None:
    """Every value reads the same in PostgreSQL's own text."""
    tables = [table for table in moved.source.rows if _owner(table) == trap.name]

    assert bool(tables) == trap.has_rows
    assert {name: moved.source.rows[name] for name in tables} == {
        name: moved.target.rows[name] for name in tables
    }


@pytest.mark.parametrize("trap", TRAPS, ids=[trap.name for trap in TRAPS])
def test_trap_has_the_same_objects_or_is_told(trap: Trap, moved: Moved) -> None:
    """Columns, keys, indexes, types, sequences and views are the same, or a finding names what is not."""
    ours, theirs = _of(moved.source, trap), _of(moved.target, trap)
    different = {
        name: (ours.get(name), theirs.get(name))
        for name in ours.keys() | theirs.keys()
        if ours.get(name) != theirs.get(name) and not any(name.startswith(piece) for piece in trap.differs)
    }

    assert {} == different
    assert [] == [piece for piece in trap.told if piece not in moved.told]


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_sequence_of_its_own_stands_where_it_stood(sequence: str, moved: Moved) -> None:
    """Last value and whether it was handed out."""
    assert moved.source.standing[sequence] == moved.target.standing[sequence]


@pytest.mark.parametrize("place", NUMBERED, ids=[".".join(place) for place in NUMBERED])
def test_number_given_next_is_the_same_on_both_sides(place: tuple[str, str], moved: Moved) -> None:
    """Ups, downs, cycles and second identities go on where the source's stand."""
    assert moved.source.given_next[place] == moved.target.given_next[place]


def test_undo_leaves_the_target_as_it_was(moved: Moved) -> None:
    """Types, domains, sequences, partitions and views go with the tables; what stood before stays."""
    assert ("undone", moved.before) == (moved.undone, moved.after_undo)
    assert [(1, "mine")] == moved.strangers
