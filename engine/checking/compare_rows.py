"""Source and target of one table, chunk by chunk, several at once; equal chunks are not asked twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.checking.chunk_rows import CheckTask
from engine.checking.compare_chunk import Verdict, check_chunk
from engine.checking.explain_rows import MOST_DIFFERENCES, Difference
from engine.hands.pool import Hands
from engine.model.errors import Transient

__all__ = ["Comparison", "compare_chunks", "verdict_body", "verdict_from"]

_MOST_DEATHS = 3
"""Of worker processes in a row, without a verdict between them; then a person decides."""


@dataclass(slots=True, kw_only=True)
class Comparison:
    """All chunks of one table."""

    source_rows: int = 0
    target_rows: int = 0
    matching: int = 0
    source_digest: str = ""
    target_digest: str = ""
    differences: tuple[Difference, ...] = ()
    samples: int = 0
    sample_words: tuple[str, ...] = ()
    unequal_chunks: tuple[int, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether every chunk is alike on both sides."""
        return not self.unequal_chunks and self.source_digest == self.target_digest

    @property
    def counters(self) -> str:
        """How many rows were looked at and what came of them, in words."""
        missing, extra = self.source_rows - self.matching, self.target_rows - self.matching
        return (
            f"{self.source_rows:,} rows compared: {self.matching:,} alike,"
            f" {missing:,} of the source not on the target so, {extra:,} of the target not in the source so"
        )


@dataclass(slots=True)
class _Sum:
    """Verdicts in chunk order."""

    verdicts: dict[int, Verdict] = field(default_factory=dict)

    def comparison(self) -> Comparison:
        ordered = [self.verdicts[number] for number in sorted(self.verdicts)]
        source, target = hashlib.blake2b(digest_size=16), hashlib.blake2b(digest_size=16)
        for verdict in ordered:
            source.update(verdict.source_digest.encode())
            target.update(verdict.target_digest.encode())
        differences = [difference for verdict in ordered for difference in verdict.differences]
        return Comparison(
            source_rows=sum(v.source_rows for v in ordered),
            target_rows=sum(v.target_rows for v in ordered),
            matching=sum(v.matching for v in ordered),
            source_digest=source.hexdigest(),
            target_digest=target.hexdigest(),
            differences=tuple(differences[:MOST_DIFFERENCES]),
            samples=sum(v.samples for v in ordered),
            sample_words=tuple(word for v in ordered for word in v.sample_words),
            unequal_chunks=tuple(v.chunk for v in ordered if not v.is_equal),
        )


def compare_chunks(
    tasks: Iterator[CheckTask],
    *,
    hands: Hands,
    known: Callable[[CheckTask], Verdict | None],
    on_verdict: Callable[[CheckTask, Verdict], None],
) -> Comparison:
    """Every chunk's verdict in one.

    Args:
        tasks: the chunks, in key order.
        hands: compare them.
        known: a verdict that still holds, or None.
        on_verdict: told of each chunk that was compared now.

    Raises:
        FordwayError: source or target went away; the table counts as not compared.
    """
    comparing = _Comparing(hands, on_verdict)
    try:
        for task in tasks:
            before = known(task)
            if before is not None:
                comparing.found.verdicts[task.chunk] = before
                continue
            comparing.begin(task)
            # One task waits behind each that is worked on, so that no hand is ever idle.
            comparing.settle(2 * hands.workers - 1)
        comparing.settle(0)
    except BaseException:
        comparing.give_up()
        raise
    return comparing.found.comparison()


class _Comparing:
    """The chunks under way; those a dead worker held are compared again."""

    def __init__(self, hands: Hands, on_verdict: Callable[[CheckTask, Verdict], None]) -> None:
        self.found = _Sum()
        self._hands = hands
        self._on_verdict = on_verdict
        self._open: dict[Future[Verdict], CheckTask] = {}
        self._deaths = 0

    def begin(self, task: CheckTask) -> None:
        try:
            self._open[self._hands.submit(check_chunk, task)] = task
        except BrokenProcessPool as error:
            self._begin_again([task, *self._open.values()], error)

    def settle(self, least: int) -> None:
        """At most ``least`` chunks are still under way."""
        while len(self._open) > least:
            done, _ = wait(self._open, return_when=FIRST_COMPLETED)
            for future in done:
                # A broken pool hands back all at once; the rest of it is under way again by then.
                task = self._open.pop(future, None)
                if task is not None:
                    self._settle_one(future, task)

    def _settle_one(self, future: Future[Verdict], task: CheckTask) -> None:
        try:
            verdict = future.result()
        except BrokenProcessPool as error:
            self._begin_again([task, *self._open.values()], error)
            return
        self._deaths = 0
        self.found.verdicts[task.chunk] = verdict
        self._on_verdict(task, verdict)

    def _begin_again(self, tasks: list[CheckTask], error: BrokenProcessPool) -> None:
        """Comparing only reads: whatever the lost pool was at may run twice."""
        self._open = {}
        self._deaths += 1
        if self._deaths > _MOST_DEATHS:
            raise Transient(
                "Worker processes die again and again",
                where=tasks[0].table.name,
                safe="Every moved row stands",
                todo="Find out what ends them, memory perhaps, then resume",
            ) from error
        self._hands.rebuild()
        for task in tasks:
            self.begin(task)

    def give_up(self) -> None:
        """Nothing is under way any more."""
        for future in self._open:
            future.cancel()
        wait(self._open)


def verdict_from(body: dict[str, Any]) -> Verdict:
    """The verdict ``asdict`` and JSON made a mapping of; only equal ones are kept so."""
    return Verdict(**{**body, "differences": (), "sample_words": tuple(body["sample_words"])})


def verdict_body(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain JSON values."""
    return asdict(verdict)
