"""Options that say how the run goes on after rows were refused: each does what it foretold, and nothing else."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.fix_faults import Met, meet
from tests.fix_row_cases import BATCH, CASES, ROWS, meet_case
from tests.fix_runs import Bench, make_source, query, value


@pytest.fixture
def met(bench: Bench, tmp_path: Path) -> Met:
    """A run with batches committed, whose second breaks a check by the rows 110, 120 and 199."""
    found = meet_case(CASES["R107"], bench, tmp_path, "")
    assert ("waiting", "R107") == (found.state, found.decision.fault)
    assert 0 < _written(found) < ROWS
    return found


def _written(met: Met) -> int:
    return int(value(met.bench.target_url, "select count(*) from item"))


def _take(met: Met, option: str) -> tuple[dict[str, int], dict[str, int]]:
    """What the option foretold, and what it came to."""
    foretold = met.option(option).effect
    assert foretold is not None
    stored = met.choose(option)
    assert stored.outcome is not None
    assert "done" == stored.outcome["state"]
    return _counted(asdict(foretold)), _counted(stored.outcome["actual"])


def _counted(effect: dict[str, Any]) -> dict[str, int]:
    return {name: count for name, count in effect.items() if count and isinstance(count, int)}


def test_retry_goes_through_once_somebody_mended_the_target(met: Met) -> None:
    """The check was wrong, and is gone."""
    query(met.bench.target_url, "alter table item drop constraint positive")
    foretold, done = _take(met, "retry")

    assert ("complete", (ROWS, ROWS, 0, 0, 0)) == (met.state, met.counts()["item"])
    assert ({"rows": BATCH}, True, []) == (foretold, met.balances(), met.differences())
    assert foretold == done


def test_retry_asks_again_where_nobody_put_anything_right(met: Met) -> None:
    """With the same rows, and the word that it was tried."""
    first = met.decision.decision_id
    met.choose("retry")

    assert ("waiting", "R107", 3) == (met.state, met.decision.fault, met.diagnosis.offending)
    assert first != met.decision.decision_id
    assert met.option("retry").consequence.endswith("It was tried before.")


def test_retry_after_the_source_was_put_right_tells_that_the_source_changed(met: Met, tmp_path: Path) -> None:
    """What was approved is no longer what is there; the batches moved before were of the older rows."""
    before = _written(met)
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection, connection:
        connection.execute("update item set amount = 1 where amount < 0")
    met.choose("retry")

    assert ("waiting", "R202") == (met.state, met.decision.fault)
    assert before == _written(met)


def test_smaller_writes_the_half_without_bad_rows_and_asks_about_the_other(
    bench: Bench, tmp_path: Path
) -> None:
    """Rows 110 and 120 are in the first half; the second goes through behind the batches after it."""
    case = CASES["R107"]
    source = make_source(tmp_path / "s.db", "create table item (id integer primary key, amount);"
                         "with recursive n (i) as (select 1 union all select i + 1 from n where i < 400)"
                         " insert into item select i, case when i in (110, 120) then -1 else i end from n;")  # fmt: skip
    target = (
        "create table item (id bigint primary key, amount numeric constraint positive check (amount > 0))"
    )
    met = meet(bench, {"old": source}, [{"from": "item", "batch_rows": BATCH}], target=target)
    foretold, done = _take(met, "smaller")

    assert case.place == met.diagnosis.groups[0].place
    assert ("waiting", BATCH // 2, 2) == (met.state, met.diagnosis.rows, met.diagnosis.offending)
    assert {"rows": BATCH} == foretold == done
    met.choose("quarantine")

    assert ("complete", (ROWS, ROWS - 2, 2, 0, 0)) == (met.state, met.counts()["item"])
    assert (True, []) == (met.balances(), met.differences())


def test_pause_rests_and_a_resume_asks_again_with_what_is_known_then(met: Met) -> None:
    """Somebody mended two of the three rows' reason meanwhile: the check."""
    first = met.decision.decision_id
    foretold, done = _take(met, "pause")

    assert ("paused", None, {}, {}) == (
        met.state, met.bench.ledger.decisions.open_one(met.run_id), foretold, done,
    )  # fmt: skip
    query(met.bench.target_url, "alter table item drop constraint positive")
    query(
        met.bench.target_url,
        "alter table item add constraint positive check (amount > 0 or id in (110, 120)) not valid",
    )
    met.go_on()

    assert ("waiting", 1) == (met.state, met.diagnosis.offending)
    assert first != met.decision.decision_id
    assert ["199"] == [row.key for row in met.diagnosis.groups[0].examples]


