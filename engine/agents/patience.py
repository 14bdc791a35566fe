"""How a run waits for people, and what they asked of it meanwhile."""

from __future__ import annotations

import asyncio
import time

from engine.agents.context import RunSettings
from engine.model.decisions import Decision, DecisionKind
from engine.moving.run_table import Control
from engine.stores.ledger import Ledger

__all__ = ["Patience"]

LOOK_SECONDS = 0.25
"""How often an open question and new requests are looked for: quick to the hand, light for the server."""


_WEIGHT = {"park": 1, "pause": 2, "stop": 3, "undo": 4}
"""A confirmed undo is not forgotten because the console was closed a moment later."""


class Patience:
    """Requests from other terminals, and the time a question may stay open here."""

    def __init__(self, settings: RunSettings, control: Control, *, wait_seconds: float) -> None:
        """Waits up to ``wait_seconds`` for an answer, then lets the run rest; 0 never waits."""
        self._settings = settings
        self._control = control
        self._wait_seconds = wait_seconds
        self.asked = ""
        """The last request obeyed: ``pause``, ``stop``, ``park`` or ``undo``; empty when none."""
        self.asked_by = ""

    async def watch(self, run_id: str, ledger: Ledger) -> None:
        """Takes requests in until cancelled."""
        while True:
            for request_id, request, who in await asyncio.to_thread(ledger.runs.requests, run_id):
                await asyncio.to_thread(ledger.runs.close_request, request_id)
                if request == "resume":
                    continue
                self.ask(request, who)
            await asyncio.sleep(LOOK_SECONDS)

    def ask(self, request: str, who: str) -> None:
        """The request is obeyed at the next batch end, unless a weightier one was made before.

        Parking never stops moving rows.
        """
        if _WEIGHT.get(request, 0) > _WEIGHT.get(self.asked, 0):
            self.asked, self.asked_by = request, who
        if request != "park":
            self._control.ask_stop()

    def settled_answer(self, decision: Decision) -> str:
        """The answer the operator gave beforehand; empty when a person must answer.

        ``--yes`` answers the plan and the start, ``--on-error recommended`` a fault.
        """
        if decision.kind is DecisionKind.FAULT and self._settings.on_error == "recommended":
            return next((option.name for option in decision.options if option.is_recommended), "")
        if not self._settings.assume_yes:
            return ""
        if decision.kind is DecisionKind.APPROVE_PLAN:
            return "approve" if self._settings.rehearse else "approve-move"
        return "move" if decision.kind is DecisionKind.START_MOVE else ""

    async def wait_for(self, decision: Decision, ledger: Ledger) -> str | None:
        """The option chosen, or None when the run is to rest with the question open."""
        deadline = time.monotonic() + self._wait_seconds
        while True:
            stored = await asyncio.to_thread(ledger.decisions.read, decision.decision_id)
            if stored is None or stored.state == "withdrawn":
                return None
            if stored.state == "answered":
                return stored.answer
            if self.asked or time.monotonic() >= deadline:
                return None
            await asyncio.sleep(LOOK_SECONDS)
