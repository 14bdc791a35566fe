"""Facts into plain words: what happened, what is safe, what to do."""

from __future__ import annotations

from engine.guidance.explain_plan import confirm_plan, explain_discovery
from engine.guidance.explain_run import (
    celebrate,
    describe_progress,
    explain_escalation,
    explain_fault,
    explain_pause,
    explain_rehearsal,
    explain_undo,
    explain_verification,
)

__all__ = [
    "celebrate",
    "confirm_plan",
    "describe_progress",
    "explain_discovery",
    "explain_escalation",
    "explain_fault",
    "explain_pause",
    "explain_rehearsal",
    "explain_undo",
    "explain_verification",
]