def test_stop_ends_the_run_and_keeps_what_is_committed(met: Met) -> None:
    """It can still be undone."""
    before = _written(met)
    foretold, done = _take(met, "stop")

    assert ("stopped", before) == (met.state, _written(met))
    assert {"written": before} == foretold == done
    assert "undone" == met.bench.undo(met.run_id)
    assert 0 == _written(met)


def test_undo_takes_back_as_many_rows_as_it_foretold(met: Met) -> None:
    """What stood in the target before stands there still."""
    before = _written(met)
    query(met.bench.target_url, "insert into item (id, amount) values (9001, 1)")
    foretold, done = _take(met, "undo")

    assert ("undone", [(9001,)]) == (met.state, query(met.bench.target_url, "select id from item"))
    assert {"removed": before} == foretold == done


def test_question_that_was_handed_to_the_lead_stays_open_for_whoever_answers_first(met: Met) -> None:
    """Both screens show it, it can't be handed on twice, and any answer of anybody counts."""
    decision = met.decision
    decisions = met.bench.ledger.decisions

    assert "" == decisions.answer(decision.decision_id, "lead", who="operator")
    assert "lead" == met.decision.handed_to
    assert "The question is closed, or was handed on before." == decisions.answer(
        decision.decision_id, "lead", who="operator"
    )
    assert [("operator", "handed a question to the lead")] == query(
        met.bench.target_url, "select who, did from fordway.audit_log where did like 'handed%%'"
    )
    met.go_on()
    assert "waiting" == met.state

    met.choose("quarantine")
    assert ("complete", (ROWS, ROWS - 3, 3, 0, 0)) == (met.state, met.counts()["item"])


_CHAIN = """
create table owner (id integer primary key, name text);
create table item (id integer primary key, owner integer, amount integer);
insert into owner values (1, 'one');
with recursive n (i) as (select 1 union all select i + 1 from n where i < 100)
insert into item select i, case when i in (60, 61, 62) then 901 when i = 70 then 777 else 1 end, i from n;
"""
_ARCHIVE = "create table owner (id integer primary key, name text); insert into owner values (901, 'Ada');"


def test_checkpoint_takes_back_what_was_brought_for_the_batch_and_asks_from_the_start(
    bench: Bench, tmp_path: Path
) -> None:
    """Ada came for three rows; the fourth has no parent anywhere, and then somebody thinks again."""
    sources = {
        "old": make_source(tmp_path / "old.db", _CHAIN),
        "archive": make_source(tmp_path / "archive.db", _ARCHIVE),
    }
    target = (
        "create table owner (id bigint primary key, name text);"
        "create table item (id bigint primary key, owner bigint references owner, amount bigint)"
    )
    tables = [{"from": "old.owner", "to": "owner"}, {"from": "old.item", "to": "item", "batch_rows": 50}]
    met = meet(bench, sources, tables, target=target)
    assert "nothing was written or decided since the last committed batch" == (
        met.option("checkpoint").unavailable
    )
    met.choose("parents")
    assert ("R114", 1, 2) == (
        met.decision.fault, met.diagnosis.offending, value(bench.target_url, "select count(*) from owner"),
    )  # fmt: skip
    foretold, done = _take(met, "checkpoint")

    assert ("paused", 1, 50) == (
        met.state, value(bench.target_url, "select count(*) from owner"), _written(met),
    )  # fmt: skip
    assert {"removed": 1} == foretold == done
    met.go_on()
    assert ("R111", 4) == (met.decision.fault, met.diagnosis.offending)
    met.choose("quarantine")
    assert ("complete", (100, 96, 4, 0, 0)) == (met.state, met.counts()["item"])
