"""Verification notices what a system that says "zero data loss" while losing rows would not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fix_runs import Bench, make_source, query, value

_ROWS = """
create table item (id integer primary key, name text not null, weight real, born date);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 1200)
insert into item select i, 'item ' || i, i / 7.0, date('2000-01-01', i || ' days') from n;
"""


@pytest.fixture
def moved(bench: Bench, tmp_path: Path) -> str:
    """A run of three batches, complete and proven."""
    run_id = bench.copy(make_source(tmp_path / "s.db", _ROWS))
    assert ("complete", "proven") == (str(bench.ledger.runs.read(run_id).state), _verified(bench)["strength"])
    return run_id


def _verified(bench: Bench) -> dict[str, Any]:
    rows = query(
        bench.target_url,
        "select body from fordway.event where kind = 'table_verified' order by number desc limit 1",
    )
    body: dict[str, Any] = rows[0][0]
    return body


def _verify_again(bench: Bench, run_id: str, tmp_path: Path) -> dict[str, Any]:
    """What a resume says of the table, as if the runner had died before its verification."""
    query(
        bench.target_url,
        "alter table fordway.run disable trigger guard_run_state;"
        " update fordway.run set state = 'paused', finished_at = null;"
        " alter table fordway.run enable trigger guard_run_state",
    )
    state = bench.work(run_id, {"source": str(tmp_path / "s.db")})
    assert "complete" != state
    return _verified(bench)


def _failed(verified: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["detail"] for check in verified["checks"] if check["status"] == "fail"}


@pytest.mark.parametrize(
    ("damage", "failed", "named"),
    [
        ("delete from item where id = 777", {"count match", "full digests"}, "id 777 missing in target"),
        ("update item set name = 'changed' where id = 3", {"count match", "full digests"}, "id 3"),
        (
            "update item set weight = weight * (1 + 1e-15) where id = 800",
            {"count match", "full digests"},
            "id 800",
        ),
        (
            "update item set name = case id when 10 then 'item 11' else 'item 10' end where id in (10, 11)",
            {"count match", "full digests"},
            "id 10",
        ),
    ],
    ids=["a deleted row", "a changed value", "the last bit of a float", "a swapped pair"],
)
def test_verification_of_a_target_someone_damaged_is_never_proven(
    damage: str, failed: set[str], named: str, bench: Bench, moved: str, tmp_path: Path
) -> None:
    """The checks that fail say where, the gate is red, and the run does not complete."""
    query(bench.target_url, damage)

    verified = _verify_again(bench, moved, tmp_path)

    found = _failed(verified)
    assert "different" == verified["strength"]
    assert failed & set(found), found
    assert named in " ".join(found.values())
    gates = {gate: state for gate, state, _ in bench.ledger.runs.gates(moved)}
    assert "failed" == gates["verified item"]
    assert [("R405",)] == query(
        bench.target_url, "select body ->> 'fault' from fordway.decision where state = 'open'"
    )


def test_verification_with_a_strangers_row_completes_and_tells_of_it(
    bench: Bench, moved: str, tmp_path: Path
) -> None:
    """What others add is no fault of the move; the operator reads how many rows are theirs."""
    query(bench.target_url, "insert into item values (5000, 'extra', 1, null)")
    query(
        bench.target_url,
        "alter table fordway.run disable trigger guard_run_state;"
        " update fordway.run set state = 'paused', finished_at = null;"
        " alter table fordway.run enable trigger guard_run_state",
    )

    state = bench.work(moved, {"source": str(tmp_path / "s.db")})

    details = {check["name"]: check["detail"] for check in _verified(bench)["checks"]}
    assert ("complete", "proven") == (state, _verified(bench)["strength"])
    assert "1 more row, written or changed by others" == details["count match"]


def test_verification_after_a_row_was_rewritten_in_place_names_the_differing_column(
    bench: Bench, moved: str, tmp_path: Path
) -> None:
    """A value changed without a trace of who did it is found by value, and its column named."""
    # Deleting and writing it again inside a chunk's own transaction is what a faulty mover would do.
    query(
        bench.target_url,
        "begin; update item set name = 'wrong', born = null where id = 600;"
        " update fordway.chunk set xid = pg_current_xact_id(), rows_read = rows_read where false; commit",
    )
    query(bench.target_url, "delete from item where id between 501 and 1000")
    query(
        bench.target_url,
        "begin; insert into item select i, case i when 600 then 'wrong' else 'item ' || i end, i / 7.0::float8,"
        " case i when 600 then null else date '2000-01-01' + i end from generate_series(501, 1000) as i;"
        " update fordway.chunk set xid = pg_current_xact_id() where chunk_number = 2; commit",
    )

    verified = _verify_again(bench, moved, tmp_path)

    assert "different" == verified["strength"]
    assert {"full digests"} <= set(_failed(verified)) <= {"full digests", "50 samples"}
    assert "id 600 differs in name, born" in _failed(verified)["full digests"]


def test_verification_of_a_batch_set_back_to_pending_is_red(bench: Bench, moved: str, tmp_path: Path) -> None:
    """A batch the ledger no longer counts shrinks no denominator: its rows are missed."""
    query(
        bench.target_url,
        "update fordway.chunk set state = 'pending', rows_read = 0, rows_written = 0, xid = null, epoch = null,"
        " committed_at = null, seconds = null where chunk_number = 2;"
        " delete from item where id between 501 and 1000",
    )

    verified = _verify_again(bench, moved, tmp_path)

    assert "different" == verified["strength"]
    assert {"all rows read", "full digests"} <= set(_failed(verified))
    gates = {gate: (state, reason) for gate, state, reason in bench.ledger.runs.gates(moved)}
    assert "failed" == gates["conservation"][0]
    assert "item read" in gates["conservation"][1]


def test_verification_after_a_source_row_vanished_is_red(bench: Bench, moved: str, tmp_path: Path) -> None:
    """The plan's count is the denominator: fewer rows in the source do not make it hold again."""
    make_source(tmp_path / "s.db", "delete from item where id = 5;")

    state = None
    query(
        bench.target_url,
        "alter table fordway.run disable trigger guard_run_state;"
        " update fordway.run set state = 'paused', finished_at = null;"
        " alter table fordway.run enable trigger guard_run_state",
    )
    state = bench.work(moved, {"source": str(tmp_path / "s.db")})

    assert "waiting" == state
    assert 1 == query(bench.target_url, "select count(*) from fordway.event where kind = 'plan_voided'")[0][0]


def test_run_with_rows_set_aside_does_not_call_both_sides_equal_without_them(
    bench: Bench, tmp_path: Path
) -> None:
    """The last word of the verification counts the rows that are not in the target."""
    source = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, t text);"
        "insert into item values (1, 'one'), (2, 'nul' || char(0)), (3, 'three');",
    )

    bench.copy(source)

    told = value(
        bench.target_url,
        "select body->'lines' from fordway.event where kind = 'guidance_spoken' and body->>'about' = 'verify'",
    )
    assert [
        "item: proven: every row but the 1 row set aside was compared on both sides.",
        "Source and target hold the same rows, except the 1 row set aside.",
    ] == told
