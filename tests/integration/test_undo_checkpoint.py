"""Back to the last checkpoint: what decisions brought in for a pending batch goes again, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest

from engine.model.faults import Offence
from engine.model.remedies import Action, Remedy
from engine.model.undo import Part
from engine.stores.ledger.recovery import NewRule
from sql import load
from tests.fix_runs import Bench, Typed, make_source, query, value

_SOURCE = """
create table parent (id integer primary key, name text not null);
create table child (id integer primary key, parent_id integer not null references parent (id));
insert into parent values (1, 'one'), (2, 'two'), (3, 'three');
insert into child values (10, 1), (11, 2), (12, 4), (13, 5);
"""
_TARGET = """
create table parent (id bigint primary key, name text not null);
create table child (id bigint primary key, parent_id bigint not null references parent (id));
"""
_PARENTS = "select id, name from parent order by id"


def _stuck(bench: Bench, tmp_path: Path) -> str:
    """A run whose batch of children waits for a decision: two of their parents are not there."""
    query(bench.target_url, _TARGET)
    run_id = bench.copy(make_source(tmp_path / "s.db", _SOURCE))
    assert "waiting" == str(bench.ledger.runs.read(run_id).state)
    assert [(1, 3), (2, 0)] == query(
        bench.target_url,
        "select table_number, rows_written from fordway.chunk where pass = 'move' order by 1",
    )
    return run_id


def _decided(bench: Bench, run_id: str) -> str:
    """The id of a decision about the waiting batch, answered and not carried out."""
    decision_id = value(bench.target_url, "select decision_id from fordway.decision where state = 'open'")
    query(
        bench.target_url,
        "update fordway.decision set state = 'answered', answer = 'placeholders', answered_by = 'me', answered_at = now(),"
        """ body = body || '{"at": {"pass_": "move", "table": "child", "table_number": 2, "chunk": 1, "label": "1-4"}}'"""
        " where decision_id = %s",
        [decision_id],
    )
    return str(decision_id)


def _bring(bench: Bench, run_id: str, *rows: tuple[int, str], kind: str = "placeholder") -> None:
    """Parents are written beside the batches, on behalf of the first batch of children."""
    values: dict[str, Any] = {"run_id": run_id, "table_number": 1, "epoch": 1, "seconds": 0.1}
    is_made = kind == "placeholder"
    origin = {"source": "source", "table": "parent", "for_table": 2, "for_chunk": 1, "kind": kind}
    with psycopg.connect(bench.target_url) as connection:
        cursor = connection.cursor()
        cursor.executemany("insert into public.parent values (%s, %s)", rows)
        late = {"target_table": "parent", "origin": json.dumps(origin), "rows": 0 if is_made else len(rows)}
        found = cursor.execute(load("recovery/open_late_chunk"), {**values, **late}).fetchone()
        assert found is not None
        moved = 0 if is_made else len(rows)
        counts = {"read": moved, "written": moved, "quarantined": 0, "filtered": 0, "merged": 0}
        chunk = {**values, "pass": "move", "chunk_number": found[0], **counts}
        cursor.execute(load("chunks/commit_chunk"), chunk)
        written = {"chunk_number": found[0], "kind": kind, "rows": len(rows), "decision_id": None}
        if is_made:
            cursor.execute(load("recovery/add_chunk_write"), {**values, **written})
        for key, _ in rows:
            cursor.execute(
                "insert into fordway.late_row (run_id, table_number, chunk_number, source_name, source_table, source_key)"
                " values (%s, 1, %s, 'source', 'parent', %s)",
                [run_id, found[0], json.dumps([key])],
            )


def _back(bench: Bench, run_id: str) -> str:
    return bench.work(run_id, {}, part=Part(phase=None, by="tester"))


@pytest.mark.parametrize("kind", ["placeholder", "brought"])
def test_return_to_the_checkpoint_takes_back_what_was_brought_in_and_what_was_decided(
    kind: str, bench: Bench, tmp_path: Path
) -> None:
    """Rows, their batch and all decided about the waiting batch are gone; the run rests, and asks again when resumed."""
    run_id = _stuck(bench, tmp_path)
    before = query(bench.target_url, _PARENTS)
    decision_id = _decided(bench, run_id)
    _bring(bench, run_id, (4, "made"), (5, "made"), kind=kind)
    remedy = Remedy(action=Action.QUARANTINE, kind=Offence.NO_PARENT, decision_id=decision_id)
    bench.ledger.recovery.arm(run_id, 2, 1, (remedy,))
    rule = NewRule(
        table_number=2, target_table="child", kind=Offence.NO_PARENT, place="", action=Action.QUARANTINE,
        value=None, words="every child without a parent: set aside", decision_id=decision_id, by="me", from_where="",
    )  # fmt: skip
    bench.ledger.recovery.make_rule(run_id, rule)

    assert "paused" == _back(bench, run_id)

    assert before == query(bench.target_url, _PARENTS)
    assert [(1, 1, 3), (2, 1, 0)] == query(
        bench.target_url,
        "select table_number, chunk_number, rows_written from fordway.chunk where pass = 'move' order by 1",
    )
    for table in ("late_row", "chunk_write"):
        assert 0 == value(bench.target_url, f"select count(*) from fordway.{table}")
    assert [("dropped",)] == query(bench.target_url, "select state from fordway.treatment")
    assert [] == bench.ledger.recovery.rules(run_id)
    record = bench.ledger.runs.read(run_id)
    assert "Back at the last checkpoint: 2 rows taken back; resume tries the batch again" == record.reason
    assert "waiting" == bench.work(run_id, {"source": str(tmp_path / "s.db")})


@pytest.mark.parametrize(
    "change",
    ["update parent set name = 'mine' where id = 4", "insert into child values (99, 5)"],
    ids=["changed", "needed"],
)
def test_return_to_the_checkpoint_leaves_whole_what_somebody_changed_or_needs_a_row_of(
    change: str, bench: Bench, tmp_path: Path
) -> None:
    """Rows that came in together stay together, known to the ledger, and are counted as left."""
    run_id = _stuck(bench, tmp_path)
    _bring(bench, run_id, (4, "made"), (5, "made"))
    _bring(bench, run_id, (6, "made"))
    query(bench.target_url, change)

    assert "paused" == _back(bench, run_id)

    assert [1, 2, 3, 4, 5] == [key for key, _ in query(bench.target_url, _PARENTS)]
    assert [(2,)] == query(bench.target_url, "select rows from fordway.chunk_write")
    assert "1 row taken back, 2 left because" in bench.ledger.runs.read(run_id).reason


def test_return_to_the_checkpoint_leaves_what_was_brought_in_for_a_batch_that_is_committed(
    bench: Bench, tmp_path: Path
) -> None:
    """Its rows belong to what stands."""
    run_id = _stuck(bench, tmp_path)
    _bring(bench, run_id, (4, "made"), (5, "made"))
    bench.work(run_id, {"source": str(tmp_path / "s.db")})
    assert 4 == value(bench.target_url, "select count(*) from child")
    # As if it had been paused behind its last batch.
    query(
        bench.target_url,
        "alter table fordway.run disable trigger guard_run_state;"
        " update fordway.run set state = 'paused', finished_at = null;"
        " alter table fordway.run enable trigger guard_run_state",
    )

    assert "paused" == _back(bench, run_id)

    assert 5 == value(bench.target_url, "select count(*) from parent")
    reason = "Back at the last checkpoint: 0 rows taken back; resume tries the batch again"
    assert reason == bench.ledger.runs.read(run_id).reason


def test_return_to_the_checkpoint_by_the_command_line_foretells_and_ends_with_0(
    typed: Typed, bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """What would go is shown before the name is asked for."""
    run_id = _stuck(bench, tmp_path)
    _bring(bench, run_id, (4, "made"))
    name = value(target_url, "select current_database()")

    done = typed.run("undo", run_id, "--to-checkpoint", "--confirm", name, "--json")

    assert 0 == done.code, done.err
    assert "parent: 1 of 1 rows go" in done.err
    (part,) = done.events("part_undone")
    assert ("the last checkpoint", ["parent"], 1, 0) == (
        part["what"], part["tables"], part["removed"], part["kept"],
    )  # fmt: skip
