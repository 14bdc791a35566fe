"""A lead's hold on a run: sees everything, answers questions about faults, asks nothing else of it."""

from __future__ import annotations

from collections.abc import Callable

from console.attach import LedgerLink
from console.held import LedgerHeld
from console.wiring import Opened
from engine.model.decisions import DecisionKind
from engine.model.held import HeldChoice
from screens.run_link import ControlRequest

__all__ = ["WATCH", "WatchLink"]

WATCH = "watch"
"""The kind of place a lead answers from, for the ledger."""
_NOT_HERE = "The lead's console answers questions about faults, and asks nothing else of the run."


class WatchedHeld(LedgerHeld):
    """Rows set aside, to be looked at and taken out."""

    def edit(self, number: int, column: str, value: str | None) -> str:
        """Not from here."""
        del number, column, value
        return _NOT_HERE

    def replay(self, choice: HeldChoice) -> str:
        """Not from here."""
        del choice
        return _NOT_HERE

    def discard(self, choice: HeldChoice, *, typed: str) -> str:
        """Not from here."""
        del choice, typed
        return _NOT_HERE

    def revoke_rule(self, rule_id: int) -> str:
        """Not from here."""
        del rule_id
        return _NOT_HERE


class WatchLink(LedgerLink):
    """Fulfils ``screens.run_link.RunLink`` without any power over the run's life."""

    def __init__(self, opened: Opened, run_id: str, *, source_urls: dict[str, str] | None = None) -> None:
        """Holds on to ``opened``; ``source_urls`` are what an answer's runner may need."""
        super().__init__(opened, run_id, source_urls=source_urls, place=WATCH)

    def _make_held(self, start: Callable[[HeldChoice], None]) -> LedgerHeld:
        return WatchedHeld(self.opened, self.run_id, who=self.who, start=start)

    def answer(self, decision_id: str, option: str, *, for_every: bool = False, value: str = "") -> str:
        """Answers a question about a fault; every other is the operator's."""
        kind = self.kind_of(decision_id)
        if kind is not None and kind is not DecisionKind.FAULT:
            return "The operator answers this one; the lead answers questions about faults."
        return super().answer(decision_id, option, for_every=for_every, value=value)

    def ask(self, request: ControlRequest) -> str:
        """Not from here."""
        del request
        return _NOT_HERE

    def confirm_undo(self, typed: str) -> str:
        """Not from here."""
        del typed
        return _NOT_HERE
