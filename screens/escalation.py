"""How far the healing of a fault has come, at this moment, in at most two lines. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from engine.guidance.recovery_words import batch_words, retry_words
from engine.guidance.words import batch_name
from engine.model.decisions import DecisionKind
from engine.model.roles import Role
from engine.model.run import RunState, Step
from screens.fault_words import waiting_words
from screens.forecast import current_pass
from screens.wording import plural

if TYPE_CHECKING:
    from datetime import datetime

    from engine.model.events import LevelRaised, LookedAgain
    from screens.sight import Sight
    from screens.view_model import RunView, TableProgress
    from screens.widgets.words import Part

__all__ = ["escalation_lines"]

_OVER = frozenset({RunState.COMPLETE, RunState.STOPPED, RunState.UNDOING, RunState.UNDONE})
_LOOKING = {Role.SCHEMA_ANALYSIS: "the target", Role.VALIDATION: "the rows"}
"""Who looks at what on level 2."""
_PASSES = frozenset({Step.REHEARSE, Step.MOVE})

Line = list["Part"]


def escalation_lines(sight: Sight, step: Step, width: int) -> list[Line]:
    """What is being done about a fault of this step; nothing when nothing is wrong.

    Args:
        sight: this moment.
        step: whose screen it is for; rehearsal and move know each other's faults apart.
        width: cells of a line.
    """
    view = sight.view
    if view.state in _OVER or not _is_at(view, step):
        return []
    level = view.level
    if level is not None and level.level == 3:
        lines = _third(sight, level)
    elif level is not None and level.level == 2:
        lines = _second(view, level) if view.state is RunState.RUNNING else []
    else:
        lines = _first(view, sight.now)
    return [_cut(line, width) for line in lines]


def _is_at(view: RunView, step: Step) -> bool:
    """Whether the fault is one of that step; while it is healed the run connects anew, and is elsewhere."""
    here = view.step if view.level is None else view.level_step
    return here is step or (here is Step.FINISH and step is Step.VERIFY)


def _first(view: RunView, now: datetime) -> list[Line]:
    """The batch that was the last to be tried again, and how many others are."""
    if view.state is not RunState.RUNNING or view.step not in _PASSES:
        return []
    tried = sorted(
        (table for table in view.pass_view(current_pass(view)).tables if table.retrying is not None),
        key=lambda table: (table.retried_at is not None, table.retried_at),
    )
    if not tried:
        return []
    retry = tried[-1].retrying
    assert retry is not None, "only those were taken"
    others = f"  and {plural(len(tried) - 1, 'other')} beside it" if len(tried) > 1 else ""
    head: Line = [("! level 1 ", "warn"), (retry_words(retry, _left(tried[-1], now)), "strong")]
    where = f"{retry.table} batch {batch_name(retry.chunk)}"
    pool = f" · pool checked: {retry.pool}" if retry.pool else ""
    return [[*head, (others, "quiet")], [f"  {where}: ", (retry.cause, "warn"), (pool, "quiet")]]


def _left(table: TableProgress, now: datetime) -> float:
    """Seconds of the wait that are left, by the time the journal gives it; never more than it said."""
    retry = table.retrying
    if retry is None or table.retried_at is None:
        return 0.0
    passed = max((now - table.retried_at).total_seconds(), 0.0)
    return max(retry.wait_seconds - passed, 0.0)


def _second(view: RunView, level: LevelRaised) -> list[Line]:
    where = batch_words(level.at) if level.at is not None else f"{view.level_step.capitalize()}"
    seen = {look.role: look for look in view.looks}
    is_seen = all(role in seen for role in _LOOKING)
    what = "was looked at again, and is tried once more" if is_seen else "is held while two agents look again"
    first: Line = [("! level 2 ", "warn"), (f"{where} {what}", "strong")]
    second: Line = ["  "]
    for place, (role, what) in enumerate(_LOOKING.items()):
        second += [" · "] if place else []
        second += _look(view, role, what, seen.get(role))
    return [first, second]


def _look(view: RunView, role: Role, what: str, look: LookedAgain | None) -> Line:
    if look is None:
        agent = view.agents.get(role)
        is_looking = agent is not None and agent.state == "busy"
        return [
            (f"{role} {'looks' if is_looking else 'is to look'} at {what}", "busy" if is_looking else "quiet")
        ]
    if look.is_well:
        return [(f"✓ {role}: {what} as it should be", "ok")]
    return [(f"! {role}: {'; '.join(look.findings)}", "warn")]


def _third(sight: Sight, level: LevelRaised) -> list[Line]:
    view = sight.view
    decision = view.decision
    if view.state is RunState.WAITING and decision is not None and decision.kind is DecisionKind.FAULT:
        what = decision.headline or decision.question
        first: Line = [("! level 3 ", "warn"), ("a person decides: ", "warn"), (what, "strong")]
        where = f" · {batch_words(decision.at)} is held" if decision.at is not None else ""
        waits = waiting_words(decision, view.asked_at, now=sight.now, zone=sight.zone)
        answers: Line = [("d", "key"), " answers · "] if sight.may_answer(decision) else []
        return [first, ["  ", *answers, *waits, (where, "quiet")]]
    if view.state is not RunState.RUNNING:
        return []
    if not view.answered:
        return [[("! level 3 ", "warn"), (level.text, "strong")]]
    where = f" for {batch_words(level.at)}" if level.at is not None else ""
    return [[("! level 3 ", "warn"), (view.answered, "strong")], [f"  it is being done{where}"]]


def _cut(line: Line, width: int) -> Line:
    """The line, ended with … where it is wider than there is room."""
    cut: Line = []
    for part in line:
        text, token = (part, "plain") if isinstance(part, str) else part
        if cell_len(text) > width:
            return [*cut, (set_cell_size(text, max(width - 1, 0)) + "…", token)] if width > 0 else cut
        cut.append((text, token))
        width -= cell_len(text)
    return cut
