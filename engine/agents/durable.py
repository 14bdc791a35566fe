"""Durable steps: told in the journal, timed, and never done twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from engine.agents.context import RunContext
from engine.model.errors import FordwayError, LeaseLost
from engine.model.events import StepFinished, StepStarted
from engine.model.run import Step

__all__ = ["DurableSteps", "Paused", "in_thread"]

Work = Callable[[], Awaitable[dict[str, Any]]]


class Paused(Exception):
    """The work of a step stopped at a batch end because someone asked."""


class DurableSteps:
    """The steps of one run."""

    def __init__(self, context: RunContext) -> None:
        """Writes to the context's ledger and journal."""
        self._context = context
        self._steps = context.ledger.steps
        self._run_id = context.run_id

    async def guided(self, step: Step, work: Work) -> dict[str, Any]:
        """A guided step, told in the journal. Discovery and plan are made anew whenever asked."""
        anew = step in (Step.CONNECT, Step.DISCOVER, Step.PLAN, Step.UNDO)
        mark = str(time.monotonic()) if anew else ""
        if not await in_thread(lambda: self._steps.start(self._run_id, step, input_hash=mark)):
            outputs = await in_thread(self._steps.outputs, self._run_id)
            return dict(outputs[step][1] or {})
        await in_thread(self._context.emit, StepStarted(step=step))
        began = time.monotonic()
        result = await self._guarded(step, work)
        seconds = time.monotonic() - began
        await in_thread(lambda: self._steps.finish(self._run_id, step, seconds=seconds, output=result))
        await in_thread(self._context.emit, StepFinished(step=step, seconds=seconds))
        return result

    async def once(self, key: str, work: Work) -> None:
        """Work inside a guided step that is done once."""
        if not await in_thread(lambda: self._steps.start(self._run_id, key)):
            return
        began = time.monotonic()
        result = await self._guarded(key, work)
        seconds = time.monotonic() - began
        await in_thread(lambda: self._steps.finish(self._run_id, key, seconds=seconds, output=result))

    async def _guarded(self, key: str, work: Work) -> dict[str, Any]:
        """The work's result; a pause or a failure is noted with the step."""
        began = time.monotonic()
        try:
            result = await work()
        except FordwayError as error:
            if not isinstance(error, LeaseLost):
                await self._note_failure(key, error.sentence(), began)
            raise
        if result.get("done") is False:
            await self._note_failure(key, "paused on request", began)
            raise Paused
        return result

    async def _note_failure(self, key: str, words: str, began: float) -> None:
        seconds = time.monotonic() - began
        await in_thread(lambda: self._steps.fail(self._run_id, key, error=words, seconds=seconds))

    async def mark(self, key: str, output: dict[str, Any]) -> None:
        """The step counts as done, with this output."""
        await in_thread(self._steps.start, self._run_id, key)
        await in_thread(lambda: self._steps.finish(self._run_id, key, seconds=0.0, output=output))


async def in_thread(work: Callable[..., Any], *values: Any) -> Any:  # noqa: ANN401 - passes through
    """Ledger calls block; the loop must not."""
    return await asyncio.to_thread(work, *values)
