"""One chunk on both sides: hashed as plain texts, and where these differ, row by row, exactly."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import cast

from engine.checking.canonical import Canonical, Lookup, digest_of, row_reader
from engine.checking.explain_rows import MOST_DIFFERENCES, Difference, explain_rows
from engine.checking.key_input import input_text
from engine.checking.plain_texts import PlainPages
from engine.checking.resolve_lookups import resolve_lookups
from engine.hands.kit import Kit
from engine.model.codec import key_to_json
from engine.model.errors import ConnectionCut, StatementFailed
from engine.model.plan import KeyRange, KeyValue, Lane, TablePlan
from engine.model.ports import LineSigns, Row, Source, SummedSource
from engine.stores.target_streams import Stretch

__all__ = ["CheckTask", "Verdict", "check_chunk", "key_text"]

_DIGEST_BYTES = 16
_LIMIT_EXCEEDED = "54000"
"""SQLSTATE program_limit_exceeded: a text has at most a gigabyte."""
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
    signs: LineSigns
    """What stands between fields, after rows and for NULL in the lines of both sides."""
    skipped: frozenset[str] = frozenset()
    """Chunk keys of source rows that are not on the target on purpose."""
    wanted: tuple[int, ...] = ()
    """Ordinals (from 1, of the rows compared) of the rows drawn for the sample check."""


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


class _Chunk:
    """One chunk being compared."""

    def __init__(self, kit: Kit, task: CheckTask) -> None:
        self._kit = kit
        self._task = task
        self._source: Source = kit.source(task.table.source)
        self._columns = task.table.columns_read
        self._drawn: list[Row] = []

    def verdict(self) -> Verdict:
        # Piped rows are of the same types on both sides: both servers sum them up alike.
        # Where rows may be set aside, the source's must be gone through to leave them out.
        table = self._task.table
        is_piped = table.lane is Lane.PIPED and not table.keeps_id_map and not self._task.skipped
        is_summed = is_piped and isinstance(self._source, SummedSource)
        alike = self._summed() if is_summed else self._streamed_or_not()
        samples, words = self._sample()
        if alike is None:
            return self._exactly(samples, words)
        digest, rows = alike
        return Verdict(
            chunk=self._task.chunk,
            source_rows=rows,
            target_rows=rows,
            source_digest=digest,
            target_digest=digest,
            matching=rows,
            samples=samples,
            sample_words=words,
        )

    def _summed(self) -> tuple[str, int] | None:
        """One digest of both sides and the rows that were hashed on each; None when they differ."""
        task, table, source = self._task, self._task.table, self._source
        assert isinstance(source, SummedSource), "asked before"
        with ThreadPoolExecutor(max_workers=1) as other:
            theirs = other.submit(self._kit.checks.streams.sums, table, task.stretches, task.signs)
            ours = source.sum_range(
                table.source_table,
                columns=table.columns,
                key=table.chunk_key,
                span=task.span,
                signs=task.signs,
            )
        if task.wanted:
            self._drawn = source.read_ordinals(
                table.source_table,
                columns=self._columns,
                key=table.chunk_key,
                span=task.span,
                ordinals=task.wanted,
            )
        return (_digest_of(str(ours)), ours[0]) if ours == theirs.result() else None

    def _streamed_or_not(self) -> tuple[str, int] | None:
        """As ``_streamed``; None too where values are so wide that a segment's lines make no text."""
        try:
            return self._streamed()
        except StatementFailed as error:
            if error.sqlstate != _LIMIT_EXCEEDED:
                raise
            self._drawn = []
            return None

    def _streamed(self) -> tuple[str, int] | None:
        """As ``_summed``; the server hashes some blocks at a time, the source's lines go by as many rows."""
        with self._kit.checks.streams.ahead(
            self._task.table, self._task.stretches, self._task.signs
        ) as segments:
            found: list[str] = []
            waiting: list[str] = []
            rows, digest = next(segments, (0, ""))
            is_equal, hashed = True, 0
            for line in self._lines():
                waiting += line
                while is_equal and 0 < rows <= len(waiting):
                    portion = self._task.signs.end.join(waiting[:rows])
                    is_equal = digest == _md5(portion)
                    found.append(digest)
                    hashed += rows
                    del waiting[:rows]
                    rows, digest = next(segments, (0, ""))
                if not is_equal or (waiting and not rows):
                    return None
            return (_digest_of(*found), hashed) if not rows and not waiting else None

    def _lines(self) -> Iterator[list[str]]:
        """The source's lines, page by page; rows drawn for the sample are kept on the way."""
        task = self._task
        pages = PlainPages(
            task.table,
            engine=self._source.engine,
            columns=self._columns,
            run_time=self._kit.run_time,
            null=task.signs.null,
            between=task.signs.between,
            lookups=self._lookups(),
        )
        wanted, ordinal = set(task.wanted), 0
        for page in self._pages():
            if wanted:
                self._drawn += [row for place, row in enumerate(page, start=ordinal + 1) if place in wanted]
            ordinal += len(page)
            if page:
                yield pages.lines(page)

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
            source_digest=_digest_of(*sorted(ours.elements())),
            target_digest=_digest_of(*sorted(theirs.elements())),
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


def _md5(text: str) -> str:
    return hashlib.md5(text.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _digest_of(*parts: str) -> str:
    found = hashlib.blake2b(digest_size=_DIGEST_BYTES)
    for part in parts:
        found.update(part.encode())
    return found.hexdigest()
