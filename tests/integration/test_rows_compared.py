"""The numbers of a verdict are of rows that were hashed, not of rows that were expected."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.checking.compare_chunk import CheckTask, check_chunk
from engine.hands.kit import HandsSetup, Kit
from engine.model.ports import LineSigns
from engine.model.run import Pass
from engine.stores.target_checks import TargetChecks
from tests.fix_runs import Bench, in_schema, make_source, query

_SIGNS = LineSigns(null="\x1fnull", between="\x1f", end="\x1eend", seeds=(1, 2))
_ROWS = "create table item (id integer primary key, name text); insert into item values (1, 'a'), (2, 'b'), (3, 'c');"


@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
def test_rows_gone_on_both_sides_after_they_were_counted_are_not_among_the_rows_compared(
    kind: str, bench: Bench, source_pg_url: str, target_url: str, tmp_path: Path
) -> None:
    """Alike as the sides are, the verdict tells of two rows, and the count of three shows it."""
    gone = "delete from item where id = 2"
    if kind == "postgres":
        query(source_pg_url, _ROWS)
    source = (
        in_schema(source_pg_url, "public") if kind == "postgres" else make_source(tmp_path / "s.db", _ROWS)
    )
    run_id = bench.copy(source)
    [chunk] = bench.ledger.chunks.all(run_id, Pass.MOVE, 1)
    [written] = bench.ledger.chunks.written(run_id, 1)
    [table] = bench.ledger.runs.plan(run_id).plan.tables
    checks = TargetChecks(target_url)
    stretches = checks.streams.stretches(table, [written.xid32])[written.xid32]
    checks.close()
    query(target_url, gone)
    if kind == "postgres":
        query(source_pg_url, gone)
    else:
        make_source(tmp_path / "s.db", gone)
    task = CheckTask(
        table=table,
        run_id=run_id,
        chunk=1,
        span=chunk.span,
        xid=written.xid32,
        stretches=stretches,
        signs=_SIGNS,
    )
    kit = Kit(
        HandsSetup(target_url=target_url, source_urls={"source": str(source)}, run_time=datetime.now(UTC))
    )

    verdict = check_chunk(kit, task)
    kit.close()

    assert verdict.is_equal
    assert (2, 2, 2) == (verdict.source_rows, verdict.target_rows, verdict.matching)
