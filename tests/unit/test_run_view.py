"""The fold from the journal to what the screens show."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.model import events as ev
from engine.model.run import LATE_BATCHES, Counts, Pass, RunState, Step
from screens.run_view import RunView, eta_of, fold, fold_all, rate_of
from screens.view_model import RailState
from screens.widgets.chunk_table import ChunkRows, table_rows
from tests.screens.scripted_journal import RUN, STAGES, START, Script, moving, rehearsing


def view_at(stage: str) -> RunView:
    return fold_all(RunView(run_id=RUN), STAGES[stage]().entries)


def chunks_view(number: int, *, view: RunView | None = None, first: int = 1) -> RunView:
    view = view or RunView(run_id=RUN)
    for chunk in range(first, first + number):
        event = ev.ChunkCommitted(
            pass_=Pass.MOVE,
            table="t",
            chunk=chunk,
            label=str(chunk),
            counts=Counts(read=1, written=1),
            seconds=0.001,
        )
        at = START + timedelta(milliseconds=chunk)
        view = fold(view, ev.JournalEntry(number=view.number + 1, at=at, event=event))
    return view


@pytest.mark.parametrize(
    ("stage", "state", "rail"),
    [
        ("created", RunState.RUNNING, "doing todo todo todo todo todo todo"),
        ("discovered", RunState.RUNNING, "done done todo todo todo todo todo"),
        ("planned", RunState.WAITING, "done done waiting todo todo todo todo"),
        ("rehearsed", RunState.WAITING, "done done done waiting todo todo todo"),
        ("moving", RunState.RUNNING, "done done done done doing todo todo"),
        ("paused", RunState.PAUSED, "done done done done waiting todo todo"),
        ("stopped", RunState.PAUSED, "done done done done failed todo todo"),
        ("finished", RunState.COMPLETE, "done done done done done done done"),
        ("undone", RunState.UNDONE, "done done done done done done done"),
    ],
)
def test_rail_at_a_stage_tells_each_step(stage: str, state: RunState, rail: str) -> None:
    """The rail says of every step how it stands."""
    view = view_at(stage)

    assert (state, rail.split()) == (view.state, [mark.state.value for mark in view.rail])


def test_rail_after_a_step_nobody_did_says_skipped() -> None:
    """A run without a rehearsal says so."""
    view = fold_all(RunView(run_id=RUN), Script().add(ev.StepStarted(step=Step.MOVE)).entries)

    assert RailState.SKIPPED is view.rail_step(Step.REHEARSE).state


def test_rail_after_resuming_goes_on_where_it_rested() -> None:
    """A paused step is being done again as soon as the run goes on."""
    script = STAGES["paused"]().state(RunState.RUNNING)

    assert RailState.DOING is fold_all(RunView(run_id=RUN), script.entries).rail_step(Step.MOVE).state


def test_fold_of_an_entry_it_holds_changes_nothing() -> None:
    """Reading an entry twice is harmless."""
    entries = moving().entries
    view = fold_all(RunView(run_id=RUN), entries)

    assert view == fold_all(view, entries)


def test_fold_in_two_parts_equals_the_fold_in_one() -> None:
    """How the journal is cut into reads does not matter."""
    entries = STAGES["finished"]().entries
    half = fold_all(RunView(run_id=RUN), entries[:20])

    assert fold_all(RunView(run_id=RUN), entries) == fold_all(half, entries[20:])


def test_earlier_view_after_later_folds_is_unchanged() -> None:
    """A view that was handed out never changes, though its chunks share their storage."""
    early = chunks_view(3)
    chunks_view(5, view=early, first=4)

    assert [1, 2, 3] == [line.chunk for line in early.move.tables[0].chunks]


def test_two_futures_of_one_view_do_not_mix() -> None:
    """Folding an old view again does not touch what grew out of it before."""
    early = chunks_view(3)
    one, other = chunks_view(2, view=early, first=4), chunks_view(1, view=early, first=9)

    assert ([1, 2, 3, 4, 5], [1, 2, 3, 9]) == tuple(
        [line.chunk for line in view.move.tables[0].chunks] for view in (one, other)
    )


def test_fold_of_many_chunks_costs_the_same_for_each() -> None:
    """The last thousand of 40,000 chunks cost about what the first thousand did."""
    began = time.perf_counter()
    view = chunks_view(1000)
    first = time.perf_counter() - began
    view = chunks_view(38_000, view=view, first=1001)
    began = time.perf_counter()
    chunks_view(1000, view=view, first=39_001)

    assert time.perf_counter() - began < max(8 * first, 0.5)


def test_conservation_with_lost_rows_does_not_balance() -> None:
    """Two rows that nobody accounts for are seen in the pass and in the table."""
    view = view_at("unbalanced")

    assert (False, True) == (view.move.balances, view.move.tables[0].unbalanced)


def test_rehearsal_begun_anew_counts_from_zero() -> None:
    """A chunk number that comes again in a fresh scratch schema replaces what was counted."""
    script = rehearsing(3)
    again = ev.ChunkCommitted(
        pass_=Pass.REHEARSE,
        table="brackets",
        chunk=1,
        label="1-500",
        counts=Counts(read=500, written=500),
        seconds=0.1,
    )
    view = fold_all(RunView(run_id=RUN), script.add(again).entries)

    assert (500, 1) == (view.rehearsal.counts.read, view.rehearsal.chunks)


def test_retried_chunk_once_committed_is_no_longer_retrying() -> None:
    """A retry shows until its chunk is in, then as the number of tries."""
    script = moving().add(
        ev.ChunkRetried(
            pass_=Pass.MOVE,
            table="brackets",
            chunk=3,
            label="1001-1500",
            attempt=2,
            wait_seconds=0.4,
            cause="deadlock",
        ),
        ev.ChunkCommitted(
            pass_=Pass.MOVE,
            table="brackets",
            chunk=3,
            label="1001-1500",
            counts=Counts(read=500, written=500),
            seconds=0.1,
        ),
    )
    table = fold_all(RunView(run_id=RUN), script.entries).move.tables[0]

    assert (None, 2) == (table.retrying, table.chunks[2].attempts)


def test_feed_of_a_long_run_keeps_the_last_200_lines() -> None:
    """The feed has a bound."""
    script = Script()
    for number in range(300):
        script.add(ev.PauseAsked(by=f"operator {number}"))
    feed = fold_all(RunView(run_id=RUN), script.entries).feed

    assert (200, "operator 299") == (len(feed), feed[-1].who)


def test_rate_of_silence_falls_to_zero() -> None:
    """Nothing committed for a while is a rate of zero, not the last one known."""
    script = moving()
    view = fold_all(RunView(run_id=RUN), script.entries)

    assert 0.0 == rate_of(view, script.at + timedelta(seconds=60))


def test_rate_before_the_first_commit_is_unknown() -> None:
    """No commit, no rate."""
    assert rate_of(view_at("planned"), START) is None


def test_eta_before_a_plan_is_unknown() -> None:
    """Without evidence there is no estimate."""
    assert eta_of(view_at("discovered"), START) is None


def test_eta_before_anything_was_measured_is_the_plans() -> None:
    """Until batches were measured the plan's own range stands."""
    script = rehearsing(0)
    eta = eta_of(fold_all(RunView(run_id=RUN), script.entries), script.at)

    assert (120, 180, "the plan's estimate") == eta


