"""One chunk on both sides: hashed as plain texts, and where these differ, row by row, exactly."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

from engine.checking.canonical import Canonical, Lookup, digest_of, row_reader
from engine.checking.explain_rows import MOST_DIFFERENCES, Difference, explain_rows
from engine.checking.key_input import input_text
from engine.checking.plain_texts import PlainPages, unescaped
from engine.checking.resolve_lookups import resolve_lookups
from engine.hands.kit import Kit
from engine.model.codec import key_to_json
from engine.model.errors import ConnectionCut
from engine.model.plan import KeyRange, KeyValue, Lane, TablePlan
from engine.model.ports import PlainSource, Row, Source
from engine.stores.target_streams import Stretch

__all__ = ["CheckTask", "Verdict", "check_chunk", "key_text"]

_DIGEST_BYTES = 16
_MOST_EXPLAINED = 1_000
"""Unequal rows of a chunk held at once on each side; the counts are exact beyond it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTask:
    """Which chunk to compare."""

    table: TablePlan
    run_id: str
    chunk: int
    span: KeyRange
    xid: int
    """The transaction that wrote it, as ``xmin`` shows it; 0 when none did."""
    stretches: tuple[Stretch, ...]
    """Where its rows lie on the target, as far as nobody changed them since."""
    skipped: frozenset[str] = frozenset()
    """Chunk keys of source rows that are not on the target on purpose."""
    wanted: tuple[int, ...] = ()
    """Ordinals (from 1, of the rows compared) of the rows drawn for the sample check."""
    null: str = "\\N"
    """What stands for NULL on both sides; drawn by chance, so that no value reads so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of one chunk."""

    chunk: int
    source_rows: int
    target_rows: int
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


def key_text(key: tuple[object, ...]) -> str:
    """A chunk key as text, the same for the source's row and the quarantine's; equal for equal keys only."""
    return json.dumps(key_to_json(cast("tuple[KeyValue, ...]", key)))


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


@dataclass(slots=True)
class _Stream:
    """A hash of one side's lines, and how many they are."""

    rows: int = 0
    hash: hashlib.blake2b = field(default_factory=lambda: hashlib.blake2b(digest_size=_DIGEST_BYTES))


