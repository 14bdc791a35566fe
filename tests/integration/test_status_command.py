"""``fordway status``: what it says of rows is true whatever became of them."""

from __future__ import annotations

from pathlib import Path

from tests.fix_commands import Command
from tests.fix_faults import Met, meet
from tests.fix_runs import Bench, Finished, make_source

_OWNERS = "create table owner (id integer primary key, name text);"
_OLD = f"""
{_OWNERS} create table item (id integer primary key, owner integer);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 20)
insert into owner select i, 'owner ' || i from n;
insert into item select id, id from owner;
update item set owner = 901 where id in (3, 4); update item set owner = 999 where id in (5, 6);
"""
_TARGET = """
create table owner (id bigint primary key, name text);
create table item (id bigint primary key, owner bigint references owner);
"""


def _meet(bench: Bench, folder: Path, on_error: str) -> Met:
    sources = {
        "old": make_source(folder / "old.db", _OLD),
        "archive": make_source(folder / "archive.db", _OWNERS + "insert into owner values (901, 'Ada');"),
    }
    tables = [{"from": "old.owner", "to": "owner"}, {"from": "old.item", "to": "item"}]
    return meet(bench, sources, tables, target=_TARGET, on_error=on_error)


def _rows(done: Finished) -> str:
    return done.out.splitlines()[1].strip()


def test_status_tells_rows_brought_in_from_those_that_were_planned(
    bench: Bench, tmp_path: Path, command: Command
) -> None:
    """No more rows are written than were planned."""
    met = _meet(bench, tmp_path, "recommended")
    done = command("status", met.run_id)
    body = command("status", met.run_id, "--json").last

    assert "38 of 40 rows written, 1 brought in, 2 set aside" == _rows(done)
    assert (39, 1, 2, 0, 0) == tuple(
        body[f"rows_{name}"] for name in ("written", "brought", "quarantined", "given_up", "taken_back")
    )


def test_status_tells_rows_given_up(bench: Bench, tmp_path: Path, command: Command) -> None:
    """They wait for nothing, so the run is complete; but they are not forgotten, neither in the report."""
    met = _meet(bench, tmp_path, "quarantine")
    ids = met.held("quarantine_id")
    met.bench.ledger.quarantine.discard(met.run_id, ids[:1], who="tester", note="nobody")
    some = command("status", met.run_id)
    met.bench.ledger.quarantine.discard(met.run_id, ids[1:], who="tester", note="nobody")
    resumed = command("resume", met.run_id)
    report = command("report", met.run_id, "--json").last

    assert "36 of 40 rows written, 3 set aside, 1 given up" == _rows(some)
    assert "36 of 40 rows written, 0 set aside, 4 given up" == _rows(command("status", met.run_id))
    assert (0, True) == (resumed.code, "4 rows were given up, and were not written." in resumed.out)
    assert "- set aside: 0 rows, and 4 given up" in Path(report["markdown"]).read_text("utf-8")


def test_status_of_a_run_that_was_undone_tells_what_was_taken_back(
    bench: Bench, tmp_path: Path, command: Command
) -> None:
    """Not one of its rows is written any more."""
    met = _meet(bench, tmp_path, "recommended")
    assert "undone" == bench.undo(met.run_id)
    done = command("status", met.run_id)

    assert "39 rows taken back" == _rows(done)
    assert ["item: 18 rows taken back", "owner: 21 rows taken back"] == sorted(
        line.strip() for line in done.out.splitlines()[2:] if "taken back" in line
    )
    assert "batches" not in done.out
    assert 39 == command("status", met.run_id, "--json").last["rows_taken_back"]
