"""A phase is taken back and moved again: the end is that of a run nobody disturbed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.model.errors import BadInput
from engine.model.undo import Part
from engine.stores.target_session import TargetSession
from engine.undoing.preview_undo import preview_undo
from tests.fix_runs import Bench, CommandLine, chunk_rows, make_source, query, schema_of, value

_SHOP = """
create table customer (id integer primary key autoincrement, name text not null);
create table sale (id integer primary key autoincrement, customer_id integer not null references customer (id), amount integer);
create table line (sale_id integer not null references sale (id), place integer not null, what text, primary key (sale_id, place));
create index sale_customer on sale (customer_id);
create view spent as select customer_id, amount from sale;
with recursive n (i) as (select 1 union all select i + 1 from n where i < 40)
insert into customer select i, 'name ' || i from n;
with recursive n (i) as (select 1 union all select i + 1 from n where i < 60)
insert into sale select i, 1 + i % 40, case when i = 7 then 'seven' else i end from n;
insert into line select id, 1, 'thing ' || id from sale where id <> 7;
"""
_ROWS = {
    "customer": "select id, name from customer order by id",
    "sale": "select id, customer_id, amount from sale order by id",
    "line": "select sale_id, place, what from line order by sale_id",
}
_LEDGER = {
    "quarantine": "select table_number, source_key::text, reason from fordway.quarantine where run_id = %s order by 1, 2",
    "actions": "select kind, object::text, state from fordway.undo_action where run_id = %s order by 1, 2",
    "gates": "select gate, state from fordway.gate where run_id = %s order by 1",
    "steps": "select step_key, state from fordway.step where run_id = %s order by 1",
    "id map": "select source_table, legacy_key, target_key from fordway.id_map where run_id = %s order by 1, 2",
    "merged": "select source_key::text, became, before::text from fordway.merged_row where run_id = %s order by 1",
    "progress": "select table_number from fordway.undo_progress where run_id = %s",
    "earlier": "select table_number from fordway.earlier_write where run_id = %s",
}


def _part(bench: Bench, run_id: str, phase: int) -> str:
    """The run's state after a runner took the phase back."""
    return bench.work(run_id, {}, part=Part(phase=phase, by="tester"))


def _resumed(bench: Bench, run_id: str, source: Path) -> str:
    return bench.work(run_id, {"source": str(source)})


def _left(bench: Bench, run_id: str, rows: dict[str, str] = _ROWS) -> dict[str, Any]:
    """All a run leaves, without times and transactions."""
    url = bench.target_url
    proven = "select distinct on (body->>'table') body->>'table', body->>'strength' from fordway.event where run_id = %s and kind = 'table_verified' order by body->>'table', number desc"
    return {
        **{name: query(url, statement) for name, statement in rows.items()},
        **{name: query(url, statement, [run_id]) for name, statement in _LEDGER.items()},
        "schema": schema_of(url),
        "chunks": chunk_rows(url, run_id),
        "proven": query(url, proven, [run_id]),
    }


def _undone(bench: Bench, run_id: str) -> dict[str, dict[str, Any]]:
    rows = query(
        bench.target_url,
        "select body from fordway.event where run_id = %s and kind = 'table_undone' order by number",
        [run_id],
    )
    return {body["table"]: body for (body,) in rows}


@pytest.mark.parametrize("phase", [1, 2, 3])
def test_phase_taken_back_and_resumed_ends_like_an_undisturbed_run(
    phase: int, bench: Bench, tmp_path: Path
) -> None:
    """Rows, schema, chunks, quarantine, steps, gates and proof are the same; the undo list too."""
    source = make_source(tmp_path / "s.db", _SHOP)
    run_id = bench.copy(source)
    calm = _left(bench, run_id)

    assert "paused" == _part(bench, run_id, phase)
    between = str(bench.ledger.runs.read(run_id).reason)
    assert "complete" == _resumed(bench, run_id, source)

    assert calm == _left(bench, run_id)
    assert between.startswith(f"Phase {phase} was taken back: ")
