"""Rows set aside: read a page at a time, edited, replayed by a runner, given up, taken out."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from console.attach import LedgerLink
from console.held import LedgerHeld
from console.settings import load_settings
from console.wiring import open_services
from engine.model.held import HeldChoice, HeldFilter
from screens.held_link import PAGE_ROWS, HeldPlace, HeldShown
from tests.fix_faults import Met
from tests.fix_filled import filled_by
from tests.fix_runs import Bench, Typed, query, value

_OFFICES = 130
_SOURCE = f"""
create table office (id integer primary key, code text);
with recursive n (i) as (select 1 union all select i + 1 from n where i < {_OFFICES})
insert into office select i, case when i <= 120 then 'long ' || i else 'c' end from n;
create table visit (id integer primary key, office integer references office (id), day text);
insert into visit values (1, 1, 'mon'), (2, 1, 'tue'), (3, 2, 'wed'), (4, 130, 'thu');
"""
_TARGET = """
create table office (id bigint primary key, code varchar(3));
create table visit (id bigint primary key, office bigint constraint visit_office references office (id), day text);
"""
_TABLES = [{"from": "office", "batch_rows": 50}, {"from": "visit"}]
_DEADLINE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Held:
    """A complete run with 120 offices and three of their visits set aside, and a console on it."""

    met: Met
    link: LedgerLink
    bench: Bench

    @property
    def rows(self) -> LedgerHeld:
        return self.link.held

    def read(self, **of: str) -> HeldShown:
        return self.rows.read(HeldPlace(of=HeldFilter(**of)), news=0)

    def number(self, table: str, key: int) -> int:
        found = query(
            self.bench.target_url,
            "select quarantine_id from fordway.quarantine where target_table = %s and source_key->>0 = %s",
            [table, str(key)],
        )
        return int(found[0][0])

    def replayed(self, choice: HeldChoice) -> HeldShown:
        """The rows as they are when the replay is over."""
        before = self.read().replay
        assert "" == self.rows.replay(choice)
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while time.monotonic() < deadline:
            shown = self.read()
            if shown.replay is not None and shown.replay.is_over and shown.replay != before:
                lease = self.bench.ledger.leases.read(self.met.run_id)
                if lease is None or not lease.is_held:
                    return self.read()
            time.sleep(0.05)
        raise AssertionError("the replay did not end")


filled = filled_by(_SOURCE, _TABLES, target=_TARGET, on_error="quarantine")
"""The run, complete."""


@pytest.fixture
def held(filled_run: Met, bench: Bench, data_dir: Path) -> Iterator[Held]:
    """The run, through a console that is only attached to it."""
    assert "complete" == filled_run.state
    settings = load_settings(target_url=bench.target_url, redis_url=bench.redis_url, data_dir=data_dir)
    link = LedgerLink(open_services(settings), filled_run.run_id)
    yield Held(filled_run, link, bench)
    link.close()


def test_rows_set_aside_are_read_a_page_at_a_time(held: Held) -> None:
    """A hundred at once, the rest behind them, and every row once."""
    first = held.read()
    second = held.rows.read(first.place.next_page(first.entries[-1].row.quarantine_id), news=0)

    assert (PAGE_ROWS, False, 123) == (len(first.entries), first.is_last, first.total)
    assert (23, True) == (len(second.entries), second.is_last)
    numbers = [entry.row.quarantine_id for entry in (*first.entries, *second.entries)]
    assert sorted(set(numbers)) == numbers


def test_rows_of_a_group_are_those_of_its_reason(held: Held) -> None:
    """A group's filter takes as many rows as the group says."""
    groups = held.read().groups
    shown = [held.rows.read(HeldPlace(of=HeldFilter.of(group)), news=0) for group in groups]

    assert [group.rows for group in groups] == [page.total for page in shown]
    assert 3 == len(next(page for page in shown if page.place.of.table == "visit").entries)


def test_row_that_others_wait_for_counts_them(held: Held) -> None:
    """Two visits wait for the first office, one for the second, none for the third."""
    waiting = {entry.row.key_words: entry.waiting for entry in held.read(table="office").entries}

    assert (2, 1, 0) == (waiting["1"], waiting["2"], waiting["3"])


def test_row_whole_marks_the_value_in_its_way(held: Held) -> None:
    """Every column, the offending one, and the numbers of the rows that wait."""
    detail = held.rows.detail(held.number("office", 1))

    assert [("id", "1", False), ("code", "long 1", True)] == [
        (cell.target, cell.value, cell.is_offending) for cell in detail.cells
    ]
    assert (("visit", (held.number("visit", 1), held.number("visit", 2))),) == detail.waiting


def test_row_that_waits_marks_the_column_of_its_constraint(held: Held) -> None:
    """The constraint's columns stand in its way, not its name."""
    detail = held.rows.detail(held.number("visit", 1))

    assert ["office"] == [cell.target for cell in detail.cells if cell.is_offending]