class _Chunk:
    """One chunk being compared."""

    def __init__(self, kit: Kit, task: CheckTask) -> None:
        self._kit = kit
        self._task = task
        self._source: Source = kit.source(task.table.source)
        self._columns = task.table.columns_read
        self._drawn: list[Row] = []

    def verdict(self) -> Verdict:
        ours, theirs = self._hash_source(), self._hash_target()
        samples, words = self._sample()
        verdict = Verdict(
            chunk=self._task.chunk,
            source_rows=ours.rows,
            target_rows=theirs.rows,
            source_digest=ours.hash.hexdigest(),
            target_digest=theirs.hash.hexdigest(),
            matching=ours.rows,
            samples=samples,
            sample_words=words,
        )
        return verdict if verdict.is_equal else self._exactly(samples, words)

    def _hash_source(self) -> _Stream:
        # Piped rows are of the same types on both sides: the server prints them as the target does.
        if self._task.table.lane is Lane.PIPED and isinstance(self._source, PlainSource):
            return self._hash_plain(self._source)
        task, stream = self._task, _Stream()
        pages = PlainPages(
            task.table,
            engine=self._source.engine,
            columns=self._columns,
            run_time=self._kit.run_time,
            null=task.null,
            lookups=self._lookups(),
        )
        wanted = set(task.wanted)
        for page in self._pages():
            if page:
                stream.hash.update(pages.lines(page))
                if wanted:
                    self._drawn += [
                        row for place, row in enumerate(page, start=stream.rows + 1) if place in wanted
                    ]
                stream.rows += len(page)
        return stream

    def _hash_plain(self, source: PlainSource) -> _Stream:
        task, table, stream = self._task, self._task.table, _Stream()
        blocks = source.read_plain(
            table.source_table, columns=table.columns, key=table.chunk_key, span=task.span, null=task.null
        )
        wanted = set(task.wanted)
        # The server sends one row a block (manual, 53.2.6 "COPY Operations").
        for ordinal, block in enumerate(blocks, start=1):
            stream.hash.update(block)
            if ordinal in wanted:
                self._drawn.append(self._row_of(block))
        stream.rows = blocks.rows
        return stream

    def _row_of(self, line: bytes) -> Row:
        """A line of plain texts as a row of the columns read; the checker reads them alike."""
        texts = line.decode().rstrip("\n").split("\t")
        by_name = {
            column.source: None if text == self._task.null else unescaped(text)
            for column, text in zip(self._task.table.columns, texts, strict=True)
        }
        return tuple([by_name.get(name) for name in self._columns])

    def _pages(self) -> Iterator[list[Row]]:
        """The chunk's rows, less those left out on purpose."""
        task, table = self._task, self._task.table
        width = len(table.chunk_key)
        pages = self._source.read_range(
            table.source_table, columns=self._columns, key=table.chunk_key, span=task.span, where=table.where
        )
        for page in pages:
            yield (
                [row for row in page if key_text(row[:width]) not in task.skipped] if task.skipped else page
            )

    def _hash_target(self) -> _Stream:
        task, stream = self._task, _Stream()
        for block in self._kit.checks.streams.plain_blocks(task.table, task.stretches, null=task.null):
            stream.hash.update(block)
        stream.rows = sum(stretch.rows for stretch in task.stretches)
        return stream

    def _exactly(self, samples: int, words: tuple[str, ...]) -> Verdict:
        """By every row's own digest, whatever their order; rows that differ are named."""
        streams, table = self._kit.checks.streams, self._task.table
        ours = Counter(digest_of(canonical) for canonical in self._canonical())
        theirs = Counter(streams.digests(table, self._task.stretches))
        left, right = ours - theirs, theirs - ours
        differences: list[Difference] = []
        if left or right:
            mine = _first(c for c in self._canonical() if digest_of(c) in left)
            rows = streams.rows(table, self._task.stretches)
            found = _first(row for digest, row in rows if digest in right)
            differences = explain_rows(table, mine, found)[:MOST_DIFFERENCES]
        return Verdict(
            chunk=self._task.chunk,
            source_rows=ours.total(),
            target_rows=theirs.total(),
            source_digest=_digest_of_bag(ours),
            target_digest=_digest_of_bag(theirs),
            matching=ours.total() - left.total(),
            differences=tuple(differences),
            samples=samples,
            sample_words=words,
        )

    def _canonical(self) -> Iterator[Canonical]:
        read = self._reader()
        for page in self._pages():
            for row in page:
                yield read(row)

    def _reader(self) -> Callable[[Row], Canonical]:
        return row_reader(
            self._task.table,
            engine=self._source.engine,
            columns=self._columns,
            run_time=self._kit.run_time,
            lookups=self._lookups(),
        )

    def _lookups(self) -> dict[str, Lookup]:
        """What looked-up columns should hold, asked once a table."""
        task, engine = self._task, self._source.engine
        return self._kit.once(
            ("lookups", task.run_id, task.table.number),
            lambda: resolve_lookups(task.table, checks=self._kit.checks, engine=engine, run_id=task.run_id),
        )

    def _sample(self) -> tuple[int, tuple[str, ...]]:
        """Each row drawn is fetched from the target by its primary key, and compared in all columns."""
        table = self._task.table
        names = [column.target for column in table.columns]
        families = {column.target: column.family for column in table.columns}
        read, words = self._reader(), []
        for row in self._drawn:
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
        return len(self._drawn), tuple(words)


def _first(rows: Iterator[Canonical]) -> list[Canonical]:
    return [row for row, _ in zip(rows, range(_MOST_EXPLAINED), strict=False)]


def _digest_of_bag(digests: Counter[str]) -> str:
    found = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for digest in sorted(digests.elements()):
        found.update(digest.encode())
    return found.hexdigest()
