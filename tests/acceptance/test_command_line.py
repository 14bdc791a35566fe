"""The command line as scripts rely on it: JSON lines, exit codes, nothing left behind (PRODUCT, section 6)."""

from __future__ import annotations

import json
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.fix_runs import (
    BIG_COLUMNS,
    CommandLine,
    Finished,
    assert_same_rows,
    by_batches,
    latest_run,
    make_big_source,
    make_source,
    query,
    schema_of,
    value,
)

_SMALL = (
    "create table item (id integer primary key, name text); insert into item values (1, 'one'), (2, 'two');"
)
_COMMITTED = "select count(*) from fordway.chunk where state = 'committed' and pass = 'move'"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Two rows."""
    return make_source(tmp_path / "small.db", _SMALL)


@pytest.fixture
def playbook(tmp_path: Path, small: Path) -> Path:
    """A playbook over the two rows."""
    path = tmp_path / "small.yaml"
    path.write_text(
        f"playbook: small\ntitle: Small\nsources:\n  legacy: {small}\ndefaults:\n  names: keep\n", "utf-8"
    )
    return path


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60,000 rows: long enough to be met in the middle."""
    return make_big_source(tmp_path_factory.mktemp("people") / "people.db", rows=60_000)


def _has_moved(url: str, batches: int) -> bool:
    return value(url, "select to_regclass('fordway.chunk')") is not None and value(url, _COMMITTED) >= batches


def _assert_last_line(done: Finished, state: str, tables: set[str]) -> None:
    last = done.last
    assert {"event", "run", "state", "tables", "seconds", "phases"} == set(last)
    assert ("run_finished", state, tables) == (
        last["event"],
        last["state"],
        {t["table"] for t in last["tables"]},
    )
    for table in last["tables"]:
        assert {"table", "read", "written", "quarantined", "filtered", "merged", "strength"} == set(table)
        assert table["read"] == table["written"] + table["quarantined"] + table["filtered"] + table["merged"]
        assert table["strength"] in {"proven", "sampled", "count-only", "not-compared", "different"}
    assert set(last["phases"]) <= {"discover", "plan", "rehearse", "move", "index", "verify"}


def test_copy_ends_complete_with_the_published_last_line(
    fordway: CommandLine, small: Path, target_url: str
) -> None:
    """Code 0, every line of standard output a JSON object, words on standard error."""
    done = fordway.run("copy", small, target_url, "--json")

    assert 0 == done.code, done.err
    _assert_last_line(done, "complete", {"item"})
    assert [2, "proven"] == [done.last["tables"][0][name] for name in ("written", "strength")]
    assert {"discover", "plan", "move", "index", "verify"} == set(done.last["phases"])
    assert "All 2 rows are in your new system." in done.err
    numbers = [line["number"] for line in done.lines if "number" in line]
    assert sorted(set(numbers)) == numbers


def test_copy_without_json_speaks_on_standard_output(
    fordway: CommandLine, small: Path, target_url: str
) -> None:
    """A person reads sentences, and nothing on standard error."""
    done = fordway.run("copy", small, target_url)

    assert (0, "") == (done.code, done.err)
    assert "All 2 rows are in your new system." in done.out
    assert "{" not in done.out


@pytest.mark.parametrize("flags", [("--headless",), ()], ids=["asked for", "no terminal"])
def test_demo_without_a_screen_moves_every_bracket_and_leaves_no_process(
    flags: tuple[str, ...], fordway: CommandLine, eventually: Callable[..., None]
) -> None:
    """State complete, 1,569 read and written, none aside, proven; embedded servers end with it."""
    del fordway.environment["FORDWAY_TARGET_URL"], fordway.environment["FORDWAY_REDIS_URL"]

    done = fordway.run("demo", "brackets", *flags, "--json")

    assert 0 == done.code, done.err
    _assert_last_line(done, "complete", {"brackets"})
    row = done.last["tables"][0]
    assert (1569, 1569, 0, "proven") == tuple(row[n] for n in ("read", "written", "quarantined", "strength"))
    place = fordway.environment["FORDWAY_DATA_DIR"]
    eventually(lambda: [] == [p.pid for p in psutil.process_iter() if _names(p, place)], seconds=15)


def _names(process: psutil.Process, text: str) -> bool:
    try:
        return text in " ".join(process.cmdline())
    except psutil.Error:
        return False


