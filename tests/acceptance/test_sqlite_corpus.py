"""Every trap a SQLite file can set: carried value by value, or explained with counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from engine.stores.ledger import Ledger
from tests.corpus.shapes import SHAPES
from tests.corpus.trap import Refused, Trap
from tests.corpus.truth import difference, target_columns
from tests.corpus.values import VALUES
from tests.fix_runs import Bench, query, schema_of, value
from tests.fix_services import Servers, _fresh_database

TRAPS = (*VALUES, *SHAPES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The whole corpus after one run."""

    path: Path
    url: str
    plan: dict[str, Any]
    state: str


@pytest.fixture(scope="session")
def moved(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moved]:
    path = tmp_path_factory.mktemp("corpus") / "corpus.db"
    with closing(sqlite3.connect(path)) as connection:
        for trap in TRAPS:
            connection.executescript(trap.script)
    with _fresh_database(servers.admin_url, "corpus") as url:
        ledger = Ledger(url, purpose="test")
        ledger.migrate()
        try:
            bench = Bench(url, f"{servers.redis_url.partition('?')[0]}?db=15", ledger)
            run_id = bench.copy(path)
            state = str(ledger.runs.read(run_id).state)
        finally:
            ledger.close()
        yield Moved(path=path, url=url, plan=value(url, "select plan from fordway.run"), state=state)


def _tables(trap: Trap, moved: Moved) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(":memory:")) as own:
        own.executescript(trap.script)
        names = {name for (name,) in own.execute("select name from sqlite_schema where type = 'table'")}
    return [table for table in moved.plan["tables"] if table["source_table"] in names]


def _aside(moved: Moved, table: str) -> int:
    return int(
        value(
            moved.url,
            "select count(*) from fordway.quarantine as q join fordway.chunk as c using (run_id, pass, table_number, chunk_number)"
            " where pass = 'move' and c.target_table = %s",
            [table],
        )
    )


def test_the_whole_corpus_moves(moved: Moved) -> None:
    """No trap stops the run."""
    assert "complete" == moved.state


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_trap_is_carried_or_explained(trap: Trap, moved: Moved) -> None:
    """Each value of the source is in the target or set aside, and the findings foretold it with its count."""
    for table in _tables(trap, moved):
        source, target = table["source_table"], table["target_table"]
        missing, extra = difference(moved.path, moved.url, source, target)
        assert ([], trap.aside.get(source, 0), missing) == (extra, missing, _aside(moved, target)), source


@pytest.mark.parametrize("trap", [trap for trap in TRAPS if trap.told], ids=lambda trap: trap.name)
def test_trap_is_told(trap: Trap, moved: Moved) -> None:
    """The plan's findings name the table and say what is special."""
    places = {table["source_table"] for table in _tables(trap, moved)}
    told = {
        finding["code"]
        for finding in moved.plan["findings"]
        if finding["place"].split(".")[0] in places or trap.name in str(finding)
    }
    assert [] == [code for code in trap.told if code not in told], told


@pytest.mark.parametrize("trap", [trap for trap in TRAPS if trap.types], ids=lambda trap: trap.name)
def test_trap_has_the_type_its_values_ask_for(trap: Trap, moved: Moved) -> None:
    """The declaration proposes, the values decide."""
    found = {
        f"{table}.{column}": kind
        for table in {name.split(".")[0] for name in trap.types}
        for column, kind in target_columns(moved.url, table)
    }
    assert trap.types == {name: found[name] for name in trap.types}


@pytest.mark.parametrize("trap", [trap for trap in TRAPS if trap.asks], ids=lambda trap: trap.name)
def test_target_answers_as_the_source_would(trap: Trap, moved: Moved) -> None:
    """Constraints hold, sequences go on, views show the same; what is tried is rolled back."""
    with (
        psycopg.connect(moved.url, options="-c search_path=public") as connection,
        connection.transaction(force_rollback=True),
    ):
        for statement, expected in trap.asks:
            assert (statement, expected) == (statement, _answer(connection, statement))


def _answer(connection: psycopg.Connection[Any], statement: str) -> object:
    try:
        with connection.transaction():
            row = connection.execute(statement).fetchone()  # type: ignore[call-overload]  # a test's own text
            return row[0] if row else None
    except psycopg.Error as error:
        return Refused(sqlstate=error.sqlstate or "")


def test_every_quarantined_row_was_foretold(moved: Moved) -> None:
    """Findings count exactly the rows that were set aside, table by table."""
    aside = query(
        moved.url,
        "select c.target_table, count(*) from fordway.quarantine as q"
        " join fordway.chunk as c using (run_id, pass, table_number, chunk_number) where pass = 'move' group by 1",
    )
    foretold: dict[str, int] = {}
    for finding in moved.plan["findings"]:
        table = finding["place"].split(".")[0]
        foretold[table] = foretold.get(table, 0) + finding.get("violates", 0)

    assert {table: count for trap in TRAPS for table, count in trap.aside.items()} == dict(aside)
    assert dict(aside) == {table: count for table, count in foretold.items() if count}


def test_corpus_is_rehearsed_moved_and_undone_without_a_trace(bench: Bench, tmp_path: Path) -> None:
    """Views, generated columns and constraints stand in the scratch schema too, and go with the undo."""
    path = tmp_path / "corpus.db"
    with closing(sqlite3.connect(path)) as connection:
        for trap in TRAPS:
            connection.executescript(trap.script)
    before = schema_of(bench.target_url)

    run_id = bench.copy(path, rehearse=True)

    assert "complete" == str(bench.ledger.runs.read(run_id).state)
    bench.undo(run_id)
    assert before == schema_of(bench.target_url)
