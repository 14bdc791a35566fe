"""``fordway quarantine``: what it tells, what it changes, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.fix_commands import Command
from tests.fix_faults import Met
from tests.fix_filled import filled_by
from tests.fix_runs import Finished, query, value

_SOURCE = """
create table owner (id integer primary key, name text, note text, photo blob);
create table item (id integer primary key, owner integer, title text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < 20)
insert into owner select i, 'owner ' || i, null, null from n;
with recursive n (i) as (select 1 union all select i + 1 from n where i < 60)
insert into item select i, 1 + i % 20, 'item ' || i from n;
update owner set name = '', note = 'one' || char(10) || 'two, "three"', photo = x'00ff' where id = 7;
update owner set name = '', note = '' where id = 9;
"""
_TARGET = """
create table owner (id bigint primary key, name text constraint has_name check (name <> ''), note text, photo bytea);
create table item (id bigint primary key, owner bigint references owner, title text);
"""
_TABLES = [{"from": "owner"}, {"from": "item"}]
"""Owners 7 and 9 are refused, and with each three items that belong to it."""


filled = filled_by(_SOURCE, _TABLES, target=_TARGET, on_error="quarantine")
"""A complete run with eight rows set aside."""


@pytest.fixture
def met(filled_run: Met) -> Met:
    """The run in the test's own database."""
    assert ("complete", 8) == (filled_run.state, len(filled_run.held()))
    return filled_run


def _ids(met: Met, table: str, *keys: int) -> list[int]:
    """Numbers of rows set aside, by their keys in the source."""
    rows = query(
        met.bench.target_url,
        "select quarantine_id from fordway.quarantine where target_table = %s and source_key <@ %s::jsonb"
        " order by quarantine_id",
        [table, json.dumps(list(keys))],
    )
    return [number for (number,) in rows]


def _counts(met: Met) -> dict[str, tuple[int, ...]]:
    return dict(met.counts())


def _is_one_sentence(done: Finished) -> bool:
    return done.code == 2 and len(done.err.strip().splitlines()) == 1 and "Traceback" not in done.err


def test_list_tells_how_many_and_why_then_each_row(met: Met, command: Command) -> None:
    """Groups first; then number, table, key, place and reason of every open row."""
    done = command("quarantine", "list")

    (owner, _) = _ids(met, "owner", 7, 9)
    assert 0 == done.code
    assert "owner.has_name: 2 rows open, the check has_name does not hold" in done.out
    assert "item.item_owner_fkey: 6 rows open" in done.out
    assert f"  {owner}  owner 7  has_name: the check has_name does not hold" in done.out


def test_list_keeps_to_the_table_and_state_that_are_named(met: Met, command: Command) -> None:
    """As JSON: groups, then rows, with everything that is known of them."""
    (seven, nine) = _ids(met, "owner", 7, 9)
    met.bench.ledger.quarantine.discard(met.run_id, [nine], who="tester", note="nobody")

    opened = command("quarantine", "list", "latest", "--table", "owner", "--json")
    given_up = command("quarantine", "list", met.run_id, "--state", "discarded", "--json")
    everything = command("quarantine", "list", met.run_id, "--state", "all", "--json")

    assert ([7], [seven]) == (_keys(opened), [line["id"] for line in opened.events("quarantined_row")])
    assert [("owner", "has_name", "check", "discarded", 1), ("owner", "has_name", "check", "open", 1)] == sorted(
        (g["target_table"], g["place"], g["kind"], g["state"], g["rows"]) for g in opened.events("quarantine_group")
    )  # fmt: skip
    assert [(9, "nobody")] == [
        (line["source_key"][0], line["note"]) for line in given_up.events("quarantined_row")
    ]
    assert 8 == len(everything.events("quarantined_row"))


def _keys(done: Finished) -> list[Any]:
    return [line["source_key"][0] for line in done.events("quarantined_row")]


def test_list_goes_on_behind_a_number(met: Met, command: Command) -> None:
    """Long lists come in pieces."""
    numbers = met.held("quarantine_id")

    done = command("quarantine", "list", met.run_id, "--after", numbers[5], "--json")

    assert numbers[6:] == [line["id"] for line in done.events("quarantined_row")]