def test_run_without_yes_waits_and_decide_carries_it_to_the_end(
    fordway: CommandLine, playbook: Path, target_url: str, eventually: Callable[..., None]
) -> None:
    """Code 4 with the question open; the answer from a script is enough to go on."""
    asked = fordway.run("run", playbook, "--json")
    assert 4 == asked.code, asked.err
    _assert_last_line(asked, "paused", {"item"})
    assert value(target_url, "select to_regclass('public.item')") is None
    shown = fordway.run("status", "latest", "--json")
    assert (0, "waiting") == (shown.code, shown.last["state"])
    assert shown.last["decision"].endswith("approve-1")

    wrong = fordway.run("decide", "latest", "open", "perhaps", "--json")
    right = fordway.run("decide", "latest", shown.last["decision"], "approve-move", "--json")

    assert (2, 0) == (wrong.code, right.code), right.err
    assert "Choose one of: approve, approve-move, decline" in wrong.err
    eventually(lambda: value(target_url, "select state from fordway.run") == "complete", seconds=20)
    assert 2 == value(target_url, "select count(*) from item")
    eventually(lambda: fordway.run("status", "latest", "--json").last["runner"] == "absent", seconds=15)


def test_run_without_yes_is_carried_on_by_resume_yes(fordway: CommandLine, playbook: Path) -> None:
    """``resume --yes`` answers the routine questions beforehand, from then on."""
    assert 4 == fordway.run("run", playbook, "--json").code

    done = fordway.run("resume", "latest", "--yes", "--json")

    assert (0, "complete") == (done.code, done.last["state"]), done.err


def test_run_declined_ends_stopped(
    fordway: CommandLine, playbook: Path, target_url: str, eventually: Callable[..., None]
) -> None:
    """A plan nobody wants leaves no table."""
    assert 4 == fordway.run("run", playbook, "--json").code

    assert 0 == fordway.run("decide", "latest", "open", "decline").code

    eventually(lambda: value(target_url, "select state from fordway.run") == "stopped", seconds=20)
    assert value(target_url, "select to_regclass('public.item')") is None


def test_run_with_rehearsal_predicts_what_then_happens(
    fordway: CommandLine, playbook: Path, target_url: str
) -> None:
    """The rehearsal's counts are the move's, and its scratch schema is gone."""
    done = fordway.run("run", playbook, "--yes", "--rehearse", "--json")

    assert 0 == done.code, done.err
    predicted = done.events("rehearsal_finished")[0]["tables"][0]["counts"]
    actual = done.last["tables"][0]
    assert predicted == {name: actual[name] for name in predicted}
    assert "rehearse" in done.last["phases"]
    assert 0 == value(
        target_url, "select count(*) from pg_namespace where nspname like 'fordway_rehearsal%%'"
    )


def test_run_paused_from_another_terminal_resumes_to_the_end(
    fordway: CommandLine, people: Path, tmp_path: Path, target_url: str, eventually: Callable[..., None]
) -> None:
    """``pause`` ends the open batch; the run says 4 and ``resume`` 0."""
    slow = tmp_path / "slow.yaml"
    text = f"playbook: slow\ntitle: Slow\nsources:\n  legacy: {people}\ndefaults:\n  names: keep\n  batch_rows: 20\n"
    slow.write_text(text, "utf-8")
    process = fordway.start("run", slow, "--yes", "--json")
    eventually(lambda: _has_moved(target_url, 2), seconds=30)

    assert 0 == fordway.run("pause", latest_run(target_url), "--json").code

    paused = fordway.finish(process)
    assert (4, "paused") == (paused.code, paused.last["state"])
    assert 0 < value(target_url, "select count(*) from person") < 60_000
    done = fordway.run("resume", latest_run(target_url), "--json")
    assert 0 == done.code, done.err
    assert_same_rows(people, target_url, "person", BIG_COLUMNS, key="id")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_that_gets_a_signal_ends_its_batch_and_can_be_resumed(
    number: signal.Signals,
    fordway: CommandLine,
    people: Path,
    target_url: str,
    eventually: Callable[..., None],
    tmp_path: Path,
) -> None:
    """128 and the signal; the ledger counts what is in the target, and no process stays."""
    process = fordway.start(*by_batches(people, target_url, rows=40, folder=tmp_path), "--json")
    eventually(lambda: _has_moved(target_url, 2), seconds=30)

    process.send_signal(number)

    done = fordway.finish(process)
    assert 128 + number == done.code, done.err
    assert "Traceback" not in done.err
    _assert_last_line(done, "paused", {"person", "visit"})
    assert value(target_url, "select count(*) from person") == value(
        target_url, "select sum(rows_written)::int from fordway.chunk where target_table = 'person'"
    )
    assert [("paused", False)] == query(target_url, "select state, is_failed from fordway.run")
    again = fordway.run("resume", "latest", "--json")
    assert (0, "complete") == (again.code, again.last["state"]), again.err


def test_undo_asks_for_the_targets_name_and_ends_with_its_own_code(
    fordway: CommandLine, small: Path, target_url: str
) -> None:
    """Without the name nothing happens and the code is 2; with it the target is as before, and 5."""
    before = schema_of(target_url)
    assert 0 == fordway.run("copy", small, target_url).code
    name = value(target_url, "select current_database()")

    refused = fordway.run("undo", "latest", "--json")
    wrong = fordway.run("undo", "latest", "--confirm", "wrong", "--json")
    assert (2, 2) == (refused.code, wrong.code)
    assert f"--confirm {name}" in refused.err
    assert 2 == value(target_url, "select count(*) from item")
    done = fordway.run("undo", "latest", "--confirm", name, "--json")

    assert 5 == done.code, done.err
    assert "undone" == done.last["state"]
    assert before == schema_of(target_url)


