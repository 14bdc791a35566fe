"""A run without a screen: events as JSON lines or plain sentences, and an exit code from the ledger."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TextIO

from console.runner_process import run_here
from engine.guidance.recovery_words import Recovered, answer_words, recovery_words
from engine.guidance.words import batch_name, is_late
from engine.model.codec import event_to_json
from engine.model.decisions import Decision, DecisionKind
from engine.model.errors import FordwayError
from engine.model.events import (
    ChunkCommitted,
    DecisionAnswered,
    Event,
    FaultMet,
    FindingRaised,
    GuidanceSpoken,
    JournalEntry,
    TableUndone,
    TableVerified,
)
from engine.model.run import Pass, RunState, exit_code_of
from engine.moving.move_plan import outcomes
from engine.runner import Runner, RunnerOptions
from engine.stores.ledger import Ledger

__all__ = ["Narrator", "final_line", "run_headless"]

_LOOK_SECONDS = 0.1


class Narrator:
    """Writes a run's journal out while it happens."""

    def __init__(self, *, as_json: bool, out: TextIO | None = None, words: TextIO | None = None) -> None:
        """JSON goes to ``out`` with the words on ``words``; without JSON the words go to ``out``."""
        self.is_json = as_json
        self._out = out or sys.stdout
        self._is_mute = False
        self._words = words or (sys.stderr if as_json else self._out)

    def tell(self, run_id: str, entry: JournalEntry, *, asked: Decision | None = None) -> None:
        """One journal entry; ``asked`` is the question where the entry is an answer."""
        event = entry.event
        if self.is_json and event.kind != "run_finished":
            body = event_to_json(event)
            kind = body.pop("kind")
            line = {"event": kind, "run": run_id, "number": entry.number, "at": entry.at.isoformat(), **body}
            self.line(line)
        for words in in_words(event, asked=asked):
            self._write(words, self._words)

    def line(self, body: dict[str, Any]) -> None:
        """One JSON object on a line of its own."""
        self._write(json.dumps(body, ensure_ascii=False), self._out)

    def say(self, words: str) -> None:
        """One sentence for people."""
        self._write(words, self._words)

    def _write(self, text: str, where: TextIO) -> None:
        """Nobody reads any more, or the disk is full: the run goes on all the same."""
        if self._is_mute:
            return
        try:
            print(text, file=where, flush=True)
        except OSError:
            self._is_mute = True
            # Python flushes once more at its end, and would complain there.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def in_words(event: Event, *, asked: Decision | None = None) -> tuple[str, ...]:
    """What a person reading along is told of an event; nothing for most.

    Args:
        event: what happened.
        asked: the question, where the event is an answer; of answers about plans nothing is told.
    """
    if isinstance(event, Recovered):
        told = recovery_words(event)
        return (f"  {told.line}", *(f"    {detail}" for detail in told.details))
    match event:
        case GuidanceSpoken(lines=lines):
            return lines
        case FindingRaised(finding=finding):
            return (f"  {finding.severity}: {finding.sentence()}",)
        case DecisionAnswered() if asked is not None and asked.kind is DecisionKind.FAULT:
            return (f"  {answer_words(event, asked).line}",)
        case ChunkCommitted(pass_=Pass.MOVE):
            return (_committed(event),)
        case TableVerified():
            failed = [
                f"{c.name}: expected {c.expected}, found {c.actual}"
                for c in event.checks
                if c.status == "fail"
            ]
            return (f"  {event.table}: {event.strength}", *(f"    {line}" for line in failed))
        case TableUndone():
            kept = f", {event.kept:,} stay" if event.kept else ""
            kept = f", {event.marked:,} marked as deleted{kept}" if event.marked else kept
            keys = f" ({', '.join(event.kept_keys)})" if event.kept and event.kept_keys else ""
            fate = "; the table is gone" if event.dropped else ""
            fate += f"; {event.note}" if event.note else ""
            return (f"  {event.table}: {event.removed:,} rows taken back{kept}{keys}{fate}",)
        case FaultMet(what=what, where=where, safe=safe, todo=todo):
            return (FordwayError(what, where=where, safe=safe, todo=todo).sentence(),)
        case _:
            return ()


def _committed(event: ChunkCommitted) -> str:
    counts = event.counts
    aside = f", {counts.quarantined:,} set aside" if counts.quarantined else ""
    rows = event.label if is_late(event.chunk) else f"rows {event.label}"
    return f"  {event.table} batch {batch_name(event.chunk)}: {rows} committed{aside}"


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
    code = final_line(options.run_id, ledger, narrator, seconds=time.monotonic() - began)
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


def final_line(run_id: str, ledger: Ledger, narrator: Narrator, *, seconds: float) -> int:
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
