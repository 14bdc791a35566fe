"""What the screens show while a fault is healed: level by level, and nothing once it is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from engine.model import events as ev
from engine.model.roles import Role
from engine.model.run import RunState, Step
from screens.critical import critical_parts
from screens.escalation import escalation_lines
from screens.following import place_of
from screens.run_view import RunView, fold_all
from screens.sight import Sight, Viewer
from tests.screens.scripted_escalation import ESCALATIONS, HELD, RETRY, deciding, looking
from tests.screens.scripted_journal import RUN, planned
from tests.screens.show import console_troubled, steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.screens.scripted_journal import Script


@pytest.mark.parametrize("stage", ["retrying", "looking", "deciding", "doing"])
def test_escalation_on_move_looks_as_approved(stage: str, snap_compare: Callable[..., bool]) -> None:
    """Each level is seen at 80 by 24 with the batches below it."""
    app = console_troubled(stage)

    assert snap_compare(app, terminal_size=(80, 24), run_before=steps("escape"))


@pytest.mark.parametrize("size", [(80, 24), (120, 36)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_question_on_the_coordination_panel_looks_as_approved(
    size: tuple[int, int], snap_compare: Callable[..., bool]
) -> None:
    """What is asked stands first, with how long it waits and who was asked by whom."""
    app = console_troubled("deciding", after=21.7)

    assert snap_compare(app, terminal_size=size, run_before=steps("escape", "c"))


def sight_of(script: Script, *, after: float = 0.0, **more: object) -> Sight:
    view = fold_all(RunView(run_id=RUN), script.entries)
    return replace(Sight(view=view, now=script.at + timedelta(seconds=after)), **more)  # type: ignore[arg-type] # fields by name


def lines(
    stage: str, *, step: Step = Step.MOVE, after: float = 0.0, width: int = 160, **more: object
) -> list[str]:
    return said(sight_of(ESCALATIONS[stage](), after=after, **more), step=step, width=width)


def said(sight: Sight, *, step: Step = Step.MOVE, width: int = 160) -> list[str]:
    return [
        "".join(part if isinstance(part, str) else part[0] for part in line)
        for line in escalation_lines(sight, step, width)
    ]


@pytest.mark.parametrize(
    ("after", "when"), [(0.0, "in 4 s"), (1.4, "in 3 s"), (3.6, "in 0.4 s"), (4.0, "now"), (90.0, "now")]
)
def test_try_counts_down_from_the_journals_time(after: float, when: str) -> None:
    """Whoever looks later reads what is left then, and never less than nothing."""
    assert f"! level 1 retry 2 of 3 {when}, batch 500 -> 250" == lines("retrying", after=after)[0]


def test_try_of_a_clock_that_is_behind_waits_no_longer_than_was_said() -> None:
    """A console whose clock is behind the server's does not make the wait longer."""
    assert "retry 2 of 3 in 4 s" in lines("retrying", after=-30.0)[0]


def test_try_says_batch_cause_and_pool() -> None:
    """What is tried again, why, and that the connections were looked at."""
    assert (
        "  case_file_relationships batch 15: deadlock detected · pool checked: 5 of 100 connections in use"
        == lines("retrying")[1]
    )


def test_second_level_says_who_looks_at_what_and_what_was_found() -> None:
    """One agent has looked, the other is at it."""
    assert [
        "! level 2 case_file_relationships batch 15 is held while two agents look again",
        "  ✓ schema-analysis: the target as it should be · validation looks at the rows",
    ] == lines("looking")


def test_second_level_after_both_looked_says_that_it_is_tried_once_more() -> None:
    """What was found stands beside who found it."""
    assert [
        "! level 2 case_file_relationships batch 15 was looked at again, and is tried once more",
        "  ✓ schema-analysis: the target as it should be · ! validation: 2 rows of batch 14 were changed by somebody",
    ] == lines("found")


def test_second_level_said_again_keeps_what_was_found() -> None:
    """The same fault on the same level is one escalation, not two."""
    script = ESCALATIONS["found"]().add(replace(HELD, text="every row can be written now; it is tried again"))

    assert lines("found") == said(sight_of(script))


def test_third_level_says_what_is_asked_how_long_it_waits_and_who_was_asked() -> None:
    """The question, the key to its answers, the deadline and the lead."""
    assert [
        "! level 3 a person decides: 23 rows reference 7 cases that are not there yet",
        "  d answers · waiting 0:41, pauses safely at 03:10, the lead was asked · case_file_relationships batch 15 is held",
    ] == lines("deciding", after=21.7)


def test_third_level_offers_no_key_to_who_may_not_answer() -> None:
    """A watcher reads the same without the key."""
    assert lines("deciding", viewer=Viewer.WATCHER)[1].startswith("  waiting 0:20")


