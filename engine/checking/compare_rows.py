"""Source and target row by row: digests of every chunk, and names for what differs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import cast

from engine.checking.canonical import Canonical, digest_of
from engine.model.codec import key_to_json
from engine.model.plan import KeyValue, TablePlan
from engine.model.ports import Row, Source
from engine.stores.ledger.chunks import StoredChunk, WrittenChunk
from engine.stores.target_checks import Digest, TargetChecks

__all__ = [
    "MOST_DIFFERENCES",
    "Comparison",
    "Difference",
    "SourceSide",
    "compare_digests",
    "explain_chunk",
    "key_text",
]

MOST_DIFFERENCES = 10
"""Named differences a table: enough to act on, few enough to read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One row that is not on the target as the source has it."""

    kind: str
    """``missing in target``, ``extra in target`` or ``differs``."""
    key: str
    columns: tuple[str, ...] = ()
    """Only the columns that differ."""

    def sentence(self) -> str:
        """The difference in words, without values."""
        return f"{self.key} {self.kind}" + (f" in {', '.join(self.columns)}" if self.columns else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All chunks of one table."""

    source: Digest
    target: Digest
    unequal_chunks: tuple[int, ...]
    differences: tuple[Difference, ...]


class SourceSide:
    """What the source says the target should hold."""

    def __init__(
        self, table: TablePlan, source: Source, columns: tuple[str, ...], read: Callable[[Row], Canonical]
    ) -> None:
        """Reads through ``source``; ``read`` turns its rows into canonical texts."""
        self._table = table
        self._source = source
        self._columns = columns
        self._read = read

    def rows(self, chunk: StoredChunk, skipped: frozenset[str]) -> Iterator[Canonical]:
        """The chunk's rows, less those set aside (by chunk key)."""
        table = self._table
        pages = self._source.read_range(
            table.source_table, columns=self._columns, key=table.chunk_key, span=chunk.span, where=table.where
        )
        width = len(table.chunk_key)
        for page in pages:
            for row in page:
                if skipped and key_text(row[:width]) in skipped:
                    continue
                yield self._read(row)

    def digest(self, chunk: StoredChunk, skipped: frozenset[str]) -> Digest:
        """The chunk's digest."""
        rows = high = low = 0
        for canonical in self.rows(chunk, skipped):
            one, two = digest_of(canonical)
            rows, high, low = rows + 1, high + one, low + two
        return Digest(rows=rows, high=high, low=low)


def key_text(key: tuple[object, ...]) -> str:
    """A chunk key as text, the same for the source's row and the quarantine's; equal for equal keys only."""
    return json.dumps(key_to_json(cast("tuple[KeyValue, ...]", key)))


def compare_digests(
    side: SourceSide,
    *,
    table: TablePlan,
    chunks: Iterator[StoredChunk],
    written: dict[int, WrittenChunk],
    aside: dict[int, frozenset[str]],
    checks: TargetChecks,
    on_chunk: Callable[[], None],
) -> Comparison:
    """Every chunk's digest on both sides, and up to ten differences by name.

    The target is scanned once; each chunk's rows are found by the transaction that wrote them.
    """
    found = checks.digests(table, sorted({chunk.xid32 for chunk in written.values()}))
    source_sum = target_sum = Digest()
    unequal: list[int] = []
    differences: list[Difference] = []
    for chunk in chunks:
        skipped = aside.get(chunk.number, frozenset())
        ours = side.digest(chunk, skipped)
        theirs = found.get(written[chunk.number].xid32, Digest()) if chunk.number in written else Digest()
        source_sum, target_sum = source_sum + ours, target_sum + theirs
        if ours != theirs:
            unequal.append(chunk.number)
            room = MOST_DIFFERENCES - len(differences)
            if room > 0:
                xid = written[chunk.number].xid32 if chunk.number in written else -1
                theirs_rows = checks.rows_of(table, xid, most=2 * chunk.span.rows + 1)
                differences += explain_chunk(table, list(side.rows(chunk, skipped)), theirs_rows)[:room]
        on_chunk()
    return Comparison(
        source=source_sum, target=target_sum, unequal_chunks=tuple(unequal), differences=tuple(differences)
    )


def explain_chunk(table: TablePlan, ours: list[Canonical], theirs: list[Canonical]) -> list[Difference]:
    """Which rows of a chunk differ, and in which columns. Pure.

    Rows pair up by the target's primary key; where the plan lacks some of it, equal rows cancel out.
    """
    names = [column.target for column in table.columns]
    key_places = [place for place, name in enumerate(names) if name in table.primary_key]
    if not key_places or len(key_places) < len(table.primary_key):
        return _explain_bags(ours, theirs)
    by_key = {_key_of(row, key_places): row for row in theirs}
    found: list[Difference] = []
    for row in ours:
        key = _key_of(row, key_places)
        label = ", ".join(f"{names[place]} {row[place]}" for place in key_places)
        other = by_key.pop(key, None)
        if other is None:
            found.append(Difference(kind="missing in target, or changed there", key=label))
        elif other != row:
            columns = tuple(n for n, a, b in zip(names, row, other, strict=True) if a != b)
            found.append(Difference(kind="differs", key=label, columns=columns))
    for row in by_key.values():
        label = ", ".join(f"{names[place]} {row[place]}" for place in key_places)
        found.append(Difference(kind="extra in target", key=label))
    return found


def _key_of(row: Canonical, places: list[int]) -> Canonical:
    return tuple([row[place] for place in places])


def _explain_bags(ours: list[Canonical], theirs: list[Canonical]) -> list[Difference]:
    left, right = Counter(ours), Counter(theirs)
    missing = list((left - right).elements())
    extra = list((right - left).elements())
    found = []
    for one, other in zip_longest(missing, extra):
        if one is not None:
            found.append(Difference(kind="missing in target, or changed there", key="a row without key"))
        if other is not None:
            found.append(Difference(kind="extra in target", key="a row without key"))
    return found
