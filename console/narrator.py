"""A run's journal in words or as JSON lines, for terminals without a screen and for scripts."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, TextIO

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
from engine.model.run import Pass

__all__ = ["Narrator", "in_words"]


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
