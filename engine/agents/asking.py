"""Asks people, and keeps the run's state in step with the asking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.agents.context import RunContext
from engine.agents.durable import in_thread
from engine.agents.patience import Patience
from engine.model.decisions import Decision, DecisionKind
from engine.model.events import DecisionAsked
from engine.model.run import RunState, Step
from engine.stores.ledger.decisions import Said

__all__ = ["Asking", "Parked"]


class Parked(Exception):
    """The run rests in a state of the ledger's; this runner may go."""


class Asking:
    """One run's questions and states."""

    def __init__(self, context: RunContext, patience: Patience) -> None:
        """Asks ``patience`` how people answer: at once, after a while, or not here."""
        self._context = context
        self._patience = patience
        self._ledger = context.ledger
        self._run_id = context.run_id

    async def ask(self, decision: Decision, step: Step, *, evidence: Mapping[str, Any] | None = None) -> str:
        """The option a person chose.

        Args:
            decision: the question.
            step: where the run rests meanwhile.
            evidence: what the question rests on; kept with it.

        Raises:
            Parked: the question stays open, or nobody answered in time and the run is paused.
        """
        settings = self._context.settings
        await in_thread(self._ledger.decisions.withdraw, self._run_id)
        within = settings.decide_within_seconds or None
        decision = await in_thread(
            lambda: self._ledger.decisions.ask(
                self._run_id, decision, evidence=evidence, within_seconds=within
            )
        )
        chosen, why = self._patience.settled_answer(decision)
        if chosen:
            said = Said(from_where=why)
            who = f"{settings.operator} ({why})"
            refused = await in_thread(
                lambda: self._ledger.decisions.answer(decision.decision_id, chosen, who=who, said=said)
            )
            if not refused:
                return chosen
        await self.set_state(RunState.WAITING, step=step, reason=decision.headline or decision.question)
        answer = await self._patience.wait_for(decision, self._ledger, run_id=self._run_id)
        if answer is None:
            await self._rest_if_late(decision, step)
            raise Parked
        await self.set_state(RunState.RUNNING, step=step)
        return answer

    async def _rest_if_late(self, decision: Decision, step: Step) -> None:
        """A question whose time was over before the run waited for it leaves the run paused all the same."""
        stored = await in_thread(self._ledger.decisions.read, decision.decision_id)
        record = await in_thread(self._ledger.runs.read, self._run_id)
        if stored is not None and stored.state == "paused_timeout" and record.state is RunState.WAITING:
            await self.set_state(RunState.PAUSED, step=step, reason="Nobody answered in time; paused safely")

    async def set_state(
        self, state: RunState, *, step: Step, reason: str = "", is_failed: bool = False
    ) -> None:
        """The run is in this state, and the journal says so."""
        await in_thread(
            lambda: self._ledger.runs.set_state(
                self._run_id, state, step=step, reason=reason, is_failed=is_failed
            )
        )

    async def next_number(self, kind: DecisionKind) -> int:
        """How often this kind of question was asked, and once more."""
        asked = await in_thread(self._ledger.journal.of_kind, self._run_id, "decision_asked")
        return 1 + sum(
            isinstance(entry.event, DecisionAsked) and entry.event.decision.kind is kind for entry in asked
        )
