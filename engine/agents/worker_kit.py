"""A worker's tools in an agent's own thread, for work on single batches."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.agents.context import RunContext
from engine.hands.kit import HandsSetup, Kit
from engine.stores.open_source import SourceShelf

__all__ = ["open_kit"]


@contextmanager
def open_kit(context: RunContext) -> Iterator[Kit]:
    """Connections to target and sources, seen as they are now, gone when the block ends.

    Raises:
        FordwayError: a source does not answer.
    """
    shelf = SourceShelf(context.source_urls)
    kit = None
    try:
        setup = HandsSetup(
            target_url=context.target_url,
            source_urls=context.source_urls,
            run_time=context.run_time(),
            snapshots=shelf.snapshots(),
        )
        kit = Kit(setup)
        yield kit
    finally:
        if kit is not None:
            kit.close()
        shelf.close()
