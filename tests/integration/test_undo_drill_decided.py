"""The undo of a run that needed decisions is rehearsed with what was decided, and gets its date."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.stores.ledger import Ledger
from tests.fix_drills import drill
from tests.fix_faults import Met, meet
from tests.fix_filled import Filled
from tests.fix_row_cases import CASES, ROWS, meet_case
from tests.fix_runs import Bench, make_source, query
from tests.fix_services import Servers


def _drilled(met: Met) -> tuple[int, int, tuple[str, ...]]:
    """Rows moved, and what was left: rows, in words."""
    done = drill(met.bench, met.run_id, met.sources)
    assert done.moved == done.removed
    return done.moved, done.residual, done.words


_PEOPLE = """
create table person (id integer primary key, boss integer, name text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 100)
insert into person select i, null, 'p' || i from n;
update person set name = null where id in (7, 60);
"""
_TARGET = """
create table person (id bigint primary key, boss bigint references person, name text not null);
insert into person values (1000, null, 'there before');
"""


def _met(bench: Bench, tmp_path: Path, more: str) -> Met:
    source = make_source(tmp_path / "s.db", _PEOPLE + more)
    table: dict[str, Any] = {"from": "person", "batch_rows": 50}
    return meet(bench, {"old": source}, [table], target=_TARGET)


def test_undo_of_a_run_with_rows_set_aside_is_rehearsed_without_them(bench: Bench, tmp_path: Path) -> None:
    """They are set aside in the copy as they were in the target."""
    met = _met(
        bench, tmp_path, "update person set boss = 999 where id = 10; delete from person where id = 60;"
    )
    while met.state == "waiting":
        met.choose("quarantine")

    assert (97, 0, ()) == _drilled(met)


def test_undo_of_a_run_with_a_rule_is_rehearsed_with_the_values_it_gave(
    bench: Bench, tmp_path: Path, source_pg_url: str
) -> None:
    """The rule's rows go through the copy, and what the rehearsal did is no use of the rule."""
    met = meet_case(CASES["R103"], bench, tmp_path, source_pg_url)
    met.choose("truncate", for_every=True)
    assert "complete" == met.state
    used = query(bench.target_url, "select uses from fordway.rule")

    assert (ROWS, 0, ()) == _drilled(met)
    assert used == query(bench.target_url, "select uses from fordway.rule")


def test_undo_of_a_run_that_overwrote_rows_by_an_answer_is_rehearsed_with_them(
    bench: Bench, tmp_path: Path
) -> None:
    """The copy has the row as it was before, and has it again afterwards."""
    more = "update person set name = 'p' || id; insert into person values (1000, null, 'new');"
    met = _met(bench, tmp_path, more)
    met.choose("keep-source")
    assert [("new",)] == query(bench.target_url, "select name from person where id = 1000")

    done = drill(met.bench, met.run_id, met.sources)

    assert (0, ()) == (done.residual, done.words)


@pytest.mark.parametrize("option", ["parents", "quarantine"])
def test_undo_of_the_case_files_is_rehearsed_after_their_decision(
    option: str, at_question: Filled, servers: Servers
) -> None:
    """All rows, with the seven cases of the archive where these were moved first; nothing is left of them."""
    with at_question.copied() as url:
        ledger = Ledger(url, purpose="test")
        bench = Bench(url, f"{servers.redis_url.partition('?')[0]}?db=9", ledger)
        met = Met(bench=bench, run_id=at_question.run_id, sources=at_question.sources)
        try:
            met.choose(option)
            assert "complete" == met.state
            done = _drilled(met)
            written = sum(counts[1] for counts in met.counts().values())
        finally:
            ledger.close()

    assert (written, 0, ()) == done
