"""Levels 2 and 3 of the escalation: the agents look again and try once more, then a person decides."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.agents.asking import Asking, Parked
from engine.agents.carrying_out import CarryingOut
from engine.agents.context import RunContext, error_to_json
from engine.agents.delegation import Desk
from engine.agents.durable import in_thread
from engine.guidance.fault_catalogue import Fault, Handling, concerns_rows, fault_of_error
from engine.guidance.recovery_words import batch_words
from engine.guidance.words import batch_name
from engine.model.codec import diagnosis_from_json, diagnosis_to_json
from engine.model.decisions import DecisionKind
from engine.model.errors import BadInput, FordwayError, LeaseLost, PlanDrifted, Transient
from engine.model.events import FaultDiagnosed, FaultMet, LevelRaised
from engine.model.faults import ChunkAddress, Diagnosis
from engine.model.roles import Role
from engine.model.run import Pass, RunRecord, RunState, Step
from engine.moving.retries import fault_key
from engine.recovering.ask_about_fault import ask_about_fault
from engine.recovering.circumstances import Circumstances
from engine.stores.ledger.decisions import StoredDecision
from engine.stores.sqlstate import READ_THE_CAUSE

__all__ = ["Recovery"]

_HEALED_STEPS = frozenset({Step.REHEARSE, Step.MOVE, Step.VERIFY, Step.FINISH})
"""Where trying once more costs little: what is done is not done again."""
_HEALTHY_TRIES = 2
"""Times a batch may be found well after it failed, before somebody is asked all the same."""


@dataclass(slots=True, kw_only=True)
class _Case:
    """One fault being settled."""

    error: FordwayError
    fault: Fault
    record: RunRecord
    at: ChunkAddress | None
    key: str
    """Under which its trials are counted."""
    findings: list[str] = field(default_factory=list)


class Recovery:
    """Faults of one run."""

    def __init__(self, context: RunContext, desk: Desk, asking: Asking) -> None:
        """Works through the orchestrator's own helpers."""
        self._context = context
        self._desk = desk
        self._asking = asking
        self._ledger = context.ledger
        self._run_id = context.run_id
        self._carrying = CarryingOut(context, desk)
        self._looked_again: dict[str, list[str]] = {}
        """What the agents found, by fault, until somebody is asked."""

    async def act_on_answer(self) -> bool:
        """Whether the run may go on: an answer nobody carried out yet is carried out first."""
        stored = await in_thread(self._ledger.decisions.unacted, self._run_id)
        if stored is None:
            return True
        return await self._act(stored)

    async def settle(self, error: FordwayError) -> bool:
        """Whether the run may go on: the fault was healed, or somebody said what to do.

        Raises:
            Parked: the question stays open, and this runner may go.
            LeaseLost: another runner took over.
        """
        record = await in_thread(self._ledger.runs.read, self._run_id)
        fault = fault_of_error(error, record.step)
        at = _address(error)
        case = _Case(error=error, fault=fault, record=record, at=at, key=_key(at, record.step, fault, error))
        await self._tell(case)
        # A run that can't connect has nothing to decide: what to do is said, and it rests.
        is_out = record.step is Step.CONNECT and not isinstance(error, PlanDrifted)
        if fault.handling is Handling.PAUSED or is_out:
            await self._pause(case)
            return False
        trial = await in_thread(self._ledger.recovery.trial, self._run_id, case.key)
        if trial.level < 2 and record.step in _HEALED_STEPS and not isinstance(error, BadInput):
            await self._second_level(case)
            return True
        return await self._third_level(case)

    async def _second_level(self, case: _Case) -> None:
        """Held, looked at again, back at the last checkpoint, to be tried once more."""
        await in_thread(
            lambda: self._ledger.recovery.count_trial(self._run_id, case.key, level=2, error=case.error.what)
        )
        where = batch_words(case.at) if case.at else str(case.record.step)
        text = (
            f"{where} is held; schema-analysis looks at the target again, validation at the rows; "
            "then it is tried once more from the last checkpoint"
        )
        await self._raise_level(2, case, text)
        facts = {"table": case.at.table_number if case.at else 0, "fault": case.fault.code}
        looks = await asyncio.gather(
            self._look(Role.SCHEMA_ANALYSIS, "recheck-target", "look at the target again", facts),
            self._look(Role.VALIDATION, "recheck-rows", "look at the rows written so far", facts),
            self._desk.explain("fault", code=case.fault.code, what=case.error.what),
            return_exceptions=True,
        )
        for look in looks:
            if isinstance(look, LeaseLost):
                raise look
        self._looked_again[case.key] = [line for look in looks[:2] if isinstance(look, list) for line in look]

    async def _look(self, role: Role, task: str, text: str, facts: Mapping[str, Any]) -> list[str]:
        """What an agent found when it looked again; that it could not look is a finding too."""
        try:
            result = await self._desk.delegate(role, task, text=text, facts=dict(facts))
        except LeaseLost:
            raise
        except FordwayError as error:
            return [f"{role} could not look again: {error.what}"]
        return [str(line) for line in result.get("findings", ())]

    async def _third_level(self, case: _Case) -> bool:
        """A person decides, or said beforehand what shall be done."""
        policy = self._context.settings.on_error
        if policy in ("pause", "stop"):
            return await self._as_said_beforehand(case, policy)
        diagnosis = await self._diagnose(case)
        if diagnosis is not None and not diagnosis.groups and await self._is_worth_a_try(case):
            await self._raise_level(2, case, "every row of the batch can be written now; it is tried again")
            return True
        circumstances = await in_thread(self._circumstances, case, diagnosis)
        number = await self._asking.next_number(DecisionKind.FAULT)
        decision = ask_about_fault(circumstances, number=number)
        await self._raise_level(3, case, f"a person decides: {decision.headline}")
        evidence = {
            "error": error_to_json(case.error),
            "key": case.key,
            "diagnosis": diagnosis_to_json(diagnosis) if diagnosis else None,
            "looked_again": case.findings,
        }
        await self._asking.ask(decision, case.record.step, evidence=evidence)
        stored = await in_thread(self._ledger.decisions.read, decision.decision_id)
        return await self._act(stored)

    async def _act(self, stored: StoredDecision) -> bool:
        try:
            return await self._carrying.carry_out(stored)
        except (LeaseLost, Parked):
            raise
        except FordwayError as error:
            # What was decided could not be done: the fault stands, and the option may be taken again.
            decision_id, why = stored.decision.decision_id, error.sentence()
            await in_thread(lambda: self._ledger.recovery.give_up(self._run_id, decision_id, why=why))
            return await self.settle(error)

    async def _as_said_beforehand(self, case: _Case, policy: str) -> bool:
        state = RunState.PAUSED if policy == "pause" else RunState.STOPPED
        await self._raise_level(3, case, f"--on-error {policy}: the run is {state}")
        await self._asking.set_state(
            state, step=case.record.step, reason=case.error.sentence(), is_failed=True
        )
        return False

    async def _pause(self, case: _Case) -> None:
        await self._asking.set_state(
            RunState.PAUSED, step=case.record.step, reason=case.error.sentence(), is_failed=True
        )

    async def _diagnose(self, case: _Case) -> Diagnosis | None:
        """The whole batch looked through; None where no row is to blame, or nobody could look."""
        if case.at is None or not concerns_rows(case.error):
            return None
        facts = {
            "table": case.at.table_number,
            "chunk": case.at.chunk,
            "pass": case.at.pass_,
            "cause": case.error.what,
        }
        try:
            result = await self._desk.delegate(
                Role.SCHEMA_ANALYSIS, "diagnose", text="look through every row of the batch", facts=facts
            )
        except LeaseLost:
            raise
        except FordwayError as error:
            case.findings.append(f"The batch could not be looked through: {error.what}")
            return None
        diagnosis = diagnosis_from_json(result["diagnosis"])
        await in_thread(self._context.emit, FaultDiagnosed(fault=case.fault.code, diagnosis=diagnosis))
        return diagnosis

    async def _is_worth_a_try(self, case: _Case) -> bool:
        """Whether a batch that is well by now has not failed too often all the same."""
        trial = await in_thread(
            lambda: self._ledger.recovery.count_trial(
                self._run_id, f"{case.key}well", level=2, error=case.error.what
            )
        )
        return bool(trial.attempts <= _HEALTHY_TRIES)

    def _circumstances(self, case: _Case, diagnosis: Diagnosis | None) -> Circumstances:
        ledger, run_id = self._ledger, self._run_id
        plan = ledger.runs.plan(run_id).plan
        progress = ledger.chunks.progress(run_id, Pass.MOVE)
        seconds = sum(p.seconds for p in progress)
        read = sum(p.counts.read for p in progress)
        case.findings += self._looked_again.pop(case.key, [])
        here = case.at
        late = ledger.chunks.late(run_id) if here else []
        beside = [c for c in late if here and _is_for(c.origin, here)]
        return Circumstances(
            run_id=run_id,
            fault=case.fault,
            words=case.error.what,
            plan=plan,
            at=here,
            diagnosis=diagnosis if diagnosis and diagnosis.groups else None,
            rows_written=case.record.rows_written,
            rows_beside=sum(c.rows for c in beside),
            has_treatments=bool(
                here and ledger.recovery.treatments(run_id, here.table_number).get(here.chunk)
            ),
            rows_a_second=read / seconds if seconds > 0 and read else 20_000.0,
            tried=ledger.recovery.trial(run_id, case.key).tried,
            failed=ledger.recovery.failed_options(run_id, case.key),
            todo=_advice(case.error),
            findings=tuple(case.findings),
            facts=_facts(case, self._context),
        )

    async def _raise_level(self, level: Any, case: _Case, text: str) -> None:  # noqa: ANN401 - 1, 2 or 3
        event = LevelRaised(level=level, fault=case.fault.code, text=text, at=case.at)
        await in_thread(self._context.emit, event)

    async def _tell(self, case: _Case) -> None:
        error = case.error
        event = FaultMet(
            what=error.what, where=error.where, safe=error.safe, todo=error.todo, code=case.fault.code
        )
        await in_thread(self._context.emit, event)


