"""The committed chunks of one table, cheap to grow and safe to hold on to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.model.run import Counts

__all__ = ["ChunkLine", "ChunkLog"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkLine:
    """One committed chunk as the batch list shows it."""

    table: str
    chunk: int
    """From 1 within the table."""
    label: str
    """``501-1000``."""
    counts: Counts
    seconds: float
    attempts: int = 1
    """1 when the chunk went through at once."""


@dataclass(slots=True)
class _Backing:
    """The storage several logs share; it only ever grows."""

    lines: list[ChunkLine] = field(default_factory=list)
    place_of: dict[int, int] = field(default_factory=dict)
    """Chunk number to position in ``lines``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkLog:
    """An append-only list seen up to ``length``.

    Logs that grew out of each other share their storage, so adding a chunk costs the same
    at the millionth as at the first, and a log that was handed out earlier never changes.
    """

    length: int = 0
    _backing: _Backing = field(default_factory=_Backing, repr=False, compare=False)

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, place: int) -> ChunkLine:
        """The line at ``place``, from 0.

        Raises:
            IndexError: there is none.
        """
        if not 0 <= place < self.length:
            raise IndexError(place)
        return self._backing.lines[place]

    def __iter__(self) -> Iterator[ChunkLine]:
        return (self._backing.lines[place] for place in range(self.length))

    def __contains__(self, chunk: object) -> bool:
        place = self._backing.place_of.get(chunk) if isinstance(chunk, int) else None
        return place is not None and place < self.length

    def add(self, line: ChunkLine) -> ChunkLog:
        """The log with one more line.

        Amortised O(1). Only when this log is not the newest of its family is the storage
        copied, so that both branches stay true.
        """
        backing = self._backing
        if len(backing.lines) != self.length:
            lines = backing.lines[: self.length]
            backing = _Backing(lines, {kept.chunk: place for place, kept in enumerate(lines)})
        backing.place_of[line.chunk] = self.length
        backing.lines.append(line)
        return ChunkLog(length=self.length + 1, _backing=backing)
