"""A run without a screen: events as JSON lines or plain sentences, and an exit code from the ledger."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import asdict

from console.narrator import Narrator
from console.run_here import run_here
from engine.model.decisions import Decision
from engine.model.errors import FordwayError
from engine.model.events import DecisionAnswered, JournalEntry
from engine.model.run import Pass, RunState, exit_code_of
from engine.moving.move_plan import outcomes
from engine.runner import Runner, RunnerOptions
from engine.stores.ledger import Ledger

__all__ = ["run_headless"]

_LOOK_SECONDS = 0.1


class _Follower(threading.Thread):
    """Reads the journal on a connection of its own while the run goes on."""

    def __init__(self, run_id: str, ledger: Ledger, narrator: Narrator, *, after: int) -> None:
        super().__init__(name="narrator", daemon=True)
        self._run_id = run_id
        self._ledger = ledger
        self._narrator = narrator
        self._number = after
        self._is_over = threading.Event()
        self.error: FordwayError | None = None

    def run(self) -> None:
        while True:
            is_last_look = self._is_over.is_set()
            try:
                entries = self._ledger.journal.after(self._run_id, self._number, most=500)
            except FordwayError as error:
                self.error = error
                return
            for entry in entries:
                self._number = entry.number
                self._narrator.tell(self._run_id, entry, asked=self._asked(entry))
            if not entries:
                if is_last_look:
                    return
                self._is_over.wait(_LOOK_SECONDS)

    def _asked(self, entry: JournalEntry) -> Decision | None:
        """The question behind an answer, which may have been asked before anybody read along."""
        if not isinstance(entry.event, DecisionAnswered):
            return None
        try:
            stored = self._ledger.decisions.read(entry.event.decision_id)
        except FordwayError:
            return None
        return stored.decision if stored is not None else None

    def finish(self) -> None:
        self._is_over.set()
        self.join(timeout=30)


def run_headless(
    options: RunnerOptions,
    *,
    ledger: Ledger,
    narrator: Narrator,
    on_waiting: Callable[[str], bool] | None = None,
) -> int:
    """The run's exit code, after it went as far as it could.

    Args:
        options: ``wait_seconds`` 0, so that an open question ends the command.
        on_waiting: asked when a question is open; True means it was answered and the run goes on.
    """
    follower = _Follower(options.run_id, ledger, narrator, after=ledger.journal.last_told(options.run_id))
    follower.start()
    received: list[int] = []
    began = time.monotonic()
    try:
        while True:
            received += _run_once(options, ledger)
            state = ledger.runs.read(options.run_id).state
            if (
                state is not RunState.WAITING
                or received
                or on_waiting is None
                or not on_waiting(options.run_id)
            ):
                break
    finally:
        follower.finish()
    code = _final_line(options.run_id, ledger, narrator, seconds=time.monotonic() - began)
    if received:
        return 128 + received[0]
    return code


def _run_once(options: RunnerOptions, ledger: Ledger) -> list[int]:
    """Signals received while the run went on."""
    received: list[int] = []
    runner = Runner(options, ledger=ledger)
    ask = runner.ask

    def note(request: str, who: str) -> None:
        received.append(int(signal.Signals[who]))
        ask(request, who)

    runner.ask = note  # type: ignore[method-assign]  # remembers which signal, for the exit code
    asyncio.run(run_here(runner))
    return received


def _final_line(run_id: str, ledger: Ledger, narrator: Narrator, *, seconds: float) -> int:
    """Writes the run's last line from the ledger and gives the exit code."""
    record = ledger.runs.read(run_id)
    stored = ledger.runs.plan(run_id)
    steps = ledger.steps.outputs(run_id)
    strengths = dict((steps.get("verify", ("", {}, 0.0))[1] or {}).get("strengths", {}))
    tables = outcomes(ledger, run_id, stored.plan, Pass.MOVE) if stored.plan else ()
    if narrator.is_json:
        narrator.line(
            {
                "event": "run_finished",
                "run": run_id,
                "state": _public_state(record.state),
                "tables": [
                    {"table": o.table, **asdict(o.counts), "strength": strengths.get(o.table, "not-compared")}
                    for o in tables
                ],
                "seconds": round(seconds, 3),
                "phases": ledger.steps.phase_seconds(run_id),
            }
        )
    if record.reason and record.state is not RunState.COMPLETE:
        narrator.say(f"Run {run_id} is {record.state}: {record.reason}")
        if record.state is RunState.WAITING:
            narrator.say(f"What it asks, and how to answer: fordway decide {run_id}")
        if record.state in (RunState.PAUSED, RunState.WAITING):
            narrator.say(f"Go on with: fordway resume {run_id}")
    return exit_code_of(
        record.state, step=record.step, quarantined=record.rows_quarantined, is_failed=record.is_failed
    )


def _public_state(state: RunState) -> str:
    """The published words: complete, stopped, paused or undone."""
    return {RunState.WAITING: "paused", RunState.RUNNING: "paused", RunState.UNDOING: "paused"}.get(
        state, str(state)
    )
