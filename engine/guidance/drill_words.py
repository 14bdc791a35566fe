"""The badge of a plan whose undo was rehearsed."""

from __future__ import annotations

from datetime import datetime

from engine.guidance.words import count_of
from engine.model.events import DrillFinished

__all__ = ["drill_badge"]


def drill_badge(drill: DrillFinished, at: datetime, *, digest: str) -> str:
    """What the last rehearsal of the undo came to, on one line.

    Args:
        drill: the rehearsal.
        at: when it was over.
        digest: of the plan as it is now; a rehearsal of another one proves nothing for it.
    """
    mark = "✓" if drill.residual == 0 and drill.digest == digest else "!"
    left = f"{count_of(drill.residual, 'rows')} left"
    other = "" if drill.digest == digest else ", for another plan"
    return f"{mark} undo rehearsed {at:%Y-%m-%d %H:%M}: {left}{other}"
