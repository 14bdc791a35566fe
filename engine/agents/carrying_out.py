"""Does what was decided about a fault: each option of the catalogue, once, and resumable."""

from __future__ import annotations

import time
from dataclasses import replace

from engine.agents.context import RunContext
from engine.agents.delegation import Desk
from engine.agents.durable import in_thread
from engine.guidance.words import batch_name, count_of
from engine.model.codec import diagnosis_from_json
from engine.model.decisions import Option
from engine.model.events import RecoveryFinished, RecoveryStarted
from engine.model.faults import Diagnosis, Effect, OffenceGroup
from engine.model.plan import Policy
from engine.model.remedies import Action, Remedy
from engine.model.roles import Role
from engine.model.undo import Part
from engine.recovering.come_to_rest import come_to_rest
from engine.recovering.options_for_keys import newest_by
from engine.stores.ledger.decisions import StoredDecision
from engine.stores.ledger.recovery import NewRule

__all__ = ["CarryingOut", "PartUndoAsked", "UndoAsked"]

_VALUE_RULES = frozenset({"null", "default", "truncate", "cast"})
_POLICIES = {
    "keep-target": Policy.KEEP_TARGET,
    "keep-source": Policy.KEEP_SOURCE,
    "newest": Policy.NEWEST,
}


class UndoAsked(Exception):
    """The run is to be taken back."""

    def __init__(self, by: str) -> None:
        """Holds who said so."""
        super().__init__(by)
        self.by = by


class PartUndoAsked(Exception):
    """A part of the run is to be taken back; then it rests."""

    def __init__(self, part: Part) -> None:
        """Holds which part."""
        super().__init__(part)
        self.part = part


class CarryingOut:
    """Options of one run's decisions."""

    def __init__(self, context: RunContext, desk: Desk) -> None:
        """Works through the orchestrator's own helpers."""
        self._context = context
        self._desk = desk
        self._ledger = context.ledger
        self._run_id = context.run_id
        self._began = 0.0

    async def carry_out(self, stored: StoredDecision) -> bool:
        """Whether the run goes on now that the answer was carried out, or is armed to be.

        Raises:
            UndoAsked: the answer is to undo the run.
            PartUndoAsked: the answer is to go back to the last checkpoint.
            FordwayError: it could not be done; nothing is half done.
        """
        option = stored.decision.option(stored.answer)
        assert option is not None, "only an option can be an answer"
        key = str(stored.evidence.get("key", ""))
        started = RecoveryStarted(
            decision_id=stored.decision.decision_id,
            option=option.name,
            by=stored.answered_by,
            predicted=option.effect or Effect(),
            at=stored.decision.at,
        )
        self._began = time.monotonic()
        await in_thread(self._context.emit, started)
        goes_on = await self._do(option, stored)
        if key:
            # Only what could be done has had its chance to cure the fault.
            await in_thread(self._ledger.recovery.note_tried, self._run_id, key, option.name)
        return goes_on

    async def _do(self, option: Option, stored: StoredDecision) -> bool:
        match option.name:
            case "pause" | "stop":
                return await self._rest(option, stored)
            # What these come to is known when they are over; until they have begun, nothing tells of them.
            case "undo":
                raise UndoAsked(stored.answered_by)
            case "checkpoint":
                raise PartUndoAsked(Part(phase=None, by=stored.answered_by))
            case "retry":
                text = "it is tried again from the last committed batch"
                await self._close(option, stored, text, actual=Effect(rows=_about(option)))
            case "smaller":
                await self._split(option, stored)
            case "parents" | "placeholders":
                await self._bring(option, stored)
            case "keep-target" | "keep-source" | "newest":
                await self._amend(option, stored)
            case _:
                await self._arm(option, stored)
        return True

    async def _rest(self, option: Option, stored: StoredDecision) -> bool:
        record = await in_thread(self._ledger.runs.read, self._run_id)
        seconds = time.monotonic() - self._began
        changed, finished = come_to_rest(option, stored, record, seconds=seconds)
        await in_thread(
            lambda: self._ledger.decisions.rest(self._run_id, changed, finished, step=record.step)
        )
        return False

    async def _split(self, option: Option, stored: StoredDecision) -> None:
        at = stored.decision.at
        assert at is not None, "only offered for batches"
        facts = {"table": at.table_number, "chunk": at.chunk, "pass": at.pass_, "label": at.label}
        facts["rows"] = _about(option)
        result = await self._desk.delegate(
            Role.MIGRATION_EXECUTION, "split-batch", text="cut the batch in two", facts=facts
        )
        before, after = int(result["before"]), int(result["after"])
        text = f"batch {batch_name(at.chunk)} has {after:,} rows now, it had {before:,}"
        await self._close(option, stored, text, actual=Effect(rows=_about(option)))

    async def _bring(self, option: Option, stored: StoredDecision) -> None:
        """Parents first, then the batch again, then every connection is checked."""
        at = stored.decision.at
        assert at is not None, "only offered for batches"
        task = "bring-parents" if option.name == "parents" else "place-parents"
        text = "move the missing parents" if option.name == "parents" else "make placeholders for the parents"
        facts = {
            "table": at.table_number,
            "chunk": at.chunk,
            "pass": at.pass_,
            "decision": stored.decision.decision_id,
        }
        result = await self._desk.delegate(Role.MIGRATION_EXECUTION, task, text=text, facts=facts)
        tables = {str(table): int(count) for table, count in dict(result["tables"]).items()}
        rows = sum(tables.values())
        actual = Effect(
            rows=_about(option),
            brought=rows if option.name == "parents" else 0,
            placeholders=rows if option.name == "placeholders" else 0,
        )
        where = ", ".join(f"{count:,} into {table}" for table, count in tables.items())
        what = "brought in" if option.name == "parents" else "placeholders made"
        await self._close(
            option, stored, f"{count_of(rows, 'rows')} {what}: {where or 'none'}", actual=actual
        )

    async def _amend(self, option: Option, stored: StoredDecision) -> None:
        at = stored.decision.at
        assert at is not None, "only offered for batches"
        policy = _POLICIES[option.name]
        plan = await in_thread(self._context.plan)
        table = next(t for t in plan.tables if t.number == at.table_number)
        moment = newest_by(table) if policy is Policy.NEWEST else ""
        await in_thread(
            lambda: self._ledger.recovery.amend(
                self._run_id,
                at.table_number,
                policy,
                newest_by=moment,
                decision_id=stored.decision.decision_id,
            )
        )
        # What that does to this batch's rows is told when they are written.
        merge = Remedy(action=Action.MERGE, decision_id=stored.decision.decision_id, by=stored.answered_by)
        await in_thread(self._ledger.recovery.arm, self._run_id, at.table_number, at.chunk, (merge,))
        await self._note_armed(stored)

    async def _arm(self, option: Option, stored: StoredDecision) -> None:
        """The batch is written with what was decided; rules are made where it holds for every such fault."""
        at, body = stored.decision.at, stored.evidence.get("diagnosis")
        assert at is not None, "only offered for batches"
        diagnosis = diagnosis_from_json(body) if body else None
        remedies = _remedies(option, stored, diagnosis)
        await in_thread(self._ledger.recovery.arm, self._run_id, at.table_number, at.chunk, remedies)
        if stored.for_every and diagnosis is not None:
            for group in _treated(option, diagnosis):
                await in_thread(self._ledger.recovery.make_rule, self._run_id, _rule(option, stored, group))
        await self._note_armed(stored)

    async def _note_armed(self, stored: StoredDecision) -> None:
        """What came of the answer is told by who carries it out."""
        await in_thread(self._ledger.decisions.set_outcome, stored.decision.decision_id, {"state": "armed"})

    async def _close(
        self, option: Option, stored: StoredDecision, text: str, *, actual: Effect | None = None
    ) -> None:
        seconds = time.monotonic() - self._began
        actual = replace(actual or Effect(), low_seconds=seconds, high_seconds=seconds)
        finished = RecoveryFinished(
            decision_id=stored.decision.decision_id,
            option=option.name,
            is_done=True,
            predicted=option.effect or Effect(),
            actual=actual,
            text=text,
            at=stored.decision.at,
        )
        await in_thread(self._ledger.decisions.finish, self._run_id, finished)