def _address(error: FordwayError) -> ChunkAddress | None:
    at = error.facts.get("at")
    return ChunkAddress(**{**at, "pass_": Pass(at["pass_"])}) if at else None


def _key(at: ChunkAddress | None, step: Step, fault: Fault, error: FordwayError) -> str:
    if at is None:
        return str(error.facts.get("key") or f"step/{step}/{fault.code}")
    return fault_key(at.pass_, at.table_number, at.chunk)


def _is_for(origin: Mapping[str, Any], at: ChunkAddress) -> bool:
    return (origin.get("for_table"), origin.get("for_chunk")) == (at.table_number, at.chunk)


def _advice(error: FordwayError) -> str:
    """What the error itself says that helps, where it is not what is done or said anyway."""
    return "" if isinstance(error, Transient) or error.todo == READ_THE_CAUSE else error.todo


def _facts(case: _Case, context: RunContext) -> dict[str, str]:
    """What the catalogue's texts say beside the rows."""
    facts = {"server": f"the server of {context.target_label}"}
    if case.at is not None:
        facts |= {"table": case.at.table, "batch": batch_name(case.at.chunk)}
    elif case.error.where:
        facts["table"] = case.error.where
    if case.fault.handling is Handling.HEALED:
        facts["again"] = ", and again each time it was tried"
    return facts
