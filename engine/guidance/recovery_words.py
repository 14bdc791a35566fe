"""What a recovery says of itself, one sentence a step: the same in the feed, in plain output and in scripts.

Pure. Words for how an escalation stands at this moment are the screens' own; they are made from these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from engine.guidance.words import batch_name, count_of, duration
from engine.model.decisions import Decision
from engine.model.events import (
    ChunkRetried,
    DecisionAnswered,
    DecisionExpired,
    DecisionHandedOn,
    DrillFinished,
    FaultDiagnosed,
    FaultTold,
    LevelRaised,
    LookedAgain,
    PartUndone,
    QuarantineChanged,
    RecoveryFinished,
    RecoveryStarted,
    RuleMade,
    RuleRevoked,
)
from engine.model.faults import ChunkAddress, Effect, OffenceGroup

__all__ = [
    "COUNTED",
    "Mood",
    "Recovered",
    "Told",
    "answer_words",
    "batch_words",
    "doing_words",
    "recovery_words",
    "retry_words",
    "size_words",
]


class Mood(StrEnum):
    """How a sentence is to be read."""

    PLAIN = "plain"
    GOOD = "good"
    CARE = "care"
    """Someone should look at it."""
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One sentence, and whose it is."""

    who: str
    """An agent, a person, or ``run``."""
    text: str
    """Without a full stop."""
    mood: Mood = Mood.PLAIN
    details: tuple[str, ...] = ()
    """What can be said beside it, a line each, where there is room."""
    is_deed: bool = False
    """The text goes on from the teller's name: ``chose: ...``."""

    @property
    def line(self) -> str:
        """Sentence and teller, on one line."""
        if self.who == "run":
            return self.text
        return f"{self.who} {self.text}" if self.is_deed else f"{self.who}: {self.text}"


Recovered = (
    ChunkRetried
    | LevelRaised
    | LookedAgain
    | FaultDiagnosed
    | FaultTold
    | RecoveryStarted
    | RecoveryFinished
    | RuleMade
    | RuleRevoked
    | DecisionExpired
    | DecisionHandedOn
    | QuarantineChanged
    | PartUndone
    | DrillFinished
)
"""Everything a recovery writes into the journal but its questions and their answers."""

COUNTED = (
    ("written", "written"),
    ("set_aside", "set aside"),
    ("changed", "changed"),
    ("merged", "merged"),
    ("brought", "brought in"),
    ("placeholders", "placeholders"),
    ("removed", "removed"),
)
"""An effect's counts of rows, each with its word."""

_DOING = {
    "parents": "moving the missing parents first",
    "placeholders": "making placeholders for the missing parents",
    "quarantine": "setting the rows aside",
    "null": "leaving the values empty",
    "default": "filling in another value",
    "truncate": "cutting the values to what fits",
    "cast": "converting the values",
    "keep-target": "keeping the target's rows",
    "keep-source": "overwriting them with the source's",
    "newest": "keeping the newer row of each pair",
    "retry": "trying it again",
    "smaller": "trying it again in smaller batches",
    "pause": "pausing",
    "checkpoint": "going back to the last checkpoint",
    "undo": "taking the run back",
    "stop": "stopping, and keeping what is committed",
    "lead": "handing it to the lead",
}
_BROUGHT: dict[str, tuple[str, ...]] = {"parents": ("brought",), "placeholders": ("placeholders",)}
_TREATED_COUNTS: tuple[str, ...] = ("written", "set_aside", "changed")
_TREATED = frozenset({"quarantine", "null", "default", "truncate", "cast"})
"""Answers that are carried out as the batch is written, so that each of its rows is counted."""
_LATER_SECONDS = 1.0
"""A time is worth a word when it is this much longer than was foretold."""


def batch_words(at: ChunkAddress) -> str:
    """``case_file_relationships batch 15``."""
    return f"{at.table} batch {batch_name(at.chunk)}"


def doing_words(option: str) -> str:
    """What is done when the option was chosen: ``moving the missing parents first``."""
    return _DOING.get(option, option)


def size_words(event: ChunkRetried) -> str:
    """``, batch 500 -> 250``; empty where the batch stays as it is."""
    if not event.rows_after or event.rows_after == event.rows_before:
        return ""
    return f", batch {event.rows_before:,} -> {event.rows_after:,}"


def retry_words(event: ChunkRetried, wait: float | None = None) -> str:
    """``retry 2 of 3 in 4 s, batch 500 -> 250``.

    Args:
        event: the try.
        wait: seconds until it begins; None: those the event tells. 0 and less: it is under way.
    """
    left = event.wait_seconds if wait is None else wait
    when = f"in {_wait(left)} s" if left > 0 else "now"
    return f"retry {event.attempt} of {event.most_attempts} {when}{size_words(event)}"


def _wait(seconds: float) -> str:
    return f"{seconds:.0f}" if seconds >= 1 else f"{max(seconds, 0.1):.1f}"


def answer_words(event: DecisionAnswered, decision: Decision | None) -> Told:
    """Who chose what, for what and from where; ``decision`` is the question, where it is known."""
    if event.option == "withdrawn":
        return Told(who="run", text="the question is closed; what it was about has changed")
    option = decision.option(event.option) if decision is not None else None
    label = option.label if option is not None else event.option
    value = f" ({event.value})" if event.value else ""
    every = ""
    if event.for_every:
        what = decision.repeats_for if decision is not None and decision.repeats_for else "every such fault"
        every = f", for {what}"
    where = f" (from {event.from_where})" if event.from_where else ""
    return Told(who=event.by, text=f"chose: {label}{value}{every}{where}", is_deed=True)


