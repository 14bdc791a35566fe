"""How a run waits for people, and what they asked of it meanwhile."""

from __future__ import annotations

import asyncio
import time

from engine.model.decisions import Decision, DecisionKind
from engine.model.run_settings import RunSettings
from engine.moving.run_table import Control
from engine.stores.ledger import Ledger

__all__ = ["Patience"]

LOOK_SECONDS = 0.25
"""How often an open question and new requests are looked for: quick to the hand, light for the server."""


_EXPIRY_LOOKS = 4
"""A deadline is looked for once a second."""
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

    def settled_answer(self, decision: Decision) -> tuple[str, str]:
        """The answer the operator gave beforehand, and by which flag; empty when a person must answer.

        ``--yes`` answers the plan and the start. Of a fault ``--on-error recommended`` takes what is
        recommended, ``--on-error quarantine`` sets rows aside and pauses where no rows are to blame.
        """
        if decision.kind is DecisionKind.FAULT:
            policy = self._settings.on_error
            if policy not in ("recommended", "quarantine"):
                return "", ""
            return _by_policy(decision, policy), f"--on-error {policy}"
        if not self._settings.assume_yes:
            return "", ""
        if decision.kind is DecisionKind.START_MOVE:
            return "move", "--yes"
        return "approve" if self._settings.rehearse else "approve-move", "--yes"

    async def wait_for(self, decision: Decision, ledger: Ledger, *, run_id: str) -> str | None:
        """The option chosen, or None when the run is to rest: with the question open, or expired."""
        until = time.monotonic() + self._wait_seconds
        looks = 0
        while True:
            if decision.deadline is not None and looks % _EXPIRY_LOOKS == 0:
                # By the server's clock; it closes the question and pauses the run in one.
                await asyncio.to_thread(ledger.decisions.expire, run_id)
            looks += 1
            stored = await asyncio.to_thread(ledger.decisions.read, decision.decision_id)
            if stored is None or stored.state in ("withdrawn", "paused_timeout"):
                return None
            if stored.state == "answered":
                return stored.answer
            if self.asked or time.monotonic() >= until:
                return None
            await asyncio.sleep(LOOK_SECONDS)


def _by_policy(decision: Decision, policy: str) -> str:
    """What a policy chooses; an option that can't be taken, or did not help, makes it a pause."""
    names = {option.name for option in decision.options if not option.unavailable}
    if policy == "quarantine":
        return "quarantine" if "quarantine" in names else "pause"
    return next((option.name for option in decision.options if option.is_recommended), "pause")
