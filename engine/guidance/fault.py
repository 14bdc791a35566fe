"""One entry of the fault catalogue: what happened, what it means, and what may be done, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Fault", "Handling"]


class Handling(StrEnum):
    """Who deals with a fault first."""

    HEALED = "healed"
    """The agents, by themselves; a person is asked only when that fails three times."""
    ASKED = "asked"
    """A person, once the orchestrator's own second try has failed."""
    PAUSED = "paused"
    """Nobody: the run is paused at once, with what to do; it goes on when that was done."""
    TOLD = "told"
    """Nobody has to: it is told, and the work goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is known of one kind of fault before it happens.

    Texts may hold ``{rows}``, ``{table}``, ``{place}``, ``{batch}``, ``{parents}``, ``{parent}``,
    ``{where}``, ``{server}`` and ``{words}`` (the database's own); each is filled in, or its sentence
    is left out.
    """

    code: str
    """``R101``; never given to another fault."""
    name: str
    """A few words: ``values of another type``."""
    situation: str
    """What happened."""
    impact: str
    """What it means for the rows and for what depends on them."""
    cause: str
    """Why it happens."""
    options: tuple[str, ...]
    """Names of the options offered, in their order."""
    recommended: tuple[str, ...]
    """The first of these that can be taken is recommended."""
    why: str
    """Why that one."""
    safe: str
    """What is safe now."""
    handling: Handling = Handling.ASKED
    safest: str = "pause"
    """The option that has the focus; the recommended one where nothing is at stake."""
