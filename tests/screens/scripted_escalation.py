"""A fault on its way up: tried again, looked at again, asked about, and what was decided being done."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.model import events as ev
from engine.model.faults import Effect
from engine.model.roles import Role
from engine.model.run import LATE_BATCHES, Counts, Pass, RunState, Step
from tests.screens.scripted_faults import ANSWER_WITHIN, LINKS, MISSING_PARENTS, moved_upto
from tests.screens.scripted_journal import Script, moved

if TYPE_CHECKING:
    from collections.abc import Callable

RETRY = ev.ChunkRetried(
    pass_=Pass.MOVE, table=LINKS.table, chunk=LINKS.chunk, label="batch 15", attempt=2, wait_seconds=4.0,
    cause="deadlock detected", rows_before=500, rows_after=250, pool="5 of 100 connections in use", fault="R304",
)  # fmt: skip
HELD = ev.LevelRaised(level=2, fault="R304", at=LINKS, text=(
    "case_file_relationships batch 15 is held; schema-analysis looks at the target again, validation at the rows; then it is tried once more from the last checkpoint"
))  # fmt: skip
ANSWERED = ev.DecisionAnswered(
    decision_id="d-R111", option="parents", by="kim", from_where="watch on db-2", for_every=True
)


def retrying() -> Script:
    """The second of three tries waits four seconds."""
    return moved_upto(LINKS).add(RETRY)


def looking() -> Script:
    """The target is as it should be; the rows are being looked at."""
    script = retrying().add(HELD, after=4.3)
    for role, task in (
        (Role.SCHEMA_ANALYSIS, "looking at the target"),
        (Role.VALIDATION, "looking at the rows"),
    ):
        script.add(ev.AgentChanged(role=role, state="busy", task=task))
    return script.add(ev.LookedAgain(role=Role.SCHEMA_ANALYSIS, what="the target", is_well=True, seconds=0.4))


def found() -> Script:
    """Validation found something, and the batch is tried once more."""
    findings = ("2 rows of batch 14 were changed by somebody",)
    return looking().add(
        ev.LookedAgain(role=Role.VALIDATION, what="the rows written so far", is_well=False, findings=findings)
    )


def deciding() -> Script:
    """A person is asked, and the operator has handed it on."""
    fault = MISSING_PARENTS
    assert fault.diagnosis is not None
    script = moved_upto(LINKS).add(replace(HELD, fault="R111"))
    script.add(ev.FaultDiagnosed(fault="R111", diagnosis=fault.diagnosis), after=0.4)
    text = f"a person decides: {fault.decision.headline}"
    script.add(ev.LevelRaised(level=3, fault="R111", at=LINKS, text=text))
    script.add(ev.DecisionAsked(decision=replace(fault.decision, deadline=script.at + ANSWER_WITHIN)))
    script.state(RunState.WAITING, fault.decision.headline)
    return script.add(ev.DecisionHandedOn(decision_id="d-R111", to="lead", by="ana"), after=20)


def doing() -> Script:
    """The lead answered; a missing case was brought in as a batch of its own."""
    script = deciding().add(ANSWERED, after=12).state(RunState.RUNNING)
    script.add(ev.StepStarted(step=Step.CONNECT), ev.StepFinished(step=Step.CONNECT, seconds=0.1))
    script.add(ev.StepStarted(step=Step.MOVE))
    predicted = Effect(rows=23, written=500, brought=8, low_seconds=1, high_seconds=3)
    script.add(
        ev.RecoveryStarted(decision_id="d-R111", option="parents", by="kim", predicted=predicted, at=LINKS)
    )
    for number, (table, rows) in enumerate((("offices", 1), ("cases", 7)), start=1):
        script.add(
            ev.ChunkCommitted(
                pass_=Pass.MOVE, table=table, chunk=LATE_BATCHES + number, label=f"{rows} brought in",
                counts=Counts(read=rows, written=rows), seconds=0.02,
            )
        )  # fmt: skip
    return script


def done() -> Script:
    """The batch is in the target after all."""
    return doing().add(
        ev.ChunkCommitted(
            pass_=Pass.MOVE, table=LINKS.table, chunk=LINKS.chunk, label=LINKS.label,
            counts=Counts(read=500, written=500), seconds=0.14,
        )
    )  # fmt: skip


def comparing() -> Script:
    """The target went away while both sides were compared."""
    script = moved().add(ev.StepStarted(step=Step.VERIFY))
    return script.add(ev.LevelRaised(level=2, fault="R301", text="verify is held"))


ESCALATIONS: dict[str, Callable[[], Script]] = {
    "retrying": retrying, "looking": looking, "found": found, "deciding": deciding, "doing": doing, "done": done,
    "comparing": comparing,
}  # fmt: skip
