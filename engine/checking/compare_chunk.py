"""One chunk on both sides: hashed as plain texts, and where these differ, row by row, exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from engine.checking.canonical import Canonical, digest_of
from engine.checking.chunk_rows import CheckTask, ChunkRows
from engine.checking.explain_rows import MOST_DIFFERENCES, Difference, explain_rows
from engine.checking.hash_chunk import digest_of_all, hash_chunk
from engine.checking.key_input import input_text
from engine.hands.kit import Kit
from engine.model.errors import ConnectionCut

__all__ = ["Verdict", "check_chunk"]

_MOST_EXPLAINED = 1_000
"""Unequal rows of a chunk held at once on each side; the counts are exact beyond it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of one chunk."""

    chunk: int
    source_rows: int
    """Rows that were hashed there, never rows that should be there."""
    target_rows: int
    """As ``source_rows``, of the rows the chunk's transaction wrote and nobody changed."""
    source_digest: str
    target_digest: str
    matching: int
    """Rows that are on both sides alike."""
    differences: tuple[Difference, ...] = ()
    """Up to ten of those that are not."""
    samples: int = 0
    """Rows drawn and fetched by key."""
    sample_words: tuple[str, ...] = ()
    """Of the samples that are not alike: key and columns."""

    @property
    def is_equal(self) -> bool:
        """Whether both sides are alike to the last value."""
        return self.source_digest == self.target_digest and self.source_rows == self.target_rows


def check_chunk(kit: Kit, task: CheckTask) -> Verdict:
    """The chunk compared to the last value.

    Raises:
        FordwayError: source or target went away; the chunk counts as not compared.
    """
    try:
        return _Chunk(kit, task).verdict()
    except ConnectionCut:
        kit.start_over()
        raise


class _Chunk:
    """One chunk being compared."""

    def __init__(self, kit: Kit, task: CheckTask) -> None:
        self._kit = kit
        self._task = task
        self._rows = ChunkRows(kit, task)

    def verdict(self) -> Verdict:
        task = self._task
        is_apart = task.is_apart or bool(task.changed) or task.picked is not None
        alike = None if is_apart else hash_chunk(self._kit, task, self._rows)
        samples, words = self._sample()
        if alike is None:
            return self._exactly(samples, words)
        return Verdict(
            chunk=self._task.chunk,
            source_rows=alike.rows,
            target_rows=alike.rows,
            source_digest=alike.digest,
            target_digest=alike.digest,
            matching=alike.rows,
            samples=samples,
            sample_words=words,
        )

    def _exactly(self, samples: int, words: tuple[str, ...]) -> Verdict:
        """By every row's own digest, whatever their order; rows that differ are named."""
        streams, table = self._kit.checks.streams, self._task.table
        ours = Counter(digest_of(canonical) for canonical in self._rows.canonical())
        theirs = Counter(streams.digests(table, self._task.stretches))
        left, right = ours - theirs, theirs - ours
        differences: list[Difference] = []
        if left or right:
            mine = _first(c for c in self._rows.canonical() if digest_of(c) in left)
            rows = streams.rows(table, self._task.stretches)
            found = _first(row for digest, row in rows if digest in right)
            differences = explain_rows(table, mine, found)[:MOST_DIFFERENCES]
        return Verdict(
            chunk=self._task.chunk,
            source_rows=ours.total(),
            target_rows=theirs.total(),
            source_digest=digest_of_all(*sorted(ours.elements())),
            target_digest=digest_of_all(*sorted(theirs.elements())),
            matching=ours.total() - left.total(),
            differences=tuple(differences),
            samples=samples,
            sample_words=words,
        )

    def _sample(self) -> tuple[int, tuple[str, ...]]:
        """Each row drawn is fetched from the target by its primary key, and compared in all columns."""
        table = self._task.table
        names = [column.target for column in table.columns]
        families = {column.target: column.family for column in table.columns}
        read, words, drawn = self._rows.reader(), [], self._rows.drawn()
        for row in drawn:
            ours = read(row)
            key = {name: value for name, value in zip(names, ours, strict=True) if name in table.primary_key}
            filled = {n: input_text(families[n], value) for n, value in key.items() if value is not None}
            theirs = self._kit.checks.row_by_key(table, filled) if len(filled) == len(key) else None
            if theirs != ours:
                wrong = (
                    names
                    if theirs is None
                    else [n for n, one, other in zip(names, ours, theirs, strict=True) if one != other]
                )
                words.append(f"{'/'.join(str(value) for value in key.values())}: {', '.join(wrong)}")
        return len(drawn), tuple(words)


def _first(rows: Iterator[Canonical]) -> list[Canonical]:
    return [row for row, _ in zip(rows, range(_MOST_EXPLAINED), strict=False)]
