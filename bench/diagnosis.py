"""What a failed batch costs: looked through whole, beside the plain COPY of the same batch.

A million rows x 9 columns in one batch, a hundred thousand of them bad in two ways: text in a column
of numbers, and keys that come twice. ``python -m bench.diagnosis``; ``FORDWAY_BENCH_ROWS`` for other sizes.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from bench.data import ITEM, make_mixed
from bench.peers import database, make_table
from bench.speed import server
from engine.agents.look_ahead import look_ahead
from engine.hands.kit import HandsSetup, Kit
from engine.model.events import PlanProposed
from engine.model.plan import Plan, TablePlan
from engine.model.run import Pass
from engine.moving.chunk_task import ChunkTask
from engine.moving.encode_rows import RowEncoder
from engine.playbooks.copy_playbook import playbook_for_copy
from engine.playbooks.spec import Playbook
from engine.recovering.sift_chunk import sift_chunk
from engine.recovering.sifted import Sifted
from engine.stores.ledger import Ledger
from tests.fix_runs import Bench

ROWS = int(os.environ.get("FORDWAY_BENCH_ROWS", "1000000"))
_SPOILT = """
update item set quantity = 'about ' || quantity where id % 20 = 7;
update item set code = 'SKU-0' where id % 20 = 13;
insert into item (id, code) values (-1, 'SKU-0');
"""


def spoil(path: Path) -> None:
    """One row in ten can't be written any more."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_SPOILT)


def planned(url: str, source: Path) -> tuple[Playbook, Plan, TablePlan]:
    """The plan of the one table, all of it one batch."""
    playbook = playbook_for_copy(str(source), url)
    plan = look_ahead(
        playbook, target_url=url, target_label="bench", source_urls=playbook.sources, on_error="ask"
    )
    return playbook, plan, plan.tables[0]


def plain_copy(url: str, kit: Kit, table: TablePlan) -> float:
    """Seconds of one COPY of the batch, each value judged; nothing on the table, no ledger."""
    source = kit.source(table.source)
    encoder = RowEncoder(table, engine=source.engine, run_time=kit.run_time)
    (span,) = source.cut_ranges(table.source_table, key=table.chunk_key, rows=10 * ROWS, where="")
    make_table(url, "plain", ITEM)
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        with cursor.copy("copy plain from stdin") as copy:
            for page in source.read_range(
                table.source_table, columns=encoder.columns, key=table.chunk_key, span=span, where=""
            ):
                for row in page:
                    copy.write_row(encoder.encode(row))  # type: ignore[arg-type]  # every row fits
        return time.perf_counter() - began


def diagnose(url: str, plan: Plan, playbook: Playbook) -> tuple[float, Sifted]:
    """Seconds of looking through the same batch, spoilt."""
    ledger = Ledger(url, purpose="bench")
    ledger.migrate()
    table = plan.tables[0]
    run_id = Bench(url, "", ledger).new_run(playbook)
    ledger.runs.propose(run_id, plan, PlanProposed(plan=plan))
    kit = Kit(HandsSetup(target_url=url, source_urls=playbook.sources, run_time=datetime.now(UTC)))
    spans = kit.source(table.source).cut_ranges(
        table.source_table, key=table.chunk_key, rows=10 * ROWS, where=""
    )
    ledger.chunks.record(run_id, Pass.MOVE, table, spans)
    task = ChunkTask(run_id=run_id, epoch=1, pass_=Pass.MOVE, table=table, chunk=1, schema="public")
    began = time.perf_counter()
    sifted = sift_chunk(task, kit=kit, plan=plan)
    seconds = time.perf_counter() - began
    kit.close()
    ledger.close()
    return seconds, sifted


def main() -> None:
    """One line for the COPY, one for the diagnosis."""
    with server() as (folder, admin, _):
        source = make_mixed(folder / "mixed.db", ROWS)
        url = database(admin, "bench_diagnosis")
        make_table(url, "item", f"{ITEM}, primary key (id), unique (code)")
        playbook, plan, table = planned(url, source)
        kit = Kit(HandsSetup(target_url=url, source_urls=playbook.sources, run_time=datetime.now(UTC)))
        plain = plain_copy(url, kit, table)
        kit.close()
        spoil(source)
        seconds, sifted = diagnose(url, plan, playbook)
    print(f"\nA failed batch of {sifted.diagnosis.rows:,} rows x {len(table.columns)} columns")
    print(f"  {'plain COPY of its rows, each value judged':<46} {plain:8.2f} s")
    print(f"  {'looked through whole':<46} {seconds:8.2f} s {seconds / plain:6.2f} times as long")
    for group in sifted.diagnosis.groups:
        print(f"    {group.rows:>9,} rows  {group.place}: {group.reason}")


if __name__ == "__main__":
    main()
