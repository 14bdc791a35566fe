"""Strange names, strange URLs and a world that moves: a sentence each, and nothing lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.fix_runs import Bench, CommandLine, make_source, query, value

_ODD = """
create table "a%b" (id integer primary key, "100%" text);
insert into "a%b" values (1, 'x'), (2, 'y');
"""
_FAMILY = """
create table p (id integer primary key, v text);
create table c (id integer primary key, p integer not null references p (id));
insert into p values (1, 'fine'), (2, 'bad' || char(0));
insert into c values (1, 1), (2, 2);
"""


def test_percent_signs_in_names_are_moved_proven_and_undone(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """A percent sign is an ordinary letter of a name."""
    run_id = bench.copy(make_source(tmp_path / "s.db", _ODD))
    assert "complete" == str(bench.ledger.runs.read(run_id).state)

    state = bench.undo(run_id)

    assert "undone" == state
    assert value(target_url, "select to_regclass('\"a%b\"') is null")


def test_children_of_a_row_set_aside_wait_for_it(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """The foreign key stays unvalidated and the run still comes to its end."""
    run_id = bench.copy(make_source(tmp_path / "s.db", _FAMILY))

    assert "complete" == str(bench.ledger.runs.read(run_id).state)
    assert [(False,)] == query(target_url, "select convalidated from pg_constraint where contype = 'f'"
                               " and conrelid = 'c'::regclass")  # fmt: skip
    assert 1 == bench.ledger.runs.read(run_id).rows_quarantined


def test_partitioned_source_moves_the_rows_of_all_partitions(
    bench: Bench, source_pg_url: str, target_url: str
) -> None:
    """Rows live in partitions, and arrive."""
    query(source_pg_url, "create table pt (id int primary key) partition by hash (id)")
    query(source_pg_url, "create table p0 partition of pt for values with (modulus 1, remainder 0)")
    query(source_pg_url, "insert into pt select generate_series(1, 10)")

    bench.copy(source_pg_url)

    assert 10 == value(target_url, "select count(*) from pt")


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:sec/RET@host/db", "postgresql://u:sec?RET@host/db", "postgresql:/u:secRET@host/db",
     "postgresql://u:secRET@[::1/db"],
)  # fmt: skip
def test_url_that_cannot_be_taken_apart_is_refused_without_its_password(
    fordway: CommandLine, url: str
) -> None:
    """Usage is the fault, and no piece of the password is shown."""
    done = fordway.run("inspect", url)

    assert 2 == done.code
    assert "RET" not in done.out + done.err
    assert "Traceback" not in done.err


def test_reserved_schema_is_refused(fordway: CommandLine, tmp_path: Path, target_url: str) -> None:
    """The ledger's schema is nobody's target."""
    source = make_source(tmp_path / "s.db", _ODD)

    done = fordway.run("copy", source, target_url, "--schema", "fordway", "--json")

    assert 2 == done.code
    assert "not yours to fill" in done.err


def test_reader_that_goes_away_does_not_stop_the_run(
    fordway: CommandLine, tmp_path: Path, target_url: str
) -> None:
    """`fordway copy ... | head -1` moves everything and shows no traceback."""
    source = make_source(tmp_path / "s.db", _ODD)
    process = subprocess.Popen(
        [sys.executable, "-m", "console", "copy", str(source), target_url, "--json"],
        env=fordway.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    with process, process.stdout, process.stderr:
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()

    assert "Traceback" not in errors
    assert 0 == process.returncode
    assert 2 == value(target_url, 'select count(*) from "a%b"')


def test_source_written_to_during_the_run_fails_a_gate(
    bench: Bench, tmp_path: Path, target_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was proven is said to rest on a source that moved on."""
    from engine.agents import migration_execution

    source = make_source(tmp_path / "s.db", "pragma journal_mode = wal;" + _ODD)
    build = migration_execution.build_after_move

    def build_and_write(site: object) -> bool:
        make_source(source, """insert into "a%b" values (3, 'late')""")
        return build(site)  # type: ignore[arg-type]  # the site it was given

    monkeypatch.setattr(migration_execution, "build_after_move", build_and_write)

    run_id = bench.copy(source)

    gates = {gate: state for gate, state, _ in bench.ledger.runs.gates(run_id)}
    assert "failed" == gates["sources stood still"]
    assert "complete" != str(bench.ledger.runs.read(run_id).state)