def test_state_nobody_knows_is_refused(met: Met, command: Command) -> None:
    """Rather than to tell that there is no such row."""
    done = command("quarantine", "list", met.run_id, "--state", "lost")

    assert _is_one_sentence(done)
    assert "'open', 'replayed', 'discarded', 'all'" in done.err


def test_show_has_the_whole_row_why_it_is_here_and_who_waits_for_it(met: Met, command: Command) -> None:
    """Odd values are told so that they can be seen; an empty text is not NULL."""
    (seven, nine) = _ids(met, "owner", 7, 9)

    done, other = (
        command("quarantine", "show", met.run_id, seven),
        command("quarantine", "show", met.run_id, nine),
    )

    lines = done.out.splitlines()
    assert (0, "owner, key 7, batch 1: open") == (done.code, lines[0])
    assert "  has_name: the check has_name does not hold" == lines[1]
    assert {"  photo = \\x00ff", '  note = one\\ntwo, "three"'} <= set(lines)
    waiting = _ids(met, "item", 6, 26, 46)
    assert f"  3 rows of item wait for it: {', '.join(map(str, waiting))}" in lines
    assert {"  note = ''", "  photo = NULL"} <= set(other.out.splitlines())


def test_show_as_json_has_the_row_as_it_was_read(met: Met, command: Command) -> None:
    """With the numbers of those that wait."""
    (seven,) = _ids(met, "owner", 7)

    (line,) = command("quarantine", "show", met.run_id, seven, "--json").lines

    assert ("quarantined_row", "owner", "has_name", "check", "open") == tuple(
        line[name] for name in ("event", "table", "place", "kind", "state")
    )
    assert {"id": 7, "name": "", "note": 'one\ntwo, "three"', "photo": {"bytes": "00ff"}} == line["row"]
    assert {"item": _ids(met, "item", 6, 26, 46)} == line["waiting"]


def test_value_given_is_told_and_kept_until_the_row_is_replayed(met: Met, command: Command) -> None:
    """The target has nothing of it yet, and the journal has who did it."""
    (seven,) = _ids(met, "owner", 7)

    done = command("quarantine", "edit", met.run_id, seven, "--set", "name=a=b", "--null", "note")
    again = command("quarantine", "show", met.run_id, seven, "--json").last
    as_json = command("quarantine", "edit", met.run_id, seven, "--set", "name=Seven", "--json")

    assert (0, {"name": "a=b", "note": None}) == (done.code, again["edits"])
    assert ("edited", seven, {"name": "Seven", "note": None}) == tuple(
        as_json.last[name] for name in ("event", "id", "edits")
    )
    assert [] == query(met.bench.target_url, "select 1 from owner where id = 7")
    assert [("edited", 1), ("edited", 1)] == [(e.what, e.rows) for e in met.events("quarantine_changed")]


_WRONG_EDITS = {
    "no value": (["--set", "name"], "'name' names no column and value"),
    "nothing": ([], "No value was given"),
    "two values": (["--set", "note=x", "--null", "note"], "note was given twice"),
    "unknown column": (["--set", "nick=x"], "owner has no column nick that takes a value in this plan"),
}


@pytest.mark.parametrize("case", _WRONG_EDITS)
def test_edit_that_makes_no_sense_is_refused_in_one_sentence(case: str, met: Met, command: Command) -> None:
    """And the row is as it was."""
    arguments, sentence = _WRONG_EDITS[case]
    (seven,) = _ids(met, "owner", 7)

    done = command("quarantine", "edit", met.run_id, seven, *arguments)

    assert _is_one_sentence(done)
    assert done.err.startswith(sentence)
    assert {} == command("quarantine", "show", met.run_id, seven, "--json").last["edits"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "{run}", "99999"),
        ("edit", "{run}", "99999", "--set", "name=x"),
        ("replay", "{run}", "99999"),
        ("discard", "{run}", "99999", "--confirm", "x"),
        ("show", "{run}", "99999999999999999999"),
        ("edit", "{run}", "99999999999999999999", "--set", "name=x"),
        ("replay", "{run}", "99999999999999999999"),
        ("discard", "{run}", "99999999999999999999", "--confirm", "x"),
        ("replay", "{run}", "--all", "1"),
        ("discard", "{run}", "--all", "1", "--confirm", "x"),
        ("discard", "{run}", "--table", "owner", "1", "--confirm", "x"),
        ("replay", "{run}"),
        ("show", "nonsense", "1"),
    ],
)
def test_rows_and_runs_there_are_none_of_are_refused_in_one_sentence(
    arguments: tuple[str, ...], met: Met, command: Command
) -> None:
    """Exit code 2, and nothing was changed."""
    before = _counts(met)

    done = command("quarantine", *(word.format(run=met.run_id) for word in arguments))

    assert _is_one_sentence(done), done.err
    assert before == _counts(met)


