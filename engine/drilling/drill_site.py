"""Where and on whose behalf the undo of a run is rehearsed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from engine.model.errors import FordwayError
from engine.model.plan import Plan
from engine.stores.ledger import Ledger

__all__ = ["DrillSite", "Hold"]

_BEAT_SECONDS = 4.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """How a process owns a run: by its lease."""

    take: Callable[[str], int]
    """The epoch under which this process owns the run of that id. Raises: ServerBusy: another one does."""
    renew: Callable[[str, int], None]
    """The lease of that run and epoch lasts on."""

    @contextmanager
    def held(self, run_id: str, epoch: int) -> Iterator[None]:
        """The lease is kept fresh inside the block, by a thread of its own."""
        is_over = threading.Event()

        def beat() -> None:
            while not is_over.wait(_BEAT_SECONDS):
                try:
                    self.renew(run_id, epoch)
                except FordwayError:
                    # Whoever took over meanwhile is met by the next transaction.
                    return

        thread = threading.Thread(target=beat, daemon=True, name="drill-beat")
        thread.start()
        try:
            yield
        finally:
            is_over.set()
            thread.join()


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillSite:
    """All a rehearsal needs of its surroundings."""

    run_id: str
    """Whose undo is rehearsed; its state and its rows are not touched."""
    plan: Plan
    ledger: Ledger
    target_url: str = field(repr=False)
    source_urls: dict[str, str] = field(repr=False)
    hold: Hold
    tell: Callable[[str], None] = lambda _: None
    """Told in words what is done now."""
