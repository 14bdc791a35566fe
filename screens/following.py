"""Where the run is, and the thread that follows it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from engine.model.decisions import DecisionKind
from engine.model.errors import FordwayError
from engine.model.run import RunState, Step
from screens.news import LedgerBack, LedgerLost, PulseTaken, ViewAdvanced
from screens.run_view import RunView, fold_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.message import Message

    from engine.model.ports import Clock
    from screens.run_link import RunLink

__all__ = ["INLINE", "Follower", "badge_of", "place_of"]

INLINE = {DecisionKind.APPROVE_PLAN: Step.PLAN, DecisionKind.START_MOVE: Step.REHEARSE}
"""Questions that a step's own screen asks; every other opens a dialog."""

_OVER = frozenset({RunState.COMPLETE, RunState.STOPPED, RunState.UNDONE})

ENTRIES = 500
"""Journal entries read at once: a batch folds in a few milliseconds."""
POST_SECONDS = 0.1
"""While entries keep coming, the app hears of it this often; it draws four times a second."""
PULSE_SECONDS = 1.0
"""Heartbeats and health are read this often; agents beat every few seconds."""
IDLE_SECONDS = 0.05
"""Rest after an empty answer, for links that do not wait themselves."""
LONGEST_WAIT_SECONDS = 5.0
"""A lost ledger is tried again after 0.5 s, doubling up to this."""


def place_of(view: RunView) -> Step:
    """The step whose screen tells most about the run now."""
    if view.state in (RunState.UNDOING, RunState.UNDONE):
        return Step.UNDO
    if view.outcome is not None and view.state in (RunState.COMPLETE, RunState.STOPPED):
        return Step.FINISH
    if view.state is RunState.WAITING and view.decision is not None:
        return INLINE.get(view.decision.kind, view.step)
    if view.level is not None and view.state is RunState.RUNNING:
        # Healing a fault, a run connects anew; what is being healed is what there is to see.
        return view.level_step
    return view.step


def badge_of(view: RunView, shown: Step | None, *, is_ours: bool = True) -> str:
    """What somebody who looks elsewhere should know; empty when the screen says it.

    Args:
        view: this moment.
        shown: the step on the screen; None: none.
        is_ours: a question that waits, waits for whoever looks.
    """
    place = place_of(view)
    if not view.run_id or place is shown or view.state in _OVER:
        return ""
    if view.state is RunState.WAITING:
        if shown is Step.DISCOVER and place is Step.PLAN:
            return "the plan is ready  enter"
        return f"waits {'for you ' if is_ours else ''}at {place.capitalize()}  f goes there"
    return f"run is at {place.capitalize()}  f follows"


class Follower:
    """Reads one run in one thread: journal, heartbeats, health."""

    def __init__(self, link: RunLink, post: Callable[[Message], object], clock: Clock) -> None:
        """Tells ``post`` what it reads, from its own thread."""
        self.link = link
        self._post = post
        self._clock = clock
        self._stopped = threading.Event()
        self._view = RunView(run_id=link.run_id)
        self._lost = 0

    def stop(self) -> None:
        """Ends ``follow`` after the read it is in."""
        self._stopped.set()

    def follow(self) -> None:
        """Reads until stopped, then lets go of the run."""
        next_pulse = 0.0
        try:
            while not self._stopped.is_set():
                try:
                    self._read()
                    if time.monotonic() >= next_pulse:
                        self._pulse()
                        next_pulse = time.monotonic() + PULSE_SECONDS
                except FordwayError as error:
                    self._rest(error.sentence())
                except Exception as error:  # noqa: BLE001 - outermost loop of this thread: a console never dies of its ledger
                    self._rest(f"The ledger gave no readable answer ({error}).")
        finally:
            self.link.close()

    def _read(self) -> None:
        """Everything there is now; posts seldom, so that a long journal is no flood."""
        began = time.monotonic()
        entries = self.link.entries_after(self._view.number, limit=ENTRIES)
        if not entries:
            self._back()
            self._stopped.wait(IDLE_SECONDS)
            return
        while entries and not self._stopped.is_set():
            self._view = fold_all(self._view, entries)
            if len(entries) < ENTRIES or time.monotonic() - began > POST_SECONDS:
                break
            entries = self.link.entries_after(self._view.number, limit=ENTRIES)
        self._back()
        self._post(ViewAdvanced(self._view))

    def _pulse(self) -> None:
        self._post(PulseTaken(tuple(self.link.heartbeats()), self.link.health()))

    def _back(self) -> None:
        if self._lost:
            self._lost = 0
            self._post(LedgerBack())

    def _rest(self, sentence: str) -> None:
        if not self._lost:
            self._post(LedgerLost(self._clock.now(), sentence))
        self._lost += 1
        self._stopped.wait(min(0.25 * 2**self._lost, LONGEST_WAIT_SECONDS))