def test_row_that_cant_be_carried_is_quarantined_whole_and_the_code_says_so(
    fordway: CommandLine, tmp_path: Path, target_url: str
) -> None:
    """NUL and invalid UTF-8: code 6, two rows aside with reason and every value, the others proven."""
    source = make_source(
        tmp_path / "s.db", "create table item (id integer primary key, name text, weight real, photo blob);"
    )
    with closing(sqlite3.connect(source)) as connection, connection:
        connection.execute("insert into item values (1, 'fine', 1.5, x'00ff')")
        connection.execute("insert into item values (2, 'has' || char(0) || 'nul', 2.5, x'01')")
        connection.execute("insert into item values (3, cast(x'c3289f' as text), 0.1, x'02')")

    done = fordway.run("copy", source, target_url, "--json")

    assert 6 == done.code, done.err
    _assert_last_line(done, "complete", {"item"})
    assert (3, 1, 2) == tuple(done.last["tables"][0][n] for n in ("read", "written", "quarantined"))
    rows = query(
        target_url,
        "select source_key, column_name, reason, row_data from fordway.quarantine where pass = 'move' order by quarantine_id",
    )
    assert [([2], "name"), ([3], "name")] == [(key, column) for key, column, _, _ in rows]
    assert "NUL" in rows[0][2]
    assert "not valid UTF-8" in rows[1][2]
    assert [
        {
            "id": 2,
            "name": {"text": b"has\0nul".hex()},
            "weight": {"float": (2.5).hex()},
            "photo": {"bytes": "01"},
        },
        {
            "id": 3,
            "name": {"text": "c3289f"},
            "weight": {"float": (0.1).hex()},
            "photo": {"bytes": "02"},
        },
    ] == [row for *_, row in rows]


def test_plan_as_json_is_one_line_with_its_digest(
    fordway: CommandLine, playbook: Path, target_url: str
) -> None:
    """The same world has the same digest, and looking writes nothing."""
    first, second = fordway.run("plan", playbook, "--json"), fordway.run("plan", playbook, "--json")

    assert (0, 1, "plan") == (first.code, len(first.lines), first.last["event"])
    assert 64 == len(first.last["digest"])
    assert first.last["digest"] == second.last["digest"]
    assert value(target_url, "select to_regnamespace('fordway')") is None


def test_doctor_as_json_names_each_check(fordway: CommandLine, small: Path) -> None:
    """Code 0 where all is well, 1 where something can't work, with what to do."""
    well = fordway.run("doctor", "--json")
    ill = fordway.run("doctor", "--json", "--target", "postgresql://x@127.0.0.1:1/x")

    assert (0, 1) == (well.code, ill.code), well.err
    for line in [*well.lines, *ill.lines]:
        assert {"event", "name", "status", "what", "todo"} == set(line)
    assert all(line["todo"] for line in ill.lines if line["status"] == "fail")


def test_status_lists_runs_and_counts_from_the_ledger(
    fordway: CommandLine, small: Path, target_url: str
) -> None:
    """Rows come from chunks, the runner's life from its lease."""
    empty = fordway.run("status", "--json")
    fordway.run("copy", small, target_url)

    done = fordway.run("status", latest_run(target_url)[:5], "--json")

    assert (0, "") == (empty.code, empty.out)
    line = done.last
    assert ("complete", "absent", 2, 2, None) == tuple(
        line[n] for n in ("state", "runner", "rows_planned", "rows_written", "decision")
    )
    assert [("item", 1, 1, 2)] == [
        (t["table"], t["chunks"], t["committed"], t["written"]) for t in line["tables"]
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ["copy"],
        ["nonsense"],
        ["resume", "latest"],
        ["status", "zzz"],
        ["run", "not-there.yaml"],
        ["copy", "a.db", "mysql://x/y"],
        ["run", "x", "--on-error", "pray"],
    ],
    ids=" ".join,
)
def test_command_that_makes_no_sense_ends_with_2(arguments: list[str], fordway: CommandLine) -> None:
    """Usage faults say what to do, without a traceback."""
    done = fordway.run(*arguments)

    assert 2 == done.code, done.err
    assert done.err.strip()
    assert "Traceback" not in done.err


def test_error_as_json_is_an_object_on_standard_output_too(fordway: CommandLine) -> None:
    """A script reads the four parts of the sentence and the code it will get."""
    done = fordway.run("resume", "latest", "--json")

    assert {"event", "what", "where", "safe", "todo", "exit_code"} == set(json.loads(done.out))
    assert done.code == done.last["exit_code"]
