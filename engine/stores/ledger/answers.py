"""A question with its answer, as the ledger has them, and which answers make no sense. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from engine.model.codec import read_decision
from engine.model.decisions import Decision

__all__ = ["Said", "StoredDecision", "decision_of", "stored_decision", "why_refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What goes with the option somebody chose."""

    from_where: str = ""
    """Host and kind of place, as ``DecisionAnswered.from_where``."""
    for_every: bool = False
    """It shall hold for every such fault of the run."""
    value: str = ""
    """What is given with it; empty: what the option itself proposes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """A question and what became of it."""

    decision: Decision
    run_id: str
    state: str
    """``open``, ``answered``, ``paused_timeout`` or ``withdrawn``."""
    answer: str
    answered_by: str
    answered_from: str = ""
    value: str = ""
    for_every: bool = False
    evidence: dict[str, Any] = field(default_factory=dict)
    outcome: dict[str, Any] | None = None
    """None until it is done, or armed with a batch; so also while rows are brought in, a batch is split, or
    an undo or a return to the checkpoint is under way."""
    asked_at: datetime | None = None
    """Only where questions are listed."""
    answered_at: datetime | None = None


def decision_of(row: Mapping[str, Any]) -> Decision:
    """The question of a row, with what became of it since it was asked."""
    decision = read_decision(row["body"])
    return replace(decision, deadline=row["deadline"], handed_to=row["handed_to"] or "")


def stored_decision(row: Mapping[str, Any]) -> StoredDecision:
    """The question of a row and its answer."""
    return StoredDecision(
        decision=decision_of(row),
        run_id=row["run_id"],
        state=row["state"],
        answer=row["answer"] or "",
        answered_by=row["answered_by"] or "",
        answered_from=row["answered_from"] or "",
        value=row["answer_value"] or "",
        for_every=row["for_every"],
        evidence=row["evidence"] or {},
        outcome=row["outcome"],
        asked_at=row.get("asked_at"),
        answered_at=row.get("answered_at"),
    )


def why_refused(stored: StoredDecision, option: str, said: Said) -> str:
    """Why this can't be an answer, whoever comes first; empty when it can."""
    chosen = stored.decision.option(option)
    if chosen is None:
        names = ", ".join(o.name for o in stored.decision.options)
        return f"{option} is no answer to this question. Choose one of: {names}."
    if chosen.unavailable:
        return f"{chosen.label} can't be chosen now: {chosen.unavailable}."
    if said.for_every and not chosen.can_repeat:
        return f"{chosen.label} can't be said for every such fault; say it for this one."
    if chosen.wants_value and not (said.value or chosen.value):
        return f"{chosen.label} needs {chosen.wants_value}."
    return ""
