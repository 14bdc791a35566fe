"""Whole runs over SQLite files in unusual states, with rules, and with fifteen related tables."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.playbooks.spec import Playbook
from tests.corpus.truth import difference
from tests.fix_runs import Bench, CommandLine, make_source, query, value


def _state(bench: Bench, run_id: str) -> str:
    return str(bench.ledger.runs.read(run_id).state)


def _findings(bench: Bench) -> list[dict[str, object]]:
    found = value(bench.target_url, "select plan from fordway.run order by created_at desc limit 1")
    return list(found["findings"])


def test_wal_file_with_rows_only_in_its_log_is_carried_whole(bench: Bench, tmp_path: Path) -> None:
    """What another program committed and did not check in yet is a row like any other."""
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("pragma journal_mode = wal")
        writer.execute("pragma wal_autocheckpoint = 0")
        writer.execute("create table item (id integer primary key, t text)")
        writer.executemany("insert into item (t) values (?)", [(f"t{n}",) for n in range(100)])

        run_id = bench.copy(path)

        assert "complete" == _state(bench, run_id)
        assert (0, []) == difference(path, bench.target_url, "item", "item")
        assert 100 == value(bench.target_url, "select count(*) from item")


def test_read_only_file_is_carried_and_left_as_it_was(bench: Bench, tmp_path: Path) -> None:
    """Neither a lock file nor a log is left beside it."""
    path = make_source(
        tmp_path / "s.db", "create table item (id integer primary key); insert into item values (1);"
    )
    path.chmod(0o444)
    before = path.read_bytes()

    run_id = bench.copy(path)

    assert "complete" == _state(bench, run_id)
    assert (before, ["s.db"]) == (path.read_bytes(), [file.name for file in tmp_path.iterdir()])


def test_damaged_file_is_refused_in_a_sentence(bench: Bench, tmp_path: Path) -> None:
    """The run pauses with the reason; nothing stands in the target."""
    path = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, t text);"
        "with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000) insert into item select i, hex(i) from n;",
    )
    raw = bytearray(path.read_bytes())
    raw[8192:40960] = b"\xff" * (40960 - 8192)
    path.write_bytes(raw)

    run_id = bench.copy(path)

    record = bench.ledger.runs.read(run_id)
    assert "paused" == str(record.state)
    assert "damaged" in record.reason
    assert [] == query(bench.target_url, "select 1 from pg_tables where schemaname = 'public'")


def test_file_written_to_all_the_time_is_refused_in_words(bench: Bench, tmp_path: Path) -> None:
    """Pairs of rows committed together are both there or both not, and the run says why it ended."""
    path = tmp_path / "s.db"
    make_source(
        path,
        "pragma journal_mode = wal; create table pair (id integer primary key, n int); insert into pair (n) values (0), (0);",
    )
    stop = threading.Event()

    def write() -> None:
        with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as writer:
            number = 0
            while not stop.wait(0.02):
                number += 1
                writer.execute("begin immediate")
                writer.execute("insert into pair (n) values (?)", (number,))
                writer.execute("insert into pair (n) values (?)", (number,))
                writer.execute("commit")

    thread = threading.Thread(target=write)
    thread.start()
    try:
        run_id = bench.copy(path)
    finally:
        stop.set()
        thread.join()

    record = bench.ledger.runs.read(run_id)
    made = value(bench.target_url, "select to_regclass('public.pair') is not null")
    odd = query(bench.target_url, "select n from pair group by n having count(*) <> 2") if made else []
    assert ([], False) == (odd, str(record.state) == "complete")
    asked = bench.ledger.decisions.open_one(run_id)
    said = asked.situation if asked else record.reason
    assert "rows, now" in said or "written" in said


def test_rules_are_applied_counted_and_proven(bench: Bench, tmp_path: Path) -> None:
    """What the rules make of the values is what the target has, and verification says so on its own."""
    path = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, n int, born datetime, ms datetime, is_on text, t varchar(3), c int);"
        "insert into item values (1, '', 1700000000, 1700000000123, 'yes', 'abcdef', 'x'), (2, 5, null, 0, 'N', ' ab ', 7), (3, 7, 0, null, null, '', null);",
    )
    playbook = Playbook.model_validate(
        {
            "playbook": "test", "title": "Test", "target": bench.target_url, "sources": {"source": str(path)},
            "tables": [
                {
                    "from": "item",
                    "columns": {
                        "n": {"from": "n", "rule": "empty_to_null"},
                        "born": {"from": "born", "rule": "epoch_seconds"},
                        "ms": {"from": "ms", "rule": ["epoch_milliseconds"], "cast": "timestamp"},
                        "is_on": {"from": "is_on", "rule": "words_to_boolean", "cast": "boolean"},
                        "t": {"from": "t", "rule": ["trim", "truncate"], "cast": "character varying(3)"},
                        "c": {"from": "c", "rule": ["null_misfits", {"default": -1}], "cast": "integer"},
                    },
                }
            ],
        }
    )  # fmt: skip
    run_id = bench.new_run(playbook)
    bench.work(run_id, playbook.sources)

    assert "complete" == _state(bench, run_id)
    assert [
        (1, None, "2023-11-14 22:13:20+00", "2023-11-14 22:13:20.123", True, "abc", -1),
        (2, 5, None, "1970-01-01 00:00:00", False, "ab", 7),
        (3, 7, "1970-01-01 00:00:00+00", None, None, "", -1),
    ] == query(
        bench.target_url,
        "select id, n, (born at time zone 'utc')::text || '+00', ms::text, is_on, t, c from item order by id",
    )
    assert "proven" == value(
        bench.target_url, "select body->>'strength' from fordway.event where kind = 'table_verified'"
    )
    assert {"item.n": "1 of 3 rows, e.g. key 1", "item.born": "2 of 3 rows, e.g. key 1"} == {
        str(f["place"]): f["evidence"] for f in _findings(bench) if f["code"] == "F120" and f["place"] in {"item.n", "item.born"}
    }  # fmt: skip


def test_rows_set_aside_need_an_answer_of_their_own(
    fordway: CommandLine, tmp_path: Path, target_url: str, eventually: Callable[..., None]
) -> None:
    """The plain approval is refused with the reason, the one that names the rows is taken."""
    path = make_source(
        tmp_path / "s.db",
        "create table item (id integer primary key, t text); insert into item values (1, 'a'), (2, 'b' || char(0));",
    )
    playbook = tmp_path / "p.yaml"
    playbook.write_text(f"playbook: test\ntitle: Test\nsources: {{source: {path}}}\n")
    assert 4 == fordway.run("run", playbook, "--json").code

    refused = fordway.run("decide", "latest", "open", "approve-move")
    taken = fordway.run("decide", "latest", "open", "approve-aside-move")

    assert "1 row would be set aside" in refused.err
    assert 0 == taken.code, taken.err
    eventually(lambda: value(target_url, "select state from fordway.run") == "complete", seconds=20)
    eventually(lambda: fordway.run("status", "latest", "--json").last["runner"] == "absent", seconds=15)
    assert [(1, "a")] == query(target_url, "select id, t from item")


_PARTS = """
create table part_{n} (
    id integer primary key{auto}, name text not null default 'x' collate nocase, parent int references part_{before} (id) on delete set null,
    qty int not null default {n} check (qty >= 0), price numeric(8,2), made timestamp default current_timestamp,
    total as (qty * 2) stored, is_on boolean not null default 1
);
create index part_{n}_on on part_{n} (name) where is_on = 1;
create view shown_{n} as select id, name, total from part_{n} where is_on and qty > 0;
insert into part_{n} (name, parent, price) values ('one', {first}, 1.5), ('two', null, null), ('three', {first}, 12.25);
"""


def test_copy_of_fifteen_related_tables_takes_inserts_in_every_one(
    fordway: CommandLine, tmp_path: Path, target_url: str
) -> None:
    """Foreign keys, views, checks, defaults and sequences work as they did in the file."""
    script = "".join(
        _PARTS.format(
            n=n, before=max(n - 1, 1), first="null" if n == 1 else 1, auto=" autoincrement" if n % 2 else ""
        )
        for n in range(1, 16)
    )
    path = make_source(tmp_path / "s.db", script)

    done = fordway.run("copy", path, target_url, "--yes", "--json")

    assert 0 == done.code, done.err
    for n in range(1, 16):
        assert (0, []) == difference(path, target_url, f"part_{n}", f"part_{n}")
        assert [(4, n, n * 2)] == query(
            target_url, f"insert into part_{n} (name, parent) values ('four', 3) returning id, qty, total"
        )
        assert 4 == value(target_url, f"select count(*) from shown_{n}")
    assert 15 == value(
        target_url,
        "select count(*) from pg_constraint where contype = 'f' and convalidated and connamespace = 'public'::regnamespace",
    )


_DECLARED = (
    "integer",
    "int",
    "text",
    "varchar(4)",
    "real",
    "numeric",
    "numeric(6,2)",
    "boolean",
    "date",
    "datetime",
    "time",
    "blob",
    "json",
    "uuid",
    "odd type",
    "",
)
_VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-3, 3),
    st.floats(allow_nan=False),
    st.decimals(-9999, 9999, places=2).map(float),
    st.text(max_size=6),
    st.text("01.-e ", max_size=5),
    st.binary(max_size=4),
    st.dates().map(str),
    st.datetimes().map(str),
    st.times().map(str),
    st.uuids().map(str),
    st.sampled_from(["", "yes", "NO", "t", "true", "2024-02-30", "24:00", "2024-01-01T00:00:00Z", "{}", "[1, 1.0]", "null", "a\0b", "1e400", "0x10", "١٢"]),
)  # fmt: skip
_COLUMN = st.tuples(st.sampled_from(_DECLARED), st.lists(_VALUES, min_size=1, max_size=2), st.booleans())


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_any_small_file_crosses_equal_or_is_explained(
    data: st.DataObject, bench: Bench, tmp_path: Path
) -> None:
    """Each row is in the target as it was or in the quarantine, and the plan counted no fewer."""
    path = tmp_path / "any.db"
    path.unlink(missing_ok=True)
    query(bench.target_url, "drop schema public cascade; create schema public")
    tables = data.draw(st.lists(st.lists(_COLUMN, min_size=1, max_size=5), min_size=4, max_size=8))
    with closing(sqlite3.connect(path)) as connection:
        for number, columns in enumerate(tables):
            names = ", ".join(f"c{n} {kind}" for n, (kind, _, _) in enumerate(columns))
            key = data.draw(st.sampled_from(["id integer primary key, ", ""]))
            connection.execute(f"create table t{number} ({key}{names})")
            rows = data.draw(st.lists(st.tuples(*(_one_of(column) for column in columns)), max_size=8))
            marks = ", ".join("?" * len(columns))
            listed = ", ".join(f"c{n}" for n in range(len(columns)))
            connection.executemany(f"insert into t{number} ({listed}) values ({marks})", rows)
        connection.commit()

    run_id = bench.copy(path)

    assert "complete" == _state(bench, run_id)
    foretold = sum(int(str(finding.get("violates") or 0)) for finding in _findings(bench))
    missing = 0
    for number in range(len(tables)):
        lost, extra = difference(path, bench.target_url, f"t{number}", f"t{number}")
        assert [] == extra
        missing += lost
    aside = query(
        bench.target_url,
        "select count(*) from fordway.quarantine where run_id = %s and pass = 'move'",
        [run_id],
    )
    assert [(missing,)] == aside
    assert missing <= foretold


def _one_of(column: tuple[str, list[object], bool]) -> st.SearchStrategy[object]:
    """Mostly values like the column's own, now and then any."""
    _, own, is_strict = column
    return st.sampled_from(own) if is_strict else st.one_of(st.sampled_from(own), _VALUES)


@pytest.mark.parametrize("statement", ["create table t (a)", "create table t (a, b as (a))"])
def test_table_without_types_or_rows_is_made(bench: Bench, tmp_path: Path, statement: str) -> None:
    """Nothing is known of its values, so nothing is promised."""
    run_id = bench.copy(make_source(tmp_path / "s.db", statement + ";"))

    assert "complete" == _state(bench, run_id)