def test_edited_row_and_those_that_wait_for_it_are_replayed_into_a_complete_run(held: Held) -> None:
    """What was set aside is written, what was read stays accounted for, and the run stays complete."""
    number = held.number("office", 1)
    assert "" == held.rows.edit(number, "code", "c1")
    before = held.read().counts

    shown = held.replayed(HeldChoice(numbers=(number,), with_children=True))

    assert ("complete", "Replayed 3 rows", True) == (
        held.met.state,
        shown.replay and shown.replay.text,
        shown.replay and shown.replay.is_well,
    )
    assert (11, 123) == (before.written, before.quarantined)
    assert (14, 120) == (shown.counts.written, shown.counts.quarantined)
    assert shown.counts.balances
    assert [(1, "c1")] == query(held.bench.target_url, "select id, code from office where id = 1")
    assert 3 == value(held.bench.target_url, "select count(*) from visit")


def test_row_that_still_fits_nowhere_stays_with_the_reason_of_now(held: Held) -> None:
    """A replay says why, and costs the other rows nothing."""
    good, bad = held.number("office", 1), held.number("office", 2)
    held.rows.edit(good, "code", "c1")

    shown = held.replayed(HeldChoice(numbers=(good, bad)))

    assert shown.replay is not None
    assert ("Replayed 1 row; 1 row stays set aside", False) == (shown.replay.text, shown.replay.is_well)
    assert [bad] == [int(reason.split()[0]) for reason in shown.replay.reasons]
    assert "open" == held.rows.detail(bad).row.state


def test_group_is_replayed_without_naming_its_rows(held: Held) -> None:
    """All visits at once: their offices are still set aside, so they stay, each one looked at."""
    shown = held.replayed(HeldChoice(of=HeldFilter(table="visit")))

    assert "Replayed 0 rows; 3 rows stay set aside" == (shown.replay and shown.replay.text)


def test_replay_tells_the_journal_what_was_written(held: Held) -> None:
    """Screens that count by the journal count as the ledger does."""
    held.rows.edit(held.number("office", 1), "code", "c1")
    held.replayed(HeldChoice(numbers=(held.number("office", 1),)))

    event = [e for e in held.met.events("quarantine_changed") if e.what == "replayed"][-1]
    assert (1, 1, 0) == (event.rows, event.written, event.merged)


def test_replay_beside_a_working_runner_is_refused(held: Held) -> None:
    """Two runners never write the same run."""
    held.bench.ledger.leases.take(held.met.run_id, owner="test", host="elsewhere", pid=1, seconds=60)

    refused = held.rows.replay(HeldChoice(of=HeldFilter()))

    assert "A runner works on run" in refused


def test_edit_of_an_unknown_column_says_which_there_are(held: Held) -> None:
    """The ledger keeps no value that nothing would read."""
    refused = held.rows.edit(held.number("office", 1), "colour", "red")

    assert "office has no column colour that takes a value in this plan" in refused
    assert "id, code" in refused


def test_rows_are_given_up_once_the_targets_name_was_typed(held: Held) -> None:
    """What it would mean is counted before: the rows, and those that wait for them."""
    choice = HeldChoice(of=HeldFilter(table="office"))
    waste = held.rows.waste(choice)
    refused = held.rows.discard(choice, typed="something")
    taken = held.rows.discard(choice, typed=waste.target_name)

    assert (120, 3) == (waste.rows, waste.waiting)
    assert ("Nothing was given up" in refused, "") == (True, taken)
    assert {"discarded": 120, "open": 3} == {
        state: held.read().rows_in(state) for state in ("discarded", "open")
    }
    assert held.met.balances()


def test_exported_rows_are_those_of_the_filter(held: Held, tmp_path: Path) -> None:
    """One line a row behind the headings; a file that is there is never written over."""
    path = tmp_path / "out.csv"
    written, refused = held.rows.export(HeldFilter(table="visit", state="open"), str(path))
    again = held.rows.export(HeldFilter(), str(path))

    assert (f"Wrote 3 rows to {path}", "") == (written, refused)
    with path.open(encoding="utf-8", newline="") as file:
        assert ["visit"] * 3 == [line["table"] for line in csv.DictReader(file)]
    assert again[0] == ""
    assert "is there already" in again[1]


def test_command_replays_rows_and_those_that_wait(held: Held, typed: Typed) -> None:
    """The command and the console share one way; what stays makes the exit code 6."""
    number = held.number("office", 2)
    typed.run("quarantine", "edit", "latest", number, "--set", "code=c2")

    done = typed.run("quarantine", "replay", "latest", number, "--children")
    left = typed.run("quarantine", "replay", "latest", "--table", "visit")

    assert (0, "Replayed 2 rows.\n") == (done.code, done.out)
    assert (6, "Replayed 0 rows; 2 rows stay set aside.") == (left.code, left.out.splitlines()[0])


def test_command_gives_rows_up_by_the_typed_name(held: Held, typed: Typed) -> None:
    """All of a table, counted before, and they stay in the ledger."""
    name = held.rows.waste(HeldChoice()).target_name

    done = typed.run("quarantine", "discard", "latest", "--table", "visit", "--confirm", name)

    assert (0, "Gave up 3 rows.") == (done.code, done.out.splitlines()[-1])
