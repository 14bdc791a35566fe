"""Source and target of one table, chunk by chunk, several at once; equal chunks are not asked twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import asdict, dataclass, field
from typing import Any

from engine.checking.compare_chunk import CheckTask, Verdict, check_chunk
from engine.checking.explain_rows import MOST_DIFFERENCES, Difference
from engine.hands.pool import Hands

__all__ = ["Comparison", "compare_chunks", "verdict_body", "verdict_from"]


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
    found = _Sum()
    open_tasks: dict[Future[Verdict], CheckTask] = {}

    def settle(least: int) -> None:
        while len(open_tasks) > least:
            done, _ = wait(open_tasks, return_when=FIRST_COMPLETED)
            for future in done:
                task = open_tasks.pop(future)
                verdict = future.result()
                found.verdicts[task.chunk] = verdict
                on_verdict(task, verdict)

    try:
        for task in tasks:
            before = known(task)
            if before is not None:
                found.verdicts[task.chunk] = before
                continue
            open_tasks[hands.submit(check_chunk, task)] = task
            # One task waits behind each that is worked on, so that no hand is ever idle.
            settle(2 * hands.workers - 1)
        settle(0)
    except BaseException:
        for future in open_tasks:
            future.cancel()
        wait(open_tasks)
        raise
    return found.comparison()


def verdict_from(body: dict[str, Any]) -> Verdict:
    """The verdict ``asdict`` and JSON made a mapping of; only equal ones are kept so."""
    return Verdict(**{**body, "differences": (), "sample_words": tuple(body["sample_words"])})


def verdict_body(verdict: Verdict) -> dict[str, Any]:
    """The verdict as plain JSON values."""
    return asdict(verdict)
