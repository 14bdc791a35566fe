"""What people set for one run, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["RunSettings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettings:
    """How a run behaves; stored with it, so that a resume behaves the same."""

    assume_yes: bool = False
    """Approve the plan and start the move without asking (``--yes``)."""
    rehearse: bool = False
    """With ``assume_yes``: rehearse before moving."""
    on_error: str = "ask"
    workers: int = 0
    """Processes that move batches; 0: as many as suit the plan and the machine."""
    operator: str = "operator"
    decide_within_seconds: float = 0.0
    """How long a question may stay open before the run is paused, safely; 0: as long as it takes."""
    is_demo: bool = False
    """Made by ``fordway demo``; the next demo takes it back before it begins."""
    playbook_file: str = ""
    """Where the playbook was read, as an absolute path; empty for a shipped or a made one."""

    def to_json(self) -> dict[str, Any]:
        """Plain values for the ledger."""
        return {
            "assume_yes": self.assume_yes,
            "rehearse": self.rehearse,
            "on_error": self.on_error,
            "workers": self.workers,
            "operator": self.operator,
            "decide_within_seconds": self.decide_within_seconds,
            "is_demo": self.is_demo,
            "playbook_file": self.playbook_file,
        }