def test_third_level_once_answered_says_who_chose_what() -> None:
    """Until the batch is in, the answer and that it is being done stand there."""
    assert [
        "! level 3 kim chose: Move the 7 missing cases first, for every link whose case is missing in "
        "case_file_relationships (from watch on db-2)",
        "  it is being done for case_file_relationships batch 15",
    ] == lines("doing")


def test_escalation_is_over_when_its_batch_is_committed() -> None:
    """The batch is in: nothing is left to say."""
    assert [] == lines("done")


def test_escalation_is_not_over_when_another_batch_is_committed() -> None:
    """Parents brought in are not the batch that failed."""
    assert [] != lines("doing")


@pytest.mark.parametrize(("stage", "step"), [("looking", Step.REHEARSE), ("comparing", Step.MOVE)])
def test_escalation_is_told_on_its_own_step(stage: str, step: Step) -> None:
    """What fails while comparing is no matter of the move."""
    assert [] == lines(stage, step=step)


def test_escalation_while_comparing_is_told_on_verify() -> None:
    """The same two lines, of the step as a whole."""
    assert "! level 2 Verify is held while two agents look again" == lines("comparing", step=Step.VERIFY)[0]


@pytest.mark.parametrize("state", [RunState.PAUSED, RunState.STOPPED, RunState.UNDOING])
def test_escalation_of_a_run_that_rests_is_not_told(state: RunState) -> None:
    """Why it rests is told above; nobody is healing anything."""
    assert [] == said(sight_of(looking().state(state)))


def test_escalation_on_a_narrow_screen_ends_in_an_ellipsis() -> None:
    """No line is wider than there is room, and none wraps."""
    assert ["…", "…"] == [line[-1] for line in lines("retrying", width=40)]


def test_run_that_connects_anew_to_heal_is_followed_to_where_it_was() -> None:
    """The operator keeps looking at the batch that is tried once more."""
    script = looking().state(RunState.RUNNING).add(ev.StepStarted(step=Step.CONNECT))

    assert Step.MOVE is place_of(fold_all(RunView(run_id=RUN), script.entries))
    assert [] != said(sight_of(script))


def test_second_batch_that_is_tried_again_is_counted_beside_the_first() -> None:
    """Several workers may wait at once; the latest is told, the others are counted."""
    script = ESCALATIONS["retrying"]().add(replace(RETRY, table="cases", chunk=2, attempt=1))

    assert (
        "! level 1 retry 1 of 3 in 4 s, batch 500 -> 250  and 1 other beside it" == said(sight_of(script))[0]
    )


def test_question_is_told_once_on_move() -> None:
    """The notice leaves to the escalation what the escalation says."""
    assert "23 rows" not in notice_text(deciding())


def critical(script: Script, **more: object) -> list[str]:
    parts = critical_parts(sight_of(script, after=21.7, **more))
    return "".join(part if isinstance(part, str) else part[0] for part in parts).split("\n")


def test_question_of_a_fault_is_critical_on_the_coordination_panel() -> None:
    """What, how long it waits, until when, who was asked by whom, and what is held meanwhile."""
    assert [
        " CRITICAL  23 rows reference 7 cases that are not there yet",
        "d answers · waiting 0:41, pauses safely at 03:10, the lead was asked by ana · "
        "case_file_relationships batch 15 is held",
    ] == critical(deciding())


def test_question_about_a_plan_waits_without_being_critical() -> None:
    """Nothing is wrong; somebody has to say yes."""
    assert [" WAITS  Shall we proceed?", "d answers · waiting 0:21, for as long as it takes"] == critical(
        planned()
    )


def test_question_about_a_plan_offers_its_key_to_the_operator_alone() -> None:
    """The lead answers what is asked about faults."""
    assert "waiting 0:21, for as long as it takes" == critical(planned(), viewer=Viewer.LEAD)[1]
    assert critical(deciding(), viewer=Viewer.LEAD)[1].startswith("d answers")


def test_blocked_agents_are_named_with_what_blocks_them() -> None:
    """Two of them on lines of their own, the others counted."""
    script = looking()
    for role in (Role.VALIDATION, Role.PLANNING, Role.DATA_MAPPING):
        script.add(ev.AgentChanged(role=role, state="blocked", blockers=("the target is away",)))

    assert [
        "✗ validation is blocked by: the target is away",
        "✗ planning is blocked by: the target is away",
        "  and 1 more agent",
    ] == critical(script)


def notice_text(script: Script) -> str:
    from screens.move import MoveScreen
    from screens.notices import notice_of

    sight = sight_of(script)
    notice = notice_of(sight, with_question=not MoveScreen.tells_question(MoveScreen(), sight))
    return "".join(part if isinstance(part, str) else part[0] for part in notice)
