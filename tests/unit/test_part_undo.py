"""What may be taken back by itself, what the screens show of it then, and the badge of a rehearsed undo."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.drilling.rehearse_undo import check_drill
from engine.guidance.drill_words import drill_badge
from engine.model import events as ev
from engine.model.errors import BadInput
from engine.model.plan import Plan
from engine.model.run import Counts, Pass, RunRecord, RunState, Step
from engine.model.undo import OpenPart, Part
from engine.undoing.undo_part import check_part
from screens.plan import _drilled
from screens.run_view import RunView, fold_all
from screens.view_model import RailState
from tests.screens.scripted_journal import RUN, STAGES
from tests.unit.plan_facts import catalog, column, empty_target, identity, plan, references, table

_AT = datetime(2026, 11, 25, 21, 40, tzinfo=UTC)
_PARENT = table("parent")
_CHILD = table(
    "child", identity(), column("parent_id", "INTEGER"), foreign_keys=(references("parent", "parent_id"),)
)


def _record(state: RunState = RunState.COMPLETE, step: Step = Step.FINISH) -> RunRecord:
    return RunRecord(
        run_id=RUN, title="", playbook="", state=state, step=step, target="", plan_digest="", approved_digest="",
        created_at=_AT, finished_at=None, created_by="", rows_planned=None, rows_written=0, rows_quarantined=0,
        reason="",
    )  # fmt: skip


def _planned(undo: object = "delete") -> Plan:
    tables = [{"from": "parent"}, {"from": "child", "undo": undo}]
    return plan(catalog(_PARENT, _CHILD), empty_target(), tables=tables)


def _open(phase: int | None) -> OpenPart:
    return OpenPart(part=Part(phase=phase), is_open=True, tables=(), removed=0, kept=0)


@pytest.mark.parametrize(
    ("phase", "record", "has_moved", "last", "words"),
    [
        (3, _record(), True, None, "has no phase 3; its last is 2"),
        (1, _record(RunState.UNDONE, Step.UNDO), True, None, "undone already"),
        (1, _record(RunState.PAUSED, Step.UNDO), True, None, "The undo of the whole run has begun"),
        (1, _record(RunState.WAITING, Step.PLAN), False, None, "Nothing has moved yet"),
        (2, _record(RunState.UNDOING, Step.UNDO), True, _open(1), "Phase 1 is being taken back, and phase 2"),
        (None, _record(), True, None, "Every batch of the run is committed"),
        (None, _record(RunState.UNDOING, Step.UNDO), True, _open(2), "Phase 2 is being taken back; go on"),
    ],
)
def test_part_that_can_not_be_taken_back_is_refused_with_the_reason(
    phase: int | None, record: RunRecord, has_moved: bool, last: OpenPart | None, words: str
) -> None:
    """In words, before anything is touched."""
    with pytest.raises(BadInput, match=words):
        check_part(Part(phase=phase), record=record, plan=_planned(), last=last, has_moved=has_moved)


def test_phase_whose_rows_are_only_marked_is_not_taken_back_for_their_keys_stay_taken() -> None:
    """What could not be moved again is not taken back by itself."""
    soft = _planned({"soft_delete": {"column": "parent_id", "value": 0}})

    with pytest.raises(BadInput, match="only marks the rows of child as deleted, and their keys stay taken"):
        check_part(Part(phase=2), record=_record(), plan=soft, last=None, has_moved=True)


@pytest.mark.parametrize(
    ("state", "step", "last"),
    [
        (RunState.RUNNING, Step.MOVE, None),
        (RunState.WAITING, Step.MOVE, None),
        (RunState.STOPPED, Step.MOVE, None),
        (RunState.COMPLETE, Step.FINISH, None),
        (RunState.UNDOING, Step.UNDO, _open(2)),
    ],
)
def test_phase_may_be_taken_back_from_any_state_of_a_run_that_moved(
    state: RunState, step: Step, last: OpenPart | None
) -> None:
    """Also an earlier phase, while a later one is being taken back."""
    check_part(Part(phase=1), record=_record(state, step), plan=_planned(), last=last, has_moved=True)


@pytest.mark.parametrize(
    ("record", "is_worked_on", "words"),
    [
        (_record(RunState.UNDONE, Step.UNDO), False, "there is nothing left to rehearse for"),
        (_record(RunState.RUNNING, Step.MOVE), True, "pause it first"),
    ],
)
def test_undo_that_can_not_be_rehearsed_is_refused_with_the_reason(
    record: RunRecord, is_worked_on: bool, words: str
) -> None:
    """An undone run has none, and of a moving one no copy can be made."""
    with pytest.raises(BadInput, match=words):
        check_drill(record, _planned(), is_worked_on=is_worked_on)


def test_view_after_a_phase_was_taken_back_has_not_moved_its_tables() -> None:
    """Counts, proof and what was built are as before; the run rests at its move."""
    script = STAGES["finished"]()
    whole = fold_all(RunView(run_id=RUN), script.entries)
    tables = tuple(progress.table for progress in whole.move.tables)
    part = ev.PartUndone(what="phase 1", tables=tables, removed=1569, kept=0, by="me", anew=tables)

    view = fold_all(
        RunView(run_id=RUN), script.state(RunState.UNDOING).add(part).state(RunState.PAUSED).entries
    )

    assert (Counts(), (), (), (), None) == (
        view.move.counts, view.move.tables, view.verified, view.built, view.outcome,
    )  # fmt: skip
    assert (Step.MOVE, RailState.WAITING) == (view.step, view.rail_step(Step.MOVE).state)
    assert RailState.TODO is view.rail_step(Step.VERIFY).state


def test_view_after_a_return_to_the_checkpoint_is_without_the_batches_that_were_brought_in() -> None:
    """The other batches of the table stand, and the sums with them."""
    script = STAGES["moving"]()
    before = fold_all(RunView(run_id=RUN), script.entries)
    name = before.move.tables[-1].table
    late = ev.ChunkCommitted(
        pass_=Pass.MOVE, table=name, chunk=1_000_000_001, label="7-8", counts=Counts(read=2, written=2), seconds=0.1
    )  # fmt: skip
    part = ev.PartUndone(
        what="the last checkpoint", tables=(name,), removed=2, kept=0, by="me", batches=((name, late.chunk),)
    )

    view = fold_all(RunView(run_id=RUN), script.add(late).add(part).entries)

    assert before.move.counts == view.move.counts
    assert [line.chunk for line in before.move.tables[-1].chunks] == [
        line.chunk for line in view.move.tables[-1].chunks
    ]


@pytest.mark.parametrize(
    ("residual", "digest", "badge"),
    [
        (0, "same", "✓ undo rehearsed 2026-11-25 21:40: 0 rows left"),
        (3, "same", "! undo rehearsed 2026-11-25 21:40: 3 rows left"),
        (0, "other", "! undo rehearsed 2026-11-25 21:40: 0 rows left, for another plan"),
    ],
)
def test_badge_of_a_rehearsed_undo_says_when_what_was_left_and_of_which_plan(
    residual: int, digest: str, badge: str
) -> None:
    """A rehearsal of another plan proves nothing for this one."""
    drill = ev.DrillFinished(moved=1, removed=1, residual=residual, seconds=1.0, digest=digest)

    assert badge == drill_badge(drill, _AT, digest="same")


def test_plan_screen_shows_the_badge_once_the_undo_was_rehearsed() -> None:
    """Nothing stands there before."""
    script = STAGES["planned"]()
    view = fold_all(RunView(run_id=RUN), script.entries)
    assert view.plan is not None
    drill = ev.DrillFinished(moved=1569, removed=1569, residual=0, seconds=1.0, digest=view.plan.digest)
    drilled = fold_all(RunView(run_id=RUN), script.add(drill).entries)

    assert [] == _drilled(view, view.plan)
    assert [f"✓ undo rehearsed {drilled.drilled_at:%Y-%m-%d %H:%M}: 0 rows left"] == [
        part[0] for part in _drilled(drilled, view.plan) if isinstance(part, tuple) and part[1] == "ok"
    ]
