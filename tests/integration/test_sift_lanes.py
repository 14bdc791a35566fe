"""Failed batches of every lane, of a rehearsal, and large ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.model.plan import Lane
from engine.model.run import Pass
from engine.moving.cut_table import CutSite, cut_table
from engine.moving.scratch import drop_scratch, make_scratch, make_scratch_tables, scratch_schema
from engine.recovering.sift_chunk import sift_chunk
from engine.stores.open_source import SourceShelf
from tests.fix_runs import Bench, make_source, query
from tests.fix_sifting import failing, rows_of, told

_LARGE = """
create table item (id integer primary key, name text, n integer, code text);
with recursive i (i) as (select 1 union all select i + 1 from i where i < 200000)
insert into item select i, 'name ' || i, case when i % 20 = 7 then 'x' || i else i end,
  case when i % 20 = 13 then 'code 1' else 'code ' || i end from i;
"""


def test_large_batch_is_looked_through_at_once(bench: Bench, tmp_path: Path, target_url: str) -> None:
    """200,000 rows, 20,000 of them bad in two ways, counted exactly in seconds."""
    query(target_url, "create table item (id bigint primary key, name text, n integer, code text unique)")
    with failing(bench, make_source(tmp_path / "s.db", _LARGE), batch_rows=200_000) as run:
        sifted = run.sift()

    assert [("cast", "n", 10_000), ("duplicate-inside", "item_code_key", 10_000)] == told(sifted)
    assert (200_000, 20_000, 20_000) == (
        sifted.diagnosis.rows,
        sifted.diagnosis.offending,
        len(sifted.offenders),
    )
    assert {7, 13} == {offender.ordinal % 20 for offender in sifted.offenders}
    assert [20, 20] == [len(group.examples) for group in sifted.diagnosis.groups]
    assert sifted.diagnosis.seconds < 30


def test_trigger_that_refuses_many_rows_is_asked_on_the_server(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """Stretches of rows halve where one fails; no row goes over the wire for it."""
    query(
        target_url,
        "create table item (id bigint primary key, name text, n text, code text);"
        "create function guard() returns trigger language plpgsql as"
        " $$ begin if new.id % 10 = 1 then raise exception 'no'; end if; return new; end $$;"
        "create trigger guard after insert on item for each row execute function guard()",
    )
    with failing(
        bench, make_source(tmp_path / "s.db", _LARGE.replace("200000", "20000")), batch_rows=20_000
    ) as run:
        sifted = run.sift()

    assert [("trigger", "guard", 2_000)] == told(sifted)
    assert {1} == {offender.ordinal % 10 for offender in sifted.offenders}


def test_piped_blocks_of_a_postgres_source_are_looked_through(
    bench: Bench, source_pg_url: str, target_url: str
) -> None:
    """Binary or not, what failed as a block is read as text."""
    query(
        source_pg_url,
        "create table item (id integer primary key, name text, at timestamptz, bits bytea);"
        "insert into item select i, 'n' || i % 4, '2024-01-01 10:00:00+02', '\\x00ff'"
        " from generate_series(1, 8) as i",
    )
    query(
        target_url,
        "create table item (id integer primary key, name text, at timestamptz, bits bytea)",
    )
    with failing(bench, source_pg_url, then="create unique index names on item (name)") as run:
        assert (Lane.PIPED, True) == (run.table().lane, run.table().is_binary)
        sifted = run.sift()

    assert [("duplicate-inside", "names", 4)] == told(sifted)
    assert [("5",), ("6",), ("7",), ("8",)] == [offender.key for offender in sifted.offenders]


def test_batch_of_a_rehearsal_is_looked_through_in_its_schema(
    bench: Bench, tmp_path: Path, target_url: str
) -> None:
    """The scratch copies of tables and ids count, not the real ones."""
    query(
        target_url,
        "create table notes (id bigint primary key, case_id uuid, text varchar(5), serial_no serial);"
        "insert into notes (id) values (1)",
    )
    source = make_source(
        tmp_path / "s.db",
        "create table cases (id integer primary key); insert into cases values (1);"
        "create table notes (id integer primary key, case_id integer, text text);"
        "insert into notes values (1, 1, 'ok'), (2, 2, 'ok'), (3, 1, 'too long');",
    )
    tables = (
        {"from": "cases", "columns": {"id": {"generate": "uuid5"}}, "leave": ["id"]},
        {"from": "notes", "columns": {"case_id": {"from": "case_id", "lookup": "cases"}}},
    )
    with failing(bench, {"old": source}, *tables) as run:
        target, scratch = run.kit.target, scratch_schema(run.run_id)
        make_scratch(scratch, run_id=run.run_id, epoch=run.epoch, target=target)
        make_scratch_tables(
            run.plan.tables, [(scratch, "public")] * 2, run_id=run.run_id, epoch=run.epoch, target=target
        )
        shelf = SourceShelf(run.urls)
        site = CutSite(
            run_id=run.run_id, plan=run.plan, ledger=bench.ledger, shelf=shelf, emit=lambda _: None
        )
        for table in run.plan.tables:
            cut_table(site, table, Pass.REHEARSE)
        shelf.close()
        query(target_url, "insert into fordway.rehearsed_id values (%s, 'old', 'cases', '1', 'cases', %s)",
              [run.run_id, "6f1b7f5c-1111-4222-8333-444455556666"])  # fmt: skip
        task = replace(run.task("notes"), pass_=Pass.REHEARSE, schema=scratch)
        sifted = sift_chunk(task, kit=run.kit, plan=run.plan)
        drop_scratch(run.run_id, epoch=run.epoch, target=target)

    assert [((2,), "no-parent", "case_id"), ((3,), "too-long", "text")] == rows_of(sifted)
    assert "rehearse" == sifted.diagnosis.at.pass_