def recovery_words(event: Recovered) -> Told:
    """The sentence of this step."""
    match event:
        case ChunkRetried():
            pool = (f"pool checked: {event.pool}",) if event.pool else ()
            where = f"{event.table} batch {batch_name(event.chunk)}, {event.cause}"
            text = f"{retry_words(event)}: {where}"
            return Told(who="migration-execution", text=text, mood=Mood.CARE, details=pool)
        case LevelRaised():
            mood = Mood.CARE if event.level < 3 else Mood.BAD
            return Told(who="orchestrator", text=f"level {event.level}: {event.text}", mood=mood)
        case LookedAgain():
            found = "; ".join(event.findings) or "as it should be"
            mood = Mood.PLAIN if event.is_well else Mood.CARE
            text = f"looked again at {event.what}: {found}"
            return Told(who=event.role, text=text, mood=mood, is_deed=True)
        case FaultDiagnosed():
            return _diagnosed(event)
        case RecoveryStarted():
            foretold = _foretold(event.predicted)
            text = f"now {doing_words(event.option)}{f' (foretold: {foretold})' if foretold else ''}"
            return Told(who="orchestrator", text=text)
        case RecoveryFinished():
            return _recovered(event)
        case _:
            return _told_besides(event)


def _told_besides(
    event: FaultTold
    | RuleMade
    | RuleRevoked
    | DecisionExpired
    | DecisionHandedOn
    | QuarantineChanged
    | PartUndone
    | DrillFinished,
) -> Told:
    match event:
        case FaultTold():
            details = tuple(f"{part.rstrip('.')}." for part in (event.safe, event.todo) if part)
            return Told(who="run", text=event.what, mood=Mood.CARE, details=details)
        case RuleMade():
            return Told(who=event.by, text=f"made rule {event.rule_id}: {event.words}", is_deed=True)
        case RuleRevoked():
            text = f"revoked rule {event.rule_id}: {event.words}"
            return Told(who=event.by, text=text, is_deed=True)
        case DecisionExpired():
            text = f"nobody answered by {event.deadline:%H:%M} UTC; paused safely, nothing was decided"
            return Told(who="run", text=text, mood=Mood.CARE)
        case DecisionHandedOn():
            text = f"handed the question to the {event.to}; whoever answers first decides"
            return Told(who=event.by, text=text, mood=Mood.CARE, is_deed=True)
        case QuarantineChanged():
            return Told(who=event.by, text=event.text, is_deed=True)
        case PartUndone():
            kept = f", {event.kept:,} left alone" if event.kept else ""
            text = f"took back {event.what}: {count_of(event.removed, 'rows')} removed{kept}"
            return Told(who=event.by, text=text, mood=Mood.CARE, is_deed=True)
        case DrillFinished():
            mood = Mood.GOOD if event.residual == 0 else Mood.BAD
            moved = f"{count_of(event.moved, 'rows')} moved and taken back"
            text = f"undo rehearsed: {moved}, {event.residual:,} left"
            return Told(who="run", text=text, mood=mood, details=event.words)
        case _:
            assert_never(event)


def _diagnosed(event: FaultDiagnosed) -> Told:
    diagnosis = event.diagnosis
    found = f"{diagnosis.offending:,} of {count_of(diagnosis.rows, 'rows')} can't be written"
    if not diagnosis.groups:
        found = "every row can be written as it stands now"
    text = f"looked through {batch_words(diagnosis.at)}: {found}"
    details = tuple(_group(group) for group in diagnosis.groups)
    return Told(who="schema-analysis", text=text, mood=Mood.CARE, details=details, is_deed=True)


def _group(group: OffenceGroup) -> str:
    return f"{count_of(group.rows, 'rows')}, {group.place}: {group.reason}"


def _counts(effect: Effect) -> list[str]:
    return [f"{getattr(effect, name):,} {word}" for name, word in COUNTED if getattr(effect, name)]


def _foretold(effect: Effect) -> str:
    parts = _counts(effect)
    if effect.high_seconds >= _LATER_SECONDS:
        parts.append(f"up to {duration(effect.high_seconds)}")
    return ", ".join(parts)


def _recovered(event: RecoveryFinished) -> Told:
    unlike = ", ".join(_unlike(event)) if event.is_done else ""
    text = f"{event.text}; otherwise than foretold: {unlike}" if unlike else event.text
    mood = Mood.BAD if not event.is_done else Mood.CARE if unlike else Mood.GOOD
    return Told(who="migration-execution", text=text, mood=mood)


def _unlike(event: RecoveryFinished) -> Iterator[str]:
    """What came otherwise than it was foretold, of what is counted of such an answer."""
    predicted, actual = event.predicted, event.actual
    counted = _TREATED_COUNTS if event.option in _TREATED else _BROUGHT.get(event.option, ())
    for name, word in COUNTED:
        if name in counted and getattr(predicted, name) != getattr(actual, name):
            yield f"{getattr(actual, name):,} {word} instead of {getattr(predicted, name):,}"
    if event.option not in _TREATED and predicted.high_seconds + _LATER_SECONDS < actual.high_seconds:
        yield f"{duration(actual.high_seconds)} instead of {duration(predicted.high_seconds)} at most"