def _about(option: Option) -> int:
    """The rows the option is about: what becomes of them is told by the batch that is written."""
    return option.effect.rows if option.effect else 0


def _treated(option: Option, diagnosis: Diagnosis) -> tuple[OffenceGroup, ...]:
    """The groups of rows an option says something about."""
    if option.name in _VALUE_RULES:
        return tuple(group for group in diagnosis.groups if dict(group.mends).get(option.name))
    return diagnosis.groups


def _remedies(option: Option, stored: StoredDecision, diagnosis: Diagnosis | None) -> tuple[Remedy, ...]:
    action = Action(option.name)
    plain = Remedy(action=action, decision_id=stored.decision.decision_id, by=stored.answered_by)
    if action is Action.QUARANTINE or diagnosis is None:
        return (plain,)
    value = (stored.value or option.value) if action is Action.DEFAULT else None
    return tuple(
        replace(plain, kind=group.kind, place=group.place, value=value)
        for group in _treated(option, diagnosis)
    )


def _rule(option: Option, stored: StoredDecision, group: OffenceGroup) -> NewRule:
    at = stored.decision.at
    assert at is not None, "only offered for batches"
    action = Action(option.name)
    value = (stored.value or option.value) if action is Action.DEFAULT else None
    what = {"quarantine": "set aside"}.get(option.name, option.label.lower())
    return NewRule(
        table_number=at.table_number,
        target_table=at.table,
        kind=group.kind,
        place=group.place,
        action=action,
        value=value,
        words=f"{at.table}.{group.place}, {group.reason}: {what}" + (f" {value}" if value else ""),
        decision_id=stored.decision.decision_id,
        by=stored.answered_by,
        from_where=stored.answered_from,
    )