def test_eta_during_the_copy_covers_indexes_and_checks() -> None:
    """With every row copied there is still time left for indexes and checks."""
    script = moving(4)
    eta = eta_of(fold_all(RunView(run_id=RUN), script.entries), script.at)

    assert eta is not None
    assert 0 < eta.low < eta.high


def test_eta_of_a_run_that_is_not_heard_is_unknown() -> None:
    """A stalled run has no estimate."""
    script = moving()

    assert eta_of(fold_all(RunView(run_id=RUN), script.entries), script.at + timedelta(minutes=5)) is None


def test_new_plan_forgets_the_old_rehearsal() -> None:
    """A prediction belongs to its plan."""
    script = STAGES["rehearsed"]()
    view = fold_all(RunView(run_id=RUN), script.entries)
    assert view.plan is not None
    entry = ev.JournalEntry(
        number=view.number + 1, at=script.at, event=ev.PlanProposed(plan=replace(view.plan, digest="other"))
    )

    assert (0, None) == (fold(view, entry).rehearsal.chunks, fold(view, entry).rehearsed)


def test_fold_in_a_fresh_interpreter_needs_no_textual() -> None:
    """The fold can be used where there is no terminal."""
    code = "import sys, screens.run_view, screens.actions; sys.exit(any(m.split('.')[0] in ('textual', 'rich', 'psycopg', 'redis') for m in sys.modules))"

    assert 0 == subprocess.run([sys.executable, "-c", code], check=False).returncode