@pytest.mark.parametrize(
    "arguments", [("list",), ("export",), ("replay",), ("discard", "--confirm", "x")], ids=lambda a: a[0]
)
def test_table_there_is_none_of_is_refused_with_those_there_are(
    arguments: tuple[str, ...], met: Met, command: Command
) -> None:
    """Nothing to do is no answer to a name that is wrong."""
    done = command("quarantine", arguments[0], met.run_id, *arguments[1:], "--table", "nope")

    assert _is_one_sentence(done)
    assert f"Run {met.run_id} has no table nope" in done.err
    assert "It has: item, owner" in done.err


def test_list_behind_the_last_row_there_can_be_is_empty(met: Met, command: Command) -> None:
    """A number that is too large is no error of the server's."""
    done = command("quarantine", "list", met.run_id, "--after", "99999999999999999999")

    assert (0, False) == (done.code, "  owner 7" in done.out)


def test_replay_is_a_command_of_its_own_too(met: Met, command: Command) -> None:
    """It takes what ``quarantine replay`` takes."""
    (seven,) = _ids(met, "owner", 7)
    command("quarantine", "edit", met.run_id, seven, "--set", "name=Seven")

    done = command("replay", met.run_id, seven, "--json")

    assert (0, "replayed", 1) == (done.code, done.last["event"], done.last["rows"])
    assert [("Seven",)] == query(met.bench.target_url, "select name from owner where id = 7")


def test_discard_wants_the_targets_name_and_tells_who_waits(met: Met, command: Command) -> None:
    """Given up rows stay in the ledger, counted as set aside."""
    (seven,) = _ids(met, "owner", 7)
    name, before = str(value(met.bench.target_url, "select current_database()")), _counts(met)

    refused = command("quarantine", "discard", met.run_id, seven)
    done = command(
        "quarantine", "discard", met.run_id, seven, "--note", "a test", "--confirm", name, "--json"
    )
    again = command("quarantine", "discard", met.run_id, seven, "--confirm", name)

    assert (2, 0, 2) == (refused.code, done.code, again.code)
    assert "3 rows wait for them and will not find them." in done.err
    assert ("discarded", 1) == (done.last["event"], done.last["rows"])
    assert f"Row {seven} is discarded already" in again.err
    assert before == _counts(met)
    assert met.balances()
    assert [("discarded", "a test")] == query(
        met.bench.target_url, "select state, note from fordway.quarantine where quarantine_id = %s", [seven]
    )
    assert 7 == len(met.held())


def test_export_keeps_every_value_apart(met: Met, command: Command, tmp_path: Path) -> None:
    """Newlines, quotes and commas inside, NULL beside empty text, bytes: all come back from the file."""
    file = tmp_path / "rows.csv"

    done = command("quarantine", "export", met.run_id, "--out", file, "--table", "owner", "--json")
    again = command("quarantine", "export", met.run_id, "--out", file)
    shown = command("quarantine", "export", met.run_id)

    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    assert (0, 2, "exported") == (done.code, done.last["rows"], done.last["event"])
    assert [
        {"id": 7, "name": "", "note": 'one\ntwo, "three"', "photo": "\\x00ff"},
        {"id": 9, "name": "", "note": "", "photo": None},
    ] == [json.loads(row["row"]) for row in rows]
    assert [([7], "has_name", "open"), ([9], "has_name", "open")] == [
        (json.loads(row["source_key"]), row["place"], row["state"]) for row in rows
    ]
    assert f"{file} is there already" in again.err
    assert 8 == len(list(csv.DictReader(io.StringIO(shown.out))))


def test_export_as_json_is_one_object_a_row(met: Met, command: Command) -> None:
    """On standard output there is no file to name, and no CSV among the JSON."""
    done = command("quarantine", "export", met.run_id, "--json", "--table", "owner")

    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [("quarantined_row", 7), ("quarantined_row", 9)] == [(r["event"], r["row"]["id"]) for r in rows]