def test_resumed_run_shows_the_steps_it_did_before_as_done() -> None:
    """Connecting anew after a pause forgets nothing: discovery and plan were not skipped."""
    view = view_at("paused")
    for event in (
        ev.StateChanged(state=RunState.RUNNING),
        ev.StepStarted(step=Step.CONNECT),
        ev.StepFinished(step=Step.CONNECT, seconds=0.1),
        ev.StepStarted(step=Step.MOVE),
    ):
        view = fold(view, ev.JournalEntry(number=view.number + 1, at=START, event=event))

    assert "done done done done doing todo todo" == " ".join(str(mark.state) for mark in view.rail)


def brought(number: int = 1) -> ev.ChunkCommitted:
    return ev.ChunkCommitted(
        pass_=Pass.MOVE, table="brackets", chunk=LATE_BATCHES + number, label="7 brought in",
        counts=Counts(read=7, written=7), seconds=0.02,
    )  # fmt: skip


def test_batch_that_was_brought_in_counts_beside_those_that_were_cut() -> None:
    """A table is done when every planned batch is, however many came along."""
    walk = fold_all(RunView(run_id=RUN), moving(3).add(brought(), brought(2)).entries).move

    assert (3, 2, False) == (walk.chunks, walk.late, walk.tables[0].is_done)
    assert "3 of 4 +2" == table_rows(walk, is_moving=True)[0][1][0]


def test_batch_that_was_brought_in_has_a_short_name_in_the_list() -> None:
    """The ledger's own number of ten digits is nowhere on the screen."""
    walk = fold_all(RunView(run_id=RUN), moving(1).add(brought()).entries).move

    assert ["1", "+1"] == [row[0][0] for row in ChunkRows.of(walk)]


def test_batch_that_is_halved_leaves_one_more_to_do() -> None:
    """The rest of it is a batch of its own."""
    halved = ev.ChunkRetried(
        pass_=Pass.MOVE, table="brackets", chunk=3, label="batch 3", attempt=1, wait_seconds=1.0, cause="deadlock",
        rows_before=500, rows_after=250,
    )  # fmt: skip

    walk = fold_all(RunView(run_id=RUN), moving(2).add(halved).entries).move

    assert 5 == walk.tables[0].planned_chunks


def test_row_that_was_replayed_counts_as_written() -> None:
    """What was read stays accounted for, in the table and in all, and in what the run ended with."""
    script = moving(2).add(
        ev.ChunkCommitted(
            pass_=Pass.MOVE, table="brackets", chunk=3, label="1001-1500", seconds=0.1,
            counts=Counts(read=500, written=477, quarantined=23),
        ),
        ev.QuarantineChanged(
            what="replayed", table="brackets", rows=21, by="ana", text="replayed 21 rows of brackets", written=20, merged=1
        ),
    )  # fmt: skip
    walk = fold_all(RunView(run_id=RUN), script.entries).move

    assert (1500, 1497, 2, 1) == (
        walk.counts.read,
        walk.counts.written,
        walk.counts.quarantined,
        walk.counts.merged,
    )
    assert walk.balances


def test_rail_of_a_step_that_failed_waits_once_somebody_is_asked() -> None:
    """A question is no failure: somebody says what to do about it."""
    failed = moving().add(ev.FaultMet(what="It broke", safe="", todo="", where=""))
    asked = moving().add(ev.FaultMet(what="It broke", safe="", todo="", where="")).state(RunState.WAITING)
    states = [
        fold_all(RunView(run_id=RUN), script.entries).rail_step(Step.MOVE).state for script in (failed, asked)
    ]

    assert [RailState.FAILED, RailState.WAITING] == states
